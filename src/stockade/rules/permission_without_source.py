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
    Resource,
    ResourceId,
    Severity,
    Step,
    constant,
    expression,
)
from stockade.rules._rule import rule

# Services that act for whoever sets them up, in any account, and which resource it is. A load
# balancer's target group is not among them: it is made after the permission that it needs.
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
    "config.amazonaws.com": "rule",
    "bedrock.amazonaws.com": "agent",
    "alexa-appkit.amazon.com": "skill",
}
_ANY = ("*", "arn:*", "arn:aws:*")
_NARROWS = ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")


@rule(
    title="a service may invoke a function for anyone's account",
    harm=Severity.LOW,
    practice="G1",
    cwe=(441,),
    persona=Persona.STRICT,
)
def permission_without_source(app: Application, facts: Facts) -> Iterator[Match]:
    """Report services that may invoke for whichever resource, each once with its permissions."""
    del facts
    names = Names(app.resources)
    wide: dict[str, list[tuple[Resource, ResourceId]]] = {}
    for permission in app.of_type("AWS::Lambda::Permission"):
        properties = permission.properties
        service = constant(properties.get("Principal"))
        if not isinstance(service, str) or service not in _SERVICES or _is_narrowed(properties):
            continue
        # Of a function that is not declared here, the permission tells all the same.
        function = names.function(properties.get("FunctionName")) or permission.id
        wide.setdefault(service, []).append((permission, function))
    for service, found in wide.items():
        yield _match(app, service, found)


def _match(app: Application, service: str, found: list[tuple[Resource, ResourceId]]) -> Match:
    permission, function = found[0]
    what = _SERVICES[service]
    article = "an" if what[0] in "Aa" else "a"
    functions = sorted({one for _, one in found})
    more = f" and {len(functions) - 1} more" if len(functions) > 1 else ""
    name = f"{app.resources[function].name}{more}"
    return Match(
        at=permission.at,
        message=f"{article} {what} of any account may have {service} invoke {name}",
        because=tuple(
            Step(one.at, f"lets {service} invoke it, for whichever {what}") for one, _ in found
        ),
        confidence=Confidence.HIGH,
        exposure=Exposure.OTHER_ACCOUNT,
        identity=(service, *functions),
        resource=function,
        help=_HELP.get(service, f"add the SourceArn of the {what} that is meant"),
    )


def _is_narrowed(properties: Map) -> bool:
    told = (properties.get(name) for name in _NARROWS)
    return any(value is not None and expression(value) not in _ANY for value in told)


_HELP = {
    "s3.amazonaws.com": "add the SourceArn of the bucket and, as names are free again once "
    "deleted, SourceAccount: !Ref AWS::AccountId",
    "alexa-appkit.amazon.com": "add the skill's id as EventSourceToken",
}
