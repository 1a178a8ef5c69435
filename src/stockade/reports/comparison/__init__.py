"""What a new version of an application newly allows: for people."""

from collections.abc import Iterator
from typing import Final

from stockade._lists import several
from stockade.analysis.comparison import (
    CONDITION,
    Change,
    Compared,
    Comparison,
    Difference,
    Reason,
)
from stockade.iam import Request
from stockade.iam.compare import request_json
from stockade.reports.layout import Line, Piece, line
from stockade.reports.untrusted import shown
from stockade.reports.words import count, place

MOST_SHOWN: Final = 8
"""Actions of one statement that are named; JSON holds all."""

_SAYS: Final = {
    ("identity", Change.KEPT): "allows what it did not",
    ("identity", Change.NEW): "is a new role, and allows",
    ("trust", Change.KEPT): "can be assumed by whoever could not",
    ("trust", Change.NEW): "is a new role, which can be assumed",
    ("resource", Change.KEPT): "lets in whom its policy did not",
    ("resource", Change.REMOVED): "has lost its policy, and lets in whom that did not",
    ("resource", Change.NEW): "has a new policy, which lets in",
}


def lines(compared: Comparison, old: str, new: str) -> Iterator[Line]:
    """Yield what is new, subject by subject, then one line of totals."""
    for application in compared.applications:
        told = [one for one in application.subjects if one.verdict != "none"]
        if told and len(compared.applications) > 1:
            yield line(Piece(shown(application.name), "claim"))
        for one in told:
            yield from _subject(one)
            yield ()
    for unseen in compared.unseen:
        yield line(Piece("not read  ", "warning"), shown(f"{place(unseen.at)}  {unseen.why}"))
    yield _totals(compared, old, new)


def _subject(one: Compared) -> Iterator[Line]:
    claims = one.differences
    says = _SAYS[one.type, one.change] if claims else "may allow what it did not"
    at = f"  {place(one.at)}" if one.at is not None and one.at.line else ""
    yield line(Piece(shown(one.subject), "claim"), f" {says}", Piece(at, "dim"))
    for difference in claims:
        yield from _difference(difference, one)
    for reason in one.unproved:
        yield _reason("cannot tell", reason, "warning")


def _difference(one: Difference, subject: Compared) -> Iterator[Line]:
    rest = "what its policy denied" if one.was_denied else "all but what the statement names"
    actions = [shown(action) for action in one.actions[:MOST_SHOWN]] or [rest]
    if len(one.actions) > MOST_SHOWN:
        actions.append(f"{len(one.actions) - MOST_SHOWN} more")
    at = f"  {place(one.statement.at)}" if one.statement.at is not None else ""
    yield line(f"  {several(actions)}", Piece(at, "dim"))
    yield line(Piece("    such as   ", "dim"), shown(_request(one.witness, subject)))
    when = _when(one.witness)
    if when:
        yield line(Piece("    when      ", "dim"), shown(when))
    yield _reason("by", one.statement)
    for reason in one.because if subject.change is not Change.NEW or not one.proved else ():
        yield _reason("because" if one.proved else "perhaps", reason)


def _request(request: Request, subject: Compared) -> str:
    plain = request_json(request)
    resource = plain["resource"]
    arn = resource["arn"] if isinstance(resource, dict) else ""
    asked = f"{plain['action']}" if subject.type == "trust" else f"{plain['action']} on {arn}"
    if subject.type == "identity":
        return asked
    return f"{plain['principal'] or 'anyone, unsigned'} asks for {asked}"


def _when(request: Request) -> str:
    """Say what the request's context must hold, the template's conditions in plain words."""
    told = []
    for key, value in request.written_context().items():
        text = value if isinstance(value, str) else " and ".join(value)
        if key.startswith(CONDITION):
            told.append(f"the condition {key.removeprefix(CONDITION)} is {text}")
        elif not key.lower().startswith("aws:principal"):
            told.append(f"{key} is {text}")
    return ", ".join(told)


def _reason(word: str, reason: Reason, style: str = "dim") -> Line:
    at = f"  {place(reason.at)}" if reason.at is not None and reason.at.line else ""
    return line(Piece(f"    {word:<9} ", style), shown(reason.text), Piece(at, "dim"))


def _totals(compared: Comparison, old: str, new: str) -> Line:
    verdicts = [one.verdict for one in compared.subjects]
    more, unproved = verdicts.count("new"), verdicts.count("unknown")
    removed = sum(one.change is Change.REMOVED for one in compared.subjects)
    parts = []
    if more:
        parts.append(f"{count(more, 'policy allows', 'policies allow')} what {old} did not")
    if unproved:
        parts.append(f"{count(unproved, 'policy', 'policies')} cannot be proved")
    if compared.unseen:
        parts.append(f"{count(len(compared.unseen), 'place')} of {new} not read")
    text = "; ".join(parts) or f"{new} allows nothing that {old} did not"
    tail = f" ({len(verdicts)} compared, {removed} removed)"
    return line(Piece(shown(text), "warning" if parts else "good"), Piece(tail, "dim"))
