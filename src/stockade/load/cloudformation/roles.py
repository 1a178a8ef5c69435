"""IAM roles with every policy that the application attaches to them.

Follows AWS::IAM::Role, AWS::IAM::Policy, AWS::IAM::RolePolicy and AWS::IAM::ManagedPolicy in the
CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.trigger import Declared
from stockade.model import (
    AttachedPolicy,
    Choice,
    List,
    Map,
    NoValue,
    Parameter,
    Resource,
    ResourceId,
    Role,
    Unknown,
    Value,
    expression,
    inside,
    items,
)
from stockade.model.record import replace

_ROLE = "AWS::IAM::Role"
_MANAGED = "AWS::IAM::ManagedPolicy"


def roles(declared: Declared) -> Iterator[Role]:
    """Yield each role, its own policies first, then those that other resources attach."""
    attached = _attached_elsewhere(declared)
    for resource in declared.of_type(_ROLE):
        properties = resource.properties
        policies = [
            *(
                replace(_inline(resource, one), conditions=conditions)
                for one, conditions in _listed(properties.get("Policies"))
            ),
            *(
                replace(_managed(declared, one), conditions=conditions)
                for one, conditions in _listed(properties.get("ManagedPolicyArns"))
            ),
            *attached.get(resource.id, ()),
        ]
        yield Role(
            id=resource.id,
            at=resource.at,
            trust=properties.get("AssumeRolePolicyDocument"),
            policies=tuple(policies),
            boundary=_boundary(declared, properties.get("PermissionsBoundary")),
        )


_Conditions = tuple[tuple[str, bool], ...]


def _listed(
    value: Value | None, conditions: _Conditions = ()
) -> Iterator[tuple[Value, _Conditions]]:
    """Yield each item of a list of policies, with the conditions under which it is there."""
    match value:
        case None | NoValue():
            return
        case Choice():
            yield from _listed(value.then, (*conditions, (value.condition, True)))
            yield from _listed(value.otherwise, (*conditions, (value.condition, False)))
        case List() | Parameter(value=List()):
            for item in items(value) if isinstance(value, Parameter) else value.items:
                yield from _listed(item, conditions)
        case _:
            yield value, conditions


def _inline(role: Resource, policy: Value) -> AttachedPolicy:
    if not isinstance(policy, Map):
        unreadable = Unknown("the policy is no map", policy.at)
        return AttachedPolicy(
            name=role.logical_id, document=unreadable, source="inline", at=policy.at
        )
    name = policy.get("PolicyName")
    source = policy.get("Source")
    return AttachedPolicy(
        name=expression(name) if name is not None else role.logical_id,
        document=_document(policy),
        source=expression(source) if source is not None else "inline",
        at=policy.at,
    )


def _managed(declared: Declared, arn: Value) -> AttachedPolicy:
    """Return an attached managed policy; its document if the application declares it."""
    found = declared.names.find(arn, _MANAGED)
    if found is not None:
        policy = declared.resources[found]
        return AttachedPolicy(
            name=policy.logical_id,
            document=_document(policy.properties),
            source="managed",
            at=arn.at,
            managed_arn=arn,
        )
    text = expression(arn)
    return AttachedPolicy(
        name=text.rpartition("/")[2],
        document=Unknown(f"the text of {text} is not in the application", arn.at),
        source="managed",
        at=arn.at,
        managed_arn=arn,
    )


def _boundary(declared: Declared, arn: Value | None) -> Value | None:
    """Return the boundary's document if the application declares it, else its ARN."""
    found = declared.names.find(arn, _MANAGED)
    return arn if found is None else _document(declared.resources[found].properties)


def _attached_elsewhere(declared: Declared) -> dict[ResourceId, list[AttachedPolicy]]:
    """Return the policies that resources of their own attach, by role."""
    found: dict[ResourceId, list[AttachedPolicy]] = {}
    for resource in declared.of_type("AWS::IAM::Policy", "AWS::IAM::RolePolicy", _MANAGED):
        properties = resource.properties
        held = [*inside(properties, "Roles", "[]"), *inside(properties, "RoleName")]
        name = properties.get("PolicyName")
        source = properties.get("Source")
        default = "managed" if resource.type == _MANAGED else "inline"
        policy = AttachedPolicy(
            name=expression(name) if name is not None else resource.logical_id,
            document=_document(properties),
            source=expression(source) if source is not None else default,
            at=resource.at,
            conditions=((resource.condition, True),) if resource.condition else (),
        )
        for one in held:
            if (role := declared.names.find(one, _ROLE)) is not None:
                found.setdefault(role, []).append(policy)
    return found


def _document(policy: Map) -> Value:
    document = policy.get("PolicyDocument")
    if document is None:
        return Unknown("the policy has no document", policy.at)
    return document
