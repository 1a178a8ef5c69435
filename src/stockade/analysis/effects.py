"""What a function does that matters to others: writes, deletes, sends, starts, spends.

Where its code is analysed the calls of AWS tell it; where it is not, the statements of its role
tell what it may do, and the effect is not sure.
"""

from collections.abc import Iterable, Iterator

from stockade.analysis.code.languages import is_analysed
from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.operations import (
    BY_METHOD,
    DELETES_FROM,
    OF_RESOURCES,
    OPERATIONS,
    RESOURCES,
    TABLES,
    WRITES_TO,
    EffectKind,
    Operation,
    article,
    iam_action,
    spaced,
)
from stockade.analysis.statements import covers, effect, statements
from stockade.model import (
    Application,
    Delivery,
    EventSource,
    Function,
    Location,
    Map,
    Names,
    Step,
    Value,
    expression,
    inside,
)
from stockade.model.record import record
from stockade.model.remembered import remembered


@record(kw_only=True)
class Effect:
    """Something that a function does, or whose role lets it do so if `sure` is False.

    `does` is the end of a sentence about the function (`"deletes from Users"`), `may` the same
    after "may". `resource` is what it acts on, if the application holds it.
    """

    kind: EffectKind
    does: str
    may: str
    at: Location
    steps: tuple[Step, ...]
    resource: str | None
    sure: bool
    action: str
    proved: bool = False
    """Whether it is done only once the code has found out who calls."""
    of_connection: bool = False
    """Whether it is done to the item of a WebSocket connection, which is named by its id."""


class Effects:
    """What the functions of one application do."""

    def __init__(self, app: Application, facts: Facts) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._found: dict[tuple[str, str], tuple[Effect, ...]] = {}
        self._calls: dict[str, list[ExternalCall]] = {}
        for call in facts.calls:
            self._calls.setdefault(call.function, []).append(call)

    def of(self, function: str, source: str = "") -> tuple[Effect, ...]:
        """Return what a function does, each effect once, the worst first.

        What it does for one event source is what its code does not keep from it.
        """
        if not any(source in one.left_out for one in self._calls.get(function, ())):
            source = ""
        key = (function, source)
        if key not in self._found:
            self._found[key] = self._worked_out(function, source)
        return self._found[key]

    def _worked_out(self, function: str, source: str) -> tuple[Effect, ...]:
        declared = self._app.functions.get(function)
        if declared is None:
            return ()
        if is_analysed(declared):
            calls = self._calls.get(function, ())
            found = self.of_calls(one for one in calls if source not in one.left_out)
        else:
            found = self._allowed(declared)
        once: dict[str, Effect] = {}
        for one in sorted(found, key=lambda one: one.proved):
            once.setdefault(one.does, one)
        return tuple(sorted(once.values(), key=lambda one: -one.kind))

    def of_calls(self, calls: Iterable[ExternalCall]) -> Iterator[Effect]:
        """Yield what calls do, in their order; those that do nothing of note yield nothing."""
        for call in calls:
            kind, _, method = call.callee.rpartition(".")
            service = RESOURCES.get(kind)
            if service is None:
                prefix, _, client = kind.rpartition(".")
                service = prefix.removeprefix("aws.") if client == "Client" else ""
            method = OF_RESOURCES.get(call.callee, method)
            operation = BY_METHOD.get((service, method))
            if operation is not None:
                yield self._called(call, operation, method)

    def _called(self, call: ExternalCall, operation: Operation, method: str) -> Effect:
        text_message = operation.service == "sns" and "PhoneNumber" in call.arguments
        words = ("sends text messages", "send text messages") if text_message else operation.words
        of_client = call.callee.split(".")[2] == "Client"
        named = call.arguments.get(operation.argument) if of_client else call.receiver.get("0")
        if operation.service == "events":
            entries = call.arguments.get("Entries")
            named = next(inside(entries, "[]", operation.argument), None)
        resource, target = (None, "") if text_message else self._target(operation, named)
        return Effect(
            kind=EffectKind.SPENDS if text_message else operation.kind,
            does=f"{words[0]}{target}",
            may=f"{words[1]}{target}",
            at=call.at,
            steps=call.steps,
            resource=resource,
            sure=True,
            action=iam_action(operation, method),
            proved=call.proved,
            of_connection=_is_of_connection(call.arguments.get("Key")),
        )

    def _target(self, operation: Operation, named: Value | None) -> tuple[str | None, str]:
        if not operation.argument:
            return None, ""
        resource = self._names.find(named, *operation.types)
        if resource is not None:
            return resource, f" {self._app.resources[resource].name}"
        kind = spaced(operation.types[0].rpartition("::")[2].lower())
        return None, f" {article(kind)} {kind}"

    def _allowed(self, function: Function) -> Iterator[Effect]:
        role = self._app.role_of(function)
        for policy in role.policies if role is not None else ():
            for statement in statements(policy.document):
                if effect(statement) == "allow":
                    yield from self._of_statement(statement)

    def _of_statement(self, statement: Map) -> Iterator[Effect]:
        for operation in OPERATIONS:
            actions = [iam_action(operation, method) for method in operation.methods]
            if not covers(statement, actions):
                continue
            for resource, target in self._targets(operation, statement):
                yield Effect(
                    kind=operation.kind,
                    does=f"{operation.words[0]}{target}",
                    may=f"{operation.words[1]}{target}",
                    at=statement.at,
                    steps=(),
                    resource=resource,
                    sure=False,
                    action=actions[0],
                )

    def _targets(self, operation: Operation, statement: Map) -> Iterator[tuple[str | None, str]]:
        if not operation.argument:
            yield None, ""
            return
        for one in inside(statement, "Resource", "[]"):
            if expression(one) == "*":
                kind = operation.types[0].rpartition("::")[2].lower()
                yield None, f" every {spaced(kind)} of the account"
            else:
                yield self._target(operation, one)


def _is_of_connection(key: Value | None) -> bool:
    """Tell whether an item's key is the id of a WebSocket connection."""
    return isinstance(key, Map) and any(
        name.replace("_", "").lower() == "connectionid" for name, _ in key
    )


_READING = frozenset({"GET", "HEAD", "QUERY"})
_WRITING = frozenset({"POST", "PUT", "PATCH"})
_ACTIONS = (
    ("deleteitem", "dynamodb:DeleteItem", EffectKind.DELETES, DELETES_FROM),
    ("putitem", "dynamodb:PutItem", EffectKind.WRITES, WRITES_TO),
    ("updateitem", "dynamodb:UpdateItem", EffectKind.WRITES, WRITES_TO),
)
_DELIVERED = {
    "AWS::SQS::Queue": ("sqs:SendMessage", EffectKind.WRITES, "sends messages to"),
    "AWS::SNS::Topic": ("sns:Publish", EffectKind.SENDS, "publishes to"),
    "AWS::Events::EventBus": ("events:PutEvents", EffectKind.WRITES, "puts events on"),
    "AWS::Kinesis::Stream": ("kinesis:PutRecord", EffectKind.WRITES, "puts records into"),
    "AWS::StepFunctions::StateMachine": ("states:StartExecution", EffectKind.STARTS, "starts"),
}


def through(app: Application, effects: Effects, way: EventSource | Delivery) -> tuple[Effect, ...]:
    """Return what a call of a route does: its function, or the resource it is passed on to.

    Where one function serves reading and writing routes, a reading one is not held to write.
    """
    if isinstance(way, Delivery):
        return tuple(_delivered(app, way))
    found = effects.of(way.function, way.id)
    methods = _methods(app.event_sources_of(way.function))
    method = way.route.method if way.route is not None else ""
    if method in _READING:
        # What a statement does to a database is not known; one that is run for GET reads.
        found = tuple(one for one in found if not one.action.startswith("rds-data:"))
    if method in _READING and not methods <= _READING:
        return tuple(one for one in found if one.kind is EffectKind.READS)
    if method in _WRITING:
        # A role that may do everything with a table is one that writes to it, for all we know.
        return tuple(one for one in found if one.sure or one.kind is not EffectKind.DELETES)
    return found


@remembered
def _methods(sources: tuple[EventSource, ...]) -> frozenset[str]:
    """Return the methods of a function's routes."""
    return frozenset(one.route.method for one in sources if one.route is not None)


def _delivered(app: Application, way: Delivery) -> Iterator[Effect]:
    """Yield what an integration with a service does to its target."""
    target = app.resources.get(way.target)
    if target is None:
        return
    told = _DELIVERED.get(target.type)
    if told is None and target.type in TABLES:
        told = _on_table(way)
    if told is not None:
        action, kind, words = told
        does = f"{words} {target.name}"
        yield Effect(
            kind=kind,
            does=does,
            may=does,
            at=way.at,
            steps=(),
            resource=target.id,
            sure=True,
            action=action,
        )


def _on_table(way: Delivery) -> tuple[str, EffectKind, str]:
    texts = [
        expression(one).lower()
        for key in ("uri", "Uri", "IntegrationUri", "RequestMappingTemplate", "Code")
        for one in inside(way.detail, key)
    ]
    for word, action, kind, words in _ACTIONS:
        if any(word in text for text in texts):
            return action, kind, words[0]
    if way.route is not None and way.route.method == "MUTATION":
        return "dynamodb:UpdateItem", EffectKind.WRITES, "writes to"
    return "dynamodb:GetItem", EffectKind.READS, "reads"
