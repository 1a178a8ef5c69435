"""The data source `aws_iam_policy_document`: statements in blocks, and other documents put in.

Follows "Data Source: aws_iam_policy_document" in the documentation of the AWS provider.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from stockade.load.terraform.documents import document
from stockade.load.terraform.scope import Scope
from stockade.load.terraform.values import as_json, is_null, known
from stockade.load.texts import concatenate
from stockade.model import (
    Concatenation,
    List,
    Location,
    Map,
    Scalar,
    Unknown,
    Value,
    constant,
    items,
)

if TYPE_CHECKING:
    from stockade.load.terraform.resources import ResourceInstance

_LISTS: Final = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
_PRINCIPALS: Final = {"principals": "Principal", "not_principals": "NotPrincipal"}


def policy_document(instance: "ResourceInstance") -> Value:
    """Return the text of JSON that a data source gives."""
    at, scope = instance.block.at, instance.scope
    statements: list[Value] = []
    for name in ("source_json", "source_policy_documents"):
        statements.extend(_of_documents(instance.argument(name), scope))
    own = [_statement(one, scope) for one in _blocks(instance.argument("statement"))]
    statements = _replaced(statements, own)
    for name in ("override_json", "override_policy_documents"):
        found = list(_of_documents(instance.argument(name), scope))
        statements = _replaced(statements, found)
    version = instance.argument("version") or Scalar("2012-10-17", at)
    entries: dict[str, Value] = {"Version": version, "Statement": List(tuple(statements), at)}
    policy_id = instance.argument("policy_id")
    if policy_id is not None and not is_null(policy_id):
        entries["Id"] = policy_id
    return as_json(Map(entries, at, dict.fromkeys(entries, at)), at)


def _blocks(value: Value | None) -> Iterator[Map]:
    return (one for one in items(value) if isinstance(one, Map))


def _of_documents(value: Value | None, scope: Scope) -> Iterator[Value]:
    """Yield the statements of the documents that one is made from."""
    for written in items(known(value) if value is not None else None):
        if is_null(written) or constant(written) == "":
            continue
        found = document(written, scope)
        statement = found.get("Statement") if isinstance(found, Map) else None
        if statement is not None:
            yield from items(statement)
        elif not isinstance(found, Map):
            told = constant(found)
            why = told.why if isinstance(told, Unknown) else "it is no document"
            yield Unknown(why, written.at)


def _replaced(statements: list[Value], others: Sequence[Value]) -> list[Value]:
    """Add statements; one with a `Sid` that is there already takes the other's place."""
    found = list(statements)
    for one in others:
        sid = _sid(one)
        places = [number for number, other in enumerate(found) if sid and _sid(other) == sid]
        if places:
            found[places[0]] = one
        else:
            found.append(one)
    return found


def _sid(statement: Value) -> str:
    sid = constant(statement.get("Sid")) if isinstance(statement, Map) else None
    return sid if isinstance(sid, str) else ""


def _statement(block: Map, scope: Scope) -> Map:
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}

    def put(key: str, value: Value, name: str) -> None:
        entries[key] = value
        keys[key] = block.key_at(name)

    sid = block.get("sid")
    if sid is not None and not is_null(sid) and constant(sid) != "":
        put("Sid", sid, "sid")
    put("Effect", block.get("effect") or Scalar("Allow", block.at), "effect")
    for name, key in _LISTS.items():
        value = block.get(name)
        if value is not None and not is_null(value):
            put(key, _alone(_with_variables(value, scope)), name)
    for name, key in _PRINCIPALS.items():
        if block.get(name) is not None:
            put(key, _principals(block.get(name), block.key_at(name)), name)
    if block.get("condition") is not None:
        put("Condition", _conditions(block, scope), "condition")
    return Map(entries, block.at, keys)


def _principals(value: Value | None, at: Location) -> Value:
    """Return principals by type; of type `*` they are everyone."""
    found: dict[str, list[Value]] = {}
    for block in _blocks(value):
        kind = constant(block.get("type"))
        if kind == "*":
            return Scalar("*", block.at)
        name = kind if isinstance(kind, str) else "AWS"
        identifiers = block.get("identifiers")
        found.setdefault(name, []).extend(items(known(identifiers) if identifiers else None))
    entries: dict[str, Value] = {
        name: held[0] if len(held) == 1 else List(tuple(held), at) for name, held in found.items()
    }
    return Map(entries, at, dict.fromkeys(entries, at))


def _conditions(block: Map, scope: Scope) -> Map:
    """Return conditions by operator and key."""
    at = block.key_at("condition")
    found: dict[str, dict[str, Value]] = {}
    for one in _blocks(block.get("condition")):
        operator, key = constant(one.get("test")), constant(one.get("variable"))
        values = one.get("values")
        if isinstance(operator, str) and isinstance(key, str) and values is not None:
            found.setdefault(operator, {})[key] = _alone(_with_variables(values, scope))
    entries: dict[str, Value] = {
        operator: Map(held, at, dict.fromkeys(held, at)) for operator, held in found.items()
    }
    return Map(entries, at, dict.fromkeys(entries, at))


def _alone(value: Value) -> Value:
    """Return the only item of a list, as the data source writes it, else the list."""
    if isinstance(value, List) and len(value.items) == 1:
        return value.items[0]
    return value


def _with_variables(value: Value, scope: Scope) -> Value:
    """Return texts with `&{aws:username}`, as this data source writes it, as `${aws:username}`."""
    found = known(value)
    match found:
        case List():
            return List(tuple(_with_variables(item, scope) for item in found.items), found.at)
        case Scalar(value=str(text)) if "&{" in text:
            return Scalar(text.replace("&{", "${"), found.at)
        case Concatenation():
            parts = [_with_variables(part, scope) for part in found.parts]
            return concatenate(parts, found.at, scope)
        case _:
            return value
