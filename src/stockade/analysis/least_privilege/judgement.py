"""One function judged: what it needs, what it was given, and what should stand there instead."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from stockade._late import pattern
from stockade.analysis.facts import Facts
from stockade.analysis.least_privilege.generated import GeneratedPolicy, generate
from stockade.analysis.least_privilege.granted import Grant, Granted, granted
from stockade.analysis.least_privilege.proof import BY_RESOURCE, DELEGATING, Evaluator, Held, Proof
from stockade.analysis.least_privilege.symbolic import Document, Symbols
from stockade.analysis.permissions import Need, Needs
from stockade.analysis.permissions import needs as work_out
from stockade.analysis.permissions.arns import Arns
from stockade.iam import Effect
from stockade.model import (
    Application,
    Function,
    ResourceId,
    Unknown,
    Value,
    expression,
    references,
)
from stockade.model.record import record
from stockade.model.remembered import remembered


@record(kw_only=True)
class Excess:
    """What a role grants beyond what the code needs.

    `used` are the needs that the grant serves: a grant that serves none can go, one that serves
    some can be narrowed to them.
    """

    grant: Grant
    used: tuple[Need, ...]


@record(kw_only=True)
class Judgement:
    """What least privilege says of one function."""

    function: ResourceId
    needed: tuple[Need, ...]
    granted: Granted
    missing: tuple[Need, ...]
    excess: tuple[Excess, ...]
    policy: GeneratedPolicy
    proof: Proof
    unknown: tuple[Unknown, ...]

    @property
    def complete(self) -> bool:
        """Whether everything the code needs is known, so that the policy can stand alone."""
        return not self.unknown


def judge(app: Application, needs: Mapping[ResourceId, Needs]) -> Iterator[Judgement]:
    """Judge every function of which it is known what its code needs."""
    judging = judging_of(app)
    for function in app.functions.values():
        found = needs.get(function.id)
        if found is not None:
            yield judging.of(function, found)


@record
class Privileges:
    """What each function of an application needs, and the judging of what its role grants."""

    needs: Mapping[ResourceId, Needs]
    judging: "Judging"

    def missing(self, function: Function) -> tuple[Need, ...]:
        """Return what the role of a function surely lacks."""
        found = self.needs.get(function.id)
        return self.judging.missing(function, found) if found is not None else ()


@remembered
def privileges(facts: Facts, app: Application) -> Privileges:
    """Return what the functions of an application need and what their roles grant."""
    return Privileges(work_out(app, facts), judging_of(app))


class Judging:
    """Judges the functions of one application."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._arns = Arns(app)
        self._symbols = Symbols(app)
        self._key_policies: dict[ResourceId, Document | None] = {}
        self._held: dict[ResourceId, Granted] = {}

    def of(self, function: Function, needs: Needs) -> Judgement:
        """Return everything that least privilege says of `function`."""
        held = self.held(function)
        evaluator = self._evaluator(function)
        own = tuple(need for need in needs.needed if not self._by_key(evaluator, need))
        policy = generate(own)
        return Judgement(
            function=function.id,
            needed=needs.needed,
            granted=held,
            missing=() if held.unknown else tuple(self._missing(evaluator, held, own)),
            excess=tuple(wider(held.grants, needs.needed)),
            policy=policy,
            proof=evaluator.prove(policy, own),
            unknown=needs.unknown,
        )

    def missing(self, function: Function, needs: Needs) -> tuple[Need, ...]:
        """Return what the role of `function` lacks; nothing where the role is not wholly read."""
        held = self.held(function)
        if held.unknown or not needs.needed:
            return ()
        evaluator = self._evaluator(function)
        lacking = self._missing(evaluator, held, needs.needed)
        return tuple(
            need
            for need in lacking
            if not self._by_key(evaluator, need) and not _is_meant(need, held.grants)
        )

    def held(self, function: Function) -> Granted:
        """Return what the role of `function` grants."""
        if not isinstance(function.role, str):
            return granted(self._app, function, self._arns, self._symbols)
        if function.role not in self._held:
            held = granted(self._app, function, self._arns, self._symbols)
            self._held[function.role] = held
        return self._held[function.role]

    def _evaluator(self, function: Function) -> Evaluator:
        role = function.role if isinstance(function.role, str) else f"{function.id}Role"
        return Evaluator(self._symbols, role)

    def _by_key(self, evaluator: Evaluator, need: Need) -> bool:
        """Tell whether a key's or role's own policy lets the role use it, under its conditions."""
        policy = self._key_policy(need)
        if policy is None:
            return False
        answer = evaluator.ask(need, Held(()), key_policy=policy).effect
        return answer in (Effect.ALLOWED, Effect.UNKNOWN)

    def _missing(
        self, evaluator: Evaluator, given: Granted, own: tuple[Need, ...]
    ) -> Iterator[Need]:
        held = Held(given.documents, given.boundary)
        for need in own:
            key_policy = self._key_policy(need) or DELEGATING
            answer = evaluator.ask(need, held, key_policy=key_policy).effect
            if answer in (Effect.IMPLICITLY_DENIED, Effect.EXPLICITLY_DENIED):
                yield need

    def _key_policy(self, need: Need) -> Document | None:
        """Return the policy of the key or role that a need is about, if the application has it."""
        if not need.action.startswith(BY_RESOURCE):
            return None
        for reference in references(need.resource):
            key = reference.resource
            if key not in self._key_policies:
                self._key_policies[key] = self._read_key_policy(key)
            if self._key_policies[key] is not None:
                return self._key_policies[key]
        return None

    def _read_key_policy(self, key: ResourceId) -> Document | None:
        resource = self._app.resources.get(key)
        document = None
        if resource is not None:
            document = resource.properties.get(_OWN_POLICY.get(resource.type, ""))
        read = self._symbols.plain(document) if document is not None else None
        return read if isinstance(read, dict) else None


@remembered
def judging_of(app: Application) -> Judging:
    """Return what judges the functions of an application."""
    return Judging(app)


_OWN_POLICY = {"AWS::KMS::Key": "KeyPolicy", "AWS::IAM::Role": "AssumeRolePolicyDocument"}


def _is_meant(need: Need, grants: Iterable[Grant]) -> bool:
    """Tell whether the author granted the very action, on what AWS's reference does not name.

    The reference has gaps: an action without resource types that is granted on an ARN, a part
    of a resource (`apps/${App}/messages`) where it knows the whole. A need that is told wider
    than the call (`wide`) may be met by less.
    """
    named = {one.resource for one in references(need.resource)}
    return any(
        need.action.lower() == grant.action.lower()
        and (
            need.wide
            or expression(need.resource) == "*"
            or named & {one.resource for one in references(grant.resource)}
        )
        for grant in grants
    )


def wider(grants: Iterable[Grant], needed: tuple[Need, ...]) -> Iterator[Excess]:
    """Yield each grant that is wider than what is needed of it."""
    for grant in grants:
        used = tuple(need for need in needed if _serves(grant, need))
        exact = (
            len(used) == 1
            and used[0].action.lower() == grant.action.lower()
            and _written(used[0].resource) == _written(grant.resource)
        )
        if not exact and not any(_is_within(grant, need) for need in needed):
            yield Excess(grant=grant, used=used)


def _serves(grant: Grant, need: Need) -> bool:
    """Tell whether a grant may be what allows a need: its patterns cover it as text."""
    if grant.covers_rest:
        return True
    action = fnmatchcase(need.action.lower(), _escaped(grant.action.lower()))
    return action and covers(grant.resource, need.resource)


def _is_within(grant: Grant, need: Need) -> bool:
    """Tell whether a grant is a part of what is needed: `mails/incoming/*` of `mails/*`.

    Which part of it the code uses, its author may know better.
    """
    action = grant.action.lower() == need.action.lower()
    return action and covers(need.resource, grant.resource)


def covers(pattern: Value, resource: Value) -> bool:
    """Tell whether a pattern of ARNs covers another, as they are written."""
    return fnmatchcase(_written(resource), _escaped(_written(pattern)))


def _written(resource: Value) -> str:
    """Write an ARN with the application's own place, wherever the template writes it out.

    `arn:aws:sqs:eu-west-1:111122223333:q` may be what `arn:${AWS::Partition}:sqs:...` turns out
    to be: nobody shall be told that it is not used.
    """
    text = expression(resource)
    if not text.startswith("arn:"):
        return text
    match = _PLACE.match(text)
    if match is None:
        return text
    partition, service, region, account = match.groups()
    partition = "${AWS::Partition}" if partition.startswith("aws") else partition
    region = "${AWS::Region}" if _REGION.fullmatch(region) else region
    account = "${AWS::AccountId}" if account.isdigit() else account
    return f"arn:{partition}:{service}:{region}:{account}:{text[match.end() :]}"


_PART = r"((?:\$\{[^}]*\}|[^:$])*)"
_PLACE = pattern(rf"arn:{_PART}:{_PART}:{_PART}:{_PART}:")
_REGION = pattern(r"[a-z]{2}(?:-[a-z]+)+-\d")


def _escaped(pattern: str) -> str:
    """Keep `*` and `?` as policies mean them; brackets are text."""
    return pattern.replace("[", "[[]")
