"""Conditions of templates: true, false, or undecided.

AWS: "CloudFormation template Conditions syntax", "Condition functions".
"""

from collections.abc import Iterable

from stockade.load.domains import possible_texts
from stockade.load.intrinsics import resolve
from stockade.load.scope import MAX_RESOLVE_DEPTH, Scope
from stockade.model import List, Location, Map, Parameter, Reference, Scalar, Value

_MAX_BRANCHES = 1_000


class Conditions:
    """The conditions of one stack, decided when they are asked for."""

    def __init__(self, section: Map | None, scope: Scope) -> None:
        self.section = section
        self.scope = scope
        self.decided: dict[str, bool | None] = {}
        self.deciding: set[str] = set()
        self.told: set[str] = set()
        # The same under what the branches imply: without it, conditions of conditions explode.
        self.implied: dict[tuple[tuple[str, bool], ...], dict[str, bool | None]] = {}

    def truth(self, name: str, at: Location) -> bool | None:
        """Return whether the condition `name` holds; None if the templates do not decide it.

        Inside a branch that hangs on conditions, these are taken as the branch implies.
        """
        assumed = self.scope.assumed
        if name in assumed:
            return assumed[name]
        if name not in self.decided and name not in self.deciding:
            self.scope.assumed = {}
            self.decided[name] = self._decide(name, at)
            self.scope.assumed = assumed
        if name in self.deciding:
            self._tell(name, at, "hangs on itself")
            return None
        truth = self.decided[name]
        return self._implied(name, at) if truth is None and assumed else truth

    def _implied(self, name: str, at: Location) -> bool | None:
        """Decide an undecided condition again, under what the branch implies."""
        if len(self.implied) > _MAX_BRANCHES:
            self.implied.clear()
        branch = tuple(self.scope.assumed.items())
        known = self.implied.setdefault(branch, {})
        if name not in known:
            known[name] = self._decide(name, at)
        return known[name]

    def _decide(self, name: str, at: Location) -> bool | None:
        written = self.section.get(name) if self.section is not None else None
        if written is None:
            self._tell(name, at, "is not declared")
            return None
        work = self.scope.work
        if work.depth > MAX_RESOLVE_DEPTH:
            self._tell(name, at, "hangs on too many others")
            return None
        self.deciding.add(name)
        work.depth += 4
        truth = self._holds(written)
        work.depth -= 4
        self.deciding.discard(name)
        return truth

    def _tell(self, name: str, at: Location, why: str) -> None:
        if name not in self.told:
            self.told.add(name)
            self.scope.miss(at, "template", f"the condition {name[:60]} {why}")

    def _holds(self, written: Value) -> bool | None:
        """Return the truth of a condition function."""
        if self.scope.spend(1, written.at) is not None:
            return None
        if not isinstance(written, Map) or len(written.entries) != 1:
            return self._constant(written)
        ((function, argument),) = written.entries.items()
        match function, argument:
            case "Condition", Scalar(value=str(name)):
                return self.truth(name, written.at)
            case "Fn::Not", List(items=(operand,)):
                truth = self._holds(operand)
                return None if truth is None else not truth
            case "Fn::And", List():
                return all_hold(self._holds(operand) for operand in argument.items)
            case "Fn::Or", List():
                truth = all_hold(_negated(self._holds(operand)) for operand in argument.items)
                return _negated(truth)
            case "Fn::Equals", List(items=(left, right)):
                return self._equal(left, right)
        self.scope.miss(written.at, "template", f"`{function[:40]}` is not a condition function")
        return None

    def _constant(self, written: Value) -> bool | None:
        match written:
            case Scalar(value=bool(truth)):
                return truth
            case Scalar(value="true" | "false" as text):
                return text == "true"
        self.scope.miss(written.at, "template", "it is not a condition function")
        return None

    def _equal(self, left: Value, right: Value) -> bool | None:
        """Compare two values as texts, with case, as `Fn::Equals` does."""
        first, second = resolve(left, self.scope), resolve(right, self.scope)
        if _is_same(first, second):
            return True
        ours = possible_texts(first, self.scope)
        theirs = possible_texts(second, self.scope)
        if ours is None or theirs is None:
            return None
        if not ours & theirs:
            return False
        return True if len(ours) == len(theirs) == 1 else None


def all_hold(truths: Iterable[bool | None]) -> bool | None:
    """Return the conjunction: false if any is false, true if all are true, else undecided."""
    undecided = False
    for truth in truths:
        if truth is False:
            return False
        undecided = undecided or truth is None
    return None if undecided else True


def _negated(truth: bool | None) -> bool | None:  # noqa: FBT001 - a truth is what it negates
    return None if truth is None else not truth


def _is_same(first: Value, second: Value) -> bool:
    """Tell whether both are the same parameter or reference, whatever its value will be."""
    match first, second:
        case Parameter(), Parameter():
            return first.name == second.name and first.value is second.value
        case Reference(), Reference():
            return (first.resource, first.attribute) == (second.resource, second.attribute)
    return False
