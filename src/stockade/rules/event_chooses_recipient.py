"""Event data chooses who is sent a message. Page: docs/rules/event-chooses-recipient.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts, Flow
from stockade.model import (
    Application,
    EventData,
    EventSourceType,
    Exposure,
    Location,
    Match,
    Resource,
    Severity,
    inside,
    walk,
)
from stockade.model.record import replace
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
    flows = [
        flow
        for flow in facts.flows_into("recipient")
        if flow.origin.exposure > Exposure.OTHER_ACCOUNT
        and flow.function not in verifying
        and not (asked and flow.origin.is_own_address)
        and not _is_of_user_pool(app, flow)
    ]
    said = _Said(facts)
    fixed = {flow.sink for flow in flows if flow.callee.startswith(_MAIL) and said.is_fixed(flow)}
    yield from from_flows(app, (one for one in flows if one.sink not in fixed), _can, _instead)
    for match in from_flows(app, (one for one in flows if one.sink in fixed), _can, _instead):
        # Whoever signs up, or forgot a password, is sent a code: that is no way to send one's own.
        yield replace(match, harm=Severity.LOW)


class _Said:
    """Tells what mails say: what their callers wrote, or only what the code does."""

    def __init__(self, facts: Facts) -> None:
        self._calls: dict[tuple[str, Location], list[ExternalCall]] = {}
        for call in facts.calls:
            if call.callee.startswith(_MAIL):
                self._calls.setdefault((call.function, call.at), []).append(call)

    def is_fixed(self, flow: Flow) -> bool:
        """Tell whether nobody but the code writes what the mail says, as far as it is seen."""
        calls = self._calls.get((flow.function, flow.sink), ())
        values = [value for call in calls for value in call.arguments.values()]
        return bool(values) and not any(
            isinstance(part, EventData) and not _is_address(part.field, flow.origin.field)
            for value in values
            for part in walk(value)
        )


def _is_address(field: str, recipient: str) -> bool:
    return field == recipient or field.rpartition(".")[2].lower() in ("email", "mail", "to")


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
