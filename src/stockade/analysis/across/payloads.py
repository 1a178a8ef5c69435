"""Payloads that the states of a state machine put together, of paths and of expressions.

Follows "Manipulating parameters in Step Functions workflows", "Intrinsic functions for JSONPath
states" and "Transforming data with JSONata in Step Functions" of the AWS Step Functions
Developer Guide.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from stockade._late import pattern
from stockade.analysis.across.templates import carried_in, path_in, picked
from stockade.analysis.events import Path
from stockade.analysis.interpreter.documents import Document, Part, below, under
from stockade.model import List, Map, Unknown, Value, constant
from stockade.model.record import record

MOST_DEEP: Final = 20

_EXPRESSION: Final = pattern(r"^\s*\{%(.*)%\}\s*$")
_NAMED: Final = pattern(r"\$(?:states\.)?([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*|\[[^\]]*\])*)(?!\s*\()")
_PATHS: Final = pattern(r"\$(?:[\w.\[\]'\"*-]*)")
_ITEM: Final = "$$.Map.Item.Value"


@record(eq=False)
class Sight:
    """What a state may look at: its input, its result, an item of a map, variables."""

    document: Document
    result: Document = ()
    item: Document = ()
    variables: Mapping[str, Document] | None = None
    jsonata: bool = False


def payload(template: Value, sight: Sight) -> Document:
    """Return what a template gives: each `name.$` looked up, each expression worked out."""
    return tuple(_payload(template, sight, (), MOST_DEEP))


def looked_up(text: str, sight: Sight) -> Document:
    """Return what a path, intrinsic function or context path gives."""
    if text.startswith("$$"):
        rest = text.removeprefix(_ITEM)
        if rest == text:
            return ()
        return picked(sight.item, f"${rest}")
    variables = sight.variables or {}
    name, rest = _variable(text)
    if name in variables:
        return picked(variables[name], f"${rest}")
    if path_in(text) is not None:
        return picked(sight.document, text)
    if text.startswith(("States.StringToJson(", "States.JsonToString(")):
        inner = text.partition("(")[2].rstrip(" )").strip()
        return looked_up(inner, sight) if inner.startswith("$") else ()
    found = tuple(part for one in _PATHS.findall(text) for part in _looked_up_once(one, sight))
    return _blurred(found, text, sight)


def _looked_up_once(text: str, sight: Sight) -> Document:
    plain = text.startswith("$$") or path_in(text) is not None
    return looked_up(text, sight) if plain else ()


def _variable(text: str) -> tuple[str, str]:
    """Split `$name.path` into the variable's name and the rest."""
    body = text[1:]
    length = next(
        (at for at, sign in enumerate(body) if not (sign.isalnum() or sign == "_")), None
    )
    return (body, "") if length is None else (body[:length], body[length:])


def _payload(template: Value, sight: Sight, path: Path, depth: int) -> Iterator[Part]:
    if depth and isinstance(template, Map):
        for key, value in template:
            text = constant(value)
            if key.endswith(".$") and isinstance(text, str) and not sight.jsonata:
                yield from under((*path, key[:-2]), looked_up(text, sight))
            else:
                yield from _payload(value, sight, (*path, key), depth - 1)
        return
    if depth and isinstance(template, List):
        for value in template:
            yield from _payload(value, sight, (*path, "[]"), depth - 1)
        return
    text = constant(template)
    found = _EXPRESSION.match(text) if isinstance(text, str) and sight.jsonata else None
    if found is not None:
        yield from under(path, _worked_out(found[1].strip(), sight))
    else:
        yield Part(path, template)


def _worked_out(expression: str, sight: Sight) -> Document:
    """Return what an expression of JSONata may give: a path exactly, else all it names."""
    found = list(_NAMED.finditer(expression))
    looked = [_of_name(one[1], one[2], sight) for one in found]
    if len(found) == 1 and found[0].group() == expression:
        return looked[0]
    return _blurred(tuple(part for one in looked for part in one), expression, sight)


def _of_name(name: str, rest: str, sight: Sight) -> Document:
    document = {"input": sight.document, "result": sight.result}.get(name)
    if document is None:
        document = (sight.variables or {}).get(name, sight.item if name == "context" else ())
    if name == "context":
        rest = rest.removeprefix(".Map.Item.Value")
    path = path_in(f"${rest}")
    return document if path is None else below(document, path)


def _blurred(found: Document, text: str, sight: Sight) -> Document:
    if not found:
        return ()
    at = (sight.document or found)[0].value.at
    return (Part((), Unknown(f"a state works it out: {text[:40]}", at), carried_in(found)),)
