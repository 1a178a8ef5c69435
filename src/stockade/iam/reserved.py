"""What AWS keeps to itself, whatever policies allow.

Follows "Managed policies and inline policies" of the IAM User Guide (the permissions of AWS
managed policies cannot be changed), `UnmodifiableEntityException` of the IAM API Reference (roles
that are linked to a service are changed by that service alone), and "Aliases in AWS KMS" (those
that begin with `aws/` are reserved).
"""

from stockade.iam.decision import Rule
from stockade.iam.request import Request

AWS = "aws"
"""What stands for the account in the ARN of a policy that AWS manages, whoever uses it."""

_PARTS = 6
_POLICIES = frozenset(
    f"iam:{name}"
    for name in (
        "createpolicy",
        "createpolicyversion",
        "deletepolicy",
        "deletepolicyversion",
        "setdefaultpolicyversion",
        "tagpolicy",
        "untagpolicy",
    )
)
_ROLES = frozenset(
    f"iam:{name}"
    for name in (
        "addroletoinstanceprofile",
        "attachrolepolicy",
        "deleterole",
        "deleterolepermissionsboundary",
        "deleterolepolicy",
        "detachrolepolicy",
        "putrolepermissionsboundary",
        "putrolepolicy",
        "removerolefrominstanceprofile",
        "updateassumerolepolicy",
        "updaterole",
        "updateroledescription",
    )
)
_ALIASES = frozenset({"kms:createalias", "kms:deletealias", "kms:updatealias"})
_OWN_ROLES = ("role/aws-service-role/", "role/aws-reserved/")

CHANGES = _POLICIES | _ROLES | _ALIASES
"""The (folded) actions of which some resources are out of reach."""


def refusal(request: Request) -> Rule | None:
    """Say why AWS refuses a request that policies may allow; None if it does not."""
    parts = request.resource.split(":", _PARTS - 1)
    if len(parts) < _PARTS or request.principal.is_service_linked:
        return None
    account, name, action = parts[4], parts[5], request.action
    if action in _POLICIES and account == AWS:
        return Rule("the policies that AWS manages are changed by AWS alone")
    if action in _ROLES and name.startswith(_OWN_ROLES):
        return Rule("the roles that AWS makes for its services are changed by those alone")
    if action in _ALIASES and name.startswith("alias/aws/"):
        return Rule("aliases that begin with aws/ are reserved for AWS")
    return None
