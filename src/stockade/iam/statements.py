"""One statement, prepared to be asked about requests."""

from stockade._record import record
from stockade.iam.conditions import Test, condition_test
from stockade.iam.decision import Source, StatementRef
from stockade.iam.pattern import matcher, tokenize
from stockade.iam.policy import Policy, Statement
from stockade.iam.principals import Named, PrincipalTest
from stockade.iam.request import Request
from stockade.iam.resources import ResourceTest
from stockade.iam.text import lower
from stockade.iam.truth import Truth, Unsure, join

ON_RESOURCES = frozenset({Source.RESOURCE, Source.RCP, Source.ENDPOINT})
"""The kinds of policies whose statements name principals."""


@record
class Verdict:
    """What the policies of one kind say of a request.

    `deny` and `allow` are what is certain, `may_deny` and `may_allow` what is possible; the
    statements that say it stand beside them, and `doubts` are the keys that would decide.
    """

    deny: StatementRef | None = None
    allow: Named = Named.NOT
    by: StatementRef | None = None
    may_deny: StatementRef | None = None
    may_allow: Named = Named.NOT
    perhaps: StatementRef | None = None
    doubts: tuple[str, ...] = ()


SILENT = Verdict()


class ActionTest:
    """An `Action` or `NotAction` list, prepared."""

    __slots__ = ("_negated", "_tests")

    def __init__(self, actions: list[str], *, negated: bool) -> None:
        self._tests = [matcher(tokenize(action)) for action in actions]
        self._negated = negated

    def covers(self, action: str) -> bool:
        """Whether the list, negation included, covers a (folded) action."""
        return any(test(action) for test in self._tests) is not self._negated


class PreparedStatement:
    """One statement, ready to be asked; what only some requests need is prepared for the first."""

    __slots__ = (
        "_actions",
        "_covers_all",
        "_malformed",
        "_principals",
        "_resources",
        "_tests",
        "_variables",
        "allowed",
        "denied",
        "is_certain",
        "may_allow",
        "may_deny",
        "ref",
        "statement",
    )

    def __init__(self, statement: Statement, policy: Policy, source: Source, level: str) -> None:
        self.statement = statement
        self.ref = StatementRef(
            source,
            policy.name,
            statement.index,
            statement.sid,
            statement.effect,
            statement.at,
            level,
        )
        malformed = statement.malformed
        if source not in ON_RESOURCES and statement.resources is None:
            malformed = malformed or "there is neither Resource nor NotResource"
        which = policy.name or f"the {source.value} policy"
        doubt = f"statement {statement.index + 1} of {which}: {malformed}"
        self._malformed = Unsure((doubt,)) if malformed else None
        self.may_allow = statement.allows or bool(malformed)
        self.may_deny = not statement.allows or bool(malformed)
        self.is_certain = self._is_certain(source)
        self.denied = Verdict(deny=self.ref)
        self.allowed = Verdict(allow=Named.DIRECT, by=self.ref)
        self._variables = policy.has_variables
        self._actions: ActionTest | None = None
        self._principals: PrincipalTest | None = None
        self._resources: ResourceTest | None = None
        self._tests: tuple[Test, ...] = ()
        covers_all = statement.resources is None or "*" in statement.resources
        self._covers_all = covers_all and not statement.not_resource

    def _is_certain(self, source: Source) -> bool:
        """Whether the action alone decides that the statement applies."""
        statement = self.statement
        if source in ON_RESOURCES or self._malformed or statement.conditions:
            return False
        return "*" in (statement.resources or ()) and not statement.not_resource

    def covers(self, action: str) -> bool:
        """Whether the statement is about a (folded) action."""
        if self._actions is None:
            folded = [lower(one) for one in self.statement.actions]
            self._actions = ActionTest(folded, negated=self.statement.not_action)
        return self._malformed is not None or self._actions.covers(action)

    def applies(self, request: Request) -> Truth:
        """Whether resource and conditions match; the action is the index's business."""
        resources = self._resources or self._prepared()
        doubt = self._malformed
        if not self._covers_all:
            found = resources.matches(request)
            if found is False:
                return False
            if isinstance(found, Unsure):
                doubt = join(doubt, found)
        for test in self._tests:
            result = test(request)
            if result is False:
                return False
            if isinstance(result, Unsure):
                doubt = join(doubt, result)
        return doubt or True

    def _prepared(self) -> ResourceTest:
        statement, variables = self.statement, self._variables
        pad = self.ref.source not in ON_RESOURCES
        self._tests = tuple(
            condition_test(one, variables=variables) for one in statement.conditions
        )
        self._resources = ResourceTest(statement, variables=variables, pad=pad)
        return self._resources

    def names(self, request: Request, *, bounded: bool) -> Named | Unsure:
        """How the statement names the sender.

        A Deny with `NotPrincipal` always denies a principal that has a permissions boundary
        ("AWS JSON policy elements: NotPrincipal").
        """
        statement = self.statement
        if self._malformed or self.ref.source not in ON_RESOURCES:
            return Named.DIRECT
        if statement.principals is None:
            # a resource's policy must name someone; the organisation's are about everyone
            return Named.NOT if self.ref.source is Source.RESOURCE else Named.DIRECT
        if self._principals is None:
            self._principals = PrincipalTest(statement.principals)
        named = self._principals.names(request.principal)
        if not statement.not_principal:
            return named
        if bounded and not statement.allows:
            return Named.DIRECT
        if isinstance(named, Unsure):
            return named
        return Named.NOT if named else Named.DIRECT
