"""Policies prepared for deciding: parsed once, indexed by action, asked many times."""

from collections.abc import Iterable

from stockade.iam.decision import Source, StatementRef
from stockade.iam.policy import Policy, Statement
from stockade.iam.principals import Named
from stockade.iam.reading import Document, parse
from stockade.iam.request import Request
from stockade.iam.statements import ON_RESOURCES, SILENT, PreparedStatement, Verdict
from stockade.iam.text import lower
from stockade.iam.truth import Truth, Unsure, join

_REMEMBERED = 4096


class PolicySet:
    """The union of some policies of one kind, prepared. `level`: see `StatementRef`."""

    __slots__ = (
        "_by_action",
        "_exact",
        "_loose",
        "_of_service",
        "_on_resources",
        "_statements",
        "level",
        "source",
    )

    def __init__(
        self, policies: Iterable[Policy | Document], source: Source, level: str = ""
    ) -> None:
        self.source, self.level = source, level
        self._on_resources = source in ON_RESOURCES
        read = [one if isinstance(one, Policy) else parse(one) for one in policies]
        self._statements = [
            PreparedStatement(statement, policy, source, level)
            for policy in read
            for statement in policy.statements
        ]
        self._exact: dict[str, list[int]] = {}
        self._of_service: dict[str, list[int]] = {}
        self._loose: list[int] = []
        for number, prepared in enumerate(self._statements):
            self._index(number, prepared.statement)
        self._by_action: dict[str, _Relevant] = {}

    @property
    def statements(self) -> tuple[PreparedStatement, ...]:
        """All statements, in order."""
        return tuple(self._statements)

    def _index(self, number: int, statement: Statement) -> None:
        if statement.not_action or statement.malformed:
            self._loose.append(number)
            return
        services: dict[str, None] = {}
        for action in map(lower, statement.actions):
            if "*" not in action and "?" not in action:
                self._exact.setdefault(action, []).append(number)
                continue
            service, colon, _ = action.partition(":")
            if not colon or "*" in service or "?" in service:
                self._loose.append(number)
                return
            services[service] = None
        for service in services:
            self._of_service.setdefault(service, []).append(number)

    def about(self, action: str) -> "_Relevant":
        """Find the statements whose Action covers a (folded) action."""
        found = self._by_action.get(action)
        if found is None:
            numbers = set(self._exact.get(action, ()))
            of_service = self._of_service.get(action.partition(":")[0], ())
            for number in (*self._loose, *of_service):
                if number not in numbers and self._statements[number].covers(action):
                    numbers.add(number)
            found = _NOTHING
            if numbers:
                found = _relevant([self._statements[number] for number in sorted(numbers)])
            if len(self._by_action) >= _REMEMBERED:
                self._by_action.clear()
            self._by_action[action] = found
        return found

    def judge(self, request: Request, *, bounded: bool = False) -> Verdict:
        """Ask what these policies say. `bounded`: the sender has a permissions boundary."""
        denies, allows, settled = self._by_action.get(request.action) or self.about(request.action)
        if settled is not None:
            return settled
        if self._on_resources:
            return _judge_with_principals(denies, allows, request, bounded=bounded)
        doubtful: StatementRef | None = None
        doubt: Unsure | None = None
        for one in denies:
            result = one.applies(request)
            if result is True:
                return one.denied
            if result is not False:
                doubtful, doubt = doubtful or one.ref, join(doubt, result)
        perhaps: StatementRef | None = None
        for one in allows:
            result = one.applies(request)
            if result is True:
                if doubt is None or doubtful is None:
                    return one.allowed
                return Verdict(
                    allow=Named.DIRECT, by=one.ref, may_deny=doubtful, doubts=doubt.keys
                )
            if result is not False:
                perhaps, doubt = perhaps or one.ref, join(doubt, result)
        if doubt is None:
            return SILENT
        may_allow = Named.DIRECT if perhaps else Named.NOT
        return Verdict(may_deny=doubtful, may_allow=may_allow, perhaps=perhaps, doubts=doubt.keys)


_Relevant = tuple[tuple[PreparedStatement, ...], tuple[PreparedStatement, ...], Verdict | None]
"""Those that may deny, those that may allow, and the verdict where the action alone decides."""


_NOTHING: _Relevant = ((), (), SILENT)


def _relevant(chosen: list[PreparedStatement]) -> _Relevant:
    denies = tuple(one for one in chosen if one.may_deny)
    allows = tuple(one for one in chosen if one.may_allow)
    settled = None
    if certain := [one for one in denies if one.is_certain]:
        settled = certain[0].denied
    elif not denies and (certain := [one for one in allows if one.is_certain]):
        settled = certain[0].allowed
    return denies, allows, settled


def _judge_with_principals(
    denies: tuple[PreparedStatement, ...],
    allows: tuple[PreparedStatement, ...],
    request: Request,
    *,
    bounded: bool,
) -> Verdict:
    """Do so where statements name principals: the allow that names the sender best counts."""
    doubtful: StatementRef | None = None
    doubt: Unsure | None = None
    for one in denies:
        named = one.names(request, bounded=bounded)
        result = one.applies(request) if named is not Named.NOT else False
        if result is True and not isinstance(named, Unsure):
            return one.denied
        if result is not False:
            doubtful, doubt = doubtful or one.ref, _doubt(doubt, named, result)
    best, may, by, perhaps = Named.NOT, Named.NOT, None, None
    for one in allows:
        named = one.names(request, bounded=bounded)
        if named is Named.NOT or (not isinstance(named, Unsure) and named <= best):
            continue
        result = one.applies(request)
        if result is True and not isinstance(named, Unsure):
            best, by = named, one.ref
            if named is Named.DIRECT and doubt is None:
                return one.allowed
        elif result is not False:
            possible = Named.DIRECT if isinstance(named, Unsure) else named
            if possible > may:
                may, perhaps = possible, one.ref
            doubt = _doubt(doubt, named, result)
    if doubt is None:
        return Verdict(allow=best, by=by) if by else SILENT
    return Verdict(
        allow=best,
        by=by,
        may_deny=doubtful,
        may_allow=may,
        perhaps=perhaps,
        doubts=doubt.keys,
    )


def _doubt(known: Unsure | None, named: Named | Unsure, result: Truth) -> Unsure | None:
    for one in (named, result):
        if isinstance(one, Unsure):
            known = join(known, one)
    return known
