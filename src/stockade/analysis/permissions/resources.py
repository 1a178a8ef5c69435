"""Which resources a call is authorized on: ARN formats filled with the call's parameters."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Final, TypeVar

from stockade.analysis.permissions.arns import KINDS, SAME, Arns
from stockade.analysis.permissions.named import NAMES
from stockade.analysis.permissions.parameters import Given, at_path
from stockade.analysis.permissions.texts import (
    PSEUDO,
    Part,
    known_start,
    pieces,
    split,
    starts,
    text,
    ways,
)
from stockade.catalogue import Authorization
from stockade.model import (
    NOWHERE,
    Concatenation,
    EventData,
    Location,
    NoValue,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
)

MOST_RESOURCES: Final = 64
"""One action of one call is not authorized on more resources than these."""

FREE: Final = frozenset(
    {
        "s3:object",
        "logs:log-stream",
        "scheduler:schedule",
        "transcribe:transcriptionjob",
        "transcribe:medicalscribejob",
        "states:execution",
    }
)
"""Types whose last name is made up or read at run time: any below what is known is meant."""

Special = Callable[[str], Iterator[Value]]
"""Yields what `@name` stands for: what the application tells, not the call."""


class Resources:
    """Fills the ARN formats of one function's calls."""

    def __init__(self, arns: Arns, from_event: Callable[[str], tuple[Value, ...]]) -> None:
        self._arns = arns
        self._from_event = from_event

    def of(
        self, need: Authorization, given: Given, at: Location, special: Special
    ) -> Iterator[Value]:
        """Yield the ARN of each resource; `Unknown` for one that cannot be named."""
        if need.resource == "*":
            yield Scalar("*", at)
            return
        choices = [list(self._choices(way, given, at, special)) for way in need.arguments]
        for combination in _some(choices):
            if isinstance(combination, Unknown):
                yield Unknown(combination.why, at)
            else:
                yield from self._filled(need, combination, at)

    def _choices(
        self, argument: tuple[str, ...], given: Given, at: Location, special: Special
    ) -> Iterator[Value]:
        """Yield what one placeholder may be, by the first way that the call gives."""
        for way in argument:
            if way.startswith("?"):
                yield Unknown(way[1:], at)
                return
            if way.startswith("'"):
                yield Scalar(way.strip("'"), at)
                return
            if way.startswith("@"):
                yield from special(way[1:])
                return
            found = list(self._found(way, given))
            if found:
                yield from found
                return
        names = " or ".join(way for way in argument)
        yield Unknown(f"the call is not seen to give {names}", at)

    def _found(self, way: str, given: Given) -> Iterator[Value]:
        """Yield every text that a parameter may be."""
        path = way.rstrip("*").rstrip("/")
        ending = way[len(path) :]
        if not path:
            yield Scalar("*", NOWHERE)
            return
        found = [each for one in at_path(given, path) for each in ways(one)]
        kept = [each for one in found for each in self._followed(one)]
        # Nothing has an empty name: where a text may be empty the call is not made.
        kept = [one for one in kept if any(pieces(one))] or kept
        if ending:
            yield from [text([one, ending], one.at) for one in kept] or [Scalar("*", NOWHERE)]
        elif path.lower().endswith("arn"):
            yield from (_as_arn(one) for one in kept)
        else:
            yield from kept

    def _followed(self, value: Value) -> Iterator[Value]:
        """Follow what AWS writes into the event to the resources that send it."""
        if isinstance(value, NoValue):
            return
        options: list[list[Part]] = []
        for part in pieces(value):
            field = part.field if isinstance(part, EventData | Unknown) else ""
            senders = self._from_event(field) if field else ()
            options.append([*senders] or [part])
        if all(len(one) == 1 for one in options):
            yield text([one[0] for one in options], value.at) if options else value
            return
        for combination in _some(options):
            if isinstance(combination, Unknown):
                yield combination
            else:
                yield text(combination, value.at)

    # --- one ARN -------------------------------------------------------------------------

    def _filled(
        self, need: Authorization, values: tuple[Value, ...], at: Location
    ) -> Iterator[Value]:
        own = NAMES.get(need.type)
        if own is not None and not (values and _is_marked(values[0])):
            made = own(values, at, self._arns)
            if made is not None:
                yield from made
                return
        if not values:
            yield text(_format(need.resource, ()), at)
            return
        whole = self._whole(need, values, at)
        yield whole if whole is not None else self._put_in(need, values, at)

    def _whole(self, need: Authorization, values: tuple[Value, ...], at: Location) -> Value | None:
        """Return the ARN where the first value is one, or names a resource that is declared."""
        first = values[0]
        inner = first.parts[0] if isinstance(first, Concatenation) and _is_marked(first) else first
        resource = self._arns.owner(
            inner, need.type if len(values) == 1 else _PARTS_OF.get(need.type, need.type)
        )
        is_arn = resource is None or KINDS[resource.type].rest is None
        after = _after_first(need.resource, values, whole=is_arn)
        if resource is not None and _fits(need, resource.type):
            below = _strip(need.type, pieces(self._arns.of(resource)))
            return _ended(text([*below, *after], at), need, at)
        parts = pieces(first)
        if starts(parts, "arn:") or _is_arn(first) or _is_marked(first):
            return _ended(text([*parts, *after], at), need, at)
        return None

    def _put_in(self, need: Authorization, values: tuple[Value, ...], at: Location) -> Value:
        return _ended(text(_format(need.resource, values), at), need, at)


_Option = TypeVar("_Option")


def _some(choices: list[list[_Option]]) -> Iterator[tuple[_Option, ...] | Unknown]:
    """Yield the first combinations, and an `Unknown` where there are more."""
    for number, combination in enumerate(product(*choices)):
        if number == MOST_RESOURCES:
            yield Unknown(f"it may be on more than {MOST_RESOURCES} resources", NOWHERE)
            return
        yield combination


def _as_arn(value: Value) -> Value:
    """Mark a value as an ARN, which the name of its parameter says that it is."""
    if isinstance(value, Parameter | Reference) and not _is_arn(value):
        return Concatenation((value,), value.at)
    return value


def _fits(need: Authorization, type_: str) -> bool:
    """Tell whether a declared resource is what the action is about, or what that is a part of."""
    kind = KINDS[type_]
    if kind.type in (need.type, _PARTS_OF.get(need.type)) or need.type in SAME.get(kind.type, ()):
        return True
    before = (kind.rest or "").partition("${}")[0]
    service = kind.type.partition(":")[0]
    return (
        bool(before)
        and need.type.partition(":")[0] == service
        and need.resource.split(":", 5)[-1].startswith(before)
    )


_PARTS_OF: Final = {
    "dynamodb:index": "dynamodb:table",
    "kendra:data-source": "kendra:index",
    "lambda:durable execution": "lambda:function",
    "lambda:function alias": "lambda:function",
    "logs:log-stream": "logs:log-group",
    "s3:object": "s3:bucket",
}
"""What a resource type is a part of: an object's ARN is its bucket's, and the key."""


def _strip(type_: str, parts: list[Part]) -> list[Part]:
    """Take the `:*` from a log group's ARN where a stream follows."""
    if type_ in ("logs:log-stream", "logs:log-group-itself") and isinstance(parts[-1], str):
        return [*parts[:-1], parts[-1].removesuffix(":*")]
    return parts


def _after_first(format_: str, values: tuple[Value, ...], *, whole: bool) -> list[Part]:
    """Return what follows the first placeholder of a format, filled.

    Nothing follows a `whole` ARN where all that could follow is any.
    """
    rest = values[1:]
    if not rest:
        return []
    if whole and all(isinstance(one, Scalar) and one.value == "*" for one in rest):
        return [] if not format_.endswith("/${ObjectName}") else ["/*"]
    pattern = re.compile(r"\$\{(?!Partition|Region|Account)\w+\}")
    match = pattern.search(format_)
    return _format(format_[match.end() :], rest) if match is not None else []


def _format(format_: str, values: tuple[Value, ...]) -> list[Part]:
    """Put values into the placeholders of an ARN format, in order."""
    made: list[Part] = []
    waiting = list(values)
    for piece in re.split(r"(\$\{\w+\})", format_):
        name = piece[2:-1] if piece.startswith("${") else ""
        if name in PSEUDO:
            made.append(PSEUDO[name])
        elif name:
            made.append(waiting.pop(0) if waiting else "*")
        else:
            made.append(piece)
    return made


def _ended(value: Value, need: Authorization, at: Location) -> Value:
    """End an ARN with `*` where it cannot be known any further, or give it up."""
    known, unknown = known_start(pieces(value))
    if unknown is None:
        return value
    fixed = len(_format(need.resource.partition("${")[0], ()))
    groups = split(known, ":")
    last = groups[-1] if len(groups) > 5 else []  # noqa: PLR2004 - an ARN has six parts
    told = [part for part in last if part != ""]
    beginning = _beginning(need)
    named = bool(told) and (told[0] != beginning or len(told) > 1)
    if isinstance(told[0] if told else None, str) and isinstance(beginning, str):
        named = named and told != [beginning]
    if named and fixed and (need.type in FREE or _last_is_known(known, need)):
        return text([*known, "*"], at)
    if need.type in FREE and len(groups) > 5 and len(need.arguments) == 1:  # noqa: PLR2004
        return text([*known, "*"], at)
    why = (
        f"the event decides it ({unknown.field})"
        if isinstance(unknown, EventData)
        else unknown.why
    )
    return Unknown(why, unknown.at if unknown.at is not NOWHERE else at)


def _beginning(need: Authorization) -> str:
    """Return the constant with which the last part of an ARN format begins: `table/`."""
    last = need.resource.split(":", 5)[-1]
    return last.partition("${")[0]


def _last_is_known(known: list[Part], need: Authorization) -> bool:
    """Tell whether some of the name itself is known: `orders-` of `table/orders-...`."""
    last = split(known, ":")[-1]
    tail = last[-1] if last else ""
    if not isinstance(tail, str):
        return True
    beginning = _beginning(need)
    name = tail.removeprefix(beginning) if len(last) == 1 else tail
    return name.strip("/") != ""


def _is_marked(value: Value) -> bool:
    return isinstance(value, Concatenation) and len(value.parts) == 1


def _is_arn(value: Value) -> bool:
    """Tell whether a value is an ARN by what it is called: `${RoleArn}`, `!GetAtt X.Arn`."""
    name = getattr(value, "attribute", None) or getattr(value, "name", "")
    return isinstance(name, str) and name.lower().endswith("arn")
