"""Parameters of a call by their paths: `TransactItems[].Put.TableName`, `RequestItems{}`."""

from collections.abc import Iterator, Mapping
from typing import Final

from stockade._late import pattern
from stockade.model import (
    NOWHERE,
    Choice,
    EventData,
    List,
    Map,
    NoValue,
    Parameter,
    Scalar,
    Unknown,
    Value,
)

_STEP: Final = pattern(r"\[\]|\{\}|[^.\[\]{}]+")

Given = Mapping[str, Value]


def at_path(given: Given, path: str) -> Iterator[Value]:
    """Yield every value that stands at `path`.

    A value that cannot be looked into is yielded as what it is: unknown, or the event's.
    """
    first, *steps = _STEP.findall(path)
    value = given.get(first)
    if value is not None:
        yield from _inside(value, steps)


def _inside(value: Value, steps: list[str]) -> Iterator[Value]:
    match value:
        case NoValue() | Scalar(value=None):
            return
        case Choice():
            yield from _inside(value.then, steps)
            yield from _inside(value.otherwise, steps)
        case _ if not steps:
            yield value
        case Parameter(value=inner) if inner is not None:
            yield from _inside(inner, steps)
        case Unknown() | EventData() | Parameter():
            yield value if isinstance(value, Unknown | EventData) else _hidden(value)
        case List() if steps[0] == "[]":
            for item in value.items:
                yield from _inside(item, steps[1:])
        case Map() if steps[0] == "{}":
            yield from (Scalar(key, value.at) for key in value.entries)
        case Map() if steps[0] in value.entries:
            yield from _inside(value.entries[steps[0]], steps[1:])
        case _:
            return


def _hidden(value: Value) -> Unknown:
    return Unknown("its parts are given at deployment", value.at)


def is_given(given: Given, path: str, *, complete: bool) -> bool | None:
    """Tell whether a call gives a parameter; None where that cannot be known."""
    found = list(at_path(given, path))
    steps = _STEP.findall(path)
    if not found:
        return False if complete or steps[0] in given else None
    if len(steps) > 1 and all(isinstance(one, Unknown | EventData) for one in found):
        direct = list(at_path(given, steps[0]))
        if any(isinstance(one, Unknown | EventData) for one in direct):
            return None
    return True


def holds(test: str, given: Given, *, complete: bool) -> bool | None:
    """Decide a condition of the catalogue: `VersionId`, `not VersionId`."""
    negated = test.startswith("not ")
    answer = is_given(given, test.removeprefix("not "), complete=complete)
    return answer if answer is None or not negated else not answer


def merged(given: Given, extra: Value | None) -> Given:
    """Return parameters with those of a map besides them: `ExtraArgs`, `Params`."""
    if isinstance(extra, Map):
        return {**extra.entries, **given}
    return given


NOT_GIVEN: Final = Unknown("the call does not give it", NOWHERE)
