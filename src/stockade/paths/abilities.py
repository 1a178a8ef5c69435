"""What whoever holds a role can do with the application and its account.

The policy language decides, on the statements of the role, what protects the resource itself
and the key that encrypts it. A role that may do something with a store that has nothing to do
with the application may do it with every store of that kind. What an attacker can choose (a
prefix, a header, the object) is chosen to suit them; what depends on something else that is not
known is not taken to be allowed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from stockade.analysis.authority import Authority
from stockade.analysis.escalation import EVERYTHING, WAYS, names_way
from stockade.analysis.least_privilege.symbolic import ACCOUNT, role_arn
from stockade.analysis.permissions.encryption import with_key
from stockade.analysis.stores.outsiders import is_chosen
from stockade.iam import Decision, Effect, StatementRef
from stockade.model import (
    NOWHERE,
    Application,
    Location,
    Resource,
    ResourceId,
    Role,
    Unknown,
    inside,
    references,
)
from stockade.model.record import field, record
from stockade.model.remembered import remembered
from stockade.paths.kinds import (
    ANY_OBJECT,
    CHANGES,
    CREATES,
    INVOKES,
    KINDS,
    PASSES,
    SENDS,
    Kind,
    Target,
)

MOST_QUESTIONS: Final = 20_000
"""Questions that are asked about one application; a hostile one could make any number."""

_NOTHING: Final[Mapping[str, str]] = {}

_DEPLOYMENT: Final = frozenset(
    {"${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}", f"${{{ANY_OBJECT}}}"}
)
"""What is named in words in one place and by reference in another: it will be the same."""


@record(kw_only=True)
class Ability:
    """What can be done with a store: the line that allows each, or None where nothing does."""

    reads: Location | None = None
    writes: Location | None = None
    deletes: Location | None = None

    @property
    def verbs(self) -> tuple[str, ...]:
        """Return what can be done, in words."""
        told = (("read", self.reads), ("change", self.writes), ("delete", self.deletes))
        return tuple(verb for verb, place in told if place is not None)

    @property
    def at(self) -> Location:
        """Return a line that allows something, what reads first."""
        return self.reads or self.writes or self.deletes or NOWHERE


class Reach:
    """Resources that something can be done with: some by name, or all of the account."""

    def __init__(self) -> None:
        self.every: Location | None = None
        self.some: dict[ResourceId, Location] = {}

    def place(self, resource: ResourceId) -> Location | None:
        """Return the line that lets the role reach a resource, or None."""
        return self.some.get(resource, self.every)

    def __bool__(self) -> bool:
        return self.every is not None or bool(self.some)


@record(kw_only=True)
class Powers:
    """Everything that a role can be used for.

    Where the account is lost nothing else is worked out.
    """

    account: list[tuple[str, Location]] = field(default_factory=list)
    """Ways in which it becomes everything: how, and the line that allows it."""
    every: dict[Kind, Ability] = field(default_factory=dict)
    """Kinds of which all stores of the account are open."""
    stores: dict[ResourceId, Ability] = field(default_factory=dict)
    """Stores of the application that are open and not covered by the above."""
    sends: dict[str, Reach] = field(default_factory=dict)
    """By type: what it may put something into, which may trigger a function."""
    invokes: Reach = field(default_factory=Reach)
    changes: Reach = field(default_factory=Reach)
    """Functions whose code it may replace."""
    assumes: Reach = field(default_factory=Reach)
    passes: Reach = field(default_factory=Reach)
    """Roles that it may run code of its own with."""
    unknown: list[str] = field(default_factory=list)


class _Group:
    """Resources of one kind, and those of them whose own policy may name its callers."""

    def __init__(self) -> None:
        self._all: dict[ResourceId, Resource] = {}
        self._protected: dict[ResourceId, Resource] = {}

    def add(self, resource: Resource, *, protected: bool) -> None:
        """Add a resource."""
        self._all[resource.id] = resource
        if protected:
            self._protected[resource.id] = resource

    def holds(self, resource: ResourceId) -> bool:
        """Tell whether a resource is one of these."""
        return resource in self._all

    def about(self, named: Sequence[ResourceId] | None, *, asks: bool) -> Iterator[Resource]:
        """Yield what has to be asked about for a role.

        They are those that its policies name (None stands for all) where these `ask` about any,
        and those whose own policy may name the role.
        """
        yield from self._protected.values()
        if asks:
            for one in self._all if named is None else named:
                if one in self._all and one not in self._protected:
                    yield self._all[one]


class Abilities:
    """Works out the powers of an application's roles, each once."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._authority = Authority(app)
        self._known: dict[ResourceId, Powers] = {}
        self._left = MOST_QUESTIONS
        self._stores: dict[Kind, _Group] = {}
        self._sending: dict[str, _Group] = {}
        self._functions, self._by_lambda, self._by_account = _Group(), _Group(), _Group()
        for resource in app.of_type(*KINDS, *SENDS, "AWS::Lambda::Function"):
            protected = self._authority.is_protected(resource.id)
            if resource.type in KINDS:
                group = self._stores.setdefault(KINDS[resource.type], _Group())
                group.add(resource, protected=protected)
            if resource.type in SENDS:
                group = self._sending.setdefault(resource.type, _Group())
                group.add(resource, protected=protected)
            if resource.id in app.functions:
                self._functions.add(resource, protected=False)
        for role in app.roles.values():
            self._sort(role)

    def _sort(self, role: Role) -> None:
        """Note whether Lambda or something of the account may take a role on."""
        resource = self._app.resources.get(role.id)
        if resource is None:
            return
        for statement in inside(role.trust, "Statement", "[]"):
            services = {_text(one) for one in inside(statement, "Principal", "Service", "[]")}
            if "lambda.amazonaws.com" in services:
                self._by_lambda.add(resource, protected=False)
            if any(True for _ in inside(statement, "Principal", "AWS")):
                self._by_account.add(resource, protected=True)

    @property
    def exhausted(self) -> bool:
        """Whether more would have had to be asked than is asked of one application."""
        return self._left <= 0

    def of(self, role: Role) -> Powers:
        """Return what a role can be used for."""
        if role.id not in self._known:
            self._known[role.id] = self._worked_out(role)
        return self._known[role.id]

    def _worked_out(self, role: Role) -> Powers:
        powers = Powers()
        self._account(role, powers)
        self._everything(role, powers)
        if not powers.account:
            self._by_name(role, powers)
        powers.unknown.extend(one.why for one in self._authority.unread(role.id))
        if self.exhausted:
            powers.unknown.append(
                f"more than {MOST_QUESTIONS} questions about roles are not asked"
            )
        return powers

    def _by_name(self, role: Role, powers: Powers) -> None:
        named = _named(role)
        for kind, stores in self._stores.items():
            whole = powers.every.get(kind, Ability())
            left = [
                *(() if whole.reads else kind.reads),
                *(() if whole.writes else kind.writes),
                *(() if whole.deletes else kind.deletes),
            ]
            for store in stores.about(named, asks=self._mentions(role, left)):
                self._store(role, store, powers)
        for type_, target in SENDS.items():
            if type_ in self._sending:
                reach = Reach()
                self._reach(reach, role, target, self._sending[type_], named)
                if reach:
                    powers.sends[type_] = reach
        self._reach(powers.invokes, role, INVOKES, self._functions, named)
        self._reach(powers.changes, role, CHANGES, self._functions, named)
        self._roles(role, powers, named)

    # --- what is open as a whole --------------------------------------------------------

    def _account(self, role: Role, powers: Powers) -> None:
        """Find a way by which the role owns the account: only those that take nothing else."""
        if not names_way(role):
            return
        for way in (EVERYTHING, *(one for one in WAYS if one.alone)):
            places = []
            for asked in way.asked:
                # Power over another role is not yet power of one's own.
                arn = role_arn(role.id) if asked.or_itself else asked.resource
                place = self._ask(role, asked.action, arn, more=asked.context)
                if place is None:
                    break
                places.append(place)
            else:
                powers.account.append((way.does, places[0]))
                return

    def _everything(self, role: Role, powers: Powers) -> None:
        for kind in dict.fromkeys(KINDS.values()):
            ability = Ability(
                reads=self._any_of(role, kind.reads, kind.other),
                writes=self._any_of(role, kind.writes, kind.other),
                deletes=self._any_of(role, kind.deletes, kind.other),
            )
            if ability.verbs:
                powers.every[kind] = ability

    # --- what is open by name -----------------------------------------------------------

    def _mentions(self, role: Role, actions: Iterable[str]) -> bool:
        return any(self._authority.mentions(role, action) for action in actions)

    def _store(self, role: Role, store: Resource, powers: Powers) -> None:
        kind = KINDS[store.type]
        whole = powers.every.get(kind, Ability())
        ability = Ability(
            reads=None if whole.reads else self._first(role, kind.reads, store),
            writes=None if whole.writes else self._first(role, kind.writes, store),
            deletes=None if whole.deletes else self._first(role, kind.deletes, store),
        )
        if ability.verbs:
            powers.stores[store.id] = ability

    def _first(self, role: Role, actions: Iterable[str], resource: Resource) -> Location | None:
        """Return the line that lets the role do one of the actions on a resource."""
        arn = self._authority.arn(resource)
        if isinstance(arn, Unknown):
            return None
        kind = KINDS.get(resource.type)
        for action in actions:
            below = kind.below if kind is not None and action in kind.of_objects else ""
            place = self._ask(role, action, arn + below, resource.id)
            if place is not None and self._has_key(role, action, resource):
                return place
        return None

    def _has_key(self, role: Role, action: str, resource: Resource) -> bool:
        """Tell whether the role may use the key that encrypts a resource, where one does."""
        for use, key, _setting in with_key(action, resource, self._authority.arns):
            owner = next((one.resource for one in references(key)), None)
            held = self._app.resources.get(owner) if owner is not None else None
            arn = self._authority.arn(held) if held is not None else None
            if not isinstance(arn, str):
                continue  # A key from elsewhere is taken to leave it to the account's policies.
            decision = self._authority.may(role, use, arn, owner, _context(role))
            if not _suits(decision):
                return False
        return True

    # --- functions and roles ------------------------------------------------------------

    def _reach(
        self,
        reach: Reach,
        role: Role,
        target: Target,
        group: "_Group",
        named: Sequence[ResourceId] | None,
    ) -> None:
        """Find which resources a role may put to use: all of the account, or some by name."""
        reach.every = self._any_of(role, target.actions, target.other)
        if reach.every is not None:
            return
        for resource in group.about(named, asks=self._mentions(role, target.actions)):
            place = self._first(role, target.actions, resource)
            if place is not None and resource.id != role.id:
                reach.some[resource.id] = place

    def _roles(self, role: Role, powers: Powers, named: Sequence[ResourceId] | None) -> None:
        """Find the roles that can be taken on: those that trust it, and those to run code as."""
        if all(self._any_of(role, one.actions, one.other) for one in (CREATES, INVOKES)):
            self._reach(powers.passes, role, PASSES, self._by_lambda, named)
        for other in self._by_account.about(named, asks=True):
            place = self._first(role, ("sts:AssumeRole",), other) if other.id != role.id else None
            if place is not None:
                powers.assumes.some[other.id] = place

    # --- asking -------------------------------------------------------------------------

    def _any_of(self, role: Role, actions: Iterable[str], arn: str) -> Location | None:
        for action in actions:
            place = self._ask(role, action, arn)
            if place is not None:
                return place
        return None

    def _ask(
        self,
        role: Role,
        action: str,
        arn: str,
        owner: ResourceId | None = None,
        more: Mapping[str, str] = _NOTHING,
    ) -> Location | None:
        """Return the line that allows it; the role's own where a policy of AWS does.

        `more` is what is known of the request besides what its credentials tell.
        """
        # A policy of the resource that names the role is enough, within one account.
        protected = owner is not None and (
            self._authority.is_protected(owner) or self._by_account.holds(owner)
        )
        if self._left <= 0 or not (protected or self._authority.mentions(role, action)):
            return None
        self._left -= 1
        decision = self._authority.may(role, action, arn, owner, {**_context(role), **more})
        if not _suits(decision):
            return None
        for reason in decision.because:
            if isinstance(reason, StatementRef) and reason.effect == "Allow":
                return self._authority.place(reason) or role.at
        return role.at


@remembered
def abilities_of(app: Application) -> Abilities:
    """Return what the roles of an application can be used for, each worked out once."""
    return Abilities(app)


def _context(role: Role) -> dict[str, str]:
    """Return what is known of a request that is signed with the credentials of a role.

    They are those of a session, whose `aws:PrincipalArn` is that of the role.
    """
    return {
        "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalArn": role_arn(role.id),
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": "AssumedRole",
        "aws:SecureTransport": "true",
        "kms:CallerAccount": ACCOUNT,
    }


def _suits(decision: Decision) -> bool:
    """Tell whether an attacker gets what they ask for, choosing what is theirs to choose."""
    if decision.allowed:
        return True
    return decision.effect is Effect.UNKNOWN and all(
        key in _DEPLOYMENT or is_chosen(key.lower()) for key in decision.unknown
    )


def _named(role: Role) -> tuple[ResourceId, ...] | None:
    """Return the resources that a role's policies name; None if they may mean any."""
    found: dict[ResourceId, None] = {}
    for policy in role.policies:
        for statement in inside(policy.document, "Statement", "[]"):
            for value in inside(statement, "Resource", "[]"):
                names = [one.resource for one in references(value)]
                if not names:
                    return None
                found.update(dict.fromkeys(names))
            if any(True for _ in inside(statement, "NotResource")):
                return None
        if policy.managed_arn is not None:
            return None
    return tuple(found)


def _text(value: object) -> str:
    return str(getattr(value, "value", ""))
