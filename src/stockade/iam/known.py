"""Context keys that follow from who asks and whose resource it is.

Follows "AWS global condition context keys" of the IAM User Guide. `Request` derives nothing by
itself; give it what this finds, and what it leaves open as `unknown`.
"""

from stockade._record import record
from stockade.iam.principals import Kind, Principal, principal

_TYPES = {
    Kind.ANONYMOUS: "Anonymous",
    Kind.ROOT: "Account",
    Kind.USER: "User",
    Kind.SESSION: "AssumedRole",
    Kind.ROLE: "AssumedRole",
    Kind.FEDERATED_USER: "FederatedUser",
}


@record
class Known:
    """The keys with one possible value, and those that are there but whose value is not known."""

    context: dict[str, str]
    unknown: tuple[str, ...]


def known_context(sender: str | None, account: str = "") -> Known:
    """Work out the context keys about a principal and the account that owns the resource.

    `sender` is as in `Request`. The path of a session's role cannot be seen in its ARN, so
    `aws:PrincipalArn` is left open for sessions.
    """
    who = principal(sender)
    context: dict[str, str] = {}
    unknown: list[str] = []
    if who.kind is Kind.ANONYMOUS:
        context["aws:PrincipalAccount"] = context["aws:userid"] = "anonymous"
    else:
        is_service = who.kind is Kind.SERVICE
        context["aws:PrincipalIsAWSService"] = "true" if is_service else "false"
    if who.kind in _TYPES:
        context["aws:PrincipalType"] = _TYPES[who.kind]
    if who.kind is Kind.SERVICE:
        context["aws:PrincipalServiceName"] = who.name
    if account:
        context["aws:ResourceAccount"] = account
    if who.in_account:
        context["aws:PrincipalAccount"] = who.account
        unknown += [
            "aws:userid",
            "aws:PrincipalOrgID",
            "aws:PrincipalOrgPaths",
            "aws:PrincipalTag/*",
        ]
        _name(who, context, unknown)
    return Known(context, tuple(unknown))


def _name(who: Principal, context: dict[str, str], unknown: list[str]) -> None:
    if who.kind in (Kind.USER, Kind.ROLE, Kind.ROOT, Kind.FEDERATED_USER):
        context["aws:PrincipalArn"] = who.name
    else:
        unknown.append("aws:PrincipalArn")
    if who.kind is Kind.USER:
        context["aws:username"] = who.name.rpartition("/")[2]
