"""Whether a principal may do an action on a resource, and which statements say so.

Follows "Policy evaluation logic", "Cross-account policy evaluation logic" and "Permissions
boundaries for IAM entities" of the IAM User Guide; "Key policies in AWS KMS"; "SCP evaluation",
"RCP evaluation" and "Service control policies" of the Organizations guide; "Control access to VPC
endpoints using endpoint policies"; and `GetCallerIdentity` of the STS reference.
"""

from collections.abc import Iterable, Mapping, Sequence

from stockade._record import record
from stockade.iam.decision import Decision, Effect, Gap, Reason, Rule, Source
from stockade.iam.policy import Policy
from stockade.iam.prepared import PolicySet
from stockade.iam.principals import Kind, Named, Principal
from stockade.iam.reading import Document
from stockade.iam.request import Request
from stockade.iam.reserved import AWS, CHANGES, refusal
from stockade.iam.statements import SILENT, Verdict
from stockade.iam.symbolic import OPEN, equal, show
from stockade.iam.text import lower

_CALLER_IDENTITY = Decision(
    Effect.ALLOWED, (Rule("no policy can deny sts:GetCallerIdentity to a signed request"),)
)
_ROOT = Rule("the account's root user is allowed what nothing denies")
_KEY_PARTS = 6
_BEYOND_RCPS = "kms:retiregrant"


Documents = Policy | Document | Iterable[Policy | Document]


@record
class Level:
    """The organisation policies of the root, one organisational unit, or the account."""

    name: str
    policies: Sequence[Policy | Document]


class Policies:
    """Every policy that applies to a request, prepared: make it once, ask it many times.

    None means that there is no such policy, and so no limit by it; an empty sequence means that
    there is one which allows nothing. Several documents of a kind are a union; one alone need not
    be in a list. `scps` and `rcps` run from the root down, and every level must allow. Role trust
    and key policies are `resource`. `session` of a federated user who got no session policy is
    `()`: such a session may do only what a resource policy allows it by name.
    """

    __slots__ = ("boundary", "endpoint", "identity", "rcps", "resource", "scps", "session")

    def __init__(  # noqa: PLR0913 - one for each kind of policy there is
        self,
        *,
        identity: Documents = (),
        resource: Policy | Document | None = None,
        boundary: Documents | None = None,
        session: Documents | None = None,
        scps: Sequence[Level] | None = None,
        rcps: Sequence[Level] | None = None,
        endpoint: Documents | None = None,
    ) -> None:
        self.identity = PolicySet(_listed(identity), Source.IDENTITY)
        self.resource = None if resource is None else PolicySet((resource,), Source.RESOURCE)
        self.boundary = None if boundary is None else PolicySet(_listed(boundary), Source.BOUNDARY)
        self.session = None if session is None else PolicySet(_listed(session), Source.SESSION)
        self.scps = tuple(PolicySet(one.policies, Source.SCP, one.name) for one in scps or ())
        self.rcps = tuple(PolicySet(one.policies, Source.RCP, one.name) for one in rcps or ())
        self.endpoint = None if endpoint is None else PolicySet(_listed(endpoint), Source.ENDPOINT)

    def beside(self, resource: Policy | Document) -> "Policies":
        """Return the same policies beside the policy of another resource, prepared only once."""
        made = object.__new__(Policies)
        for name in Policies.__slots__:
            setattr(made, name, getattr(self, name))
        made.resource = PolicySet((resource,), Source.RESOURCE)
        return made

    def mentions(self, action: str) -> bool:
        """Whether a statement of the identity's own policies may allow an action on anything."""
        return bool(self.identity.about(lower(action))[1])


def _listed(documents: Documents) -> Iterable[Policy | Document]:
    return (documents,) if isinstance(documents, Policy | str | Mapping) else documents


_Gates = list[tuple[PolicySet, Verdict]]
_NO_GATES: _Gates = []


class _Heard:
    """What each kind of policy says. None: there is no such policy."""

    __slots__ = ("boundary", "gates", "identity", "resource", "session")
    boundary: Verdict | None
    session: Verdict | None

    def __init__(self, request: Request, policies: Policies) -> None:
        sender, resource = request.principal, policies.resource
        self.boundary = self.session = None
        self.identity, self.gates = SILENT, _NO_GATES
        bounded = False
        if sender.account:
            self.identity = policies.identity.judge(request)
            if policies.boundary is not None:
                bounded, self.boundary = True, policies.boundary.judge(request)
            if policies.session is not None:
                self.session = policies.session.judge(request)
        self.resource = SILENT if resource is None else resource.judge(request, bounded=bounded)
        if policies.scps or policies.rcps or policies.endpoint is not None:
            self.gates = _gates(request, policies, sender, bounded=bounded)

    def all(self) -> list[Verdict]:
        """Every verdict that is there, those that limit first."""
        every = [verdict for _, verdict in self.gates]
        every += [one for one in (self.boundary, self.session) if one is not None]
        return [*every, self.resource, self.identity]

    def is_settled(self) -> bool:
        """Whether nothing denies and nothing is in doubt."""
        for verdict in (self.identity, self.resource, self.boundary, self.session):
            if verdict is not None and (verdict.deny is not None or verdict.doubts):
                return False
        for _, verdict in self.gates:  # noqa: SIM110 - the hot path
            if verdict.deny is not None or verdict.doubts:
                return False
        return True


def decide(request: Request, policies: Policies) -> Decision:
    """Decide one request."""
    sender = request.principal
    if request.action == "sts:getcalleridentity" and sender.kind is not Kind.ANONYMOUS:
        return _CALLER_IDENTITY
    decision = _decide(request, policies, sender)
    if request.action in CHANGES and decision.effect is not Effect.EXPLICITLY_DENIED:
        refused = refusal(request)
        return decision if refused is None else Decision(Effect.IMPLICITLY_DENIED, (refused,))
    return decision


def _decide(request: Request, policies: Policies, sender: Principal) -> Decision:
    """Decide by the policies alone."""
    heard = _Heard(request, policies)
    same, undecided = _same_account(request, sender)
    if not undecided and heard.is_settled():
        return _conclude(request, heard, same=same, hopeful=False)
    doubts: tuple[str, ...] = ()
    for verdict in heard.all():
        if verdict.deny is not None:
            return Decision(Effect.EXPLICITLY_DENIED, (verdict.deny,))
        doubts += verdict.doubts
    return _weigh(request, heard, same=same, undecided=undecided, doubts=doubts)


def _weigh(
    request: Request, heard: _Heard, *, same: bool, undecided: str, doubts: tuple[str, ...]
) -> Decision:
    """Take every doubt once as bad and once as good; only if that differs is it unknown."""
    sides = (True, False) if undecided else (same,)
    worst = [_conclude(request, heard, same=side, hopeful=False) for side in sides]
    best = [_conclude(request, heard, same=side, hopeful=True) for side in sides]
    may_deny = tuple(one.may_deny for one in heard.all() if one.may_deny is not None)
    if all(one.allowed for one in worst) and not may_deny:
        return worst[0]
    if not any(one.allowed for one in best):
        return worst[0]
    hopeful = next(one for one in best if one.allowed)
    if len({one.allowed for one in worst}) == len({one.allowed for one in best}) == 1:
        undecided = ""  # the account makes no difference
    keys = tuple(dict.fromkeys((*doubts, *((undecided,) if undecided else ()))))
    return Decision(Effect.UNKNOWN, (*may_deny, *hopeful.because), keys)


def _gates(request: Request, policies: Policies, sender: Principal, *, bounded: bool) -> _Gates:
    """Ask what limits everyone: service-linked roles are exempt from the organisation's policies.

    Service control policies bind the principals of the organisation's accounts, so neither
    services nor the anonymous; resource control policies bind all of these, but never the
    retiring of a KMS grant ("Resource control policies in AWS KMS").
    """
    heard: _Gates = []
    if not sender.is_service_linked:
        for one in policies.scps if sender.in_account else ():
            heard.append((one, one.judge(request, bounded=bounded)))
        for one in policies.rcps if request.action != _BEYOND_RCPS else ():
            heard.append((one, one.judge(request, bounded=bounded)))
    if policies.endpoint is not None:
        heard.append((policies.endpoint, policies.endpoint.judge(request, bounded=bounded)))
    return heard


def _same_account(request: Request, sender: Principal) -> tuple[bool, str]:
    """Whether sender and resource share an account, and what would tell if it is not known."""
    own, account = sender.account, request.account
    if own == account or not own:
        return own == account, ""
    if account == AWS:
        return True, ""
    if not account:
        return _without_account(request.resource)
    if (OPEN in own or OPEN in account) and equal(own, account) is not False:
        return False, show(account if OPEN in account else own)
    return False, ""


def _without_account(resource: str) -> tuple[bool, str]:
    """Do so where the ARN names no account and nobody said which.

    Buckets may be anyone's. What else has no account in its ARN is the caller's own (a hosted
    zone, an API of API Gateway) or there for all (a foundation model, a public parameter).
    """
    service = resource.split(":", 3)[2:3]
    if resource == "*" or (service and service[0] != "s3" and OPEN not in service[0]):
        return True, ""
    return False, "the resource's account"


def _conclude(request: Request, heard: _Heard, *, same: bool, hopeful: bool) -> Decision:
    """Combine what was heard, where nothing denies. `hopeful`: what may allow does."""
    because: list[Reason] = []
    for policies, verdict in heard.gates:
        ref = verdict.by or (verdict.perhaps if hopeful else None)
        if ref is None:
            return _denied(Gap(policies.source, policies.level))
        because.append(ref)
    named, resource = _named(heard.resource, hopeful=hopeful)
    if not request.principal.account:
        if named and resource is not None:
            return Decision(Effect.ALLOWED, (*because, resource))
        return _denied(Gap(Source.RESOURCE))
    if same and named is Named.DIRECT and resource is not None:
        return Decision(Effect.ALLOWED, (*because, resource))
    limit = heard.boundary
    if limit is not None and not _says_yes(limit, because, hopeful=hopeful):
        return _denied(Gap(Source.BOUNDARY))
    limit = heard.session
    if limit is not None and not _says_yes(limit, because, hopeful=hopeful):
        return _denied(Gap(Source.SESSION))
    if same and named is Named.ROLE and resource is not None:
        return Decision(Effect.ALLOWED, (*because, resource))
    if not same or _is_exclusive(request):
        if not named or resource is None:
            return _denied(Gap(Source.RESOURCE))
        because.append(resource)
    if not _identity_allows(request, heard, because, hopeful=hopeful):
        return _denied(Gap(Source.IDENTITY))
    return Decision(Effect.ALLOWED, tuple(because))


def _identity_allows(
    request: Request, heard: _Heard, because: list[Reason], *, hopeful: bool
) -> bool:
    if request.principal.kind is Kind.ROOT:
        because.append(_ROOT)
        return True
    return _says_yes(heard.identity, because, hopeful=hopeful)


def _says_yes(verdict: Verdict, because: list[Reason], *, hopeful: bool) -> bool:
    ref = verdict.by or (verdict.perhaps if hopeful else None)
    if ref is None:
        return False
    because.append(ref)
    return True


def _named(verdict: Verdict, *, hopeful: bool) -> tuple[Named, Reason | None]:
    if hopeful and verdict.may_allow > verdict.allow:
        return verdict.may_allow, verdict.perhaps
    return verdict.allow, verdict.by


def _is_exclusive(request: Request) -> bool:
    """Whether only the resource's own policy opens it, even within one account.

    That is so of KMS keys, but not of their aliases, and of assuming roles.
    """
    action = request.action
    if action[:4] not in ("kms:", "sts:"):
        return False
    parts = request.resource.split(":", 5)
    if len(parts) < _KEY_PARTS:
        return False
    if action.startswith("kms:"):
        return parts[5].startswith("key/")
    takes_role = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext")
    return action.startswith(takes_role) and parts[5].startswith("role/")


def _denied(gap: Gap) -> Decision:
    return Decision(Effect.IMPLICITLY_DENIED, (gap,))
