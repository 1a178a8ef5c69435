"""Event data chooses who is sent a message. Page: docs/rules/event-chooses-recipient.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import (
    Application,
    EventSourceType,
    Exposure,
    Match,
    Resource,
    Severity,
    inside,
)
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._tokens import verifying_functions
from stockade.rules._wording import carried, source_of

_MAIL = (
    "aws.ses.",
    "aws.sesv2.",
    "smtplib.",
    "sendgrid.",
    "npm:nodemailer.",
    "npm:@sendgrid/mail.",
)


@rule(
    title="callers choose who is sent a text message, call or mail",
    harm=Severity.HIGH,
    practice="F2",
    cwe=(799,),
)
def event_chooses_recipient(app: Application, facts: Facts) -> Iterator[Match]:
    """Report numbers and addresses that whoever calls can choose."""
    verifying = verifying_functions(facts)
    asked = not any(_confirms(pool) for pool in app.of_type("AWS::Cognito::UserPool"))
    flows = (
        flow
        for flow in facts.flows_into("recipient")
        if flow.origin.exposure > Exposure.OTHER_ACCOUNT
        and flow.function not in verifying
        and not (asked and flow.origin.is_own_address)
        and not _is_of_user_pool(app, flow)
    )
    return from_flows(app, flows, _can, _instead)


def _confirms(pool: Resource) -> bool:
    """Tell whether a trigger may take addresses for confirmed that nobody was sent a code at."""
    return next(inside(pool.properties, "LambdaConfig", "PreSignUp"), None) is not None


def _is_of_user_pool(app: Application, flow: Flow) -> bool:
    """Tell whether Cognito asks for the message: it bounds how often, and knows the user."""
    source = source_of(app, flow.origin.event_source)
    return source is not None and source.type is EventSourceType.COGNITO


def _can(flow: Flow) -> str:
    if flow.callee.startswith(_MAIL):
        return f"have {flow.function} mail whom they like"
    what = "call" if "voice" in flow.callee else "text"
    return f"have {flow.function} {what} any number, at your cost"


def _instead(flow: Flow) -> str:
    return (
        f"look {carried(flow)} up among the users that are known, and bound how often "
        "each of them is sent something"
    )
