"""Whether a JSON schema leaves a sender free text that harms."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from stockade.analysis.libraries.conditions import Arguments, given, text_of, truth
from stockade.analysis.libraries.model import Guard, Shaped, Test
from stockade.analysis.libraries.patterns import HARMFUL, keeps_out
from stockade.model import List, Map, Value

_PLAIN = frozenset({"integer", "number", "boolean", "null"})
_DEEPEST = 30

_Field: TypeAlias = tuple[tuple[str, ...], frozenset[str]]


def schema_guards(
    callee: str, instance: str, schema: tuple[str, int], *, raises: bool
) -> Iterable[Guard | Shaped]:
    """Yield what a check of `instance` shows: of each field, and of the whole if none is open."""
    yield Shaped(callee, instance, schema, raises=raises)
    for kind, harmful in HARMFUL.items():
        yield Guard(callee, instance, (kind,), raises=raises, when=_test(schema, harmful))


def fields(schema: Value | None, deep: int = 0) -> Iterator[_Field]:
    """Yield each field that a schema describes, and the kinds of sinks that it cannot harm.

    A field is told by the way to it, `"[]"` for the items of a list.
    """
    if not isinstance(schema, Map) or deep > _DEEPEST:
        return
    properties = schema.get("properties")
    for name, inner in properties if isinstance(properties, Map) else ():
        yield from (((name, *way), kinds) for way, kinds in fields(inner, deep + 1))
    if isinstance(properties, Map):
        return
    if "items" in schema:
        yield from ((("[]", *way), kinds) for way, kinds in fields(schema.get("items"), deep + 1))
        return
    kinds = frozenset(kind for kind, harmful in HARMFUL.items() if closes(schema, harmful))
    types = frozenset(_types(schema))
    if types and types <= _PLAIN | {"string"}:
        kinds |= {"filter"}  # An operator of a database is an object.
    if kinds:
        yield (), kinds


def closes(schema: Value | None, harmful: str, deep: int = 0) -> bool | None:
    """Tell whether every text that a schema admits is without the harmful characters.

    Numbers, choices and strict patterns are closed, plain strings are open. None where the
    schema refers to what is not in it.
    """
    if not isinstance(schema, Map) or deep > _DEEPEST:
        return None
    if "enum" in schema or "const" in schema:
        return True
    for combined in ("anyOf", "oneOf"):
        if isinstance(options := schema.get(combined), List):
            return _all(closes(one, harmful, deep + 1) for one in options)
    if "$ref" in schema:
        return None
    answers = [_of_type(schema, one, harmful, deep) for one in _types(schema)]
    return _all(answers) if answers else False


def _of_type(schema: Map, name: str, harmful: str, deep: int) -> bool | None:
    if name in _PLAIN:
        return True
    if name == "string":
        pattern = text_of(schema.get("pattern"))
        # A schema's pattern may match anywhere in the text.
        return pattern is not None and keeps_out(pattern, harmful, start=False, end=False)
    if name == "array":
        return closes(schema.get("items"), harmful, deep + 1) or False
    properties = schema.get("properties")
    others = schema.get("additionalProperties")
    if not isinstance(properties, Map) or truth(others, unset=True) is not False:
        # What the schema does not name may hold anything.
        return False
    return _all(closes(one, harmful, deep + 1) for _, one in properties)


def _types(schema: Map) -> list[str]:
    written = schema.get("type")
    if written is None:
        return ["object"] if "properties" in schema else []
    several = written.items if isinstance(written, List) else (written,)
    return [text_of(one) or "" for one in several]


def _all(answers: Iterable[bool | None]) -> bool | None:
    given_answers = list(answers)
    if False in given_answers:
        return False
    return None if None in given_answers else True


def _test(schema: tuple[str, int], harmful: str) -> Test:
    name, position = schema

    def test(arguments: Arguments) -> bool | None:
        match given(arguments, name, position):
            case Map() as written:
                return closes(written, harmful)
            case _:
                return None

    return test
