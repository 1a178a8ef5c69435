"""What people may do who sign in to the account: users, groups, permission sets, their roles.

Follows "IAM identities" of the IAM User Guide. A role is for people if its trust policy lets in
users of the account or of an identity provider that signs people in (SAML).
"""

from collections.abc import Iterator
from itertools import islice

from stockade import iam
from stockade.analysis.statements import effect, statements
from stockade.analysis.stores.symbols import ACCOUNT, REGION, Symbols
from stockade.iam.symbolic import atom
from stockade.model import (
    Application,
    AttachedPolicy,
    Location,
    Map,
    Resource,
    Role,
    Value,
    constant,
    expression,
    inside,
)
from stockade.model.record import record

DELETES = {
    "dynamodb:DeleteTable": ("tables", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/example"),
    "s3:DeleteObject": ("objects", "arn:aws:s3:::example/example"),
    "s3:DeleteBucket": ("buckets", "arn:aws:s3:::example"),
    "rds:DeleteDBInstance": ("databases", f"arn:aws:rds:{REGION}:{ACCOUNT}:db:example"),
    "kms:ScheduleKeyDeletion": ("keys", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/example"),
    "secretsmanager:DeleteSecret": (
        "secrets",
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:example",
    ),
    "cloudformation:DeleteStack": (
        "stacks",
        f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/example/example",
    ),
    "lambda:DeleteFunction": ("functions", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:example"),
    "cognito-idp:DeleteUserPool": (
        "user pools",
        f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/example",
    ),
}
"""What is gone for good: the action, what it deletes, and one of these."""

MOST_TARGETS = 20
"""Resources that are asked about for one action: statements may name any number."""

_MANAGED = {
    "AdministratorAccess": tuple(DELETES),
    "PowerUserAccess": tuple(DELETES),
    "AmazonDynamoDBFullAccess": ("dynamodb:DeleteTable",),
    "AmazonS3FullAccess": ("s3:DeleteObject", "s3:DeleteBucket"),
    "AmazonRDSFullAccess": ("rds:DeleteDBInstance",),
    "AWSLambda_FullAccess": ("lambda:DeleteFunction",),
    "SecretsManagerReadWrite": ("secretsmanager:DeleteSecret",),
}


@record
class Deletes:
    """A statement or policy by which people may delete."""

    who: Resource
    at: Location
    what: tuple[str, ...]


@record
class _Held:
    documents: tuple[Value, ...]
    managed: tuple[Value, ...]


def deleting(app: Application) -> Iterator[Deletes]:
    """Yield what people may delete, by the line that lets them."""
    symbols = Symbols(app)
    for who, held in _people(app):
        yield from _by_managed(who, held)
        found = [one for document in held.documents for one in statements(document)]
        if not any(effect(one) == "allow" for one in found):
            continue
        yield from _by_statements(who, found, symbols)


def _by_managed(who: Resource, held: _Held) -> Iterator[Deletes]:
    for arn in held.managed:
        name = expression(arn).rpartition("/")[2]
        actions = _MANAGED.get(name, ())
        if actions:
            yield Deletes(who, arn.at, tuple(DELETES[action][0] for action in actions))


def _by_statements(who: Resource, found: list[Map], symbols: Symbols) -> Iterator[Deletes]:
    policies = iam.Policies(identity=[iam.read(symbols.document(found))])
    by: dict[int, dict[str, None]] = {}
    for action, (what, example) in DELETES.items():
        for target in islice(_targets(found, action, example, symbols), MOST_TARGETS):
            request = iam.Request(
                f"arn:aws:iam::{ACCOUNT}:user/{atom('someone', unique=True)}",
                action,
                target,
                account=ACCOUNT,
                unknown=("*",),
            )
            decision = iam.decide(request, policies)
            refs = [one for one in decision.because if isinstance(one, iam.StatementRef)]
            if decision.allowed and refs:
                by.setdefault(refs[0].index, {})[what] = None
                break
    for index, what_all in by.items():
        yield Deletes(who, found[index].at, tuple(what_all))


def _targets(found: list[Map], action: str, example: str, symbols: Symbols) -> Iterator[str]:
    """Yield resources to ask about: any, and those that statements name for this service."""
    yield example
    service = action.partition(":")[0]
    for statement in found:
        for written in inside(statement, "Resource", "[]"):
            text = symbols.text(written)
            if text.split(":")[2:3] == [service]:
                yield text.replace("*", "example")


def is_for_code(app: Application, user: Resource) -> bool:
    """Tell whether a user is meant for code: it holds permissions, and nobody can sign in as it.

    A user in a group is taken for a person, to whom somebody gives a password by hand.
    """
    held = app.identities[user.id]
    signs_in = held.groups or "Groups" in user.properties or "LoginProfile" in user.properties
    return bool(held.policies) and not signs_in


def who_uses(resource: Resource) -> str:
    """Name those who act as a user, group, permission set or role, up to its name."""
    return _WHO.get(resource.type, "whoever assumes")


_WHO = {
    "AWS::IAM::Group": "each member of",
    "AWS::IAM::User": "whoever signs in as",
    "AWS::SSO::PermissionSet": "whoever is assigned",
}


def roles_of_people(app: Application) -> Iterator[Role]:
    """Yield the roles that users of the account, or of an identity provider, may take on."""
    for role in app.roles.values():
        if role.id in app.resources and any(map(_lets_people_in, statements(role.trust))):
            yield role


def _people(app: Application) -> Iterator[tuple[Resource, _Held]]:
    for resource in app.of_type("AWS::IAM::Group", "AWS::IAM::User"):
        if resource.type == "AWS::IAM::User" and is_for_code(app, resource):
            continue
        yield resource, _held(app.identities[resource.id].policies)
    for resource in app.of_type("AWS::SSO::PermissionSet"):
        documents = tuple(inside(resource.properties, "InlinePolicy"))
        managed = tuple(inside(resource.properties, "ManagedPolicies", "[]"))
        yield resource, _Held(documents, managed)
    for role in roles_of_people(app):
        yield app.resources[role.id], _held(role.policies)


def _held(policies: tuple[AttachedPolicy, ...]) -> _Held:
    documents = tuple(policy.document for policy in policies)
    managed = tuple(one.managed_arn for one in policies if one.managed_arn is not None)
    return _Held(documents, managed)


def _lets_people_in(statement: Map) -> bool:
    if effect(statement) != "allow":
        return False
    for one in inside(statement, "Principal", "Federated", "[]"):
        if ":saml-provider/" in expression(one):
            return True
    for one in inside(statement, "Principal", "AWS", "[]"):
        text = expression(one)
        if text == "${AWS::AccountId}" or "${AWS::AccountId}:root" in text or ":user/" in text:
            return True
    return constant(statement.get("Principal")) == "*"
