"""The two sides of a comparison, and the search for what only NEW allows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stockade.iam.compare.clauses import Clause, Clauses, of_one_action
from stockade.iam.compare.differences import Attached, Differences
from stockade.iam.compare.search import Found, Search
from stockade.iam.compare.shapes import Budget, ExhaustedError
from stockade.iam.decision import Decision, Reason, Rule, Source, StatementRef
from stockade.iam.evaluation import Policies, decide
from stockade.iam.policy import Policy
from stockade.iam.prepared import PolicySet
from stockade.iam.principals import Kind
from stockade.iam.reading import Document, parse
from stockade.iam.request import Request
from stockade.iam.text import lower

Verdict = Literal["none", "new", "unknown"]
Type = Literal["identity", "resource", "trust"]
Side = Policy | Document | Sequence[Policy | Document]

_ALL: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
_ALL_COMERS: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
_EXHAUSTED = "the budget of steps was used up"
_TOO_DEEP = "the policies branch too deeply"
_UNSETTLED = "a relation between two values could not be settled"
_NOTHING = Rule("whatever the new policy allows, the old one allows")
_WITNESS_ACCOUNT = "111122223333"
_OTHER_ACCOUNT = "000000000000"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`none`: NEW allows nothing that OLD did not; `new`: it does, see `witness`; `unknown`.

    `because` names the statement of NEW that allows the witness and why OLD does not, or what
    could not be proved. `actions` are those of that statement, as it writes them, that are newly
    allowed; only `compare_each` works them out.
    """

    verdict: Verdict
    witness: Request | None
    because: tuple[Reason, ...]
    actions: tuple[str, ...] = ()


class Sides:
    """What is compared, read."""

    def __init__(
        self,
        old: Side,
        new: Side,
        type_: Type,
        old_boundary: Side | None,
        new_boundary: Side | None,
    ) -> None:
        self._type: Type = type_
        source = Source.IDENTITY if type_ == "identity" else Source.RESOURCE
        self._before = Attached(source, _union(old), _limit(old_boundary))
        self._after = Attached(source, _union(new), _limit(new_boundary))

    @property
    def are_malformed(self) -> bool:
        """Whether AWS would refuse one of the policies."""
        return any(policy.problems for policy in (*self._before.all, *self._after.all))

    def compared(self, budget: Budget, actions: Sequence[str]) -> Comparison:
        """Find the first request that is new, or say that there is none."""
        search = self._search(budget, actions)
        try:
            differences = Differences(self._before, self._after, search)
            for allow in differences.new:
                found = self._first(differences.of(allow), search)
                if found is not None:
                    return found
        except ExhaustedError:
            return cannot_prove(_EXHAUSTED)
        except RecursionError:
            return cannot_prove(_TOO_DEEP)
        if not search.proved:
            return cannot_prove(_UNSETTLED)
        return Comparison("none", None, (_NOTHING,))

    def each(self, budget: Budget, actions: Sequence[str]) -> Iterator[Comparison]:
        """Yield what is found of each statement of NEW, where it is not nothing."""
        search = self._search(budget, actions)
        try:
            differences = Differences(self._before, self._after, search)
            for allow in differences.new:
                search.proved = True
                found = self._first(differences.of(allow), search)
                if found is not None:
                    yield replace(found, actions=self._new_actions(allow, differences))
                elif not search.proved:
                    yield cannot_prove(_UNSETTLED, allow.prepared.ref)
        except ExhaustedError:
            yield cannot_prove(_EXHAUSTED)
        except RecursionError:
            yield cannot_prove(_TOO_DEEP)

    def _search(self, budget: Budget, actions: Sequence[str]) -> Search:
        read = Clauses()
        read.written |= {lower(name): name for name in actions}
        return Search(read, budget, tuple(sorted(map(lower, actions))))

    def _new_actions(self, allow: Clause, differences: Differences) -> tuple[str, ...]:
        """Return the actions of a statement, as it writes them, that it newly allows."""
        split = of_one_action(allow)
        if len(split) == 1:
            return (split[0][0],)
        return tuple(
            action
            for action, one in split
            if self._first(differences.of(one), differences.search) is not None
        )

    def _first(self, candidates: Iterator[Found], search: Search) -> Comparison | None:
        """Return the first candidate that `decide` allows by NEW and not by OLD."""
        for found in candidates:
            ours, theirs = (self._ask(found.request, one) for one in (self._after, self._before))
            if ours.allowed and not theirs.allowed and not theirs.unknown:
                witness = search.as_written(found.request, _sender(found.request, self._type))
                stated = (found.allow.prepared.ref, *_reasons(ours, self._after.source))
                return Comparison("new", witness, (*dict.fromkeys(stated), *theirs.because))
            search.proved = False
        return None

    def _ask(self, request: Request, side: Attached) -> Decision:
        """Decide across accounts, where only the compared policies matter: the others allow."""
        if self._type == "identity":
            policies = Policies(
                identity=side.policies, resource=_ALL_COMERS, boundary=side.boundary
            )
        else:
            policies = Policies(identity=[_ALL])
            policies.resource = PolicySet(side.policies, Source.RESOURCE)
        asked = Request(
            _sender(request, self._type),
            request.action,
            request.resource,
            context=request.context,
            account=_OTHER_ACCOUNT,
        )
        return decide(asked, policies)


def _union(side: Side) -> list[Policy]:
    several = (side,) if isinstance(side, str | Policy | Mapping) else side
    return [one if isinstance(one, Policy) else parse(one) for one in several]


def _limit(side: Side | None) -> list[Policy] | None:
    return None if side is None else _union(side)


def _sender(request: Request, type_: Type) -> str | None:
    """Who sends the witness: for identity policies, whoever holds them."""
    if type_ == "identity":
        return f"arn:aws:iam::{_WITNESS_ACCOUNT}:user/example"
    return name_of(request)


def name_of(request: Request) -> str | None:
    """Write who sends a request; None if nobody signs it."""
    sender = request.principal
    return None if sender.kind is Kind.ANONYMOUS else sender.name


def _reasons(decision: Decision, source: Source) -> tuple[Reason, ...]:
    """Keep the statements of the compared policies, without those of the other side."""
    return tuple(
        one
        for one in decision.because
        if isinstance(one, StatementRef) and one.source in (source, Source.BOUNDARY)
    )


def cannot_prove(why: str, *statements: StatementRef) -> Comparison:
    """Make the answer where nothing is proved."""
    return Comparison("unknown", None, (Rule(f"cannot prove it: {why}"), *statements))
