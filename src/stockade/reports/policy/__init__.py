"""What least privilege says of functions: for people, for machines, and as text to paste."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from stockade.analysis.least_privilege import Excess, Judgement, line_of, use_of
from stockade.analysis.least_privilege.generated import INLINE_LIMIT
from stockade.analysis.least_privilege.split import Part
from stockade.analysis.permissions import Need
from stockade.model import Unknown, expression
from stockade.reports.layout import Line, Piece, line
from stockade.reports.untrusted import shown
from stockade.reports.words import place

MOST_SHOWN = 12
"""Of each list for people; the rest is counted. JSON holds everything."""


def lines(
    judgements: Iterable[Judgement], split: Mapping[str, Sequence[Part]] = {}
) -> Iterator[Line]:
    """Yield what is said of each function: the verdict first, then what it rests on.

    `split` has, by function, the parts of those that do several jobs.
    """
    for number, judgement in enumerate(judgements):
        if number:
            yield ()
        yield from _function(judgement)
        yield from _split(split.get(judgement.function, ()))


def _function(judgement: Judgement) -> Iterator[Line]:
    yield line(Piece(shown(judgement.function), "claim"), f"  {_verdict(judgement)}")
    yield from _list("needs", judgement.needed, _need)
    yield from _list("is missing", judgement.missing, _need, "error")
    yield from _list("is given too much", judgement.excess, _excess, "warning")
    yield from _list("not known", _unknowns(judgement), _unknown, "warning")
    yield from _proof(judgement)


def _split(parts: Sequence[Part]) -> Iterator[Line]:
    """Yield what each part of a function would need that does several jobs."""
    for part in parts:
        labels = " and ".join(part.job.labels)
        at = place(part.job.at)
        yield line("  ", Piece("a function of its own for", "dim"), f" {shown(labels)}  {at}")
        for need in part.needs.needed[:MOST_SHOWN]:
            yield line(f"    {need.action}  {shown(expression(need.resource))}")
        if len(part.needs.needed) > MOST_SHOWN:
            yield line(Piece(f"    and {len(part.needs.needed) - MOST_SHOWN} more", "dim"))


def _verdict(judgement: Judgement) -> str:
    if judgement.granted.unknown:
        return f"what its role grants is not known: {judgement.granted.unknown[0].why}"
    told = []
    if judgement.missing:
        told.append(f"{_count(judgement.missing, 'permission')} missing, it will be refused")
    if judgement.excess:
        told.append(f"{_count(judgement.excess, 'grant')} wider than its code")
    if not judgement.complete:
        told.append(f"{_count(judgement.unknown, 'need')} not known")
    return ", ".join(told) or "its role grants exactly what its code needs"


def _count(things: tuple[object, ...], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def _list(
    title: str, things: tuple[object, ...], say: object, style: str = "dim"
) -> Iterator[Line]:
    if not things:
        return
    yield line("  ", Piece(title, style))
    assert callable(say)  # noqa: S101 - one of the functions below
    for thing in things[:MOST_SHOWN]:
        yield say(thing)
    if len(things) > MOST_SHOWN:
        yield line(Piece(f"    and {len(things) - MOST_SHOWN} more", "dim"))


def _need(need: Need) -> Line:
    at = f"  {place(line_of(need))}" if need.because else ""
    return line(f"    {need.action}  {shown(expression(need.resource))}", Piece(at, "dim"))


def _excess(excess: Excess) -> Line:
    grant = excess.grant
    resource = shown(expression(grant.resource))
    return line(
        f"    {shown(grant.action)}  {resource}",
        Piece(f"  {place(grant.at)}  {use_of(excess)}", "dim"),
    )


def _unknowns(judgement: Judgement) -> tuple[Unknown, ...]:
    return (*judgement.unknown, *judgement.granted.unknown)


def _unknown(unknown: Unknown) -> Line:
    return line(f"    {shown(unknown.why)}", Piece(f"  {place(unknown.at)}", "dim"))


def _proof(judgement: Judgement) -> Iterator[Line]:
    proof, policy = judgement.proof, judgement.policy
    if not proof.asked:
        return
    said = f"  proof: {proof.allowed} of {proof.asked} needs are allowed by the exact policy"
    said += f", and each of its {len(policy.statements)} statements is necessary"
    if not proof.holds:
        said = f"  no proof: denied {len(proof.denied)}, not necessary {len(proof.spared)}"
    yield line(Piece(said, "good" if proof.holds else "error"))
    if policy.size > INLINE_LIMIT:
        yield line(
            Piece(
                f"  its {policy.size} characters are more than a role's inline policies"
                f" may have ({INLINE_LIMIT})",
                "warning",
            )
        )
