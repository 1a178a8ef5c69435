"""Events of type `sns`: messages of a topic, the service's own or one there is.

Serverless: "SNS".
"""

from stockade.load.building import Plain, entry, write
from stockade.load.serverless.naming import alphanumeric, normalized
from stockade.load.serverless.permissions import permission
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att, ref
from stockade.model import Value


def sns(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the subscription of a function, and the topic where the event makes one."""
    written = service.text(event.value)
    arn = entry(event.value, "arn")
    if arn is None and written is not None and written.startswith("arn:"):
        arn = event.value
    named = event.get("topicName")
    shown = service.text(named) or (service.text(arn) or "").rpartition(":")[2] or written
    name = alphanumeric(shown or _referred(service, arn))
    written_as = f"functions.{function.key} sns"
    topic: Plain = arn
    if arn is None:
        own = f"SNSTopic{name}"
        service.add(
            own,
            "AWS::SNS::Topic",
            {"TopicName": named or event.value, "DisplayName": event.get("displayName")},
            event.at,
            written_as,
        )
        topic = ref(own)
    redrive = _redrive(service, function, event, name, topic)
    service.add(
        f"{normalized(function.key)}SnsSubscription{name}",
        "AWS::SNS::Subscription",
        {
            "TopicArn": topic,
            "Protocol": "lambda",
            "Endpoint": get_att(function.logical_id),
            "FilterPolicy": event.get("filterPolicy"),
            "FilterPolicyScope": event.get("filterPolicyScope"),
            "RedrivePolicy": redrive,
        },
        event.at,
        written_as,
    )
    permission(
        service,
        f"{normalized(function.key)}LambdaPermission{name}SNS",
        function,
        "sns",
        topic,
        event.at,
    )


def _referred(service: Service, arn: Value | None) -> str:
    return service.text(entry(arn, "Ref")) or service.text(entry(arn, "Fn::ImportValue")) or ""


def _redrive(
    service: Service, function: FunctionDraft, event: Event, name: str, topic: "Plain"
) -> "Plain":
    """Return where messages go that the function failed on; let the topic send there."""
    policy = event.get("redrivePolicy")
    if policy is None:
        return None
    arn: Plain = entry(policy, "deadLetterTargetArn")
    url: Plain = arn
    queue = service.text(entry(policy, "deadLetterTargetRef"))
    imported = entry(policy, "deadLetterTargetImport")
    if arn is None and queue is not None:
        arn, url = get_att(queue), ref(queue)
    elif arn is None and imported is not None:
        arn = {"Fn::ImportValue": entry(imported, "arn")}
        url = {"Fn::ImportValue": entry(imported, "url")}
    statement: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    service.add(
        f"{name}To{normalized(function.key)}DLQPolicy",
        "AWS::SQS::QueuePolicy",
        {
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "Queues": [url],
        },
        policy.at,
        f"functions.{function.key} sns",
    )
    return write({"deadLetterTargetArn": arn}, policy.at)
