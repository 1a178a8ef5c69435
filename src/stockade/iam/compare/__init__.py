"""What NEW allows that OLD did not.

A request that shows it is looked for in every Allow of NEW; none is reported before `decide` has
allowed it by NEW and not by OLD. What cannot be proved within the budget is `unknown`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stockade.iam.compare.clauses import Clauses
from stockade.iam.compare.differences import differences
from stockade.iam.compare.search import Search
from stockade.iam.compare.shapes import Budget, ExhaustedError
from stockade.iam.decision import Decision, Reason, Rule, Source, StatementRef
from stockade.iam.evaluation import Policies, decide
from stockade.iam.policy import Policy
from stockade.iam.prepared import PolicySet
from stockade.iam.principals import Kind
from stockade.iam.reading import Document, parse
from stockade.iam.request import Request
from stockade.iam.symbolic import show
from stockade.iam.text import lower

Verdict = Literal["none", "new", "unknown"]
Type = Literal["identity", "resource", "trust"]
Side = Policy | Document | Sequence[Policy | Document]

STEPS = 400_000
"""The budget of a comparison: about a second of work."""

_ALL: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
_ALL_COMERS: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
_WITNESS_ACCOUNT = "111122223333"
_OTHER_ACCOUNT = "000000000000"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`none`: NEW allows nothing that OLD did not; `new`: it does, see `witness`; `unknown`.

    `because` names the statement of NEW that allows the witness and why OLD does not, or what
    could not be proved.
    """

    verdict: Verdict
    witness: Request | None
    because: tuple[Reason, ...]


def compare(
    old: Side,
    new: Side,
    type: Type = "identity",  # noqa: A002 - the word that the command line uses
    *,
    budget: int = STEPS,
    actions: Sequence[str] = (),
) -> Comparison:
    """Compare two policies, or two lists of policies that each count as their union.

    `type` says what they are attached to. `actions` are action names to prefer for the witness,
    such as those of a catalogue. Raises `PolicyError` for a malformed document.
    """
    before, after = _union(old), _union(new)
    if any(policy.problems for policy in (*before, *after)):
        return _cannot_prove("a policy is malformed")
    read = Clauses()
    read.written |= {lower(name): name for name in actions}
    search = Search(read, Budget(budget), tuple(actions))
    source = Source.IDENTITY if type == "identity" else Source.RESOURCE
    try:
        for found in differences(before, after, search, source):
            decisions = [_ask(found.request, side, type) for side in (after, before)]
            if decisions[0].allowed and not decisions[1].allowed and not decisions[1].unknown:
                reasons = _reasons(decisions[0], source), decisions[1].because
                witness = search.as_written(found.request, _sender(found.request, type))
                return Comparison("new", witness, (*reasons[0], *reasons[1]))
            search.proved = False
    except ExhaustedError:
        return _cannot_prove("the budget of steps was used up")
    except RecursionError:
        return _cannot_prove("the policies branch too deeply")
    if not search.proved:
        return _cannot_prove("a relation between two values could not be settled")
    return Comparison("none", None, (Rule("whatever the new policy allows, the old one allows"),))


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
        "principal": _name(request),
        "action": request.shown_action,
        "resource": {"arn": show(request.resource), "account": show(request.account)},
        "context": {
            key: value if isinstance(value, str) else list(value)
            for key, value in request.shown_context.items()
        },
    }


def _union(side: Side) -> list[Policy]:
    several = (side,) if isinstance(side, str | Policy | Mapping) else side
    return [one if isinstance(one, Policy) else parse(one) for one in several]


def _ask(request: Request, side: list[Policy], type_: Type) -> Decision:
    """Decide across accounts, where only the compared policies matter: the other side allows."""
    if type_ == "identity":
        policies = Policies(identity=side, resource=_ALL_COMERS)
    else:
        policies = Policies(identity=[_ALL])
        policies.resource = PolicySet(side, Source.RESOURCE)
    asked = Request(
        _sender(request, type_),
        request.action,
        request.resource,
        context=request.context,
        account=_OTHER_ACCOUNT,
    )
    return decide(asked, policies)


def _sender(request: Request, type_: Type) -> str | None:
    """Who sends the witness: for identity policies, whoever holds them."""
    if type_ == "identity":
        return f"arn:aws:iam::{_WITNESS_ACCOUNT}:user/example"
    return _name(request)


def _name(request: Request) -> str | None:
    sender = request.principal
    return None if sender.kind is Kind.ANONYMOUS else sender.name


def _reasons(decision: Decision, source: Source) -> tuple[Reason, ...]:
    """Keep the statements of the compared policies, without those of the other side."""
    return tuple(
        one for one in decision.because if isinstance(one, StatementRef) and one.source is source
    )


def _cannot_prove(why: str) -> Comparison:
    return Comparison("unknown", None, (Rule(f"cannot prove it: {why}"),))
