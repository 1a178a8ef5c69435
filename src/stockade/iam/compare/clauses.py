"""Statements as clauses: parts that must all match, each about one thing to be solved for."""

from dataclasses import dataclass, field, replace

from stockade.iam.compare.callers import NOBODY, Caller
from stockade.iam.compare.keys import Demand
from stockade.iam.compare.language import covers
from stockade.iam.compare.letters import Letters
from stockade.iam.compare.shapes import Budget, Shape, Union
from stockade.iam.conditions import condition_test
from stockade.iam.decision import Source
from stockade.iam.operators import Family
from stockade.iam.pattern import tokenize
from stockade.iam.policy import Policy
from stockade.iam.principals import Named
from stockade.iam.request import Request
from stockade.iam.statements import ON_RESOURCES, PreparedStatement
from stockade.iam.text import lower


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a statement, and whether it is to match."""

    dimension: str
    shapes: Union = ()
    literal_star: bool = False
    demand: Demand | None = None
    met: bool = True

    def opposite(self) -> "Part":
        """Turn it into the same part, to fail where it was to match."""
        demand = self.demand
        if demand is not None:
            demand = Demand(demand.condition, demand.test, demand.shapes, not demand.met)
        return Part(self.dimension, self.shapes, self.literal_star, demand, not self.met)


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A statement as parts that must all match for it to apply."""

    prepared: PreparedStatement
    parts: tuple[Part, ...]
    services: frozenset[str] | None
    """The services of its actions; None if it may be about any."""
    identity: object
    """Equal for statements that say the same."""

    @property
    def allows(self) -> bool:
        """Whether it is an Allow."""
        return self.prepared.statement.allows

    def names(self, caller: Caller) -> bool:
        """Whether the statement names the caller at all."""
        if caller is NOBODY:
            return True
        named = self.prepared.names(Request(caller.name, "a:a", "*"), bounded=False)
        return named is not Named.NOT


_WRITTEN = {
    lower(key): key
    for key in ("aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalIsAWSService")
}


@dataclass(slots=True)
class Clauses:
    """Reads policies as clauses; remembers letters, and how names were written."""

    letters: Letters = field(default_factory=Letters)
    expected: dict[str, set[Family]] = field(default_factory=dict)
    """What operators take each key to hold; asking whether it is there expects nothing."""
    written: dict[str, str] = field(default_factory=lambda: dict(_WRITTEN))

    def spelled(self, name: str) -> str:
        """Write a folded action or key in the case of the policies, as far as they have it."""
        for size in range(len(name), 0, -1):
            if name[:size] in self.written:
                return self.written[name[:size]] + name[size:]
        return name

    def of(self, policy: Policy, source: Source) -> list[Clause]:
        """Read a policy's statements as clauses."""
        return [
            self._clause(PreparedStatement(one, policy, source, ""), policy, source)
            for one in policy.statements
        ]

    def _clause(self, prepared: PreparedStatement, policy: Policy, source: Source) -> Clause:
        statement, variables = prepared.statement, policy.has_variables
        self.written |= {lower(head): head for head in map(_head, statement.actions)}
        self.written |= {lower(one.key): one.key for one in statement.conditions}
        actions = tuple(Shape(tokenize(lower(one))) for one in statement.actions)
        parts = [Part("action", actions, met=not statement.not_action)]
        pad = source not in ON_RESOURCES
        listed = ("*",) if statement.resources is None else statement.resources
        arns = (self.letters.resource(one, variables=variables, pad=pad) for one in listed)
        shapes = tuple(shape for shape in arns if shape is not None)
        parts.append(Part("resource", shapes, "*" in listed, met=not statement.not_resource))
        for condition in statement.conditions:
            test = condition_test(condition, variables=variables)
            values = self.letters.values(condition, variables=variables)
            demand = Demand(condition, test, values, met=True)
            parts.append(Part(lower(condition.key), demand=demand))
            if condition.operator.family is not Family.PRESENCE:
                self.expected.setdefault(lower(condition.key), set()).add(
                    condition.operator.family
                )
        services = frozenset(lower(one).partition(":")[0] for one in statement.actions)
        loose = statement.not_action or any("*" in one or "?" in one for one in services)
        identity = (
            statement.allows,
            statement.principals,
            statement.not_principal,
            *((part.met, frozenset(part.shapes), part.literal_star) for part in parts[:2]),
            frozenset((part.dimension, part.demand.identity) for part in parts if part.demand),
        )
        return Clause(prepared, tuple(parts), None if loose else services, identity)


class Index:
    """Clauses by service, so that only those are looked at that may be about the same action."""

    def __init__(self, clauses: list[Clause]) -> None:
        self._all = clauses
        self._loose = [n for n, one in enumerate(clauses) if one.services is None]
        self._by_service: dict[str, list[int]] = {}
        for number, one in enumerate(clauses):
            for service in one.services or ():
                self._by_service.setdefault(service, []).append(number)
        self._identities = {one.identity for one in clauses}

    def near(self, clause: Clause) -> list[Clause]:
        """List the clauses that may be about an action of this one, in their order."""
        if clause.services is None:
            return self._all
        numbers = set(self._loose)
        for service in clause.services:
            numbers.update(self._by_service.get(service, ()))
        return [self._all[number] for number in sorted(numbers)]

    def has(self, clause: Clause) -> bool:
        """Whether a clause that says the same is among these."""
        return clause.identity in self._identities


def is_covered(narrow: Clause, wide: Clause) -> bool:
    """Whether it is plain that `wide` applies wherever `narrow` does (sound, not complete)."""
    if not _principals_covered(narrow, wide):
        return False
    mine = {part.dimension: part for part in narrow.parts[:2]}
    for part in wide.parts[:2]:
        if not _part_covered(mine[part.dimension], part):
            return False
    conditions = {(part.dimension, part.demand.identity) for part in narrow.parts if part.demand}
    return all(
        (part.dimension, part.demand.identity) in conditions for part in wide.parts if part.demand
    )


def without_covered(allow: Clause, known: list[Clause], budget: Budget) -> Clause | None:
    """Leave out the resources and actions for which one statement of `known` covers the rest.

    None if nothing is left: all that the statement allows is known.
    """
    budget.spend(len(known))
    if any(is_covered(allow, one) for one in known):
        return None
    for at in (1, 0):
        part = allow.parts[at]
        if not part.met or len(part.shapes) == 1:
            continue
        budget.spend(len(known) * len(part.shapes))
        kept = tuple(
            shape
            for shape in part.shapes
            if not any(is_covered(_narrowed(allow, at, shape), one) for one in known)
        )
        if not kept and not part.literal_star:
            return None
        if kept:
            allow = _with_part(allow, at, replace(part, shapes=kept))
    return allow


def of_one_action(allow: Clause) -> list[tuple[str, Clause]]:
    """Split a statement into one for each of its actions, each with the action as written."""
    part = allow.parts[0]
    written = allow.prepared.statement.actions
    return [
        (action, _narrowed(allow, 0, shape))
        for action, shape in zip(written, part.shapes, strict=True)
        if part.met
    ]


def _narrowed(clause: Clause, at: int, shape: Shape) -> Clause:
    return _with_part(clause, at, replace(clause.parts[at], shapes=(shape,), literal_star=False))


def _with_part(clause: Clause, at: int, part: Part) -> Clause:
    parts = (*clause.parts[:at], part, *clause.parts[at + 1 :])
    return replace(clause, parts=parts)


def _part_covered(narrow: Part, wide: Part) -> bool:
    if narrow.met != wide.met:
        return False
    if not narrow.met:
        narrow, wide = wide, narrow
    if narrow.literal_star and not wide.literal_star:
        return False
    return all(any(covers(one, other) for one in wide.shapes) for other in narrow.shapes)


def _principals_covered(narrow: Clause, wide: Clause) -> bool:
    mine, theirs = narrow.prepared.statement, wide.prepared.statement
    if mine.principals == theirs.principals and mine.not_principal == theirs.not_principal:
        return True
    if theirs.principals is None:
        return True
    return not theirs.not_principal and "*" in theirs.principals.aws


def _head(action: str) -> str:
    """Cut an action's pattern before its first wildcard."""
    return action[: min(at for at in (action.find("*"), action.find("?"), len(action)) if at >= 0)]
