"""What a function does that matters to others: writes, deletes, sends, starts, spends.

Where its code is analysed the calls of AWS tell it; where it is not, the statements of its role
tell what it may do, and the effect is not sure.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum

from stockade.analysis import LANGUAGES
from stockade.analysis.exposure.statements import covers, effect, statements
from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import (
    Application,
    Delivery,
    EventSource,
    Function,
    Location,
    Map,
    Names,
    Step,
    Unknown,
    Value,
    expression,
    inside,
)
from stockade.model.record import record


class EffectKind(IntEnum):
    """What a call does, the worst highest."""

    READS = 1
    WRITES = 2
    STARTS = 3
    SENDS = 4
    SPENDS = 5
    DELETES = 6


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


@record
class _Operation:
    kind: EffectKind
    words: tuple[str, str]
    """`("deletes from", "delete from")`."""
    service: str
    methods: tuple[str, ...]
    """Of boto3's client or resource; the first is the action, in snake case."""
    argument: str
    """What names the resource it acts on; empty for operations that are told without."""
    types: tuple[str, ...] = ()


_TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
_DELETES = ("deletes from", "delete from")
_WRITES = ("writes to", "write to")
_READS = ("reads", "read")

_OPERATIONS = (
    _Operation(EffectKind.DELETES, _DELETES, "dynamodb", ("delete_item",), "TableName", _TABLES),
    _Operation(
        EffectKind.WRITES,
        _WRITES,
        "dynamodb",
        ("put_item", "update_item", "batch_write_item", "transact_write_items"),
        "TableName",
        _TABLES,
    ),
    _Operation(
        EffectKind.READS,
        _READS,
        "dynamodb",
        ("get_item", "query", "scan", "batch_get_item"),
        "TableName",
        _TABLES,
    ),
    _Operation(
        EffectKind.DELETES,
        _DELETES,
        "s3",
        ("delete_object", "delete_objects"),
        "Bucket",
        ("AWS::S3::Bucket",),
    ),
    _Operation(
        EffectKind.WRITES,
        _WRITES,
        "s3",
        ("put_object", "upload_file", "upload_fileobj", "copy_object", "generate_presigned_post"),
        "Bucket",
        ("AWS::S3::Bucket",),
    ),
    _Operation(
        EffectKind.READS,
        _READS,
        "s3",
        ("get_object", "download_file", "list_objects_v2"),
        "Bucket",
        ("AWS::S3::Bucket",),
    ),
    _Operation(
        EffectKind.SENDS,
        ("publishes to", "publish to"),
        "sns",
        ("publish", "publish_batch"),
        "TopicArn",
        ("AWS::SNS::Topic",),
    ),
    _Operation(
        EffectKind.WRITES,
        ("sends messages to", "send messages to"),
        "sqs",
        ("send_message", "send_message_batch"),
        "QueueUrl",
        ("AWS::SQS::Queue",),
    ),
    _Operation(
        EffectKind.WRITES,
        ("puts events on", "put events on"),
        "events",
        ("put_events",),
        "EventBusName",
        ("AWS::Events::EventBus",),
    ),
    _Operation(
        EffectKind.WRITES,
        ("puts records into", "put records into"),
        "kinesis",
        ("put_record", "put_records"),
        "StreamName",
        ("AWS::Kinesis::Stream",),
    ),
    _Operation(
        EffectKind.STARTS,
        ("starts", "start"),
        "stepfunctions",
        ("start_execution", "start_sync_execution"),
        "stateMachineArn",
        ("AWS::StepFunctions::StateMachine",),
    ),
    _Operation(
        EffectKind.STARTS,
        ("runs", "run"),
        "ecs",
        ("run_task",),
        "taskDefinition",
        ("AWS::ECS::TaskDefinition",),
    ),
    _Operation(EffectKind.SENDS, ("sends mail", "send mail"), "ses", ("send_email",), ""),
    _Operation(
        EffectKind.SENDS,
        ("sends mail", "send mail"),
        "ses",
        ("send_raw_email", "send_templated_email"),
        "",
    ),
    _Operation(EffectKind.SENDS, ("sends mail", "send mail"), "sesv2", ("send_email",), ""),
    _Operation(
        EffectKind.SPENDS,
        ("sends text messages", "send text messages"),
        "pinpoint",
        ("send_messages", "send_users_messages"),
        "",
    ),
    _Operation(
        EffectKind.SPENDS,
        ("sends text messages", "send text messages"),
        "pinpoint-sms-voice-v2",
        ("send_text_message", "send_voice_message"),
        "",
    ),
    _Operation(
        EffectKind.SPENDS,
        ("runs models of Bedrock", "run models of Bedrock"),
        "bedrock-runtime",
        ("invoke_model", "invoke_model_with_response_stream", "converse", "converse_stream"),
        "",
    ),
    _Operation(
        EffectKind.SPENDS,
        ("runs agents of Bedrock", "run agents of Bedrock"),
        "bedrock-agent-runtime",
        ("invoke_agent", "retrieve_and_generate", "invoke_flow"),
        "",
    ),
    _Operation(
        EffectKind.SPENDS,
        ("runs a model of SageMaker", "run a model of SageMaker"),
        "sagemaker-runtime",
        ("invoke_endpoint",),
        "",
    ),
    *(
        _Operation(EffectKind.SPENDS, (f"uses {name}", f"use {name}"), service, methods, "")
        for name, service, methods in (
            (
                "Textract",
                "textract",
                ("detect_document_text", "analyze_document", "start_document_text_detection"),
            ),
            (
                "Rekognition",
                "rekognition",
                ("detect_labels", "detect_text", "detect_faces", "compare_faces", "search_faces"),
            ),
            ("Comprehend", "comprehend", ("detect_sentiment", "detect_entities")),
            ("Translate", "translate", ("translate_text", "start_text_translation_job")),
            ("Polly", "polly", ("synthesize_speech", "start_speech_synthesis_task")),
            ("Transcribe", "transcribe", ("start_transcription_job",)),
        )
    ),
    _Operation(
        EffectKind.WRITES,
        ("runs statements on a database", "run statements on a database"),
        "rds-data",
        ("execute_statement", "batch_execute_statement"),
        "",
    ),
)

_IAM_SERVICES = {
    "stepfunctions": "states",
    "bedrock-runtime": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "sagemaker-runtime": "sagemaker",
    "sesv2": "ses",
    "pinpoint": "mobiletargeting",
    "pinpoint-sms-voice-v2": "sms-voice",
}
_IAM_ACTIONS = {
    "converse": "InvokeModel",
    "invoke_model_with_response_stream": "InvokeModelWithResponseStream",
    "upload_file": "PutObject",
    "list_objects_v2": "ListBucket",
}
_RESOURCES = {
    "aws.dynamodb.Table": "dynamodb",
    "aws.dynamodb.Batch": "dynamodb",
    "aws.s3.Bucket": "s3",
    "aws.s3.Object": "s3",
    "aws.sqs.Queue": "sqs",
    "aws.sns.Topic": "sns",
}
_OF_RESOURCES = {
    "aws.dynamodb.Batch.put_item": "put_item",
    "aws.dynamodb.Batch.delete_item": "delete_item",
    "aws.s3.Object.put": "put_object",
    "aws.s3.Object.delete": "delete_object",
    "aws.s3.Object.get": "get_object",
    "aws.s3.Object.upload_file": "put_object",
    "aws.s3.Object.upload_fileobj": "put_object",
}
_BY_METHOD = {(one.service, method): one for one in _OPERATIONS for method in one.methods}


class Effects:
    """What the functions of one application do."""

    def __init__(self, app: Application, facts: Facts) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._calls: dict[str, list[ExternalCall]] = {}
        for call in facts.calls:
            self._calls.setdefault(call.function, []).append(call)

    def of(self, function: str) -> tuple[Effect, ...]:
        """Return what a function does, each effect once, the worst first."""
        declared = self._app.functions.get(function)
        if declared is None:
            return ()
        if is_analysed(declared):
            found = self.of_calls(self._calls.get(function, ()))
        else:
            found = self._allowed(declared)
        once: dict[str, Effect] = {}
        for one in found:
            once.setdefault(one.does, one)
        return tuple(sorted(once.values(), key=lambda one: -one.kind))

    def of_calls(self, calls: Iterable[ExternalCall]) -> Iterator[Effect]:
        """Yield what calls do, in their order; those that do nothing of note yield nothing."""
        for call in calls:
            kind, _, method = call.callee.rpartition(".")
            service = _RESOURCES.get(kind)
            if service is None:
                prefix, _, client = kind.rpartition(".")
                service = prefix.removeprefix("aws.") if client == "Client" else ""
            method = _OF_RESOURCES.get(call.callee, method)
            operation = _BY_METHOD.get((service, method))
            if operation is not None:
                yield self._called(call, operation, method)

    def _called(self, call: ExternalCall, operation: _Operation, method: str) -> Effect:
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
            action=_action(operation, method),
        )

    def _target(self, operation: _Operation, named: Value | None) -> tuple[str | None, str]:
        if not operation.argument:
            return None, ""
        resource = self._names.find(named, *operation.types)
        if resource is not None:
            return resource, f" {self._app.resources[resource].logical_id}"
        kind = _spaced(operation.types[0].rpartition("::")[2].lower())
        return None, f" {_article(kind)} {kind}"

    def _allowed(self, function: Function) -> Iterator[Effect]:
        role = self._app.role_of(function)
        for policy in role.policies if role is not None else ():
            for statement in statements(policy.document):
                if effect(statement) == "allow":
                    yield from self._of_statement(statement)

    def _of_statement(self, statement: Map) -> Iterator[Effect]:
        for operation in _OPERATIONS:
            actions = [_action(operation, method) for method in operation.methods]
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

    def _targets(self, operation: _Operation, statement: Map) -> Iterator[tuple[str | None, str]]:
        if not operation.argument:
            yield None, ""
            return
        for one in inside(statement, "Resource", "[]"):
            if expression(one) == "*":
                kind = operation.types[0].rpartition("::")[2].lower()
                yield None, f" every {_spaced(kind)} of the account"
            else:
                yield self._target(operation, one)


def is_analysed(function: Function) -> bool:
    """Tell whether the function's code was read, so that its calls are known."""
    handler = function.handler
    return not isinstance(handler, Unknown) and handler.language in LANGUAGES


def _action(operation: _Operation, method: str) -> str:
    service = _IAM_SERVICES.get(operation.service, operation.service)
    name = _IAM_ACTIONS.get(method) or "".join(part.title() for part in method.split("_"))
    return f"{service}:{name}"


def _spaced(kind: str) -> str:
    return {"eventbus": "event bus", "statemachine": "state machine"}.get(kind, kind)


def _article(kind: str) -> str:
    return "an" if kind[0] in "aeiou" else "a"


_READING = frozenset({"GET", "HEAD", "QUERY"})
_WRITING = frozenset({"POST", "PUT", "PATCH"})
_ACTIONS = (
    ("deleteitem", "dynamodb:DeleteItem", EffectKind.DELETES, _DELETES),
    ("putitem", "dynamodb:PutItem", EffectKind.WRITES, _WRITES),
    ("updateitem", "dynamodb:UpdateItem", EffectKind.WRITES, _WRITES),
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
    found = effects.of(way.function)
    methods = {
        one.route.method for one in app.event_sources_of(way.function) if one.route is not None
    }
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


def _delivered(app: Application, way: Delivery) -> Iterator[Effect]:
    """Yield what an integration with a service does to its target."""
    target = app.resources.get(way.target)
    if target is None:
        return
    told = _DELIVERED.get(target.type)
    if told is None and target.type in _TABLES:
        told = _on_table(way)
    if told is not None:
        action, kind, words = told
        does = f"{words} {target.logical_id}"
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
