"""What is lost if the code of a function is taken over."""

from collections.abc import Iterator

from stockade.analysis.stores.settings import deployed
from stockade.model import (
    Application,
    BlastRadius,
    Function,
    Loss,
    ResourceId,
    Unknown,
)
from stockade.paths.abilities import Abilities, Ability, Powers, Reach
from stockade.paths.kinds import KINDS


def blast_radius(app: Application, abilities: Abilities) -> Iterator[BlastRadius]:
    """Yield what is lost with each function of an application."""
    settings: dict[ResourceId, list[str]] = {}
    for setting in deployed(app):
        settings.setdefault(setting.function.id, []).append(setting.name)
    for function in app.functions.values():
        yield _of(app, function, abilities, settings.get(function.id, []))


def _of(
    app: Application, function: Function, abilities: Abilities, settings: list[str]
) -> BlastRadius:
    role = app.role_of(function)
    if role is None:
        why = function.role.why if isinstance(function.role, Unknown) else "its role is elsewhere"
        return BlastRadius(
            application=app.name,
            function=function.id,
            stores=(),
            secrets=tuple(settings),
            functions=(),
            roles=(),
            unknown=(why,),
        )
    powers = abilities.of(role)
    return BlastRadius(
        application=app.name,
        function=function.id,
        stores=tuple(_stores(app, powers)),
        secrets=(*settings, *_secrets(app, powers)),
        functions=tuple(
            dict.fromkeys(
                one
                for reach in (powers.changes, powers.invokes)
                for one in _reached(reach, "every function")
                if one != function.id
            )
        ),
        roles=tuple(
            dict.fromkeys(
                one
                for reach in (powers.assumes, powers.passes)
                for one in _reached(reach, "every role")
            )
        ),
        account=powers.account[0][0] if powers.account else "",
        unknown=tuple(dict.fromkeys(powers.unknown)),
    )


def _stores(app: Application, powers: Powers) -> Iterator[Loss]:
    for kind, ability in powers.every.items():
        if not kind.secret:
            yield _loss(f"every {kind.one}", ability)
    for store, ability in powers.stores.items():
        if not KINDS[app.resources[store].type].secret:
            yield _loss(store, ability)


def _secrets(app: Application, powers: Powers) -> Iterator[str]:
    for kind, ability in powers.every.items():
        if kind.secret and ability.reads is not None:
            yield f"every {kind.one}"
    for store, ability in powers.stores.items():
        if KINDS[app.resources[store].type].secret and ability.reads is not None:
            yield store


def _loss(what: str, ability: Ability) -> Loss:
    return Loss(
        what=what,
        reads=ability.reads is not None,
        writes=ability.writes is not None,
        deletes=ability.deletes is not None,
    )


def _reached(reach: Reach, every: str) -> tuple[str, ...]:
    return (every,) if reach.every is not None else tuple(reach.some)
