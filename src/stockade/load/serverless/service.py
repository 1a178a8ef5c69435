"""One service while it is turned into a template."""

from collections.abc import Iterator, Mapping

from stockade._late import pattern
from stockade.load.building import Plain, entry, write, write_map
from stockade.load.serverless.variables import Variables
from stockade.model import List, Location, Map, Scalar, Unseen, Value
from stockade.model.record import record

_VERSION = pattern(r"(?<![0-9.])([1-9])(?![0-9])")
_NEWEST = 4
_STAGE_SOURCE_SINCE = 3
"""The version from which on `${sls:stage}` is the stage."""

_RUNTIMES = {1: "nodejs12.x", 2: "nodejs12.x", 3: "nodejs14.x", 4: "nodejs20.x"}
"""What a function without a runtime gets, by the framework's major version."""


@record(kw_only=True)
class FunctionDraft:
    """A function as its author wrote it.

    `key` is the name in the file, `logical_id` that of the template. `needs` are the statements
    that its events and settings ask of its role.
    """

    key: str
    logical_id: str
    written: Map
    at: Location
    name: Value
    needs: list[Value]

    def get(self, key: str) -> Value | None:
        """Return a setting; None for nothing and null."""
        return entry(self.written, key)


@record(kw_only=True)
class Event:
    """One entry of a function's `events`.

    `at` is where its type is written, `number` counts the events of the function from 1 and
    `of_type` those of the same type.
    """

    type: str
    value: Value
    at: Location
    number: int
    of_type: int

    def get(self, key: str) -> Value | None:
        """Return a setting; None for nothing and null."""
        return entry(self.value, key)


class Service:
    """The template of one service, as far as it is made.

    `folder` is the service's own. `name` is the service's, `stack` that of its stack.
    `shared` keeps what events of several functions have in common, by the module's own keys.
    """

    def __init__(self, path: str, folder: str, variables: Variables, unseen: list[Unseen]) -> None:
        self.path = path
        self.folder = folder
        self.variables = variables
        self.unseen = unseen
        self.at = Location(path, 1)
        self.resources: dict[str, Value] = {}
        self.keys: dict[str, Location] = {}
        self.outputs: dict[str, Value] = {}
        self.written_as: dict[str, str] = {}
        self.shared: dict[str, object] = {}
        self.version = self._version()
        if self.version < _STAGE_SOURCE_SINCE:
            variables.stage_name = "self:provider.stage"
        self.provider = self.map("provider")
        self.custom = self.map("custom")
        named = variables.section("service")
        self.name_value = entry(named, "name") or named or Scalar("service", self.at)
        self.name = variables.text(self.name_value) or "service"
        self.plugins = frozenset(self._plugins())
        self.functions: tuple[FunctionDraft, ...] = ()

    # --- what the author wrote --------------------------------------------------------------

    def map(self, *keys: str) -> Map:
        """Return a section of the configuration, empty where there is none."""
        value = self.variables.section(*keys)
        return value if isinstance(value, Map) else Map({}, value.at if value else self.at, {})

    def merged(self, value: Value | None) -> Map | None:
        """Return a map, or a list of maps as one; what is neither is told."""
        match value:
            case None | Scalar(value=None):
                return None
            case Map():
                return value
            case List():
                entries: dict[str, Value] = {}
                keys: dict[str, Location] = {}
                for item in value.items:
                    one = self.merged(item)
                    for key, inner in one or ():
                        entries[key] = _both(entries.get(key), inner)
                        keys.setdefault(key, one.key_at(key) if one else value.at)
                return Map(entries, value.at, keys)
            case _:
                why = getattr(value, "why", "it is not a map")
                self.miss(value.at, f"this part of the service is not read: {why}")
                return None

    def text(self, value: Value | None) -> str | None:
        """Return the text that a value has if nothing else is chosen at deployment."""
        return self.variables.text(value)

    def is_true(self, value: Value | None) -> bool:
        """Tell whether a value is true, however it was written."""
        return (self.text(value) or "").lower() == "true"

    def setting(self, function: FunctionDraft, key: str) -> tuple[Value, Location] | None:
        """Return a setting of a function, else the provider's, and where its key stands."""
        for holder in (function.written, self.provider):
            value = entry(holder, key)
            if value is not None:
                return value, holder.key_at(key)
        return None

    def events(self, function: FunctionDraft) -> Iterator[Event]:
        """Yield the events of a function."""
        counts: dict[str, int] = {}
        listed = function.get("events")
        for number, item in enumerate(listed.items if isinstance(listed, List) else (), 1):
            found = self._event(item)
            if found is None:
                why = getattr(item, "why", "its form is not known")
                self.miss(item.at, f"an event of {function.key[:60]} is not read: {why}")
                continue
            kind, value, at = found
            counts[kind] = counts.get(kind, 0) + 1
            yield Event(type=kind, value=value, at=at, number=number, of_type=counts[kind])

    def _event(self, item: Value) -> tuple[str, Value, Location] | None:
        if isinstance(item, Scalar) and isinstance(item.value, str):
            return item.value, Map({}, item.at, {}), item.at
        if not isinstance(item, Map) or not item.entries:
            return None
        kind, value = next(iter(item.entries.items()))
        if isinstance(value, Scalar) and value.value is None:
            # The settings stand beside the type where they should stand below it.
            others = {key: one for key, one in item if key != kind}
            value = Map(others, item.at, item.keys)
        return kind, value, item.key_at(kind)

    def miss(self, at: Location, why: str) -> None:
        """Note what was not understood; `why` ends a sentence that starts with the place."""
        self.unseen.append(Unseen(at, "resource", why))

    def _version(self) -> int:
        written = self.text(self.variables.section("frameworkVersion"))
        found = _VERSION.search(written or "")
        return min(int(found.group(1)), _NEWEST) if found else _NEWEST

    @property
    def default_runtime(self) -> str:
        """The runtime of functions that are not given any."""
        return _RUNTIMES[self.version]

    def _plugins(self) -> Iterator[str]:
        value = self.variables.section("plugins")
        if isinstance(value, Map):
            value = value.get("modules")
        for item in value.items if isinstance(value, List) else ():
            name = self.text(item)
            if name is not None:
                yield name

    # --- what is generated ------------------------------------------------------------------

    def add(  # noqa: PLR0913, PLR0917 - what a resource is made of
        self,
        logical_id: str,
        kind: str,
        properties: "Mapping[str, Plain] | Value",
        at: Location,
        written_as: str,
        attributes: "Mapping[str, Plain] | None" = None,
    ) -> None:
        """Add a resource at the line it comes from. Entries that are None are left out."""
        made = write_map(properties, at) if isinstance(properties, Mapping) else properties
        entries: dict[str, Plain] = {"Type": kind, "Properties": made, **(attributes or {})}
        self.resources[logical_id] = write_map(entries, at)
        self.keys[logical_id] = at
        self.written_as[logical_id] = written_as

    def named(self, *parts: "str | Value", at: Location | None = None) -> Value:
        """Make a text of parts, some of which are known at deployment only."""
        place = at or self.at
        return self.variables.joined([write(part, place) for part in parts], place)

    def stage(self, at: Location) -> Value:
        """Refer to the stage."""
        return self.variables.stage_at(at)

    def prefixed(self, *parts: "str | Value", at: Location) -> Value:
        """Make a name that begins with those of service and stage."""
        return self.named(self.name_value, "-", self.stage(at), *parts, at=at)


def ref(logical_id: str) -> "dict[str, Plain]":
    """Refer to a resource."""
    return {"Ref": logical_id}


def get_att(logical_id: str, attribute: str = "Arn") -> "dict[str, Plain]":
    """Refer to an attribute of a resource."""
    return {"Fn::GetAtt": [logical_id, attribute]}


def sub(text: str) -> "dict[str, Plain]":
    """Make a text in which CloudFormation fills the names in."""
    return {"Fn::Sub": text}


def _both(earlier: Value | None, later: Value) -> Value:
    """Return two maps as one; of other values the later one."""
    if isinstance(earlier, Map) and isinstance(later, Map):
        entries = {**earlier.entries, **later.entries}
        return Map(entries, earlier.at, {**earlier.keys, **later.keys})
    return later
