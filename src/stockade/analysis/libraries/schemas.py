"""Whether a JSON schema leaves a sender free text that harms."""

from collections.abc import Iterable

from stockade.analysis.libraries.conditions import Arguments, given, text_of
from stockade.analysis.libraries.model import Guard, Test
from stockade.analysis.libraries.patterns import HARMFUL, keeps_out
from stockade.model import List, Map, Value

_PLAIN = frozenset({"integer", "number", "boolean", "null"})
_DEEPEST = 30


def schema_guards(
    callee: str, instance: str, schema: tuple[str, int], *, raises: bool
) -> Iterable[Guard]:
    """Yield a guard for each kind: the call checked `instance` against a closed schema."""
    for kind, harmful in HARMFUL.items():
        yield Guard(callee, instance, (kind,), raises=raises, when=_test(schema, harmful))


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
    if not isinstance(properties, Map):
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
