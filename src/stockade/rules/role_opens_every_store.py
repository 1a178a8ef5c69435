"""A role opens all data. Its page is docs/rules/role-opens-every-store.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.grants import Wide, wide
from stockade.analysis.stores.symbols import Symbols
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Function,
    Match,
    ResourceId,
    Severity,
    Step,
)
from stockade.rules._lists import several
from stockade.rules._matches import most_exposed
from stockade.rules._rule import rule


@rule(
    title="a role opens every store of the account",
    harm=Severity.MEDIUM,
    practice="B4",
    cwe=(250, 732),
)
def role_opens_every_store(app: Application, facts: Facts) -> Iterator[Match]:
    """Report rights on every bucket, table or secret, held by functions that outsiders reach."""
    symbols = Symbols(app)
    for role_id, functions in _by_role(app).items():
        function, source = _most_exposed(app, facts, functions)
        if source is None or facts.exposures[source].exposure <= Exposure.APPLICATION:
            continue
        for found in wide(app.roles[role_id], symbols):
            reached = facts.exposures[source]
            yield Match(
                at=found.at,
                message=f"one mistake in {function.id} is enough to {_what(found)}",
                because=(*reached.because, Step(found.at, "and its role may do all that")),
                confidence=Confidence.HIGH,
                exposure=reached.exposure,
                identity=(role_id, *found.reads, "", *found.writes),
                resource=function.id,
                help=(
                    "name the stores of this application in Resource (`!GetAtt Table.Arn`, "
                    "`!Sub ${Bucket.Arn}/*`) and the actions that the code uses"
                ),
            )


def _by_role(app: Application) -> dict[ResourceId, list[Function]]:
    found: dict[ResourceId, list[Function]] = {}
    for function in app.functions.values():
        role = app.role_of(function)
        if role is not None:
            found.setdefault(role.id, []).append(function)
    return found


def _most_exposed(
    app: Application, facts: Facts, functions: list[Function]
) -> tuple[Function, str | None]:
    """Return the function that the most people reach, and the way they do."""

    def reached(function: Function) -> int:
        source = most_exposed(app, facts, function.id)
        return -1 if source is None else facts.exposures[source].exposure

    function = max(functions, key=reached)
    return function, most_exposed(app, facts, function.id)


def _what(found: Wide) -> str:
    both = [kind for kind in found.reads if kind in found.writes]
    only_read = [kind for kind in found.reads if kind not in found.writes]
    only_changed = [kind for kind in found.writes if kind not in found.reads]
    parts = [
        f"{verb} all {several(kinds)} of the account"
        for verb, kinds in (
            ("read and change", both),
            ("read", only_read),
            ("change", only_changed),
        )
        if kinds
    ]
    return " and ".join(parts)
