"""What a state machine passes on: from its input, and from one task's answer to the next.

Each state is followed with what it is given until nothing new comes to any state. Follows
"Processing input and output in Step Functions" of the AWS Step Functions Developer Guide and the
Amazon States Language.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final

from stockade.analysis.across.definitions import definition_of
from stockade.analysis.across.payloads import Sight, looked_up, payload
from stockade.analysis.across.templates import blurred, path_in
from stockade.analysis.code.languages import is_analysed
from stockade.analysis.events import Written
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.documents import (
    ANY,
    Carried,
    Document,
    Part,
    below,
    under,
    without,
)
from stockade.analysis.interpreter.sends import SENDINGS, Sending, named_attributes
from stockade.analysis.interpreter.updates import plain
from stockade.analysis.interpreter.values import NOBODY, Data
from stockade.analysis.operations import TABLES, python_name
from stockade.model import (
    DEFAULT_BUS,
    Application,
    Location,
    Map,
    Names,
    ResourceId,
    Unknown,
    Value,
    constant,
    expression,
    inside,
    items,
)
from stockade.model.naming import FUNCTION
from stockade.model.record import record, replace
from stockade.model.remembered import remembered

MOST_STEPS: Final = 400
"""States that are entered for one document, counted each time."""

_INTEGRATION: Final = ":states:::"


@record(eq=False)
class Passed:
    """What a state passes to a resource: a document in the form in which that keeps it."""

    target: ResourceId
    document: Document
    at: Location


@record(eq=False)
class _Visit:
    """A state that is entered with a document, in the map of states that it is one of."""

    states: Map
    name: str
    document: Document
    item: Document
    around: tuple["_Around", ...]


@record(eq=False)
class _Around:
    """The state of which a visit is inside: where its results go when an inner one ends."""

    visit: _Visit
    state: Map


class Machines:
    """Follows documents through the state machines of one application."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._definitions: dict[ResourceId, Map | None] = {}

    def is_read(self, machine: ResourceId) -> bool:
        """Tell whether the definition of a state machine is known."""
        return self._definition(machine) is not None

    def started(self, machine: ResourceId, document: Document) -> Iterator[Passed]:
        """Yield what a machine passes on when it is started with a document."""
        definition = self._definition(machine)
        if definition is not None:
            yield from _Run(self, definition).of(_enter(definition, document, (), ()))

    def answered(self, machine: ResourceId, function: str, answer: Document) -> Iterator[Passed]:
        """Yield what a machine passes on of what a function answers to it."""
        definition = self._definition(machine)
        if definition is None:
            return
        for state, visit in _tasks(definition):
            if self.function(state) == function:
                run = _Run(self, definition)
                result = under(("Payload",), answer) if _is_integration(state) else answer
                yield from run.of(run.left(visit, state, result))

    def resources(self, machine: ResourceId) -> frozenset[ResourceId]:
        """Return what the tasks of a machine write to, functions aside."""
        definition = self._definition(machine)
        found: set[ResourceId] = set()
        for state, _ in _tasks(definition) if definition is not None else ():
            for _, targets in self.writes(state):
                found.update(targets)
        return frozenset(found)

    def writes(self, state: Map) -> Iterator[tuple[Sending | None, tuple[ResourceId, ...]]]:
        """Yield what a task calls, and which resources that is about."""
        asked = state.get("Parameters") or state.get("Arguments")
        resource = state.get("Resource")
        if resource is None or not isinstance(asked, Map) or not _is_integration(state):
            return
        call = _call(expression(resource))
        sending = SENDINGS.get(call)
        if call == "aws.dynamodb.Client.put_item":
            yield None, self._target(asked.get("TableName"), TABLES)
        elif sending is not None and sending.types != (FUNCTION,):
            for entry in items(asked.get(sending.each)) if sending.each else (asked,):
                if isinstance(entry, Map):
                    yield sending, self._target(entry.get(sending.target), sending.types)

    def function(self, state: Map) -> ResourceId | None:
        """Return the function that a task runs."""
        resource = state.get("Resource")
        if resource is None:
            return None
        if not _is_integration(state):
            return self._names.find(resource, FUNCTION)
        if "lambda:invoke" not in expression(resource).lower():
            return None
        for name in ("Parameters", "Arguments"):
            for one in inside(state, name, "FunctionName"):
                return self._names.find(one, FUNCTION)
        return None

    def is_analysed(self, function: ResourceId) -> bool:
        """Tell whether it is known what a function gives back."""
        declared = self._app.functions.get(function)
        return declared is not None and is_analysed(declared)

    def written(self, machine: ResourceId, function: ResourceId) -> Written:
        """Return the fields of a function's event that whoever starts a machine writes."""
        resource = self._app.resources[machine]
        someone = Carried(Data(OriginKind.EVENT, "", (machine,)), NOBODY, frozenset(), whole=True)
        whole = (Part((), Unknown("whoever starts it writes it", resource.at), (someone,)),)
        parts = [
            part
            for passed in self.started(machine, whole)
            if passed.target == function
            for part in passed.document
        ]
        fields = dict.fromkeys(part.path for part in parts if part.carried)
        others = {part.path for part in parts if not part.carried} - set(fields)
        return Written(
            tuple(path[:-1] if path[-1:] == (ANY,) else path for path in fields), tuple(others)
        )

    def _target(self, value: Value | None, types: tuple[str, ...]) -> tuple[ResourceId, ...]:
        """Return the resources of the types that a parameter of a task names."""
        if types == (DEFAULT_BUS,) and (value is None or expression(value) == "default"):
            return (DEFAULT_BUS,)
        return self._names.find_all(value, *types)

    def _definition(self, machine: ResourceId) -> Map | None:
        if machine not in self._definitions:
            resource = self._app.resources.get(machine)
            self._definitions[machine] = definition_of(resource) if resource else None
        return self._definitions[machine]


machines_of = remembered(Machines)
"""Returns the state machines of an application, the same as long as it is that which is asked."""


class _Run:
    """One document on its way through the states."""

    def __init__(self, machines: Machines, definition: Map) -> None:
        self._machines = machines
        self._jsonata = _says_jsonata(definition)
        self._variables: dict[str, Document] = {}
        self._seen: set[tuple[object, ...]] = set()

    def of(self, visits: Iterator[_Visit]) -> Iterator[Passed]:
        """Enter states until none is entered with anything new."""
        waiting = deque(visits)
        entered = 0
        while waiting and entered < MOST_STEPS:
            visit = waiting.popleft()
            state = visit.states.get(visit.name)
            if not isinstance(state, Map) or not self._is_new(visit):
                continue
            entered += 1
            sight = self._sight(visit, state)
            given = _given(state, sight)
            yield from self._passed(state, given)
            waiting.extend(self._inner(visit, state, given))
            waiting.extend(self.left(visit, state, self._result(state, given, sight)))

    def left(self, visit: _Visit, state: Map, result: Document) -> Iterator[_Visit]:
        """Yield the states that follow one, with what it leaves them."""
        sight = replace(self._sight(visit, state), result=result)
        for name, document in self._assigned(state, sight):
            self._variables[name] = (*self._variables.get(name, ()), *document)[:_MOST_KEPT]
        output = _output(visit, state, sight)
        for name in _following(state):
            yield replace(visit, name=name, document=output)
        for caught in inside(state, "Catch", "[]"):
            following = next(inside(caught, "Next"), None)
            name_ = constant(following) if following is not None else None
            if isinstance(name_, str):
                yield replace(visit, name=name_)
        if visit.around and not list(_following(state)):
            outer = visit.around[-1]
            yield from self.left(outer.visit, outer.state, under(("[]",), output))

    def _sight(self, visit: _Visit, state: Map) -> Sight:
        jsonata = _says_jsonata(state) if "QueryLanguage" in state else self._jsonata
        document = visit.document
        written = state.get("InputPath")
        if written is not None and not jsonata:
            text = constant(written)
            document = looked_up(text, Sight(document)) if isinstance(text, str) else ()
        return Sight(document, (), visit.item, self._variables, jsonata)

    def _assigned(self, state: Map, sight: Sight) -> Iterator[tuple[str, Document]]:
        """Yield the variables that a state assigns."""
        for assigned in inside(state, "Assign"):
            if isinstance(assigned, Map):
                looked = sight if sight.jsonata else replace(sight, document=sight.result)
                for part in payload(assigned, looked):
                    if part.path:
                        yield part.path[0], (replace(part, path=part.path[1:]),)

    def _passed(self, state: Map, given: Document) -> Iterator[Passed]:
        """Yield what a task passes to a function or another resource."""
        resource = state.get("Resource")
        if resource is None:
            return
        function = self._machines.function(state)
        if function is not None:
            inner = below(given, ("Payload",)) if _is_integration(state) else given
            yield Passed(function, inner, state.at)
            return
        for sending, targets in self._machines.writes(state):
            for target in targets:
                if sending is None:
                    item = below(given, ("Item",))
                    document = tuple(replace(part, path=plain(part.path)) for part in item)
                else:
                    inner = below(given, (sending.each, "[]")) if sending.each else given
                    document = tuple(
                        part
                        for name, path in sending.parts
                        for part in under(path, _attributes(name, below(inner, (name,))))
                    )
                yield Passed(target, document, state.at)

    def _result(self, state: Map, given: Document, sight: Sight) -> Document:
        """Return what a state's work gives.

        What a function gives back is told of its own (`answered`); of one whose code is not
        read, anything that it was given may be in it.
        """
        kind = constant(state.get("Type"))
        if kind == "Task":
            unknown = Unknown("the task gives it", state.at)
            function = self._machines.function(state)
            if function is not None and not self._machines.is_analysed(function):
                return blurred(given, unknown)
            return (Part((), unknown),)
        if kind in ("Map", "Parallel"):
            return (Part((), Unknown("the states inside give it", state.at)),)
        result = state.get("Result")
        if kind == "Pass" and result is not None:
            return payload(result, replace(sight, jsonata=False))
        return given

    def _inner(self, visit: _Visit, state: Map, given: Document) -> Iterator[_Visit]:
        """Yield the first states inside a map or a parallel state."""
        around = (*visit.around, _Around(visit, state))
        for branch in inside(state, "Branches", "[]"):
            if isinstance(branch, Map):
                yield from _enter(branch, given, visit.item, around)
        for name in ("Iterator", "ItemProcessor"):
            for processor in inside(state, name):
                if isinstance(processor, Map):
                    yield from _enter(processor, *self._items(visit, state), around)

    def _items(self, visit: _Visit, state: Map) -> tuple[Document, Document]:
        """Return what each run of a map's processor is given, and the item itself."""
        sight = self._sight(visit, state)
        if sight.jsonata:
            written = state.get("Items")
            listed = payload(written, sight) if written is not None else sight.document
        else:
            path = constant(state.get("ItemsPath"))
            listed = looked_up(path, sight) if isinstance(path, str) else sight.document
        item = below(listed, ("[]",))
        selector = state.get("ItemSelector") or state.get("Parameters")
        chosen = item if selector is None else payload(selector, replace(sight, item=item))
        return chosen, item

    def _is_new(self, visit: _Visit) -> bool:
        parts = tuple((part.path, part.carried) for part in visit.document if part.carried)
        key = (visit.states.at, id(visit.states), visit.name, parts)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


_MOST_KEPT: Final = 64


def _enter(
    definition: Map, document: Document, item: Document, around: tuple[_Around, ...]
) -> Iterator[_Visit]:
    first = constant(definition.get("StartAt"))
    states = definition.get("States")
    if isinstance(first, str) and isinstance(states, Map):
        yield _Visit(states, first, document, item, around)


def _tasks(definition: Map) -> Iterator[tuple[Map, _Visit]]:
    """Yield each task with a visit of it that was given nothing, inner ones with those around."""
    waiting: deque[tuple[Map, tuple[_Around, ...]]] = deque([(definition, ())])
    looked_at = 0
    while waiting and looked_at < MOST_STEPS:
        one, around = waiting.popleft()
        states = one.get("States")
        for name, state in states if isinstance(states, Map) else ():
            looked_at += 1
            if not isinstance(state, Map) or not isinstance(states, Map):
                continue
            visit = _Visit(states, name, (), (), around)
            if "Resource" in state:
                yield state, visit
            for inner in (
                *inside(state, "Branches", "[]"),
                *inside(state, "Iterator"),
                *inside(state, "ItemProcessor"),
            ):
                if isinstance(inner, Map):
                    waiting.append((inner, (*around, _Around(visit, state))))


def _given(state: Map, sight: Sight) -> Document:
    """Return what a state's work is given."""
    written = state.get("Arguments") if sight.jsonata else state.get("Parameters")
    kind = constant(state.get("Type"))
    if written is None or kind == "Map":
        return sight.document
    return payload(written, sight)


def _output(visit: _Visit, state: Map, sight: Sight) -> Document:
    """Return what a state leaves to those that follow."""
    if sight.jsonata:
        written = state.get("Output")
        return sight.result if written is None else payload(written, sight)
    result = sight.result
    selector = state.get("ResultSelector")
    if selector is not None:
        result = payload(selector, replace(sight, document=result))
    document = _merged(visit.document, result, state)
    written = state.get("OutputPath")
    text = constant(written) if written is not None else None
    if written is not None:
        return looked_up(text, replace(sight, document=document)) if isinstance(text, str) else ()
    return document


def _merged(before: Document, result: Document, state: Map) -> Document:
    """Put a result where `ResultPath` says; without one it takes the place of the input."""
    written = state.get("ResultPath")
    if written is None:
        keeps = constant(state.get("Type")) in ("Choice", "Wait", "Succeed", "Fail")
        return before if keeps else result
    text = constant(written)
    path = path_in(text) if isinstance(text, str) else None
    if path is None:
        return before
    if not path:
        return result
    kept = tuple(part for one in before for part in without(one, path))
    return (*kept, *under(path, result))


def _following(state: Map) -> Iterator[str]:
    for value in (
        *inside(state, "Next"),
        *inside(state, "Default"),
        *inside(state, "Choices", "[]", "Next"),
    ):
        name = constant(value)
        if isinstance(name, str):
            yield name


def _is_integration(state: Map) -> bool:
    resource = state.get("Resource")
    return resource is not None and _INTEGRATION in expression(resource)


def _call(resource: str) -> str:
    """Return the call that an optimized or SDK integration makes, by its name in boto3."""
    text = resource.partition(_INTEGRATION)[2].removeprefix("aws-sdk:")
    service, _, operation = text.partition(":")
    service = {"sfn": "stepfunctions", "states": "stepfunctions", "eventbridge": "events"}.get(
        service, service
    )
    return f"aws.{service}.Client.{python_name(operation.partition('.')[0])}"


def _attributes(name: str, document: Document) -> Document:
    return named_attributes(document) if name == "MessageAttributes" else document


def _says_jsonata(state: Map) -> bool:
    return constant(state.get("QueryLanguage")) == "JSONata"
