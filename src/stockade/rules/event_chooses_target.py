"""Event data chooses what AWS acts on. Its page is docs/rules/event-chooses-target.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.analysis.libraries.proofs import SIGNING_IN
from stockade.model import Application, EventSourceType, Exposure, Match, Severity
from stockade.rules._matches import event_fields, from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript, source_of

_MAKES = ("aws.cognito-idp.Client.sign_up", "aws.cognito-idp.Client.admin_create_user")
_WHAT = {
    "self": "the operation that {0} calls",
    "FunctionName": "the function that {0} invokes",
    "stateMachineArn": "the state machine that {0} starts",
    "DocumentName": "the document that {0} runs on machines",
    "Name": "the parameter that {0} uses",
    "Path": "the parameters that {0} reads",
    "SecretId": "the secret that {0} uses",
    "RoleArn": "the role that {0} takes on",
    "PolicyArn": "the policy that {0} attaches",
    "PolicyDocument": "the permissions that {0} grants",
    "TemplateBody": "the template that {0} deploys",
    "TemplateURL": "the template that {0} deploys",
    "TableName": "the table that {0} works on",
    "KeyId": "the key that {0} uses",
    "Entries[].EventBusName": "the bus that {0} sends to",
    "DeliveryStreamName": "the stream that {0} writes to",
    "url": "the queue that {0} works on",
    "arn": "the topic that {0} works on",
    "QueueUrl": "the queue that {0} sends to",
    "TopicArn": "the topic that {0} publishes to",
    "GroupName": "the group that {0} puts users in",
    "Username": "the user of the pool that {0} changes",
    "UserName": "the user whose keys or rights {0} changes",
    "RoleName": "the role that {0} changes",
    "QueueName": "the queue that {0} works on",
    "StreamName": "the stream that {0} writes to",
    "JobName": "the job that {0} starts",
    "Target.Arn": "what the schedule of {0} calls",
    "InstanceIds[]": "the machines that {0} stops or starts",
    "DBInstanceIdentifier": "the database that {0} changes",
    "projectName": "the build that {0} starts",
    "sourceLocationOverride": "the source that {0} builds",
    "taskDefinition": "the task that {0} runs",
    "jobDefinition": "the job that {0} runs",
    "HostedZoneId": "the zone that {0} changes",
}


@rule(
    title="event data chooses what a call of AWS acts on",
    harm=Severity.HIGH,
    practice="C4",
    cwe=(639,),
)
def event_chooses_target(app: Application, facts: Facts) -> Iterator[Match]:
    """Report names of functions, roles, secrets and tables that callers choose."""
    made = set(_made(facts))
    flows = (
        flow
        for flow in facts.flows_into("target")
        if flow.origin.exposure > Exposure.STAFF  # Whom a role lets in manages others.
        and (flow.function, flow.origin.field) not in made
        and not _is_who_signs_in(app, flow)
        and not _has_shown_password(facts, flow)
    )
    return from_flows(app, flows, _can, _instead)


def _is_who_signs_in(app: Application, flow: Flow) -> bool:
    """Tell whether a user pool names the user whom its trigger is about."""
    source = source_of(app, flow.origin.event_source)
    return (
        flow.origin.field == "userName"
        and source is not None
        and source.type is EventSourceType.COGNITO
    )


def _has_shown_password(facts: Facts, flow: Flow) -> bool:
    """Tell whether it is the name with whose password whoever calls has just signed in."""
    lines = {(step.at.path, step.at.line) for step in flow.steps}
    return any(
        f"{data.field}.".startswith(f"{flow.origin.field}.")
        for call in facts.calls_to(*SIGNING_IN)
        if call.function == flow.function and (call.at.path, call.at.line) in lines
        for data in event_fields(call.arguments.get("AuthParameters"))
    )


def _made(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the fields that name a user whom the same function makes: there was none before.

    Signing up, and making a user, fail where there is one of that name ("SignUp" of the Cognito
    user pools API reference: `UsernameExistsException`).
    """
    for call in facts.calls_to(*_MAKES):
        for data in event_fields(call.arguments.get("Username")):
            yield call.function, data.field


def _can(flow: Flow) -> str:
    name = flow.argument.partition("@")[0]
    what = _WHAT.get(name, "the table that {0} works on")
    return f"choose {what.format(flow.function)}"


def _instead(flow: Flow) -> str:
    among = "an object" if in_javascript(flow) else "a dictionary"
    return (
        f"take the name from the template, or look {carried(flow)} up in {among} of "
        "the names that callers may use"
    )
