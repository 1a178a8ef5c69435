"""What a template says, after its references were followed as far as they lead.

A template is a tree of values. Scalars, lists and maps are what the author wrote. The other
kinds are what is left of intrinsic functions: a reference to a resource, a parameter that is
given when the stack is deployed, a text made of parts, a choice that hangs on a condition.
What cannot be known is `Unknown`, with its reason. Every value carries the place where it was
written.

Code speaks of the same values: what it passes to a call is a constant, an environment variable
and so a value of the template, a text made of these, or data of the event.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from stockade.model.location import Location
from stockade.model.record import record

ResourceId: TypeAlias = str
"""Names a resource within its application: the logical id, with the stack before it if nested."""


@record(eq=False)
class Scalar:
    """A string, number, boolean or null as the author wrote it."""

    value: str | int | float | bool | None
    at: Location


@record(eq=False)
class List:
    """A list, in order."""

    items: tuple["Value", ...]
    at: Location

    def __iter__(self) -> Iterator["Value"]:
        return iter(self.items)


@record(eq=False)
class Map:
    """A map, in the author's order. `keys` tells where each key was written."""

    entries: Mapping[str, "Value"]
    at: Location
    keys: Mapping[str, Location]

    def get(self, key: str) -> "Value | None":
        """Return the value under `key`, or None where the author wrote no such key."""
        return self.entries.get(key)

    def key_at(self, key: str) -> Location:
        """Tell where `key` was written; the map's own place where the key was not written."""
        return self.keys.get(key, self.at)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __iter__(self) -> Iterator[tuple[str, "Value"]]:
        return iter(self.entries.items())


@record(eq=False)
class Reference:
    """A resource of this application, or one of its attributes.

    `attribute` is `"Ref"` for the resource's own reference value, else the name that
    `Fn::GetAtt` was given (`"Arn"`, `"Outputs.Name"`).
    """

    resource: ResourceId
    attribute: str
    at: Location


@record(eq=False)
class Parameter:
    """A value that is given at deployment: a template parameter or a pseudo parameter.

    `value` is what a parameter file, the configuration or the default says, and None where
    nothing says anything (`AWS::Region` always). `no_echo` marks parameters that hold secrets.
    `allowed` are the texts that a deployment may give, None where it may give any.
    """

    name: str
    value: "Value | None"
    at: Location
    no_echo: bool = False
    allowed: frozenset[str] | None = None


@record(eq=False)
class Import:
    """An export of another stack that is not part of this application."""

    name: "Value"
    at: Location


@record(eq=False)
class Concatenation:
    """A text made of parts, in order. No part is itself a concatenation."""

    parts: tuple["Value", ...]
    at: Location


@record(eq=False)
class Choice:
    """One of two values, by a condition that the templates do not decide."""

    condition: str
    then: "Value"
    otherwise: "Value"
    at: Location


@record(eq=False)
class NoValue:
    """`AWS::NoValue`: the property is as if it were not written."""

    at: Location


@record(eq=False)
class EventData:
    """Data that arrives with an event, in code: templates never hold it.

    `field` is the way to it in the event's own words (`Records[].s3.object.key`); `at` is the
    line of code that reads it. `checked` if the code has looked at the data before it came here,
    with a schema, a comparison, or whatever else tells good from bad.
    """

    field: str
    at: Location
    checked: bool = False


@record(eq=False)
class Unknown:
    """A value that cannot be known, and why. `why` completes the sentence "unknown because".

    `field` is the way to it in the event, where AWS writes it into one:
    `Records[].eventSourceARN`.
    """

    why: str
    at: Location
    field: str = ""


Value: TypeAlias = (
    Scalar
    | List
    | Map
    | Reference
    | Parameter
    | Import
    | Concatenation
    | Choice
    | NoValue
    | EventData
    | Unknown
)


def alternatives(value: Value) -> Iterator[Value]:
    """Yield every value that `value` may turn out to be: both branches of each choice.

    A parameter stays a parameter; `NoValue` is yielded where a branch has none.
    """
    if isinstance(value, Choice):
        yield from alternatives(value.then)
        yield from alternatives(value.otherwise)
    else:
        yield value


def constant(value: Value | None) -> str | Unknown | None:
    """Return the text that `value` surely is, following parameters to the value they have.

    Numbers and booleans give the text that CloudFormation would pass on (`true`, `30`). None
    means that nothing was written. Everything else is `Unknown` with the reason.
    """
    # Asked 200 times for each application, nine times in ten about nothing or a plain text.
    if value is None:
        return None
    if type(value) is Scalar and type(value.value) is str:
        return value.value
    match value:
        case NoValue() | Scalar(value=None):
            return None
        case Scalar(value=bool(flag)):
            return "true" if flag else "false"
        case Scalar():
            return str(value.value)
        case Parameter(value=None):
            return Unknown(f"the parameter {value.name} is given at deployment", value.at)
        case Parameter():
            return constant(value.value)
        case Concatenation():
            return _constant_text(value)
        case Unknown():
            return value
        case Reference():
            return Unknown(f"{value.resource} is named at deployment", value.at)
        case Import():
            return Unknown("another stack exports it", value.at)
        case Choice():
            return Unknown(f"the condition {value.condition} decides it", value.at)
        case EventData():
            return Unknown("the event decides it", value.at)
        case List() | Map():
            return Unknown("it is not a text", value.at)


def _constant_text(value: Concatenation) -> str | Unknown:
    texts = []
    for part in value.parts:
        text = constant(part)
        if isinstance(text, Unknown):
            return text
        texts.append(text or "")
    return "".join(texts)


def items(value: Value | None) -> Iterator[Value]:
    """Yield the items of a list, of every branch; a single value counts as a list of one."""
    match value:
        case None | NoValue():
            return
        case List():
            for item in value.items:
                if isinstance(item, Choice):
                    yield from items(item)
                elif not isinstance(item, NoValue):
                    yield item
        case Choice():
            yield from items(value.then)
            yield from items(value.otherwise)
        case Parameter(value=List() as given):
            yield from given.items
        case _:
            yield value


def inside(value: Value | None, *path: str) -> Iterator[Value]:
    """Yield every value that stands under a path of keys, in every branch of each choice.

    `"[]"` in the path means each item of a list, a single value counting as a list of one.
    Nothing is yielded where the author wrote no such thing.
    """
    # Mostly maps lie in maps: those are followed without a generator for each.
    while type(value) is Map and path and path[0] != "[]":
        value = value.entries.get(path[0])
        path = path[1:]
    match value:
        case None | NoValue():
            return
        case Choice():
            yield from inside(value.then, *path)
            yield from inside(value.otherwise, *path)
        case _ if not path:
            yield value
        case _ if path[0] == "[]":
            for item in items(value):
                yield from inside(item, *path[1:])
        case Parameter(value=given):
            yield from inside(given, *path)
        case _:
            return


def walk(value: Value) -> Iterator[Value]:
    """Yield `value` and everything inside it, parents first."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        yield current
        match current:
            case List():
                waiting.extend(reversed(current.items))
            case Map():
                waiting.extend(reversed(tuple(current.entries.values())))
            case Concatenation():
                waiting.extend(reversed(current.parts))
            case Choice():
                waiting.extend((current.otherwise, current.then))
            case Parameter(value=given) if given is not None:
                waiting.append(given)
            case Import():
                waiting.append(current.name)
            case _:
                pass


def references(value: Value) -> Iterator[Reference]:
    """Yield every reference to a resource that stands anywhere in `value`."""
    return (part for part in walk(value) if isinstance(part, Reference))


def expression(value: Value) -> str:
    """Write `value` as the text that `Fn::Sub` would take: `arn:${AWS::Partition}:...`.

    Lists and maps, which have no such text, are shown as `${...}`, unknown values as
    `${unknown}`.
    """
    # Asked of every part of the ARN of every need and grant: most are plain texts.
    if type(value) is Scalar and type(value.value) is str:
        return value.value
    match value:
        case Scalar():
            text = constant(value)
            return text if isinstance(text, str) else ""
        case Concatenation():
            return "".join([expression(part) for part in value.parts])
        case Reference(attribute="Ref"):
            return f"${{{value.resource}}}"
        case Reference():
            return f"${{{value.resource}.{value.attribute}}}"
        case Parameter():
            return f"${{{value.name}}}"
        case Import():
            return f"${{Fn::ImportValue {expression(value.name)}}}"
        case Choice():
            return f"${{{value.condition}?{expression(value.then)}:{expression(value.otherwise)}}}"
        case NoValue():
            return ""
        case EventData():
            return f"${{event {value.field}}}"
        case Unknown():
            return "${unknown}"
        case List() | Map():
            return "${...}"


def in_words(value: Value) -> str:
    """Write `value` for people: as `expression` does, with the values that parameters have.

    `${Stage}-orders` is told as `dev-orders` where `dev` is the default. A secret's is not told.
    """
    match value:
        case Parameter(value=given, no_echo=False) if given is not None:
            text = constant(given)
            return text if isinstance(text, str) and text else expression(value)
        case Concatenation():
            return "".join([in_words(part) for part in value.parts])
        case _:
            return expression(value)
