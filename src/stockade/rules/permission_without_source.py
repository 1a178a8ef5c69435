"""A service may invoke for anyone's account. Page: docs/rules/permission-without-source.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Map,
    Match,
    Names,
    Persona,
    Severity,
    Step,
    constant,
)
from stockade.rules._rule import rule

# Services that act for whoever sets them up, in any account, and which resource it is.
_SERVICES = {
    "apigateway.amazonaws.com": "API",
    "s3.amazonaws.com": "bucket",
    "sns.amazonaws.com": "topic",
    "events.amazonaws.com": "rule",
    "scheduler.amazonaws.com": "schedule",
    "logs.amazonaws.com": "log group",
    "iot.amazonaws.com": "rule",
    "ses.amazonaws.com": "mail rule",
    "cognito-idp.amazonaws.com": "user pool",
    "lexv2.amazonaws.com": "bot",
    "lex.amazonaws.com": "bot",
    "elasticloadbalancing.amazonaws.com": "target group",
    "config.amazonaws.com": "rule",
    "bedrock.amazonaws.com": "agent",
    "alexa-appkit.amazon.com": "skill",
}
_NARROWS = ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")
_REGISTERS_FIRST = "elasticloadbalancing.amazonaws.com"


@rule(
    title="a service may invoke a function for anyone's account",
    harm=Severity.LOW,
    practice="G1",
    cwe=(441,),
    persona=Persona.STRICT,
)
def permission_without_source(app: Application, facts: Facts) -> Iterator[Match]:
    """Report permissions for services that do not say for which resource they are."""
    del facts
    names = Names(app.resources)
    for permission in app.of_type("AWS::Lambda::Permission"):
        properties = permission.properties
        service = constant(properties.get("Principal"))
        if not isinstance(service, str) or service not in _SERVICES or _is_narrowed(properties):
            continue
        function = names.function(properties.get("FunctionName"))
        if function is None or service == _REGISTERS_FIRST:
            continue  # The target group's ARN is not known before the permission stands.
        name = app.resources[function].logical_id
        what = _SERVICES[service]
        article = "an" if what[0] in "Aa" else "a"
        yield Match(
            at=permission.at,
            message=f"{article} {what} of any account may have {service} invoke {name}",
            because=(Step(permission.at, f"lets {service} invoke it, for whichever {what}"),),
            confidence=Confidence.HIGH,
            exposure=Exposure.OTHER_ACCOUNT,
            identity=(function, service),
            resource=function,
            help=_HELP.get(service, f"add the SourceArn of the {what} that is meant"),
        )


def _is_narrowed(properties: Map) -> bool:
    return any(name in properties for name in _NARROWS)


_HELP = {
    "s3.amazonaws.com": "add the SourceArn of the bucket and, as names are free again once "
    "deleted, SourceAccount: !Ref AWS::AccountId",
    "alexa-appkit.amazon.com": "add the skill's id as EventSourceToken",
}
