"""The search for a request that NEW allows and OLD does not.

For every Allow of NEW it is assumed; every other statement that would spoil the answer is made
false by branching on the part that fails. Statements are looked at only when the request found
so far meets them.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from stockade.iam.compare.callers import Caller
from stockade.iam.compare.clauses import Clause, Clauses, Part
from stockade.iam.compare.keys import Answer, Demand, Value, holds, solve
from stockade.iam.compare.language import Question, find, is_proved
from stockade.iam.compare.shapes import Budget, Shape, Union, has_letters
from stockade.iam.pattern import Wild, tokenize
from stockade.iam.principals import Named
from stockade.iam.request import Request

_ACTION_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-:"
_ACTIONS: Union = (Shape((Wild.ANY, Wild.STAR, ":", Wild.ANY, Wild.STAR)),)
_ARNS: Union = (Shape(tokenize("arn:*:*:*:*:*"), arn=True),)
_NO_ARNS: Union = tuple(
    Shape(tokenize(one), arn=True) for one in ("arn::*:*:*:*", "arn:*::*:*:*", "arn:*:*:*:*:")
)
_EXAMPLE_ARN = ("arn", "aws", "", "us-east-1", "111122223333", "example")
_EXAMPLE_ARNS = {
    "iam": ("arn", "aws", "iam", "", "111122223333", "role/example"),
    "s3": ("arn", "aws", "s3", "", "", "example/key"),
    "sts": ("arn", "aws", "iam", "", "111122223333", "role/example"),
}
_NO_ACTIONS: Union = (
    Shape((Wild.STAR, ":", Wild.STAR, ":", Wild.STAR)),
    Shape(("sts:getcalleridentity",)),  # allowed whatever policies say
)


@dataclass(frozen=True, slots=True)
class Found:
    """A request, and the Allow of NEW that it was made from."""

    request: Request
    allow: Clause


@dataclass(slots=True)
class Search:
    """One comparison's state. `proved` turns false where finding nothing proves nothing.

    `preferred` are names of actions that witnesses shall have, folded and sorted.
    """

    read: Clauses
    budget: Budget
    preferred: tuple[str, ...] = ()
    proved: bool = True
    known: dict[object, object] = field(default_factory=dict)

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
        for shape in min(inside, key=len, default=_ACTIONS):
            for name in self._preferred(shape):
                if _answers(question, name):
                    return name
        return self._find(question)

    def _preferred(self, shape: Shape) -> Iterator[str]:
        """Yield the preferred actions that begin as a pattern does."""
        head = shape.head
        for at in range(bisect_left(self.preferred, head), len(self.preferred)):
            name = self.preferred[at]
            if not name.startswith(head):
                return
            yield name

    def _resource(self, parts: list[Part], action: str) -> str | None:
        inside, outside = _split(parts)
        for guess in _arn_guesses(inside, action.partition(":")[0]):
            if _answers(Question(inside, (*_NO_ARNS, *outside)), guess):
                return guess
        question = Question((_ARNS, *inside), (*_NO_ARNS, *outside))
        found = self._find(question)
        if found is not None:
            return found
        self.proved = self.proved and is_proved(Question(inside, outside), self.budget)
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
                expected = self.read.expected.get(key, ())
                self.known[memo] = solve(key, demands, self.budget, expected=expected)
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
        for variable, letter in self.read.letters.variables.items():
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
            key: self.read.letters.spelled(value, values)
            if isinstance(value, str)
            else tuple(self.read.letters.spelled(one, values) for one in value)
            for key, value in context.items()
            if value is not None
        }
        name = caller.name
        if caller.arn_in and isinstance(shown.get("aws:principalarn"), str):
            name = str(shown["aws:principalarn"])
        spelled = self.read.letters.spelled(resource, values)
        return Request(name, action, spelled, context=shown)

    def as_written(self, request: Request, sender: str | None) -> Request:
        """Write the same request with names in the case that the policies write them in."""
        own = request.principal.account
        return Request(
            sender,
            self.read.spelled(request.action),
            request.resource,
            context={self.read.spelled(key): value for key, value in request.context.items()},
            account=own or "111122223333",
        )


def _applies(clause: Clause, request: Request) -> bool:
    """Whether the statement applies for certain, its action and principal included."""
    prepared = clause.prepared
    return (
        prepared.covers(request.action)
        and prepared.names(request, bounded=False) is not Named.NOT
        and prepared.applies(request) is True
    )


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
    usual = list(_EXAMPLE_ARNS.get(service, _EXAMPLE_ARN))
    usual[2] = usual[2] or service
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
