"""What a handler does in each branch of a switch on route, path or action.

A branch's work is the calls that are reached through its lines. Branches that act on something
in common are one job; the others could be functions of their own.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from stockade._late import pattern
from stockade.analysis.code import ir
from stockade.analysis.effects import Effect, Effects
from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.handler_code import body_of
from stockade.model import Application, Function, Location, Unknown
from stockade.model.record import record

_SWITCHED_ON = pattern(
    r"(?i)(?:^|_|\b)(?:http_?method|method|raw_?path|path|resource|route(?:_?key)?|action|"
    r"operation|command|field_?name)$"
)
_FEWEST = 2
"""Things that a function acts on, so that it may be of several jobs."""
_MOST_ARMS = 200
"""Branches that are looked at; whoever has more of them has read enough by then."""
_VERBS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})


@record(kw_only=True)
class Job:
    """Branches of one handler that act on the same things, and what they do there."""

    labels: tuple[str, ...]
    """What the branches are chosen by: `"GET"`, `"/pay"`, `"refund"`."""
    at: Location
    effects: tuple[Effect, ...]
    calls: tuple[ExternalCall, ...]
    """The calls that are reached through the branches, and those through none of them all."""


@record
class _Arm:
    label: str
    at: Location
    effects: tuple[Effect, ...]
    calls: tuple[ExternalCall, ...]


def jobs(app: Application, facts: Facts, function: Function) -> tuple[Job, ...]:
    """Return the jobs of a function's handler; one or none where it does not switch."""
    handler = function.handler
    if isinstance(handler, Unknown) or "." in handler.symbol:
        return ()
    effects = Effects(app, facts)
    calls = [call for call in facts.calls if call.function == function.id]
    if len({_touched(one) for one in effects.of_calls(calls)}) < _FEWEST:
        return ()
    arms = []
    chosen: set[int] = set()
    branches = _arms(body_of(handler, facts.code), set())
    for test, block in islice(branches, _MOST_ARMS):
        at = handler.file.at(*test[1])
        first, last = block[0].span, block[-1].span
        whole = handler.file.at(first.line, 1, last.end_line, last.end_column)
        within = tuple(call for call in calls if _is_within(call, whole))
        chosen.update(map(id, within))
        done = tuple(effects.of_calls(within))
        if done:
            arms.append(_Arm(test[0], at, done, within))
    return tuple(_grouped(arms, tuple(call for call in calls if id(call) not in chosen)))


_Branch: TypeAlias = tuple[tuple[str, ir.Span], ir.Block]


def _arms(block: ir.Block, aliases: set[str]) -> Iterator[_Branch]:
    """Yield the branches that compare a route or action with a constant, outermost ones only.

    `aliases` are the names under which a route or action is kept.
    """
    for statement in block:
        match statement:
            case ir.Branch():
                label = _label(statement.test, aliases)
                if label is not None and statement.then:
                    yield (label, statement.test.span), statement.then
                else:
                    yield from _arms(statement.then, aliases)
                yield from _arms(statement.otherwise, aliases)
            case ir.Assign(targets=(ir.NameTarget(name=name),), value=value):
                if _is_switched_on(value, aliases):
                    aliases.add(name)
            case ir.Try():
                yield from _arms(statement.body, aliases)
            case ir.Using():
                yield from _arms(statement.body, aliases)
            case _:
                pass


def _label(test: ir.Expression, aliases: set[str]) -> str | None:
    """Return what a test asks for, if it is about a route or an action."""
    match test:
        case ir.Logical():
            found = [_label(one, aliases) for one in test.operands]
            return next((one for one in found if one is not None), None)
        case ir.Compare(operator="==", left=left, right=ir.Const(value=str(text))):
            return text if text in _VERBS or _is_switched_on(left, aliases) else None
        case ir.Compare(operator="==", left=ir.Const(value=str(text)), right=right):
            return text if text in _VERBS or _is_switched_on(right, aliases) else None
        case ir.Compare(operator="in", left=left, right=ir.ListLiteral(elements=elements)):
            texts = [one.value.value for one in elements if isinstance(one.value, ir.Const)]
            named = [text for text in texts if isinstance(text, str)]
            return " or ".join(named) if named and _is_switched_on(left, aliases) else None
        case _:
            return None


def _is_switched_on(value: ir.Expression, aliases: set[str]) -> bool:
    match value:
        case ir.Name(name=name) if name in aliases:
            return True
        case ir.Name(name=name) | ir.Attribute(name=name):
            return bool(_SWITCHED_ON.search(name))
        case ir.Index(key=ir.Const(value=str(key))):
            return bool(_SWITCHED_ON.search(key))
        case ir.Call(callee=ir.Attribute(name="get"), arguments=(first, *_)):
            known = first.value
            return (
                isinstance(known, ir.Const)
                and isinstance(known.value, str)
                and bool(_SWITCHED_ON.search(known.value))
            )
        case ir.Call(callee=ir.Attribute(object=inner)):
            return _is_switched_on(inner, aliases)
        case _:
            return False


def _is_within(call: ExternalCall, whole: Location) -> bool:
    places = (*(step.at for step in call.steps), call.at)
    return any(at.path == whole.path and whole.line <= at.line <= whole.end_line for at in places)


def _touched(effect: Effect) -> str:
    """Name what an effect acts on: a resource, else the service as a whole."""
    return effect.resource or effect.action.partition(":")[0]


def _grouped(arms: Iterable[_Arm], always: tuple[ExternalCall, ...]) -> Iterator[Job]:
    """Join the branches that act on something in common; some calls are made in any case."""
    groups: list[tuple[set[str], list[_Arm]]] = []
    for arm in arms:
        touched = {_touched(one) for one in arm.effects}
        joined = [arm]
        for group in [one for one in groups if one[0] & touched]:
            groups.remove(group)
            touched |= group[0]
            joined = [*group[1], *joined]
        groups.append((touched, joined))
    for _, members in groups:
        effects = {one.does: one for member in members for one in member.effects}
        yield Job(
            labels=tuple(dict.fromkeys(member.label for member in members)),
            at=members[0].at,
            effects=tuple(effects.values()),
            calls=(*always, *(call for member in members for call in member.calls)),
        )
