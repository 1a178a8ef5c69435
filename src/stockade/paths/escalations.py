"""Permissions from which a role gets every other: whoever holds it then owns the account.

Actions and what they are about follow the Service Authorization Reference. Each way needs all of
its actions, on an identity that the application does not hold or on the role itself.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from stockade.analysis.least_privilege.symbolic import ACCOUNT, PARTITION, role_arn
from stockade.iam.symbolic import atom
from stockade.model import Role
from stockade.paths.kinds import OTHER

Asked: TypeAlias = tuple[tuple[str, str], ...]
"""Actions, each with the ARN that it is asked about."""

_REGION: Final = atom("AWS::Region")
_IAM: Final = f"arn:{PARTITION}:iam::{ACCOUNT}"
_ROLE: Final = f"{_IAM}:role/{OTHER}"
_USER: Final = f"{_IAM}:user/{OTHER}"
_POLICY: Final = f"{_IAM}:policy/{OTHER}"


def _of_others(*asked: tuple[str, str]) -> Callable[[Role], Asked]:
    return lambda _role: asked


def _of_itself(action: str) -> Callable[[Role], Asked]:
    return lambda role: ((action, role_arn(role.id)),)


_WAYS: Final[Mapping[str, Callable[[Role], Asked]]] = {
    "attach any policy to itself": _of_itself("iam:AttachRolePolicy"),
    "write itself any policy": _of_itself("iam:PutRolePolicy"),
    "rewrite the policies of the account": _of_others(("iam:CreatePolicyVersion", _POLICY)),
    "make access keys for any user": _of_others(("iam:CreateAccessKey", _USER)),
    "set the password of any user": _of_others(("iam:UpdateLoginProfile", _USER)),
    "change who may take on any role": _of_others(("iam:UpdateAssumeRolePolicy", _ROLE)),
    "run code with any role of the account": _of_others(
        ("iam:PassRole", _ROLE),
        (
            "lambda:CreateFunction",
            f"arn:{PARTITION}:lambda:{_REGION}:{ACCOUNT}:function:{OTHER}",
        ),
    ),
    "deploy any template with any role of the account": _of_others(
        ("iam:PassRole", _ROLE),
        (
            "cloudformation:CreateStack",
            f"arn:{PARTITION}:cloudformation:{_REGION}:{ACCOUNT}:stack/{OTHER}/{OTHER}",
        ),
    ),
}

ESCALATIONS: Final = tuple(_WAYS.items())
"""Each way in words that follow "may", and what it takes."""
