"""Plans: the JSON that `terraform show -json` writes of one, where the configuration is not here.

Follows "JSON Output Format" in the documentation of Terraform. A plan tells which instances there
are and the values that are known. Of those that are not it tells only what they refer to, so a
text that is put together stays unknown.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from stockade.load.document import parse
from stockade.load.terraform.configuration import Configuration
from stockade.load.terraform.hcl import parse_expression
from stockade.load.terraform.syntax import (
    Block,
    Body,
    Broken,
    Expression,
    Given,
    ListOf,
    Literal,
    ObjectOf,
    Text,
)
from stockade.model import List, Location, Map, Scalar, SourceFile, Unseen, Value, constant, items
from stockade.model.record import record

Index: TypeAlias = str | int | None

_FOLLOWS: Final = "the plan does not tell what it is put together with"
_PUT_TOGETHER: Final = frozenset(("resources", "not_resources", "values", "policy"))
"""Arguments whose references mostly stand within a text."""


@record(kw_only=True)
class Plan:
    """What a plan tells beside the configuration.

    `indexes` are the instances by module address, sort and name of a block (`module` blocks by
    their own name); `values` what is known of each resource by its address, `unknown` which of
    its arguments are not.
    """

    root: Configuration
    inner: Mapping[tuple[str, str], Configuration]
    indexes: Mapping[tuple[str, str, str], Sequence[Index]]
    values: Mapping[str, Map]
    unknown: Mapping[str, Map]
    variables: Mapping[str, Value]


def read_plan(file: SourceFile, unseen: list[Unseen]) -> Plan | None:
    """Return the plan in a file; None if it is none."""
    document = parse(file)
    if isinstance(document, Unseen):
        unseen.append(document)
        return None
    root = document.root
    if not isinstance(root, Map) or "format_version" not in root:
        return None
    configuration = _map(_map(root.get("configuration")).get("root_module"))
    if not configuration.entries:
        return None
    inner: dict[tuple[str, str], Configuration] = {}
    made = _configuration(configuration, posixpath.dirname(file.path), file.path, "", inner)
    instances = list(_instances(root))
    indexes: dict[tuple[str, str, str], list[Index]] = {}
    for module, sort, name, index in dict.fromkeys(one for one, _ in instances):
        indexes.setdefault((module, sort, name), []).append(index)
    changes = [one for one in items(root.get("resource_changes")) if isinstance(one, Map)]
    variables = {
        name: value
        for name, one in _map(root.get("variables"))
        if (value := _map(one).get("value")) is not None
    }
    return Plan(
        root=made,
        inner=inner,
        indexes=indexes,
        values=dict(_values(instances, changes)),
        unknown={
            _text(one.get("address")): _map(_map(one.get("change")).get("after_unknown"))
            for one in changes
        },
        variables=variables,
    )


def _map(value: Value | None) -> Map:
    return value if isinstance(value, Map) else Map({}, Location("", 0), {})


def _text(value: Value | None) -> str:
    found = constant(value)
    return found if isinstance(found, str) else ""


def _configuration(
    written: Map,
    folder: str,
    path: str,
    way: str,
    inner: dict[tuple[str, str], Configuration],
) -> Configuration:
    """Return the configuration of a module as the plan tells it."""
    made = Configuration(folder, (path,))
    for one in items(written.get("resources")):
        resource = _map(one)
        kind, name = _text(resource.get("type")), _text(resource.get("name"))
        sort = "data" if _text(resource.get("mode")) == "data" else "resource"
        body = _body(_map(resource.get("expressions")))
        block = Block(sort, (kind, name), body, resource.key_at("address"))
        (made.data if sort == "data" else made.resources)[kind, name] = block
    for name, one in _map(written.get("variables")):
        default = _map(one).get("default")
        attributes: dict[str, Expression] = {} if default is None else {"default": Given(default)}
        if _text(_map(one).get("sensitive")) == "true":
            attributes["sensitive"] = Literal(Scalar(value=True, at=one.at))
        made.variables[name] = Block(
            "variable",
            (name,),
            Body(attributes, {}, ()),
            _map(written.get("variables")).key_at(name),
        )
    for name, one in _map(written.get("outputs")):
        value = expression_of(_map(one).get("expression"), "")
        made.outputs[name] = Block("output", (name,), Body({"value": value}, {}, ()), one.at)
    for name, one in _map(written.get("module_calls")):
        call = _map(one)
        place = f"{way}/{name}"
        at = _map(written.get("module_calls")).key_at(name)
        made.calls[name] = Block("module", (name,), _body(_map(call.get("expressions"))), at)
        inner[way, name] = _configuration(_map(call.get("module")), folder, path, place, inner)
    return made


def _body(written: Map) -> Body:
    attributes = {name: expression_of(one, name) for name, one in written}
    return Body(attributes, written.keys, ())


def expression_of(written: Value | None, name: str) -> Expression:
    """Return an expression of the plan: a value, what it refers to, or blocks of these."""
    if isinstance(written, List):
        return ListOf(tuple(expression_of(one, name) for one in written.items), written.at)
    if not isinstance(written, Map):
        return Broken("the plan does not tell it", written.at if written else Location("", 0))
    if "constant_value" in written:
        return Given(written.entries["constant_value"])
    if "references" in written:
        return _referring(written, name)
    entries = [
        (Literal(Scalar(key, written.key_at(key))), expression_of(one, key))
        for key, one in written
    ]
    return ObjectOf(tuple(entries), written.at)


def _referring(written: Map, name: str) -> Expression:
    """Return what a value refers to, if it is one thing; else that it is not known."""
    at = written.at
    every = [_text(one) for one in items(written.get("references"))]
    longest = [
        one
        for one in every
        if not any(other.startswith(f"{one}.") for other in every)
        and not any(other.startswith(f"{one}[") for other in every)
    ]
    if len(longest) != 1:
        return Broken(_FOLLOWS, at)
    found = parse_expression(longest[0], at)
    if name in _PUT_TOGETHER and not longest[0].endswith((".json", ".minified_json")):
        return ListOf((Text((found, Broken(_FOLLOWS, at)), at),), at)
    return found


def _instances(
    root: Map,
) -> Iterator[tuple[tuple[str, str, str, Index], tuple[str, Map] | None]]:
    """Yield every instance: module address, sort, name and index; address and values of each."""
    waiting: list[tuple[str, Map]] = []
    for way in (("planned_values",), ("prior_state", "values")):
        found = root
        for name in way:
            found = _map(found.get(name))
        waiting.append(("", _map(found.get("root_module"))))
    while waiting:
        address, module = waiting.pop()
        for one in items(module.get("resources")):
            resource = _map(one)
            sort = "data" if _text(resource.get("mode")) == "data" else "resource"
            name = f"{_text(resource.get('type'))}.{_text(resource.get('name'))}"
            key = (address, sort, name, _index(resource.get("index")))
            yield key, (_text(resource.get("address")), _map(resource.get("values")))
        for one in items(module.get("child_modules")):
            child = _text(_map(one).get("address"))
            name, index = _of_address(child, address)
            yield (address, "module", f"module.{name}", index), None
            waiting.append((child, _map(one)))


def _values(
    instances: Sequence[tuple[object, tuple[str, Map] | None]], changes: Sequence[Map]
) -> Iterator[tuple[str, Map]]:
    """Yield what is known of each resource, what is planned before what was."""
    for _, told in reversed(instances):
        if told is not None:
            yield told
    for one in changes:
        after = _map(one.get("change")).get("after")
        if _text(one.get("mode")) == "data" and isinstance(after, Map):
            yield _text(one.get("address")), after


def _index(value: Value | None) -> Index:
    if isinstance(value, Scalar) and isinstance(value.value, str | int):
        return value.value
    return None


def _of_address(address: str, parent: str) -> tuple[str, Index]:
    """Split the last part of a module's address into its name and index."""
    own = address.removeprefix(f"{parent}." if parent else "").removeprefix("module.")
    name, bracket, rest = own.partition("[")
    if not bracket:
        return name, None
    inside = rest.removesuffix("]")
    return name, int(inside) if inside.isdigit() else inside.strip('"')
