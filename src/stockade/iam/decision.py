"""The answer to a request, and the statements that made it."""

from enum import Enum, StrEnum

from stockade._record import record
from stockade.iam.policy import Place


class Effect(StrEnum):
    """The four answers."""

    ALLOWED = "Allowed"
    IMPLICITLY_DENIED = "ImplicitlyDenied"
    EXPLICITLY_DENIED = "ExplicitlyDenied"
    UNKNOWN = "Unknown"


class Source(Enum):
    """Which kind of policy a statement stands in."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    BOUNDARY = "permission boundary"
    SESSION = "session"
    SCP = "scp"
    RCP = "rcp"
    ENDPOINT = "vpc endpoint"


@record
class StatementRef:
    """A statement that decided: where it stands, and what it says of the request.

    `policy` is the policy's name, `level` that of the organisation's root, unit or account.
    """

    source: Source
    policy: str
    index: int
    sid: str
    effect: str
    at: Place
    level: str = ""

    def __str__(self) -> str:
        name = f"“{self.sid}”" if self.sid else f"number {self.index + 1}"
        where = " ".join(part for part in (self.policy, self.level, str(self.at)) if part)
        return f"{self.effect} statement {name} of the {self.source.value} policy {where}".rstrip()


@record
class Gap:
    """Nothing in this kind of policy allows the request."""

    source: Source
    level: str = ""

    def __str__(self) -> str:
        at = f" at {self.level}" if self.level else ""
        return f"no {self.source.value} policy{at} allows it"


@record
class Rule:
    """A rule of AWS itself that decides, whatever policies say."""

    text: str

    def __str__(self) -> str:
        return self.text


Reason = StatementRef | Gap | Rule


@record
class Decision:
    """Whether the request is allowed, and because of what.

    Where `effect` is UNKNOWN, `unknown` names the condition keys and `${expressions}` that would
    decide, and `because` the statements that wait for them.
    """

    effect: Effect
    because: tuple[Reason, ...]
    unknown: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the request is certainly allowed."""
        return self.effect is Effect.ALLOWED
