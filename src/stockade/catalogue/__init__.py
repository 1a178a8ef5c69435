"""What AWS is made of: actions, resource types, operations of the SDKs, managed policies.

    >>> action("s3:GetObject").access
    'Read'
    >>> [one.action for one in operation("s3", "head_object").needs]
    ['s3:GetObject', 's3:GetObjectVersion']

The facts are packed into the package; `stockade catalogue update` puts newer ones into the user's
data folder, which then count. A name that is not known gives `Missing`, with the reason: the
catalogue never guesses. Follows the Service Authorization Reference.
"""

from collections.abc import Iterable
from functools import cache

from stockade.catalogue.library import Catalogue, user_folder
from stockade.catalogue.records import (
    Action,
    ActsOn,
    Authorization,
    ManagedPolicy,
    Missing,
    Operation,
    Provenance,
    ResourceClass,
    ResourceMethod,
    ResourceType,
    Service,
    Source,
)

__all__ = [
    "Action",
    "ActsOn",
    "Authorization",
    "Catalogue",
    "ManagedPolicy",
    "Missing",
    "Operation",
    "Provenance",
    "ResourceClass",
    "ResourceMethod",
    "ResourceType",
    "Service",
    "Source",
    "action",
    "action_names",
    "expand",
    "managed_policy",
    "open_catalogue",
    "operation",
    "provenance",
    "resource_class",
    "service",
    "services",
    "user_folder",
]


@cache
def open_catalogue() -> Catalogue:
    """Return the catalogue that counts: the user's own copy, else the one that is shipped."""
    return Catalogue()


def services() -> tuple[str, ...]:
    """Return every prefix of IAM: `s3`, `dynamodb`, ..."""
    return open_catalogue().services()


def service(prefix: str) -> Service | Missing:
    """Return the service of an IAM prefix, in any case."""
    return open_catalogue().service(prefix)


def action(name: str) -> Action | Missing:
    """Return an action by its full name in any case: `s3:GetObject`."""
    return open_catalogue().action(name)


def expand(pattern: str) -> tuple[Action, ...] | Missing:
    """Return the actions that a pattern of a policy matches: `s3:Get*`, `*`, `s3:GetObject`."""
    return open_catalogue().expand(pattern)


def names(pattern: str) -> tuple[str, ...]:
    """Return the full names in lower case of the actions that a pattern of a policy matches."""
    return open_catalogue().names(pattern)


def action_names(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the full names of all actions of the services that patterns of policies name."""
    prefixes = {pattern.partition(":")[0].lower() for pattern in patterns}
    found = (service(prefix) for prefix in sorted(prefixes))
    return tuple(
        action.full_name
        for one in found
        if isinstance(one, Service)
        for action in one.actions.values()
    )


def operation(service: str, name: str) -> Operation | Missing:
    """Return an operation of an SDK service: `operation("s3", "get_object")` or `"GetObject"`."""
    return open_catalogue().operation(service, name)


def resource_class(service: str, name: str) -> ResourceClass | Missing:
    """Return a class of boto3's resources: `resource_class("s3", "Bucket")`."""
    return open_catalogue().resource_class(service, name)


def managed_policy(arn: str) -> ManagedPolicy | Missing:
    """Return a policy that AWS manages, by its ARN in any partition, or by its name."""
    return open_catalogue().managed_policy(arn)


def provenance() -> Provenance:
    """Say which packages the catalogue was made from, and of when its data is."""
    return open_catalogue().provenance()
