"""The nouns of the policy language: Policy, Statement, Condition, Principals.

Follows "Grammar of the IAM JSON policy language" of the IAM User Guide.
"""

from stockade._record import record
from stockade.iam.operators import Operator


@record
class Place:
    """Where something was written: 1-based line and column, or 0 where there was no text."""

    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.line}:{self.column}" if self.line else ""


@record
class Problem:
    """Something that AWS would not accept: what, where in the document, and where in the text."""

    message: str
    path: str
    at: Place
    hint: str

    def __str__(self) -> str:
        where = " ".join(part for part in (str(self.at), self.path) if part)
        return f"{where}: {self.message}" if where else self.message


@record
class Condition:
    """One line of a `Condition` block: an operator, a key, and the values it is compared with."""

    operator: Operator
    key: str
    values: tuple[str, ...]


@record
class Principals:
    """The value of `Principal` or `NotPrincipal`, by kind; `"*"` is `{"AWS": "*"}`."""

    aws: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    federated: tuple[str, ...] = ()
    canonical_user: tuple[str, ...] = ()


@record(kw_only=True)
class Statement:
    """One statement.

    `principals` and `resources` are None where the statement has neither that element nor its
    `Not...` form. `malformed` says what is wrong with it, or is empty; a malformed statement
    is never taken to allow or to deny: it makes what it might decide unknown.
    """

    index: int
    sid: str
    allows: bool
    principals: Principals | None
    not_principal: bool
    actions: tuple[str, ...]
    not_action: bool
    resources: tuple[str, ...] | None
    not_resource: bool
    conditions: tuple[Condition, ...]
    at: Place
    malformed: str = ""

    @property
    def effect(self) -> str:
        """`Allow` or `Deny`."""
        return "Allow" if self.allows else "Deny"


@record
class Policy:
    """A policy document. `version` is the language's; variables work in 2012-10-17 only."""

    name: str
    version: str
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def has_variables(self) -> bool:
        """Whether `${...}` is a variable in this document, and not mere text."""
        return self.version == "2012-10-17"
