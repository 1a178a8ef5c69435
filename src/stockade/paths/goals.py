"""What is worth protecting, and lost to whoever holds a role or an environment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from stockade._lists import several
from stockade.model import (
    Application,
    Goal,
    GoalKind,
    Location,
    Move,
    MoveKind,
    Resource,
    ResourceId,
    Severity,
    Step,
)
from stockade.model.record import record
from stockade.model.remembered import remembered
from stockade.paths.abilities import Ability, Powers
from stockade.paths.chains import Held
from stockade.paths.kinds import KINDS, Kind

HARM: Final = {
    GoalKind.NETWORK: Severity.MEDIUM,
    GoalKind.STORE: Severity.HIGH,
    GoalKind.SECRET: Severity.HIGH,
    GoalKind.EVERY_STORE: Severity.CRITICAL,
    GoalKind.ACCOUNT: Severity.CRITICAL,
}
"""How bad it is if anyone can do it."""

NAMED: Final = 3
"""Resources that are named in one line; the others are counted."""


@record(kw_only=True)
class Lost:
    """A goal that is reached, by a last move, with what a role is used for on the way.

    `abilities` are resources and what is done with them; `lines` allow it.
    """

    goal: Goal
    moves: tuple[Move, ...]
    abilities: tuple[tuple[ResourceId, str], ...] = ()
    lines: tuple[Location, ...] = ()


def lost(app: Application, held: Held, powers: Powers | None) -> Iterator[Lost]:
    """Yield what is lost with what is held, each kind of goal once."""
    if held.secrets:
        names = [one.name for one in held.secrets]
        goal = Goal(
            kind=GoalKind.SECRET,
            words=f"take {listed(names)}",
            resources=(held.via,) if held.via is not None else (),
        )
        yield Lost(goal=goal, moves=held.moves)
    if held.role is None or powers is None:
        return
    name = _name(app, held.role.id)
    if powers.account:
        how, at = powers.account[0]
        goal = Goal(
            kind=GoalKind.ACCOUNT,
            words=f"own the account: {name} may {how}",
            resources=(held.role.id,),
        )
        step = Step(at, f"{name} may {how}")
        move = Move(kind=MoveKind.RAISE_POWER, note=how, because=(step,), target=held.role.id)
        yield Lost(goal=goal, moves=(*held.moves, move), lines=(at,))
    elif powers.every:
        yield _everything(app, held, powers)
    for secret in (False, True):
        open_ = {
            resource: ability
            for resource, ability in powers.stores.items()
            if KINDS[app.resources[resource].type].secret is secret
        }
        if open_:
            yield _named(app, held, open_, secret=secret)


def _everything(app: Application, held: Held, powers: Powers) -> Lost:
    kinds = {kind.one: ability for kind, ability in powers.every.items()}
    own = [one for kind in powers.every for one in _own(app).get(kind, ())]
    words = " and ".join(
        f"{in_words(verbs)} every {listed(names)}" for verbs, names in _alike(kinds)
    )
    goal = Goal(
        kind=GoalKind.EVERY_STORE,
        words=f"{words} of the account",
        resources=tuple(one.id for one in own),
    )
    among = f", {listed([one.name for one in own])} among them" if own else ""
    lines = tuple(dict.fromkeys(one.at for one in powers.every.values()))
    steps = tuple(
        Step(ability.at, f"this lets it {in_words(ability.verbs)} every {name} of the account")
        for name, ability in kinds.items()
    )
    move = Move(kind=_kind(powers.every.values()), note=goal.words + among, because=_once(steps))
    return Lost(goal=goal, moves=(*held.moves, move), lines=lines)


@remembered
def _own(app: Application) -> dict[Kind, list[Resource]]:
    """Return the stores of an application by their kind."""
    found: dict[Kind, list[Resource]] = {}
    for resource in app.of_type(*KINDS):
        found.setdefault(KINDS[resource.type], []).append(resource)
    return found


def _named(
    app: Application, held: Held, stores: Mapping[ResourceId, Ability], *, secret: bool
) -> Lost:
    words = " and ".join(
        f"{in_words(verbs)} {listed([_name(app, one) for one in names])}"
        for verbs, names in _alike(stores)
    )
    goal = Goal(
        kind=GoalKind.SECRET if secret else GoalKind.STORE, words=words, resources=tuple(stores)
    )
    steps = tuple(
        Step(ability.at, f"this lets it {in_words(ability.verbs)} {_name(app, one)}")
        for one, ability in stores.items()
    )
    kind = MoveKind.READ_SECRET if secret else _kind(stores.values())
    target = next(iter(stores)) if len(stores) == 1 else None
    move = Move(kind=kind, note=words, because=_once(steps), target=target)
    return Lost(
        goal=goal,
        moves=(*held.moves, move),
        abilities=tuple((one, verb) for one, ability in stores.items() for verb in ability.verbs),
        lines=tuple(dict.fromkeys(ability.at for ability in stores.values())),
    )


def _kind(abilities: Iterable[Ability]) -> MoveKind:
    reads = any(ability.reads is not None for ability in abilities)
    return MoveKind.READ_STORE if reads else MoveKind.WRITE_STORE


def _once(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Tell each line once: of several things that it allows, how many there are."""
    lines: dict[Location, list[Step]] = {}
    for step in steps:
        lines.setdefault(step.at, []).append(step)
    told = []
    for at, held in lines.items():
        note = held[0].note if len(held) == 1 else f"this allows {len(held)} of these"
        told.append(
            Step(at, note if len(lines) > 1 or len(held) == 1 else "this allows all of it")
        )
    return tuple(told)


def _alike(
    abilities: Mapping[str, Ability],
) -> list[tuple[tuple[str, ...], list[str]]]:
    """Group what the same can be done with, the most that can be done first."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, ability in abilities.items():
        groups.setdefault(ability.verbs, []).append(name)
    return sorted(groups.items(), key=lambda group: (-len(group[0]), group[0]))


def in_words(verbs: Sequence[str]) -> str:
    """Say what can be done in few words: "read and change"; deleting is a change."""
    told = [verb for verb in verbs if verb != "delete" or "change" not in verbs]
    return " and ".join(told)


def told(who: str, does: Sequence[str]) -> str:
    """Tell in one sentence who can do what, one after the other."""
    *first, last = dict.fromkeys(does)
    return f"{who} can {', '.join(first)}, and {last}" if first else f"{who} can {last}"


def listed(names: Sequence[str]) -> str:
    """Name the first few of several, and count the others."""
    shown = list(names[:NAMED])
    more = len(names) - len(shown)
    return several([*shown, f"{more} more"] if more else shown)


def _name(app: Application, resource: ResourceId) -> str:
    declared = app.resources.get(resource)
    return declared.name if declared is not None else resource
