"""What analysis found out, and the questions that rules ask of it."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from stockade.analysis.code.modules import ModuleCache
from stockade.model import Confidence, Exposure, Location, ResourceId, Step, Unseen, Value
from stockade.model.record import field, record


class OriginKind(StrEnum):
    """What kind of data a flow carries."""

    EVENT = "event"
    """Written by whoever sends the event."""
    SECRET = "secret"  # noqa: S105 - the name of a kind, not a secret
    """A secret's value: from a secrets manager, a decrypted parameter, a key."""
    ENVIRONMENT = "environment"
    """The environment as a whole, credentials included."""
    ERROR = "error"
    """An exception, its text or its traceback."""
    STORED = "stored"
    """What a table or bucket of the application gives back: whose it is, its writers tell. No
    flow in `Facts` is of this kind; each is told with the data that was stored."""


@record(kw_only=True)
class Origin:
    """Where data of a flow enters.

    `field` is the way to it in words of the source: `Records[].s3.object.key`, `body.name`,
    the name of a secret. `event_source` is the most exposed event source through which the
    field can be written, for event data only. `is_own_address` tells that it is the address of
    whoever calls, as the token says that the gateway checked.
    """

    kind: OriginKind
    field: str
    at: Location
    event_source: str | None = None
    exposure: Exposure = Exposure.PROVIDER
    is_own_address: bool = False


PARSED = "is parsed as JSON"
"""The step of a text of a request after which it may be an object."""


@record(kw_only=True)
class Flow:
    """Data that travels from an origin to an argument of a call where it does harm.

    `steps` begin at the event source in the template and end at the sink. Where other functions
    handed the data on, the origin's `event_source` and `exposure` are those by which it came to
    the first of them, its `field` is what `function` reads of it. `callee` is the
    sink's qualified name (`subprocess.run`, `sqlite3.Cursor.execute`), `argument` the one that
    the data arrives in. `function` is the Lambda function whose handler reaches the sink.
    """

    kind: str
    function: ResourceId
    origin: Origin
    callee: str
    argument: str
    sink: Location
    steps: tuple[Step, ...]
    confidence: Confidence
    proved: bool = False
    """Whether the code surely found out who calls before it got to the sink."""
    through: tuple[ResourceId, ...] = ()
    """The functions that handed the data on, from the one whose event it came with."""
    is_parsed: bool = False
    """Whether a text of the request was parsed on the way, so that it may be an object."""
    calls: tuple[str, ...] = ()
    """The names of the calls, of code that is not read, that the data went through in
    `function`, in their order."""
    made: Location | None = None
    """Where the data became what does the harm: it is read there, or made part of a text."""


@record(kw_only=True)
class ExternalCall:
    """A call, reached from a handler, of something that the application does not hold itself.

    `callee` is the qualified name: `hashlib.md5`, `aws.s3.Client.get_object`. `arguments` are
    keyed by name where they were passed by name, else by position (`"0"`); environment variables
    are followed into the template. `receiver` holds the arguments that made the object it was
    called on (`aws.dynamodb.Table` was given `"0"`); it holds `credentials` where the code gave
    the client keys of its own.
    """

    function: ResourceId
    callee: str
    arguments: Mapping[str, Value]
    receiver: Mapping[str, Value]
    at: Location
    steps: tuple[Step, ...]
    """The way from the handler to the call, one step for each call on the way."""
    exposure: Exposure
    """Of the most exposed event source of the function that may have sent the event."""
    complete: bool = True
    """False where arguments were spread that are not known."""
    proved: bool = False
    """Whether the code surely found out who calls before it got here. `exposure` is then still
    that of the event source."""
    left_out: frozenset[ResourceId] = frozenset()
    """The event sources of the function that surely did not send the event, as the code asked it:
    its method, its path."""
    named: tuple[str, ...] = ()
    """What the code calls what the call gives: variables, entries, and functions as `name()`, from
    the nearest outwards."""


@record(kw_only=True)
class SourceExposure:
    """Who can send through one event source, and the lines that say so."""

    exposure: Exposure
    because: tuple[Step, ...]


@record(kw_only=True)
class Facts:
    """Everything that was worked out about one application."""

    flows: tuple[Flow, ...]
    calls: tuple[ExternalCall, ...]
    exposures: Mapping[str, SourceExposure]
    """By the id of the event source."""
    unseen: tuple[Unseen, ...] = ()
    code: ModuleCache = field(default_factory=ModuleCache)
    """The files that were parsed, for questions that their text answers."""

    def flows_into(self, kind: str, *origins: OriginKind) -> Iterator[Flow]:
        """Yield the flows that end in a sink of this kind, event data unless said otherwise."""
        wanted = origins or (OriginKind.EVENT,)
        return (flow for flow in self.flows if flow.kind == kind and flow.origin.kind in wanted)

    def calls_to(self, *callees: str) -> Iterator[ExternalCall]:
        """Yield the calls of the given qualified names."""
        return (call for call in self.calls if call.callee in callees)
