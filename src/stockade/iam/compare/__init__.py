"""What NEW allows that OLD did not.

A request that shows it is looked for in every Allow of NEW; none is reported before `decide` has
allowed it by NEW and not by OLD. What cannot be proved within the budget is `unknown`.
"""

from collections.abc import Sequence

from stockade.iam.compare.shapes import Budget
from stockade.iam.compare.sides import (
    Comparison,
    Side,
    Sides,
    Type,
    Verdict,
    cannot_prove,
    name_of,
)
from stockade.iam.request import Request
from stockade.iam.symbolic import show

__all__ = [
    "Comparison",
    "Side",
    "Type",
    "Verdict",
    "compare",
    "compare_each",
    "comparison_json",
    "request_json",
]

STEPS = 400_000
"""The budget of a comparison: about a second of work."""


def compare(  # noqa: PLR0913 - all but the two sides are choices
    old: Side,
    new: Side,
    type: Type = "identity",  # noqa: A002 - the word that the command line uses
    *,
    old_boundary: Side | None = None,
    new_boundary: Side | None = None,
    budget: int = STEPS,
    actions: Sequence[str] = (),
) -> Comparison:
    """Compare two policies, or two lists of policies that each count as their union.

    `type` says what they are attached to. The boundaries limit identity policies: what a side
    allows is what both its policies and its boundary allow; None is no limit. `actions` are
    action names to prefer for the witness, such as those of a catalogue. Raises `PolicyError` for
    a malformed document.
    """
    sides = Sides(old, new, type, old_boundary, new_boundary)
    if sides.are_malformed:
        return cannot_prove("a policy is malformed")
    return sides.compared(Budget(budget), actions)


def compare_each(  # noqa: PLR0913 - all but the two sides are choices
    old: Side,
    new: Side,
    type: Type = "identity",  # noqa: A002 - the word that the command line uses
    *,
    old_boundary: Side | None = None,
    new_boundary: Side | None = None,
    budget: int = STEPS,
    actions: Sequence[str] = (),
) -> tuple[Comparison, ...]:
    """Compare as `compare` does, and tell of every statement of NEW that allows something new.

    Each statement is compared with the whole of OLD, `budget` being for all of them. Statements
    that allow nothing new are left out, so an empty tuple is a proof. Raises `PolicyError` for a
    malformed document.
    """
    sides = Sides(old, new, type, old_boundary, new_boundary)
    if sides.are_malformed:
        return (cannot_prove("a policy is malformed"),)
    return tuple(sides.each(Budget(budget), actions))


def comparison_json(comparison: Comparison) -> dict[str, object]:
    """Write a comparison as plain values."""
    witness = comparison.witness
    return {
        "verdict": comparison.verdict,
        "witness": None if witness is None else request_json(witness),
        "because": [str(reason) for reason in comparison.because],
    }


def request_json(request: Request) -> dict[str, object]:
    """Write a request as plain values, in the form of an access case's `request`."""
    return {
        "principal": show(name_of(request) or "") or None,
        "action": request.shown_action,
        "resource": {"arn": show(request.resource), "account": show(request.account)},
        "context": {
            key: show(value) if isinstance(value, str) else [show(one) for one in value]
            for key, value in request.written_context().items()
        },
    }
