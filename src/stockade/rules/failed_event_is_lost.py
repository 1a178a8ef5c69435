"""An event that fails is lost. Its page is docs/rules/failed-event-is-lost.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.stores.failures import losing
from stockade.analysis.stores.written import carries_event
from stockade.model import (
    Application,
    Confidence,
    EventSource,
    EventSourceType,
    Exposure,
    Match,
    ResourceId,
    Responsibility,
    Severity,
    Step,
)
from stockade.rules._advice import advice
from stockade.rules._rule import rule

_LOSES = {
    EventSourceType.SQS: "a message that fails is tried again until the queue forgets it",
    EventSourceType.DYNAMODB_STREAM: "a record that fails holds up its shard and is then dropped",
    EventSourceType.KINESIS: "a record that fails holds up its shard and is then dropped",
}
_DROPS = "an event that fails is tried again twice and then dropped"
_REMOTE = (
    "aws.",
    "requests.",
    "urllib.",
    "urllib3.",
    "http.",
    "httpx.",
    "psycopg",
    "pymysql",
    "ecmascript.fetch",
    "node:http.",
    "node:https.",
    "npm:axios",
    "npm:got",
    "npm:node-fetch",
    "npm:undici.",
    "npm:pg.",
    "npm:mysql",
)
_READS = (".get_", ".head_", ".list_", ".describe_", ".query", ".scan", ".generate_presigned")


@rule(
    title="an event that fails is lost",
    harm=Severity.MEDIUM,
    practice="E3",
    cwe=(755,),
    responsibility=Responsibility.SHARED,
)
def failed_event_is_lost(app: Application, facts: Facts) -> Iterator[Match]:
    """Report, once for an application, functions that hand on events and keep no failed ones."""
    handing_on: dict[ResourceId, ExternalCall] = {}
    for call in facts.calls:
        if call.function not in handing_on and _hands_on(call):
            handing_on[call.function] = call
    found: dict[ResourceId, EventSource] = {}
    for source in losing(app) if handing_on else ():
        if source.function in handing_on:
            found.setdefault(source.function, source)
    if not found:
        return
    # Stacks may nest one template twice: the same function is named once.
    names = list(dict.fromkeys(app.resources[function].name for function in found))
    steps = []
    for function, source in found.items():
        steps.append(Step(handing_on[function].at, "this call may fail"))
        steps.append(Step(source.at, _LOSES.get(source.type, _DROPS)))
    first = next(iter(found.values()))
    queued = all(source.type is EventSourceType.SQS for source in found.values())
    yield Match(
        at=first.at,
        message=f"an event that {_listed(names)} on is lost",
        because=tuple(steps),
        confidence=Confidence.HIGH,
        exposure=Exposure.APPLICATION,
        identity=tuple(found),
        resource=first.function,
        help=(
            advice(
                app,
                first.resource or "",
                _OF_A_QUEUE,
                terraform=_QUEUE_IN_TERRAFORM,
                cdk=_QUEUE_IN_CDK,
                sst=_QUEUE_IN_SST,
            )
            if queued
            else advice(
                app,
                first.function,
                _OF_A_FUNCTION,
                serverless=_IN_SERVERLESS,
                terraform=_IN_TERRAFORM,
                cdk=_IN_CDK,
                sst=_IN_SST,
            )
        ),
    )


def _hands_on(call: ExternalCall) -> bool:
    """Tell whether a call takes event data somewhere else, which may not answer."""
    return (
        call.callee.startswith(_REMOTE)
        and not any(word in call.callee for word in _READS)
        and carries_event(call)
    )


def _listed(names: list[str]) -> str:
    several = 3
    if len(names) > several:
        shown = ", ".join(names[: several - 1])
        return f"{shown} and {len(names) - several + 1} others fail"
    *shown_first, last = names
    return f"{', '.join(shown_first)} or {last} fails" if shown_first else f"{last} fails"


_OF_A_QUEUE = (
    "give the queue a RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}"
)
_QUEUE_IN_TERRAFORM = (
    "give the queue a redrive_policy: jsonencode({deadLetterTargetArn = "
    "aws_sqs_queue.failed.arn, maxReceiveCount = 5})"
)
_QUEUE_IN_CDK = "give the Queue a `deadLetterQueue: {queue: failed, maxReceiveCount: 5}`"
_QUEUE_IN_SST = "give the Queue a `dlq: failed.arn`"
_IN_SST = (
    "add an `aws.lambda.FunctionEventInvokeConfig` whose destinationConfig.onFailure is a queue; "
    "a stream's subscriber takes one by `transform: { eventSourceMapping: { destinationConfig } }`"
)
_IN_SERVERLESS = (
    "give the function `destinations: {onFailure: ARN of a queue}`, a stream's event too"
)
_IN_TERRAFORM = (
    "add an aws_lambda_function_event_invoke_config with a destination_config, to a stream's "
    "aws_lambda_event_source_mapping one of its own"
)
_IN_CDK = "give the Function an `onFailure: new SqsDestination(failed)`, a stream's source too"
_OF_A_FUNCTION = (
    "give the function EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS, "
    "Destination: !GetAtt Failed.Arn}}}, a stream's event DestinationConfig in the same words"
)
