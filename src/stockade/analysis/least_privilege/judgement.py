"""One function judged: what it needs, what it was given, and what should stand there instead."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from stockade.analysis.facts import Facts
from stockade.analysis.least_privilege.documents import documents_of
from stockade.analysis.least_privilege.excess import Excess, wider
from stockade.analysis.least_privilege.generated import GeneratedPolicy, generate
from stockade.analysis.least_privilege.granted import Grant, Granted, granted
from stockade.analysis.least_privilege.naming import TemplateNames
from stockade.analysis.least_privilege.proof import BY_RESOURCE, DELEGATING, Evaluator, Held, Proof
from stockade.analysis.least_privilege.symbolic import Document
from stockade.analysis.permissions import AllNeeds, Need, Needs
from stockade.analysis.permissions import needs as work_out
from stockade.iam import Effect
from stockade.model import (
    Application,
    Function,
    ResourceId,
    Unknown,
    expression,
    references,
)
from stockade.model.record import record
from stockade.model.remembered import remembered


@record(kw_only=True)
class Judgement:
    """What least privilege says of one function."""

    function: ResourceId
    logical_id: str
    needed: tuple[Need, ...]
    granted: Granted
    missing: tuple[Need, ...]
    excess: tuple[Excess, ...]
    policy: GeneratedPolicy
    proof: Proof
    unknown: tuple[Unknown, ...]
    names: TemplateNames

    @property
    def grants(self) -> tuple[Grant, ...]:
        """What the role grants, one by one."""
        return self.names.held(self.granted.grants)

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

    needs: AllNeeds
    judging: "Judging"

    def missing(self, function: Function) -> tuple[Need, ...]:
        """Return what the role of a function surely lacks."""
        return self.judging.missing(function, self.needs[function.id].needed)

    def refused(self, function: Function) -> tuple[Need, ...]:
        """Return what the calls of a function need and its role surely lacks."""
        return self.judging.missing(function, self.needs.of_calls(function.id))

    def excess(self, function: Function) -> tuple[Excess, ...]:
        """Return what the role of a function grants beyond its needs."""
        return self.judging.excess(function, self.needs[function.id])


@remembered
def privileges(facts: Facts, app: Application) -> Privileges:
    """Return what the functions of an application need and what their roles grant."""
    return Privileges(work_out(app, facts), judging_of(app))


class Judging:
    """Judges the functions of one application."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._names = TemplateNames(app)
        self._documents = documents_of(app)
        self._symbols = self._documents.symbols
        self._key_policies: dict[ResourceId, Document | None] = {}
        self._held: dict[ResourceId, Granted] = {}
        self._evaluators: dict[ResourceId, Evaluator] = {}
        self._prepared: dict[ResourceId, Held] = {}
        self._lacking: dict[ResourceId, tuple[tuple[Need, ...], tuple[Need, ...]]] = {}
        self._excess: dict[ResourceId, tuple[Needs, tuple[Excess, ...]]] = {}

    def of(self, function: Function, needs: Needs) -> Judgement:
        """Return everything that least privilege says of `function`."""
        held = self.held(function)
        evaluator = self._evaluator(function)
        own = tuple(need for need in needs.needed if not self._by_key(evaluator, need))
        policy = generate(own)
        lacking = set(map(id, self._lacks(function, needs.needed)))
        names = self._names
        return Judgement(
            function=function.id,
            logical_id=self._app.resources[function.id].logical_id,
            needed=names.held(needs.needed),
            granted=held,
            names=names,
            missing=names.held(tuple(need for need in own if id(need) in lacking)),
            excess=names.excess(self.excess(function, needs)),
            policy=names.policy(policy),
            proof=evaluator.prove(policy, own),
            unknown=needs.unknown,
        )

    def missing(self, function: Function, needed: tuple[Need, ...]) -> tuple[Need, ...]:
        """Return what the role of `function` lacks; nothing where the role is not wholly read."""
        lacking = self._lacks(function, needed)
        if not lacking:
            return ()
        evaluator, grants = self._evaluator(function), self.held(function).grants
        return tuple(
            need
            for need in lacking
            if not self._by_key(evaluator, need) and not _is_meant(need, grants)
        )

    def excess(self, function: Function, needs: Needs) -> tuple[Excess, ...]:
        """Return what the role of `function` grants beyond what is needed."""
        known = self._excess.get(function.id)
        if known is None or known[0] is not needs:
            known = needs, tuple(wider(self.held(function).grants, needs.needed))
            self._excess[function.id] = known
        return known[1]

    def held(self, function: Function) -> Granted:
        """Return what the role of `function` grants."""
        if not isinstance(function.role, str):
            return granted(self._app, function, self._documents)
        if function.role not in self._held:
            held = granted(self._app, function, self._documents)
            self._held[function.role] = held
        return self._held[function.role]

    def _evaluator(self, function: Function) -> Evaluator:
        role = function.role if isinstance(function.role, str) else f"{function.id}Role"
        if role not in self._evaluators:
            self._evaluators[role] = Evaluator(self._symbols, role)
        return self._evaluators[role]

    def _by_key(self, evaluator: Evaluator, need: Need) -> bool:
        """Tell whether a key's or role's own policy lets the role use it, under its conditions."""
        policy = self._key_policy(need)
        if policy is None:
            return False
        answer = evaluator.ask(need, Held(()), key_policy=policy).effect
        return answer in (Effect.ALLOWED, Effect.UNKNOWN)

    def _lacks(self, function: Function, needed: tuple[Need, ...]) -> tuple[Need, ...]:
        """Return what the policies of a role that is wholly read do not allow."""
        if not needed or self.held(function).unknown:
            return ()
        known = self._lacking.get(function.id)
        if known is None or known[0] is not needed:
            known = needed, tuple(self._denied(function, needed))
            self._lacking[function.id] = known
        return known[1]

    def _denied(self, function: Function, needed: tuple[Need, ...]) -> Iterator[Need]:
        evaluator, held = self._evaluator(function), self._policies(function)
        for need in needed:
            key_policy = self._key_policy(need) or DELEGATING
            answer = evaluator.ask(need, held, key_policy=key_policy).effect
            if answer in (Effect.IMPLICITLY_DENIED, Effect.EXPLICITLY_DENIED):
                yield need

    def _policies(self, function: Function) -> Held:
        given = self.held(function)
        if not isinstance(function.role, str):
            return Held(given.documents, given.boundary)
        if function.role not in self._prepared:
            self._prepared[function.role] = Held(given.documents, given.boundary)
        return self._prepared[function.role]

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
    than the call (`wide`) may be met by less. Which six characters AWS put behind a secret's name
    stands in no code.
    """
    named = {one.resource for one in references(need.resource)}
    return any(
        need.action.lower() == grant.action.lower()
        and (
            need.wide
            or _is_of_secret(need, grant)
            or expression(need.resource) == "*"
            or named & {one.resource for one in references(grant.resource)}
        )
        for grant in grants
    )


def _is_of_secret(need: Need, grant: Grant) -> bool:
    """Tell whether the whole ARN is granted of a secret that the code knows by its name."""
    name = expression(need.resource).rpartition(":secret:")[2]
    held = expression(grant.resource).rpartition(":secret:")[2]
    end = len(_MADE_UP)
    return name.endswith(_MADE_UP) and name[:-end] == held[:-end] and held[-end:].isalnum()


_MADE_UP: Final = "??????"
"""Stands for what AWS makes up, where it ends an ARN."""
