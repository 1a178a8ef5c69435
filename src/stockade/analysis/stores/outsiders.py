"""What outsiders may do with a resource, decided by the policy language itself.

Four of them ask: someone who does not sign requests, an administrator of an account that has
nothing to do with the application, an AWS service that acts for such an account, and anyone in
the application's own account. What they can choose themselves (a header, a prefix) is chosen to
suit them; what depends on something unknown is not taken to be allowed.

Follows "The confused deputy problem" and "AWS global condition context keys" of the IAM User
Guide.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from stockade import iam
from stockade.analysis.statements import effect
from stockade.analysis.stores.attached import resource_policies
from stockade.analysis.stores.symbols import ACCOUNT, Symbols
from stockade.iam.symbolic import atom
from stockade.model import (
    DEFAULT_BUS,
    Application,
    Location,
    Map,
    Resource,
    ResourceId,
    Scalar,
    constant,
    inside,
)
from stockade.model.record import record
from stockade.model.remembered import remembered

OUTSIDE = atom("the account of an outsider", unique=True)

_OF_OBJECTS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
MOST_TARGETS = 20
"""Places in one bucket that are asked about: its policy may name any number."""

_ADDRESS = "198.18.113.99"
"""Not one of those that examples are written with."""
STRANGER = f"arn:aws:iam::{OUTSIDE}:role/outsider"
_OURS = f"arn:aws:iam::{ACCOUNT}:role/{atom('another role', unique=True)}"
EVERYTHING = iam.parse(
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
)
_CHOSEN = (
    "aws:referer",
    "aws:useragent",
    "aws:requestedregion",
    "aws:principaltag/*",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:viaawsservice",
    "aws:calledvia*",
    "aws:vpcsourceip",
    "aws:sourceidentity",
    "s3:prefix",
    "s3:delimiter",
    "s3:max-keys",
    "s3:x-amz-*",
    "s3:authtype",
    "s3:signatureversion",
    "s3:tlsversion",
    "s3:versionid",
    "sns:protocol",
    "sns:endpoint",
    "events:source",
    "events:detail-type",
    "kms:encryptioncontext*",
    "kms:viaservice",
    "kms:grantispforawsresource",
)
"""What whoever asks can choose at will: the tags of roles of their own, the addresses of networks
of their own, and whether they ask through a service are among it."""

OVER_TLS = {"aws:SecureTransport": "true", "aws:SourceIp": _ADDRESS}
_ANONYMOUS = {"aws:PrincipalType": "Anonymous", **OVER_TLS}
_SEARCHED = ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")
_ITSELF = (*_SEARCHED, "AWS::Glue::ResourcePolicy")
"""Whose policies can be about nothing else."""
_UNSIGNED = ("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic", *_SEARCHED)
"""What answers requests that nobody signed."""
_DELIVERING = {
    "AWS::SQS::Queue": ("s3.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com"),
    "AWS::SNS::Topic": ("s3.amazonaws.com", "ses.amazonaws.com"),
    "AWS::S3::Bucket": ("ses.amazonaws.com",),
}
"""Services that deliver to a resource of any account that lets them: a bucket's notifications, a
topic's subscribers, a rule's dead-letter queue, received mail. Rules of EventBridge reach topics
and functions of other accounts with a role only, which the policy would have to name."""
FOREIGN = {
    "aws:PrincipalAccount": OUTSIDE,
    "aws:PrincipalArn": STRANGER,
    "aws:PrincipalOrgID": atom("the organisation of an outsider", unique=True),
    "aws:PrincipalType": "AssumedRole",
    "aws:PrincipalIsAWSService": "false",
    "kms:CallerAccount": OUTSIDE,
    "elasticfilesystem:AccessedViaMountTarget": "false",
}


ALONE = {key: held for key, held in FOREIGN.items() if key != "aws:PrincipalOrgID"}
"""The account of an outsider that is in no organisation."""
_DIGITS = "310847562093"
"""One of the many accounts that a policy does not spell out."""
SOMEBODY = {
    **ALONE,
    "aws:PrincipalAccount": _DIGITS,
    "aws:PrincipalArn": f"arn:aws:iam::{_DIGITS}:role/outsider",
    "kms:CallerAccount": _DIGITS,
}
"""The same in digits: they differ for sure from those that a policy spells out."""
STRANGERS = (FOREIGN, ALONE, SOMEBODY)


@record
class Access:
    """A statement that lets someone do something with a resource."""

    action: str
    resource: str
    statement: Map
    unsigned: bool = False
    """Whether not even an account with AWS is needed."""
    service: str = ""
    """The service that does it, where one does."""


class Outsiders:
    """Asks the policies of one application's resources what strangers may do."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._symbols = Symbols(app)
        self._statements = resource_policies(app)
        self._prepared: dict[ResourceId, iam.Policies] = {}

    def statements_of(self, resource: ResourceId) -> tuple[Map, ...]:
        """Return the statements of the resource's own policies."""
        return self._statements.get(resource, ())

    def protected(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of these types that have a policy of their own."""
        for resource, held in self._statements.items():
            found = self._app.resources.get(resource)
            if resource == DEFAULT_BUS:
                found = _default_bus(held[0].at)
            if found is not None and found.type in types:
                yield found

    def allowed(self, resource: Resource, actions: Iterable[str]) -> Iterator[Access]:
        """Yield what anyone may do with a resource: without signing, or from any account."""
        held = self.statements_of(resource.id)
        if not any(map(is_open, held)):
            return
        for action in actions:
            for target in self._targets(resource, action):
                unsigned = None
                if resource.type in _UNSIGNED:
                    unsigned = self._ask(resource, None, action, target, _ANONYMOUS)
                found = unsigned or self._ask_stranger(resource, action, target)
                if found is not None:
                    yield Access(action, target, found, unsigned=unsigned is not None)
                    break

    def through_services(self, resource: Resource, actions: Iterable[str]) -> Iterator[Access]:
        """Yield what AWS services may do with a resource for an account that is not ours."""
        actions = tuple(actions)
        for service in dict.fromkeys(self._services(resource)):
            context = {
                "aws:SourceAccount": OUTSIDE,
                "aws:SourceOwner": OUTSIDE,
                "aws:SourceArn": _theirs(service),
                "aws:SourceOrgID": atom("the organisation of an outsider", unique=True),
                "aws:Referer": OUTSIDE,
                "aws:PrincipalIsAWSService": "true",
                "aws:PrincipalServiceName": service,
                "aws:SecureTransport": "true",
            }
            for action in actions:
                for target in self._targets(resource, action):
                    found = self._ask(resource, service, action, target, context)
                    if found is not None:
                        yield Access(action, target, found, service=service)
                        break

    def _ask_stranger(self, resource: Resource, action: str, target: str) -> Map | None:
        """Ask for an account of an organisation, and for one of none: its keys are absent."""
        for foreign in STRANGERS:
            found = self._ask(resource, STRANGER, action, target, {**foreign, **OVER_TLS})
            if found is not None:
                return found
        return None

    def within(self, resource: Resource, action: str) -> Access | None:
        """Return what lets anyone of the own account do it whose own policies say so."""
        context = {
            **OVER_TLS,
            "aws:PrincipalAccount": ACCOUNT,
            "aws:PrincipalArn": _OURS,
            "kms:CallerAccount": ACCOUNT,
        }
        for target in self._targets(resource, action):
            found = self._ask(resource, _OURS, action, target, context, choosing=False)
            if found is not None:
                return Access(action, target, found)
        return None

    def _ask(  # noqa: PLR0913 - what a request is made of
        self,
        resource: Resource,
        principal: str | None,
        action: str,
        target: str,
        context: Mapping[str, str],
        *,
        choosing: bool = True,
    ) -> Map | None:
        """Return the statement that allows it, or None."""
        request = iam.Request(
            principal,
            action,
            target,
            context=context,
            account=ACCOUNT,
            unknown=_CHOSEN if choosing else (),
        )
        decision = iam.decide(request, self._policies(resource))
        suits = decision.allowed or (
            decision.effect is iam.Effect.UNKNOWN
            and all(is_chosen(key) for key in decision.unknown)
        )
        if not suits:
            return None
        return statement_behind(decision, self.statements_of(resource.id))

    def _policies(self, resource: Resource) -> iam.Policies:
        found = self._prepared.get(resource.id)
        if found is None:
            document = self._symbols.document(self.statements_of(resource.id))
            found = self._prepared[resource.id] = iam.Policies(
                identity=[EVERYTHING], resource=iam.read(document)
            )
        return found

    def _targets(self, resource: Resource, action: str) -> tuple[str, ...]:
        """Return ARNs to ask about: the resource, and what its statements name below it."""
        own = self._symbols.arn(resource)
        found = {own: None}
        if resource.type == "AWS::S3::Bucket" or resource.type in _SEARCHED:
            found.setdefault(f"{own}/example")
        for statement in self.statements_of(resource.id):
            for written in inside(statement, "Resource", "[]"):
                text = self._symbols.text(written)
                if _is_about(resource, own, text):
                    found[text.replace("*", "example").replace("?", "x")] = None
        of_object = action.startswith(_OF_OBJECTS)
        if resource.type == "AWS::S3::Bucket":
            found = {one: None for one in found if ("/" in one) is of_object}
        return tuple(islice(found, MOST_TARGETS))

    def _services(self, resource: Resource) -> Iterator[str]:
        for statement in self.statements_of(resource.id):
            if is_open(statement):
                yield from _DELIVERING.get(resource.type, ())
            if effect(statement) == "allow":
                for service in inside(statement, "Principal", "Service", "[]"):
                    name = self._symbols.text(service)
                    if name in _DELIVERING.get(resource.type, ()):
                        yield name


@remembered
def outsiders_of(app: Application) -> Outsiders:
    """Return what asks the policies of an application's resources."""
    return Outsiders(app)


def _default_bus(at: Location) -> Resource:
    """Return the account's default bus as if the template declared it."""
    named = Map({"Name": Scalar("default", at)}, at, {})
    return Resource(
        id=DEFAULT_BUS,
        type="AWS::Events::EventBus",
        properties=named,
        at=at,
        stack="",
        logical_id="the default event bus",
        written_as="AWS::Events::EventBus",
    )


def _is_about(resource: Resource, own: str, pattern: str) -> bool:
    """Tell whether a pattern that an author spells out names the resource, or what is in it.

    It may spell out an account and a region that are not known here.
    """
    if resource.type in _ITSELF:
        return bool(pattern.strip("*"))
    if resource.type == "AWS::S3::Bucket":
        return pattern.startswith(f"{own}/")
    return pattern.split(":", 5)[5:] == own.split(":", 5)[5:]


def _theirs(service: str) -> str:
    """Return the ARN of something of a service that an outsider owns."""
    if service == "s3.amazonaws.com":
        return f"arn:aws:s3:::{atom('the bucket of an outsider', unique=True)}"
    return f"arn:aws:{service.partition('.')[0]}:{atom('a region')}:{OUTSIDE}:theirs"


def is_chosen(key: str) -> bool:
    """Tell whether whoever asks can choose what a condition key holds."""
    return any(key == one or (one.endswith("*") and key.startswith(one[:-1])) for one in _CHOSEN)


def statement_behind(decision: iam.Decision, held: Sequence[Map]) -> Map | None:
    """Return which of a resource's statements allows what was decided; None if none does."""
    for reason in decision.because:
        if (
            isinstance(reason, iam.StatementRef)
            and reason.source is iam.Source.RESOURCE
            and reason.effect == "Allow"
        ):
            return held[reason.index]
    return None


def is_open(statement: Map) -> bool:
    """Tell whether a statement may allow someone whom it does not name."""
    if effect(statement) != "allow":
        return False
    if "NotPrincipal" in statement:
        return True
    principals = (*inside(statement, "Principal"), *inside(statement, "Principal", "AWS", "[]"))
    return any(constant(one) == "*" for one in principals)
