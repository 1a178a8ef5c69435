"""Who asks, and who is meant by a `Principal` element.

Follows "AWS JSON policy elements: Principal" and "AWS JSON policy elements: NotPrincipal" of the
IAM User Guide. Names are matched whole: `*` inside a principal's name is no wildcard. A session
is that of a role if the role's name is the same without case, for an account has no two roles
whose names differ in case alone ("IAM and AWS STS quotas"). A federated user's session does not
show which user federated it; it is taken to be the user of its own name.
"""

from enum import Enum, IntEnum
from functools import lru_cache

from stockade._record import record
from stockade.iam.policy import Principals
from stockade.iam.symbolic import OPEN, equal
from stockade.iam.text import lower
from stockade.iam.truth import Truth, Unsure

_ACCOUNT_DIGITS = 12
_ARN_PARTS = 6
_SERVICE_LINKED = "AWSServiceRoleFor"
"""How the roles that AWS creates for its services are named; a session shows no path."""


class Kind(Enum):
    """What sort of principal sends the request."""

    ANONYMOUS = "anonymous"
    SERVICE = "service"
    FEDERATED = "federated"
    ROOT = "root"
    USER = "user"
    ROLE = "role"
    SESSION = "session"
    FEDERATED_USER = "federated user"


_SESSIONS = frozenset({Kind.SESSION, Kind.FEDERATED_USER})


class Named(IntEnum):
    """How a statement names the principal; later ones say more."""

    NOT = 0
    ACCOUNT = 1
    """Only its account is named: that account's own policies decide."""
    ROLE = 2
    """Who a session was made from is named: boundaries and session policies still limit it."""
    DIRECT = 3
    """The user, the session, the service, or everyone is named."""


@record
class Principal:
    """The sender of a request.

    `account` is empty for those that belong to none: services, identity providers, the
    anonymous. `role` is the name of the role of a role or session. `parent` is the (folded) role
    or user that a session was made from, or that this is itself.
    """

    kind: Kind
    name: str
    account: str = ""
    role: str = ""
    is_service_linked: bool = False
    parent: str = ""

    @property
    def in_account(self) -> bool:
        """Whether it belongs to an account, whose policies then apply to it."""
        return bool(self.account)


ANONYMOUS = Principal(Kind.ANONYMOUS, "anonymous")


@lru_cache(maxsize=4096)
def principal(name: str | None) -> Principal:
    """Read who sends the request: an ARN, twelve digits, a service's name, or None."""
    if not name or name == "*":
        return ANONYMOUS
    if len(name) == _ACCOUNT_DIGITS and name.isdigit():
        return Principal(Kind.ROOT, f"arn:aws:iam::{name}:root", name)
    parts = name.split(":", 5)
    if len(parts) != _ARN_PARTS:
        is_service = name.endswith((".amazonaws.com", ".amazonaws.com.cn"))
        return Principal(Kind.SERVICE if is_service else Kind.FEDERATED, name)
    account, resource = parts[4], parts[5]
    sort, _, rest = resource.partition("/")
    if sort == "assumed-role":
        role = rest.partition("/")[0]
        linked = role.startswith(_SERVICE_LINKED)
        return Principal(Kind.SESSION, name, account, role, linked, _parent("role", role))
    if sort == "role":
        linked = rest.startswith("aws-service-role/")
        role = rest.rpartition("/")[2]
        return Principal(Kind.ROLE, name, account, role, linked, _parent("role", role))
    if sort in ("oidc-provider", "saml-provider"):
        return Principal(Kind.FEDERATED, name)
    kinds = {"root": Kind.ROOT, "federated-user": Kind.FEDERATED_USER}
    parent = _parent("user", rest.rpartition("/")[2]) if rest else ""
    return Principal(kinds.get(sort, Kind.USER), name, account, parent=parent)


def _parent(sort: str, name: str) -> str:
    return f"{sort}/{name if OPEN in name else lower(name)}"


class PrincipalTest:
    """A `Principal` element, prepared."""

    __slots__ = (
        "_accounts",
        "_any",
        "_arns",
        "_federated",
        "_parents",
        "_roles",
        "_services",
        "_symbolic",
    )

    def __init__(self, listed: Principals) -> None:
        self._any = "*" in listed.aws
        named = [principal(name) for name in listed.aws if name != "*"]
        self._arns = frozenset(one.name for one in named if one.kind is not Kind.ROOT)
        self._accounts = frozenset(one.account for one in named if one.kind is Kind.ROOT)
        self._roles = frozenset((one.account, one.role) for one in named if one.kind is Kind.ROLE)
        parents = [one for one in named if one.kind in (Kind.ROLE, Kind.USER)]
        self._parents = frozenset((one.account, one.parent) for one in parents)
        self._services = frozenset(listed.service)
        self._federated = frozenset(listed.federated)
        self._symbolic = any(OPEN in name for name in listed.aws)

    def names(self, sender: Principal) -> Named | Unsure:
        """How this element names the sender, at best."""
        if self._any:
            return Named.DIRECT
        kind = sender.kind
        if kind is Kind.ANONYMOUS:
            return Named.NOT
        if kind is Kind.SERVICE or kind is Kind.FEDERATED:
            return self._names_outsider(sender)
        if sender.name in self._arns:
            return Named.ROLE if kind is Kind.ROLE else Named.DIRECT
        if kind in _SESSIONS and (sender.account, sender.parent) in self._parents:
            return Named.ROLE
        if sender.account in self._accounts:
            return Named.DIRECT if kind is Kind.ROOT else Named.ACCOUNT
        if self._symbolic or OPEN in sender.name:
            return self._perhaps(sender)
        return Named.NOT

    def _names_outsider(self, sender: Principal) -> Named:
        if sender.name in self._services or sender.name in self._federated:
            return Named.DIRECT
        everyone = self._services if sender.kind is Kind.SERVICE else self._federated
        return Named.DIRECT if "*" in everyone else Named.NOT

    def _perhaps(self, sender: Principal) -> Named | Unsure:
        """Compare with names of which parts are not known."""
        candidates: list[Truth] = [equal(account, sender.account) for account in self._accounts]
        candidates += [equal(arn, sender.name) for arn in self._arns]
        for account, role in self._roles if sender.role else ():
            same = equal(account, sender.account)
            alike = equal(role, sender.role)
            if same is not False and alike is not False:
                candidates.append(alike if same is True else same)
        doubts = [one.keys for one in candidates if isinstance(one, Unsure)]
        if not doubts:
            return Named.NOT
        return Unsure(tuple(dict.fromkeys(key for keys in doubts for key in keys)))
