"""The search for a request that NEW allows and OLD does not.

For every Allow of NEW it is assumed; every other statement that would spoil the answer is made
false by branching on the part that fails. Statements are looked at only when the request found
so far meets them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from stockade.iam.compare.callers import NOBODY, Caller
from stockade.iam.compare.keys import Answer, Demand, Value, holds, solve
from stockade.iam.compare.language import (
    Budget,
    Question,
    Shape,
    Union,
    covers,
    find,
    has_letters,
    is_proved,
)
from stockade.iam.compare.letters import Letters
from stockade.iam.decision import Source
from stockade.iam.pattern import Wild, tokenize
from stockade.iam.policy import Policy
from stockade.iam.prepared import PreparedStatement
from stockade.iam.principals import Named
from stockade.iam.request import Request
from stockade.iam.text import lower

_ACTION_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-:"
_ACTIONS: Union = (Shape((Wild.ANY, Wild.STAR, ":", Wild.ANY, Wild.STAR)),)
_ARNS: Union = (Shape(tokenize("arn:?*:?*:*:*:?*"), arn=True),)
_EXAMPLE_ARN = ("arn", "aws", "", "us-east-1", "111122223333", "example")
_NO_ACTIONS: Union = (
    Shape((Wild.STAR, ":", Wild.STAR, ":", Wild.STAR)),
    Shape(("sts:getcalleridentity",)),  # allowed whatever policies say
)


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

    @property
    def allows(self) -> bool:
        """Whether it is an Allow."""
        return self.prepared.statement.allows

    def meets_services(self, other: "Clause") -> bool:
        """Whether both may be about one action, as far as the services tell."""
        if self.services is None or other.services is None:
            return True
        return not self.services.isdisjoint(other.services)

    def names(self, caller: Caller) -> bool:
        """Whether the statement names the caller at all."""
        if caller is NOBODY:
            return True
        named = self.prepared.names(Request(caller.name, "a:a", "*"), bounded=False)
        return named is not Named.NOT


@dataclass(frozen=True, slots=True)
class Found:
    """A request, and the Allow of NEW that it was made from."""

    request: Request
    allow: Clause


@dataclass(slots=True)
class Search:
    """One comparison's state. `proved` turns false where finding nothing proves nothing."""

    letters: Letters
    budget: Budget
    preferred: tuple[str, ...] = ()
    proved: bool = True
    known: dict[object, object] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Remember how the preferred actions are written."""
        self.written |= {lower(name): name for name in self.preferred}

    def clauses(self, policy: Policy, source: Source) -> list[Clause]:
        """Read a policy's statements as clauses."""
        return [
            self._clause(PreparedStatement(one, policy, source, ""), policy, source)
            for one in policy.statements
        ]

    def _clause(self, prepared: PreparedStatement, policy: Policy, source: Source) -> Clause:
        statement, variables = prepared.statement, policy.has_variables
        self.written |= {lower(one): one for one in statement.actions if not _has_wildcard(one)}
        self.written |= {lower(one.key): one.key for one in statement.conditions}
        actions = tuple(Shape(tokenize(lower(one))) for one in statement.actions)
        parts = [Part("action", actions, met=not statement.not_action)]
        pad = source is Source.IDENTITY
        listed = ("*",) if statement.resources is None else statement.resources
        arns = (self.letters.resource(one, variables=variables, pad=pad) for one in listed)
        shapes = tuple(shape for shape in arns if shape is not None)
        parts.append(Part("resource", shapes, "*" in listed, met=not statement.not_resource))
        for condition, test in zip(statement.conditions, prepared.tests, strict=True):
            values = self.letters.values(condition, variables=variables)
            demand = Demand(condition, test, values, met=True)
            parts.append(Part(lower(condition.key), demand=demand))
        services = frozenset(lower(one).partition(":")[0] for one in statement.actions)
        loose = statement.not_action or any("*" in one or "?" in one for one in services)
        return Clause(prepared, tuple(parts), None if loose else services)

    def solve(
        self,
        must: list[Part],
        caller: Caller,
        allow: Clause,
        avoid: list[Clause],
        also: list[Clause],
    ) -> Found | None:
        """Find a request that meets `must` and makes every clause of `avoid` fail."""
        self.budget.spend(len(must))
        request = self._request(must, caller)
        if request is None:
            return None
        for clause in (allow, *also):
            if not _applies(clause, request):
                self.proved = False
                return None
        spoiled = next((one for one in avoid if _applies(one, request)), None)
        if spoiled is None:
            return Found(request, allow)
        chosen = set(must)
        options = [one for one in map(Part.opposite, spoiled.parts) if one not in chosen]
        options = [one for one in options if one.opposite() not in chosen]
        if len(options) < len(spoiled.parts) and any(
            one.opposite() in chosen for one in spoiled.parts
        ):
            self.proved = False  # it was made to fail already, and yet it applies
            return None
        taken = list(must)
        for option in options:
            found = self.solve([*taken, option], caller, allow, avoid, also)
            if found is not None:
                return found
            if not _is_lettered(option):
                taken.append(option.opposite())
        return None

    def _request(self, must: list[Part], caller: Caller) -> Request | None:
        """Make the simplest request that meets all parts, or None if some part cannot be met."""
        by_dimension: dict[str, list[Part]] = {}
        for part in must:
            by_dimension.setdefault(part.dimension, []).append(part)
        action = self._action(by_dimension.pop("action"))
        if action is None:
            return None
        resource = self._resource(by_dimension.pop("resource"), action)
        if resource is None:
            return None
        context: dict[str, Value] = dict(caller.known)
        for key, parts in by_dimension.items():
            demands = tuple(part.demand for part in parts if part.demand is not None)
            answer = self._key(key, demands, caller)
            if not answer.found:
                self.proved = self.proved and answer.proved
                return None
            context[key] = answer.value
        if caller.arn_in and "aws:principalarn" not in context:
            context["aws:principalarn"] = caller.name
        return self._spelled(action, resource, context, by_dimension, caller)

    def _action(self, parts: list[Part]) -> str | None:
        inside, outside = _split(parts)
        question = Question((_ACTIONS, *inside), (*_NO_ACTIONS, *outside), _ACTION_LETTERS)
        for name in map(lower, self.preferred):
            if _answers(question, name):
                return name
        return self._find(question)

    def _resource(self, parts: list[Part], action: str) -> str | None:
        inside, outside = _split(parts)
        for guess in _arn_guesses(inside, action.partition(":")[0]):
            if _answers(Question(inside, outside), guess):
                return guess
        question = Question((_ARNS, *inside), outside)
        found = self._find(question)
        if found is not None:
            return found
        self.proved = self.proved and is_proved(question, self.budget)
        star = all(part.literal_star is part.met for part in parts)
        return "*" if star else None

    def _find(self, question: Question) -> str | None:
        if question not in self.known:
            self.known[question] = find(question, self.budget)
        found = self.known[question]
        return found if isinstance(found, str) else None

    def _key(self, key: str, demands: tuple[Demand, ...], caller: Caller) -> Answer:
        for name, value in caller.known:
            if name == key:
                return Answer(value, holds(key, value, demands))
        memo = (key, frozenset(one.identity for one in demands), caller.arn_in, caller.arn_out)
        if key != "aws:principalarn":
            memo = (*memo[:2], (), ())
        if memo not in self.known:
            if key == "aws:principalarn" and caller.arn_in:
                self.known[memo] = self._caller_arn(demands, caller)
            else:
                self.known[memo] = solve(key, demands, self.budget)
        found = self.known[memo]
        return found if isinstance(found, Answer) else Answer(None, found=False)

    def _caller_arn(self, demands: tuple[Demand, ...], caller: Caller) -> Answer:
        """Find the ARN of one of a class of callers: always there, and of one value."""
        texts = [one for one in demands if one.shapes]
        wanted = [(one, one.met is not one.condition.operator.negated) for one in texts]
        inside = [caller.arn_in, *(one.shapes for one, positive in wanted if positive)]
        outside = [s for one, positive in wanted if not positive for s in one.shapes]
        found = find(Question(tuple(inside), (*caller.arn_out, *outside)), self.budget)
        if found is None:
            return Answer(None, found=False, proved=len(texts) == len(demands))
        return Answer(found, found=holds("aws:principalarn", found, demands), proved=False)

    def _spelled(
        self,
        action: str,
        resource: str,
        context: dict[str, Value],
        dimensions: dict[str, list[Part]],
        caller: Caller,
    ) -> Request | None:
        """Give the variables values, and write the request with them."""
        values: dict[str, str] = {}
        used = "".join([resource, *(_flat(value) for value in context.values())])
        for variable, letter in self.letters.variables.items():
            if letter not in used:
                continue
            value = context.get(variable.key)
            if value is None and variable.key in dimensions:
                demands = tuple(p.demand for p in dimensions[variable.key] if p.demand is not None)
                value = solve(variable.key, demands, self.budget, present=True).value
            if not isinstance(value, str) or letter in value:
                value = f"value{len(values)}"
            values[letter] = value
            context[variable.key] = value
        shown = {
            key: self.letters.spelled(value, values)
            if isinstance(value, str)
            else tuple(self.letters.spelled(one, values) for one in value)
            for key, value in context.items()
            if value is not None
        }
        name = caller.name
        if caller.arn_in and isinstance(shown.get("aws:principalarn"), str):
            name = str(shown["aws:principalarn"])
        spelled = self.letters.spelled(resource, values)
        return Request(name, action, spelled, context=shown)

    def as_written(self, request: Request, sender: str | None) -> Request:
        """Write the same request with names in the case that the policies write them in."""
        own = request.principal.account
        return Request(
            sender,
            self.written.get(request.action, request.action),
            request.resource,
            context={self.written.get(key, key): value for key, value in request.context.items()},
            account=own or "111122223333",
        )


def _applies(clause: Clause, request: Request) -> bool:
    """Whether the statement applies for certain, its action and principal included."""
    prepared = clause.prepared
    return (
        prepared.actions.covers(request.action)
        and prepared.names(request, bounded=False) is not Named.NOT
        and prepared.applies(request) is True
    )


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _is_lettered(part: Part) -> bool:
    shapes = part.demand.shapes if part.demand else part.shapes
    return any(has_letters(shape) for shape in shapes)


def _flat(value: Value) -> str:
    return value or "" if isinstance(value, str | None) else "".join(value)


def _split(parts: list[Part]) -> tuple[tuple[Union, ...], Union]:
    inside = tuple(dict.fromkeys(part.shapes for part in parts if part.met))
    outside = dict.fromkeys(s for part in parts if not part.met for s in part.shapes)
    return inside, tuple(outside)


def _answers(question: Question, text: str) -> bool:
    return all(any(shape.test(text) for shape in union) for union in question.inside) and not any(
        shape.test(text) for shape in question.outside
    )


def _arn_guesses(inside: tuple[Union, ...], service: str) -> Iterator[str]:
    """ARNs as one would write them: whole parts that are free get a usual value."""
    usual = list(_EXAMPLE_ARN)
    usual[2] = service
    for shape in min(inside, key=len, default=())[:16]:
        if shape.tokens == (Wild.STAR,):
            yield ":".join(usual)
            continue
        if not shape.arn:
            continue
        filled = "".join(t if isinstance(t, str) else t.value for t in shape.tokens)
        parts = filled.split(":", 5)
        for star in ("example", ""):
            yield ":".join(
                value if part == "*" else part.replace("*", star).replace("?", "x")
                for part, value in zip(parts, usual, strict=True)
            )


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


def without_covered(allow: Clause, known: list[Clause]) -> Clause | None:
    """Leave out the resources and actions for which one statement of `known` covers the rest.

    None if nothing is left: all that the statement allows is known.
    """
    if any(is_covered(allow, one) for one in known):
        return None
    for at in (1, 0):
        part = allow.parts[at]
        if not part.met or len(part.shapes) == 1:
            continue
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


def _narrowed(clause: Clause, at: int, shape: Shape) -> Clause:
    return _with_part(clause, at, replace(clause.parts[at], shapes=(shape,), literal_star=False))


def _with_part(clause: Clause, at: int, part: Part) -> Clause:
    parts = (*clause.parts[:at], part, *clause.parts[at + 1 :])
    return Clause(clause.prepared, parts, clause.services)


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
