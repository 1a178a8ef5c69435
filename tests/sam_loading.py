"""A small loader of templates for the tests of SAM: every intrinsic function is kept."""

import json
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from stockade.load.template import Template
from stockade.model import (
    Choice,
    Concatenation,
    List,
    Location,
    Map,
    NoValue,
    Parameter,
    Reference,
    Resource,
    Scalar,
    Stack,
    Unknown,
    Value,
)

Parameters = dict[str, Parameter]

Node: TypeAlias = Any
"""A node of PyYAML, whose kinds have no common interface."""

Json: TypeAlias = Any
"""What `json.loads` gives."""


def template_of(path: Path) -> Template:
    """Load the template at `path`; parameters have their defaults, conditions stay open."""
    with path.open(encoding="utf-8") as file:
        return template_of_text(file.read(), str(path))


def template_of_text(text: str, path: str = "template.yaml") -> Template:
    """Load a template from its text."""
    root: Node = yaml.compose(text, Loader=yaml.CSafeLoader)
    sections = {key.value: value for key, value in root.value}
    at = Location(path, 1)
    parameters = _parameters(sections.get("Parameters"), path)
    stack = Stack(name="", template=path, parameters={}, outputs={}, metadata=None, at=at)
    shared = _value(sections["Globals"], path, parameters) if "Globals" in sections else None
    return Template(
        stack=stack,
        transforms=("AWS::Serverless-2016-10-31",),
        globals=shared if isinstance(shared, Map) else None,
        resources=_resources(sections["Resources"], path, parameters),
    )


def _parameters(node: Node, path: str) -> Parameters:
    found: Parameters = {}
    for key, declared in node.value if node is not None else ():
        written = {inner.value: value for inner, value in declared.value}
        default = written.get("Default")
        at = _at(key, path)
        given = Scalar(_plain(default), at) if default is not None else None
        found[key.value] = Parameter(key.value, given, at)
    return found


def _resources(node: Node, path: str, parameters: Parameters) -> dict[str, Resource]:
    found = {}
    for key, declared in node.value:
        value = _value(declared, path, parameters)
        assert isinstance(value, Map)
        properties = value.get("Properties")
        at = _at(key, path)
        kind = value.entries["Type"]
        condition = value.get("Condition")
        metadata = value.get("Metadata")
        assert isinstance(kind, Scalar)
        found[key.value] = Resource(
            id=key.value,
            type=str(kind.value),
            properties=properties if isinstance(properties, Map) else Map({}, at, {}),
            at=at,
            stack="",
            logical_id=key.value,
            written_as=str(kind.value),
            condition=str(condition.value) if isinstance(condition, Scalar) else None,
            metadata=metadata if isinstance(metadata, Map) else None,
            attributes={
                name: one
                for name, one in value
                if name not in ("Type", "Properties", "Condition", "Metadata")
            },
        )
    return found


def _at(node: Node, path: str) -> Location:
    mark = node.start_mark
    return Location(path, mark.line + 1, mark.column + 1)


def _plain(node: Node) -> Json:
    return yaml.CSafeLoader("").construct_object(node)


def _value(node: Node, path: str, parameters: Parameters) -> Value:
    at = _at(node, path)
    if node.tag.startswith("!"):
        return _intrinsic(node.tag[1:], node, path, parameters)
    if isinstance(node, yaml.ScalarNode):
        plain = _plain(node)
        return Scalar(plain if isinstance(plain, str | int | float) else _text(node, plain), at)
    if isinstance(node, yaml.SequenceNode):
        return List(tuple([_value(item, path, parameters) for item in node.value]), at)
    if len(node.value) == 1:
        key, inner = node.value[0]
        if key.value == "Ref" or key.value.startswith("Fn::"):
            return _intrinsic(key.value.removeprefix("Fn::"), inner, path, parameters)
    entries = {str(key.value): _value(item, path, parameters) for key, item in node.value}
    keys = {str(key.value): _at(key, path) for key, _ in node.value}
    return Map(entries, at, keys)


def _text(node: Node, plain: Json) -> str | None:
    return None if plain is None else str(node.value)


def _intrinsic(name: str, node: Node, path: str, parameters: Parameters) -> Value:
    at = _at(node, path)
    match name:
        case "Ref":
            return _reference(node.value, at, parameters)
        case "GetAtt" if isinstance(node, yaml.ScalarNode):
            resource, _, attribute = node.value.partition(".")
            return Reference(resource, attribute, at)
        case "GetAtt" if all(isinstance(item, yaml.ScalarNode) for item in node.value):
            resource, *rest = (item.value for item in node.value)
            return Reference(resource, ".".join(rest), at)
        case "Sub":
            return _substitution(node, path, parameters)
        case "Join" if isinstance(node.value[1], yaml.SequenceNode):
            return _joined(node, path, parameters)
        case "If":
            condition, then, otherwise = node.value
            return Choice(
                condition.value,
                _value(then, path, parameters),
                _value(otherwise, path, parameters),
                at,
            )
        case _:
            argument = as_json(_untagged(node, path, parameters), keep=True)
            return Unknown(json.dumps({f"Fn::{name}": argument}), at)


def _untagged(node: Node, path: str, parameters: Parameters) -> Value:
    """Read the argument of a function, which has the function's own tag."""
    if not node.tag.startswith("!"):
        return _value(node, path, parameters)
    at = _at(node, path)
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value, at)
    return List(tuple([_value(item, path, parameters) for item in node.value]), at)


def _reference(name: str, at: Location, parameters: Parameters) -> Value:
    if name == "AWS::NoValue":
        return NoValue(at)
    if name in parameters:
        known = parameters[name]
        return Parameter(name, known.value, at)
    if name.startswith("AWS::"):
        return Parameter(name, None, at)
    return Reference(name, "Ref", at)


def _substitution(node: Node, path: str, parameters: Parameters) -> Value:
    given: dict[str, Value] = {}
    text_node = node
    if isinstance(node, yaml.SequenceNode):
        text_node, variables = node.value
        given = {key.value: _value(one, path, parameters) for key, one in variables.value}
    at = _at(node, path)
    parts: list[Value] = []
    rest = text_node.value
    while rest:
        before, start, after = rest.partition("${")
        if before:
            parts.append(Scalar(before, at))
        if not start:
            break
        name, _, rest = after.partition("}")
        if name.startswith("!"):
            parts.append(Scalar("${" + name[1:] + "}", at))
        elif name in given:
            parts.append(given[name])
        elif "." in name:
            resource, _, attribute = name.partition(".")
            parts.append(Reference(resource, attribute, at))
        else:
            parts.append(_reference(name, at, parameters))
    return _text_of(parts, at)


def _joined(node: Node, path: str, parameters: Parameters) -> Value:
    delimiter, items = node.value
    at = _at(node, path)
    parts: list[Value] = []
    for number, item in enumerate(items.value):
        if number and delimiter.value:
            parts.append(Scalar(delimiter.value, at))
        parts.append(_value(item, path, parameters))
    return _text_of(parts, at)


def _text_of(parts: list[Value], at: Location) -> Value:
    flat: list[Value] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Concatenation) else (part,))
    return flat[0] if len(flat) == 1 else Concatenation(tuple(flat), at)


def as_json(value: Value, *, keep: bool = False) -> Json:
    """Write a value with intrinsic functions again, as a template in JSON has it.

    `keep` keeps entries that are null or `AWS::NoValue`.
    """
    match value:
        case Scalar():
            return value.value
        case List():
            return [as_json(item, keep=keep) for item in value.items]
        case Map():
            return {key: as_json(item, keep=keep) for key, item in value.entries.items()}
        case Reference(attribute="Ref"):
            return {"Ref": value.resource}
        case Reference():
            return {"Fn::GetAtt": [value.resource, value.attribute]}
        case Parameter():
            return {"Ref": value.name}
        case Concatenation():
            return {"Fn::Join": ["", [as_json(part, keep=keep) for part in value.parts]]}
        case Choice():
            then, otherwise = as_json(value.then, keep=keep), as_json(value.otherwise, keep=keep)
            return {"Fn::If": [value.condition, then, otherwise]}
        case NoValue():
            return {"Ref": "AWS::NoValue"}
        case Unknown():
            return json.loads(value.why)
        case _:
            msg = f"no template holds {value}"
            raise ValueError(msg)
