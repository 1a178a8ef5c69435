"""What an attacker can reach: chains of moves from an entry point, and where each can be cut."""

from enum import IntEnum, StrEnum

from stockade.model.finding import Confidence, Severity, Step
from stockade.model.location import Location
from stockade.model.record import record
from stockade.model.resource import Exposure
from stockade.model.value import ResourceId


class MoveKind(StrEnum):
    """What an attacker does next. The word is part of reports."""

    SEND = "send"
    """Sends an event through an entry point."""
    INJECT = "inject"
    """Brings the code to do what the event says: a finding."""
    READ_ENVIRONMENT = "read-environment"
    """Reads the variables of a function, the credentials of its role among them."""
    REACH_NETWORK = "reach-network"
    """Makes requests from where the function stands."""
    TAKE_CREDENTIALS = "take-credentials"
    """Is handed the credentials of a role."""
    USE_ROLE = "use-role"
    """Acts with the permissions of a role."""
    READ_STORE = "read-store"
    WRITE_STORE = "write-store"
    READ_SECRET = "read-secret"  # noqa: S105 - the name of a move, not a secret
    INVOKE = "invoke"
    """Calls another function by name."""
    POISON_EVENT = "poison-event"
    """Writes what another function receives as its event."""
    CHANGE_CODE = "change-code"
    """Replaces the code of another function."""
    PASS_ROLE = "pass-role"  # noqa: S105
    """Runs code of its own with another role."""
    ASSUME_ROLE = "assume-role"
    RAISE_POWER = "raise-power"
    """Gives a role more permissions than it has."""


@record(kw_only=True)
class Move:
    """One move of a path, with the reason why it can be made.

    `note` is a sentence about whoever attacks, without its subject ("runs commands in Intake").
    `because` are the places that show it; `target` is the resource that is reached.
    """

    kind: MoveKind
    note: str
    because: tuple[Step, ...]
    target: ResourceId | None = None


class GoalKind(IntEnum):
    """What a path ends at, the worst highest."""

    NETWORK = 1
    """Hosts that only the function can reach."""
    STORE = 2
    """Stores of the application."""
    SECRET = 3
    """Secrets, in the environment or where secrets are kept."""
    EVERY_STORE = 4
    """All stores of a kind in the account."""
    ACCOUNT = 5
    """Permissions without end: whoever has them can do everything in the account."""


@record(kw_only=True)
class Goal:
    """What is lost at the end of a path. `words` name it, and what can be done with it."""

    kind: GoalKind
    words: str
    resources: tuple[ResourceId, ...] = ()


class CutKind(StrEnum):
    """What kind of edit closes a path, the cheapest first."""

    MEND_CODE = "mend-code"
    CLOSE_STORE = "close-store"
    NARROW_ROLE = "narrow-role"
    REQUIRE_AUTHORIZER = "require-authorizer"
    MOVE_SECRET = "move-secret"  # noqa: S105
    LEAVE_NETWORK = "leave-network"


@record(kw_only=True)
class Cut:
    """An edit after which the path is gone. `move` is the number of the move that it prevents.

    Where several places have to be edited for that, the others are in `also`.
    """

    kind: CutKind
    at: Location
    help: str
    move: int
    also: tuple[Location, ...] = ()


@record(kw_only=True)
class Path:
    """A chain of moves from someone outside to something worth protecting.

    `says` tells it in one line. `entry` is the id of the event source, role or store that it
    begins at. `cuts` are sorted, the cheapest first; each alone is enough. `controls` are the
    independent ones that stand on the way and that this path gets through or around. `findings`
    are the fingerprints of the findings that it goes through.
    """

    application: str
    entry: str
    exposure: Exposure
    severity: Severity
    confidence: Confidence
    says: str
    moves: tuple[Move, ...]
    goal: Goal
    cuts: tuple[Cut, ...]
    controls: tuple[str, ...]
    findings: tuple[str, ...]
    fingerprint: str
    """Sixteen hexadecimal digits that survive moved lines."""


@record(kw_only=True)
class Loss:
    """What whoever holds a role can do with a store, or with every store of a kind."""

    what: str
    """A resource's id, or words such as `"every bucket"`."""
    reads: bool = False
    writes: bool = False
    deletes: bool = False


@record(kw_only=True)
class BlastRadius:
    """What is lost if the code of a function is taken over.

    Decided by the policy language on the statements of its role, over the application's
    resources. `unknown` tells what of the role could not be read: then more may be lost.
    """

    application: str
    function: ResourceId
    stores: tuple[Loss, ...]
    secrets: tuple[str, ...]
    """Ids of secrets that the role may read, and names of variables that hold one."""
    functions: tuple[str, ...]
    """Functions that the role may call, or whose code it may replace."""
    roles: tuple[str, ...]
    """Roles that can be taken on from this one."""
    account: str = ""
    """Why the whole account is lost, if it is: the end of a sentence about the role."""
    unknown: tuple[str, ...] = ()
