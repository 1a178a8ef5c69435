"""What each type of event source tells of its senders.

Three kinds: those that tell by themselves (`told`), those that are as exposed as resources of
the application (`origins`), and those whose resource is declared elsewhere (`elsewhere`).
"""

from collections.abc import Iterator
from typing import TypeAlias, TypeGuard

from stockade.analysis.exposure.endpoints import Endpoints
from stockade.analysis.exposure.routes import Routes, signs_up
from stockade.analysis.facts import SourceExposure
from stockade.analysis.statements import named
from stockade.model import (
    DEFAULT_BUS,
    GATEWAY_APIS,
    Application,
    Delivery,
    EventSource,
    EventSourceType,
    Exposure,
    Map,
    Names,
    ResourceId,
    Step,
    Unknown,
    Value,
    constant,
    expression,
    inside,
)

_Source: TypeAlias = EventSource | Delivery

_ROUTES = GATEWAY_APIS | {
    EventSourceType.FUNCTION_URL,
    EventSourceType.LOAD_BALANCER,
    EventSourceType.GRAPHQL_API,
}

_FIXED = {
    EventSourceType.SCHEDULE: (Exposure.PROVIDER, "only its schedule starts it"),
    EventSourceType.CLOUDFRONT: (Exposure.ANYONE, "anyone can request what it serves"),
    EventSourceType.IOT: (Exposure.PARTNER, "any device with a certificate can publish to it"),
    EventSourceType.SES: (Exposure.ANYONE, "anyone can send mail to it"),
    EventSourceType.ALEXA: (Exposure.ANYONE, "anyone who enables the skill can talk to it"),
    EventSourceType.CONNECT: (Exposure.ANYONE, "anyone who calls the contact center reaches it"),
    EventSourceType.LEX: (Exposure.PARTNER, "whoever may talk to the bot reaches it"),
    EventSourceType.BEDROCK_AGENT: (Exposure.PARTNER, "whoever may talk to the agent reaches it"),
    EventSourceType.CUSTOM_RESOURCE: (Exposure.PROVIDER, "only CloudFormation calls it"),
    EventSourceType.CONFIG: (Exposure.PROVIDER, "only AWS Config calls it"),
    EventSourceType.SECRETS_ROTATION: (Exposure.PROVIDER, "only Secrets Manager calls it"),
    EventSourceType.CODEDEPLOY: (Exposure.PROVIDER, "only CodeDeploy calls it"),
    EventSourceType.LOGS: (Exposure.APPLICATION, "whatever is logged to the group reaches it"),
}

_PASSING = {
    EventSourceType.S3: "each object stored there reaches {0}",
    EventSourceType.SNS: "each message published there reaches {0}",
    EventSourceType.SQS: "each message sent there reaches {0}",
    EventSourceType.EVENT_BUS: "each event that matches this rule reaches {0}",
    EventSourceType.DYNAMODB_STREAM: "each change of the table reaches {0}",
    EventSourceType.KINESIS: "each record put there reaches {0}",
    EventSourceType.FIREHOSE: "each record put there reaches {0}",
    EventSourceType.STEP_FUNCTIONS: "the state machine passes its input to {0}",
    EventSourceType.INVOKE: "and hands it on to {0}",
}

_CLOUDTRAIL = "AWS API Call via CloudTrail"


class Senders:
    """Answers, for the sources of one application, who sends through them."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._endpoints = Endpoints(app)
        self._routes = Routes(app, self._endpoints)
        self._notifying = tuple(
            delivery.resource
            for delivery in app.deliveries
            if delivery.type is EventSourceType.S3
            and delivery.resource is not None
            and self.is_bus(delivery.target)
        )

    def is_bus(self, resource: ResourceId) -> bool:
        """Tell whether a resource is an event bus."""
        declared = self._app.resources.get(resource)
        kind = DEFAULT_BUS if declared is None else declared.type
        return DEFAULT_BUS in (resource, kind)

    def told(self, source: _Source) -> SourceExposure | None:
        """Return who can send, where the source tells it by itself."""
        if source.type in _ROUTES:
            return self._routes.called_by(source)
        if source.type in _FIXED:
            exposure, note = _FIXED[source.type]
            return _exposed(exposure, source, note)
        match source.type:
            case EventSourceType.AUTHORIZER:
                found = _exposed(Exposure.ANYONE, source, "anyone can send the token it judges")
                return self._endpoints.narrowed(source.resource, found)
            case EventSourceType.COGNITO:
                return self._signing_up(source)
            case EventSourceType.EVENT_BUS:
                return _told_by_pattern(source)
            case EventSourceType.INVOKE:
                return self._permitted(source)
            case _:
                return None

    def origins(self, source: _Source) -> Iterator[ResourceId]:
        """Yield the resources that a source is as exposed as."""
        if source.type in _ROUTES or source.type in _FIXED:
            return
        if source.type is EventSourceType.EVENT_BUS and "aws.s3" in _pattern(source, "source"):
            yield from self._buckets(source)
        elif is_direct(source):
            yield source.function
        elif source.resource is not None and (
            source.resource in self._app.resources or source.resource == DEFAULT_BUS
        ):
            yield source.resource

    def elsewhere(self, source: _Source) -> SourceExposure:
        """Return who can send where what sends is not part of the application."""
        note = "only its own account may send to it, as far as the template tells"
        return _exposed(Exposure.APPLICATION, source, note)

    def _buckets(self, source: _Source) -> Iterator[ResourceId]:
        """Yield the buckets whose events a rule receives: those it names, else all that send."""
        names = list(_inside_pattern(source, "detail", "bucket", "name", "[]"))
        found = [one for name in names if (one := self._names.find(name, "AWS::S3::Bucket"))]
        yield from found or (() if names else self._notifying)

    def _signing_up(self, source: _Source) -> SourceExposure:
        trigger = constant(source.detail.get("Trigger")) if source.detail is not None else None
        pool = self._app.resources.get(source.resource or "")
        if trigger == "UserMigration":
            return _exposed(Exposure.ANYONE, source, "anyone can try to sign in: that starts it")
        if pool is not None and signs_up(pool):
            return _exposed(Exposure.ANYONE, source, "anyone can sign up to this user pool")
        note = "users of the user pool start it by signing in"
        return _exposed(Exposure.SIGNED_IN, source, note)

    def _permitted(self, source: _Source) -> SourceExposure | None:
        """Return whom a permission admits, for sources that are made of one."""
        permission = self._app.resources.get(source.resource or "")
        if permission is None or permission.type != "AWS::Lambda::Permission":
            return None  # A direct invocation, or what a function hands on.
        properties = permission.properties
        widest = max(
            (named(one) for one in inside(properties, "Principal")),
            default=Exposure.APPLICATION,
        )
        if "PrincipalOrgID" in properties:
            widest = min(widest, Exposure.OTHER_ACCOUNT)
        elif "SourceAccount" in properties or "SourceArn" in properties:
            widest = min(widest, Exposure.APPLICATION)
        notes = {
            Exposure.ANYONE: "anyone with an AWS account may invoke it",
            Exposure.OTHER_ACCOUNT: "another account may invoke it",
        }
        note = notes.get(widest, "only its own account and AWS services may invoke it")
        if all(isinstance(one, Unknown) for one in inside(properties, "Principal")):
            note = "nothing that was read says who may invoke it"
        return _exposed(widest, source, note)


def passing(app: Application, source: _Source) -> str:
    """Say what a source passes on, as the end of a step."""
    target = source.target if isinstance(source, Delivery) else source.function
    declared = app.resources.get(target)
    name = declared.name if declared is not None else "the default event bus"
    return _PASSING.get(source.type, "what is sent there reaches {0}").format(name)


def is_direct(source: _Source) -> TypeGuard[EventSource]:
    """Tell whether the function is called by name, by whoever may."""
    return (
        isinstance(source, EventSource)
        and source.type is EventSourceType.INVOKE
        and source.resource is None
    )


def _told_by_pattern(source: _Source) -> SourceExposure | None:
    """Return who can send what a rule's pattern asks for, where AWS alone writes it.

    Nobody but AWS may send events whose source starts with `aws.`. What they tell of calls
    (CloudTrail), whoever acts in the account writes; what they tell of objects in S3, whoever
    can write to the bucket.
    """
    wanted = _pattern(source, "source")
    kinds = _pattern(source, "detail-type")
    if not wanted:
        return None
    if all(one.startswith("aws.partner/") for one in wanted):
        return _exposed(Exposure.PARTNER, source, "a partner's software sends these events")
    if not all(one.startswith("aws.") for one in wanted):
        return None
    if _CLOUDTRAIL in kinds:
        note = "whoever acts in the account writes these events"
        return _exposed(Exposure.APPLICATION, source, note)
    if "aws.s3" in wanted:
        return None
    return _exposed(Exposure.PROVIDER, source, "only AWS sends these events")


def _pattern(source: _Source, key: str) -> tuple[str, ...]:
    """Return the texts that a rule's pattern asks for under a key, prefixes included."""
    texts = []
    for value in _inside_pattern(source, key, "[]"):
        found = value
        if isinstance(value, Map):
            found = next(inside(value, "prefix"), value)
        texts.append(expression(found))
    return tuple(texts)


def _inside_pattern(source: _Source, *path: str) -> Iterator[Value]:
    return inside(source.detail, "EventPattern", *path)


def _exposed(exposure: Exposure, source: _Source, note: str) -> SourceExposure:
    return SourceExposure(exposure=exposure, because=(Step(source.at, note),))
