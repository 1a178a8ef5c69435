"""Which resource of the application a value means: by reference, or by the name it has."""

from collections.abc import Hashable, Iterator, Mapping
from typing import cast

from stockade.model.asked import Asked
from stockade.model.remembered import remembered
from stockade.model.resource import Resource
from stockade.model.value import (
    Concatenation,
    Parameter,
    Reference,
    ResourceId,
    Scalar,
    Value,
    alternatives,
    expression,
    references,
)
from stockade.model.watched import of_type, type_of

DEFAULT_BUS: ResourceId = "AWS::Events::EventBus"
"""Stands for the account's default event bus, which no template declares."""

FUNCTION = "AWS::Lambda::Function"

PLAIN_PARAMETER = "AWS::SSM::Parameter, in plain text"
"""Stands, where types are asked for, for parameters that are no `SecureString`."""

LINKED = "Resource."
"""How settings begin that a function's code does not read from its environment but as SST's
`Resource`: `Resource.Orders.name`. SST packs them with the code, encrypted."""

_OF_A_FUNCTION = ("AWS::Lambda::Alias", "AWS::Lambda::Version")

NAME_PROPERTIES = {
    "AWS::ApiGateway::DomainName": "DomainName",
    "AWS::ApiGatewayV2::DomainName": "DomainName",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    FUNCTION: "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}
"""The property that names a resource, by type."""


_MOST_SEPARATORS = 16
"""A name is looked for behind so many of the last colons and slashes of an ARN or URL."""


class Names:
    """The resources of one application, found by what refers to them.

    A reference to an alias or a version of a function means the function. An ARN or a URL that
    is written out means the resource whose name property is the same text, parameters left
    standing (`arn:aws:sqs:${AWS::Region}:...:${Stage}-jobs`).
    """

    shared: Asked | None = None
    """See `Answering`."""

    def __init__(
        self, resources: Mapping[ResourceId, Resource], asked: Asked | None = None
    ) -> None:
        """With `asked`, each question and its answer is noted there; `answer` gives it anew."""
        self._resources = resources
        self._named = _named(resources)
        self._asked = asked

    def answer(self, question: Hashable) -> object:
        """Answer a question that was noted: `find_all` of a value and types."""
        value, types = cast("tuple[Value, tuple[str, ...]]", question)
        return self._find_all(value, types)

    def find(self, value: Value | None, *types: str) -> ResourceId | None:
        """Return the resource of one of the `types` that `value` means, or None."""
        return next(iter(self.find_all(value, *types)), None)

    def find_all(self, value: Value | None, *types: str) -> tuple[ResourceId, ...]:
        """Return every resource of the `types` that `value` may mean, by its conditions."""
        if value is None:
            return ()
        found = self._find_all(value, types)
        if self._asked is not None:
            self._asked.answers[(value, types)] = found
        return found

    def _find_all(self, value: Value, types: tuple[str, ...]) -> tuple[ResourceId, ...]:
        found: dict[ResourceId, None] = {}
        for way in alternatives(value):
            for resource in self._referred(way, types) or self._by_name(way, types):
                found.setdefault(resource)
        return tuple(found)

    def function(self, value: Value | None) -> ResourceId | None:
        """Return the function that `value` means: its name, ARN, alias, version or invoke URI."""
        return self.find(value, FUNCTION)

    def _referred(self, value: Value, types: tuple[str, ...]) -> list[ResourceId]:
        found = []
        for reference in references(value):
            owner = self._owner(reference)
            if owner is not None and (
                type_of(self._resources, owner) in types
                or (PLAIN_PARAMETER in types and _is_plain(self._resources[owner]))
            ):
                found.append(owner)
        return found

    def _owner(self, reference: Reference) -> ResourceId | None:
        """Follow an alias or version to its function, at most as far as AWS lets them chain.

        None if there is no such resource.
        """
        owner: ResourceId | None = reference.resource
        for _ in range(2):
            if owner is None or type_of(self._resources, owner) not in _OF_A_FUNCTION:
                break
            target = self._resources[owner].properties.get("FunctionName")
            inner = references(target) if target is not None else ()
            owner = next((one.resource for one in inner), None)
        return owner if owner is not None and owner in self._resources else None

    def _by_name(self, value: Value, types: tuple[str, ...]) -> list[ResourceId]:
        if not self._named or not isinstance(value, Scalar | Concatenation | Parameter):
            return []
        tables = [table for kind in types if (table := self._named.get(kind))]
        if not tables:
            return []
        text = expression(value).removesuffix("/invocations").removesuffix("/*")
        names = tuple(_endings(text))
        return [table[name] for table in tables for name in names if name in table]


def _is_plain(resource: Resource) -> bool:
    """Tell whether it is a parameter that is kept in plain text."""
    if resource.type != "AWS::SSM::Parameter":
        return False
    kind = resource.properties.get("Type")
    return kind is not None and all(
        isinstance(way, Scalar) and way.value in ("String", "StringList")
        for way in alternatives(kind)
    )


@remembered
def _named(resources: Mapping[ResourceId, Resource]) -> dict[str, dict[str, ResourceId]]:
    """Return the resources by type and by the name that is written in their properties."""
    named: dict[str, dict[str, ResourceId]] = {}
    for resource in of_type(resources, *NAME_PROPERTIES):
        name = resource.properties.get(NAME_PROPERTIES[resource.type])
        if name is not None and (text := expression(name)):
            named.setdefault(resource.type, {}).setdefault(text, resource.id)
    return named


def _endings(text: str) -> Iterator[str]:
    """Yield `text` and what follows each of its last colons and slashes."""
    yield text
    end = len(text)
    for _ in range(_MOST_SEPARATORS):
        end = max(text.rfind(":", 0, end), text.rfind("/", 0, end))
        if end < 0:
            return
        yield text[end + 1 :]
