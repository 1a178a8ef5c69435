"""What the catalogue tells: services, actions, resource types, operations, managed policies."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from stockade.model.record import record

_Record = TypeVar("_Record")


class Lazily(Mapping[str, _Record]):
    """Records by name, each made when it is first asked for: most of a service never are."""

    def __init__(self, names: Mapping[str, str], make: Callable[[str], _Record]) -> None:
        self._names = names
        self._make = make
        self._made: dict[str, _Record] = {}

    def __getitem__(self, name: str) -> _Record:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._make(self._names[name])
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@record
class Missing:
    """Something that the catalogue does not know. `why` completes "it is not known because"."""

    name: str
    why: str

    def __bool__(self) -> bool:
        return False


@record(kw_only=True)
class ResourceType:
    """A kind of resource that policies name: `bucket`, `table`.

    `arns` are ARNs with placeholders: `arn:${Partition}:s3:::${BucketName}`.
    """

    name: str
    arns: tuple[str, ...]
    condition_keys: tuple[str, ...] = ()


@record(kw_only=True)
class ActsOn:
    """A resource type that an action can be limited to.

    A call is denied by a policy that leaves a required type out; of the optional ones a call
    has those that it names.
    """

    type: str
    required: bool
    condition_keys: tuple[str, ...] = ()


@record(kw_only=True)
class Action:
    """An action of IAM, as the Service Authorization Reference lists it.

    `access` is the access level (`Read`, `Write`, `List`, `Tagging`, `Permissions management`).
    An action without resource types is only matched by the resource `*`. `dependent` are
    actions that the caller may also need.
    """

    service: str
    name: str
    access: str
    resources: tuple[ActsOn, ...] = ()
    condition_keys: tuple[str, ...] = ()
    dependent: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The action as policies write it: `s3:GetObject`."""
        return f"{self.service}:{self.name}"


@record(kw_only=True)
class Service:
    """One prefix of IAM, with its actions by name in lower case."""

    prefix: str
    name: str
    actions: Mapping[str, Action]
    resource_types: Mapping[str, ResourceType]
    condition_keys: Mapping[str, str]
    """The type of each condition key of the service."""

    def action(self, name: str) -> Action | Missing:
        """Return an action by its name, in any case."""
        found = self.actions.get(name.lower())
        return found or Missing(f"{self.prefix}:{name}", f"{self.prefix} has no such action")


@record(kw_only=True)
class Authorization:
    """One action that a call is authorized for, on a resource that its parameters name.

    `resource` is `"*"`, or the ARN format of the resource type. `arguments` fill the
    placeholders of the format, other than partition, region and account, in their order: each
    is a list of ways, of which the first counts that the call gives. A way is a parameter
    (`TransactItems[].Put.TableName`; `{}` means the keys of a map), a constant (`'default'`),
    `*`, `?why` where it cannot be known, or `@name` where something else tells.
    """

    action: str
    resource: str
    type: str
    """The resource type with its service: `s3:object`; empty for `*`."""
    arguments: tuple[tuple[str, ...], ...]
    when: tuple[str, ...] = ()
    """Tests of parameters that must all hold: `VersionId`, `not VersionId`."""
    via: str | None = None
    """The AWS service that makes the call with the caller's permissions."""
    why: str = ""
    """Why the resource is `*`."""


@record(kw_only=True)
class Operation:
    """An operation of the AWS SDKs, and what calling it needs.

    `basis` tells how that is known: `"overlay"` (written by hand), `"same name"` (an action
    of the same name), `"request"` (the verb and path of the request), `"unsigned"` (the call
    carries no signature and needs nothing). `statements` are parameters that hold PartiQL.
    """

    service: str
    name: str
    method: str
    """The name in Python: `get_object`."""
    parameters: tuple[str, ...]
    """The names of parameters that may be passed by position: few methods take any."""
    needs: tuple[Authorization, ...]
    basis: str
    statements: tuple[str, ...] = ()


@record(kw_only=True)
class ResourceMethod:
    """A method of a class of boto3's resources: the operation, and what its object gives to it.

    `given` maps parameters of the operation to identifiers of the object (`Bucket` -> `Name`).
    For collections `items` is the class of the items.
    """

    operation: str
    given: Mapping[str, str]
    items: str | None = None


@record(kw_only=True)
class ResourceClass:
    """A class of boto3's resources: `s3.Bucket`, with its identifiers in order.

    `parts` are the classes of the objects that it makes: `Bucket.Object(key)`, each with the
    identifiers that it passes on and asks for (`(target, source, name)`).
    """

    service: str
    name: str
    identifiers: tuple[str, ...]
    methods: Mapping[str, ResourceMethod]
    collections: Mapping[str, ResourceMethod]
    parts: Mapping[str, tuple[str, tuple[tuple[str, str, str], ...]]]


@record(kw_only=True)
class ManagedPolicy:
    """A policy that AWS manages, as its version `version` was."""

    arn: str
    name: str
    version: str
    document: Mapping[str, Any]


@record(kw_only=True)
class Source:
    """A package that facts were taken from."""

    package: str
    version: str
    licence: str
    what: str
    date: str


@record(kw_only=True)
class Provenance:
    """Where the catalogue comes from. `date` is the day of its newest data, `2026-10-27`."""

    date: str
    sources: tuple[Source, ...]
    updated: bool
    """True where it is the user's own copy, brought by `stockade catalogue update`."""
