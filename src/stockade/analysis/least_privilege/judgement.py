"""One function judged: what it needs, what it was given, and what should stand there instead."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from stockade.analysis.least_privilege.generated import GeneratedPolicy, generate
from stockade.analysis.least_privilege.granted import Grant, Granted, granted
from stockade.analysis.least_privilege.proof import DELEGATING, Evaluator, Held, Proof
from stockade.analysis.least_privilege.symbolic import Document, Symbols
from stockade.analysis.permissions import Need, Needs
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
    judging = _Judging(app)
    for function in app.functions.values():
        found = needs.get(function.id)
        if found is not None:
            yield judging.of(function, found)


class _Judging:
    """Judges the functions of one application."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._arns = Arns(app)
        self._symbols = Symbols(app)
        self._key_policies: dict[ResourceId, Document | None] = {}

    def of(self, function: Function, needs: Needs) -> Judgement:
        held = granted(self._app, function, self._arns, self._symbols)
        role = function.role if isinstance(function.role, str) else f"{function.id}Role"
        evaluator = Evaluator(self._symbols, role)
        own = tuple(need for need in needs.needed if not self._by_key(evaluator, need))
        policy = generate(own)
        return Judgement(
            function=function.id,
            needed=needs.needed,
            granted=held,
            missing=() if held.unknown else tuple(self._missing(evaluator, held, own)),
            excess=tuple(_excess(held.grants, needs.needed)),
            policy=policy,
            proof=evaluator.prove(policy, own),
            unknown=needs.unknown,
        )

    def _by_key(self, evaluator: Evaluator, need: Need) -> bool:
        """Tell whether a key's own policy lets the role use it, under its conditions."""
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
        """Return the policy of the key that a need is about, if the application declares it."""
        if not need.action.startswith("kms:"):
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
        document = resource.properties.get("KeyPolicy") if resource is not None else None
        read = self._symbols.plain(document) if document is not None else None
        return read if isinstance(read, dict) else None


def _excess(grants: Iterable[Grant], needed: tuple[Need, ...]) -> Iterator[Excess]:
    """Yield each grant that is wider than what is needed of it."""
    for grant in grants:
        used = tuple(need for need in needed if _serves(grant, need))
        exact = (
            len(used) == 1
            and used[0].action.lower() == grant.action.lower()
            and expression(used[0].resource) == expression(grant.resource)
        )
        if not exact:
            yield Excess(grant=grant, used=used)


def _serves(grant: Grant, need: Need) -> bool:
    """Tell whether a grant may be what allows a need: its patterns cover it as text."""
    if grant.covers_rest:
        return True
    action = fnmatchcase(need.action.lower(), _escaped(grant.action.lower()))
    return action and _covers(grant.resource, need.resource)


def _covers(pattern: Value, resource: Value) -> bool:
    return fnmatchcase(expression(resource), _escaped(expression(pattern)))


def _escaped(pattern: str) -> str:
    """Keep `*` and `?` as policies mean them; brackets are text."""
    return pattern.replace("[", "[[]")
