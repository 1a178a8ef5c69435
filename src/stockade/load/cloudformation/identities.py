"""IAM roles, users and groups, with every policy that the application attaches to them.

Follows AWS::IAM::Role, User, Group, Policy, RolePolicy, UserPolicy, GroupPolicy, ManagedPolicy and
UserToGroupAddition in the CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.trigger import Declared
from stockade.model import (
    AttachedPolicy,
    Choice,
    Identity,
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
_USER = "AWS::IAM::User"
_GROUP = "AWS::IAM::Group"
_MANAGED = "AWS::IAM::ManagedPolicy"

_HOLDERS = {
    _ROLE: (("Roles", "[]"), ("RoleName",)),
    _USER: (("Users", "[]"), ("UserName",)),
    _GROUP: (("Groups", "[]"), ("GroupName",)),
}
"""Where a policy of its own names those that hold it, by their type."""

_POLICIES = (
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
    _MANAGED,
)


def roles(declared: Declared) -> Iterator[Role]:
    """Yield each role, its own policies first, then those that other resources attach."""
    attached = _attached_elsewhere(declared)
    for resource in declared.of_type(_ROLE):
        yield Role(
            id=resource.id,
            at=resource.at,
            trust=resource.properties.get("AssumeRolePolicyDocument"),
            policies=(*_own(declared, resource), *attached.get(resource.id, ())),
            boundary=_boundary(declared, resource.properties.get("PermissionsBoundary")),
        )


def identities(declared: Declared) -> Iterator[Identity]:
    """Yield each group, then each user with the policies of its groups after its own."""
    people = list(declared.of_type(_GROUP, _USER))
    if not people:
        return
    attached = _attached_elsewhere(declared)
    groups: dict[ResourceId, Identity] = {}
    members = _members(declared)
    for resource in sorted(people, key=lambda one: one.type):
        policies = [*_own(declared, resource), *attached.get(resource.id, ())]
        for group in members.get(resource.id, ()):
            policies.extend(groups[group].policies)
        made = Identity(
            id=resource.id,
            at=resource.at,
            policies=tuple(policies),
            groups=members.get(resource.id, ()),
            boundary=_boundary(declared, resource.properties.get("PermissionsBoundary")),
        )
        if resource.type == _GROUP:
            groups[resource.id] = made
        yield made


def _members(declared: Declared) -> dict[ResourceId, tuple[ResourceId, ...]]:
    """Return the groups that each user is in, as far as the application declares them."""
    names = declared.names
    found: dict[ResourceId, dict[ResourceId, None]] = {}
    pairs: list[tuple[ResourceId | None, ResourceId | None]] = [
        (names.find(group, _GROUP), user.id)
        for user in declared.of_type(_USER)
        for group in inside(user.properties, "Groups", "[]")
    ]
    pairs += [
        (names.find(addition.properties.get("GroupName"), _GROUP), names.find(user, _USER))
        for addition in declared.of_type("AWS::IAM::UserToGroupAddition")
        for user in inside(addition.properties, "Users", "[]")
    ]
    for group, user in pairs:
        if group is not None and user is not None:
            found.setdefault(user, {})[group] = None
    return {user: tuple(groups) for user, groups in found.items()}


def _own(declared: Declared, holder: Resource) -> Iterator[AttachedPolicy]:
    """Yield the policies that a role, user or group is declared with."""
    for one, conditions in _listed(holder.properties.get("Policies")):
        yield replace(_inline(holder, one), conditions=conditions)
    for one, conditions in _listed(holder.properties.get("ManagedPolicyArns")):
        yield replace(_managed(declared, one), conditions=conditions)


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


def _inline(holder: Resource, policy: Value) -> AttachedPolicy:
    if not isinstance(policy, Map):
        unreadable = Unknown("the policy is no map", policy.at)
        return AttachedPolicy(
            name=holder.logical_id, document=unreadable, source="inline", at=policy.at
        )
    name = policy.get("PolicyName")
    source = policy.get("Source")
    return AttachedPolicy(
        name=expression(name) if name is not None else holder.logical_id,
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
    """Return the policies that resources of their own attach, by who holds them."""
    found: dict[ResourceId, list[AttachedPolicy]] = {}
    for resource in declared.of_type(*_POLICIES):
        properties = resource.properties
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
        for kind, ways in _HOLDERS.items():
            for one in (one for way in ways for one in inside(properties, *way)):
                if (holder := declared.names.find(one, kind)) is not None:
                    found.setdefault(holder, []).append(policy)
    return found


def _document(policy: Map) -> Value:
    document = policy.get("PolicyDocument")
    if document is None:
        return Unknown("the policy has no document", policy.at)
    return document
