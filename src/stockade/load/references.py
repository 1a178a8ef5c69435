"""References: `Ref`, `Fn::GetAtt`, `Fn::ImportValue`, `Fn::FindInMap`.

AWS: "Intrinsic function reference" of the AWS CloudFormation Template Reference. Every function
takes its argument resolved, the place of the whole call, and the scope.
"""

from collections.abc import Sequence

from stockade.load.domains import possible_texts
from stockade.load.scope import Scope, weigh
from stockade.model import (
    Choice,
    Concatenation,
    Import,
    List,
    Location,
    Map,
    NoValue,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
    constant,
    expression,
)

_MAX_ALTERNATIVES = 8
"""Entries of a mapping that are kept side by side where the key is not decided."""


def ref(argument: Value, at: Location, scope: Scope) -> Value:
    """Return what `Ref` gives: a parameter, a pseudo parameter, or a resource."""
    name = constant(argument)
    if not isinstance(name, str):
        return Unknown("`Ref` does not name anything", at)
    return named(name, at, scope)


def named(name: str, at: Location, scope: Scope) -> Value:
    """Return what `name` is in the scope.

    A logical id that the template does not declare stays a reference: SAM makes resources that
    no template declares.
    """
    declared = scope.parameters.get(name)
    if declared is not None:
        value = _charged(declared.refer(at), at, scope)
        return _placed(value, at) if declared.substituted else value
    if name.startswith("AWS::"):
        return NoValue(at) if name == "AWS::NoValue" else Parameter(name, None, at)
    return Reference(scope.qualified(name), "Ref", at)


def get_att(argument: Value, at: Location, scope: Scope) -> Value:
    """Return what `Fn::GetAtt` gives, for a nested stack's output the output's value."""
    match argument:
        case Scalar(value=str(text)) if "." in text:
            resource, attribute = text.split(".", 1)
            return attribute_of(resource, attribute, at, scope)
        case List(items=(first, *others)) if others:
            texts = [constant(item) for item in (first, *others)]
            if all(isinstance(text, str) for text in texts):
                resource, *attributes = (text for text in texts if isinstance(text, str))
                return attribute_of(resource, ".".join(attributes), at, scope)
    return Unknown("`Fn::GetAtt` does not name a resource and an attribute", at)


def attribute_of(resource: str, attribute: str, at: Location, scope: Scope) -> Value:
    """Return an attribute of a resource, for a nested stack's output the output's value."""
    if attribute.startswith("Outputs."):
        outputs = scope.outputs_of(resource)
        if outputs is not None:
            output = outputs.get(attribute.removeprefix("Outputs."))
            if output is None:
                return Unknown(f"the stack {resource} has no such output", at)
            return _placed(_charged(output, at, scope), at)
    return Reference(scope.qualified(resource), attribute, at)


def import_value(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the value that another stack of the application exports, else an `Import`."""
    name = constant(argument)
    if isinstance(name, str):
        scope.imports.append(name)
        exported = scope.exports.get(name)
        if exported is not None:
            return _placed(_charged(exported, at, scope), at)
    return Import(argument, at)


def find_in_map(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the entry of a mapping.

    Where a key is not decided, the entries that it may lead to are kept side by side, each
    under the condition that the key is theirs; beyond eight the value is unknown.
    """
    if not isinstance(argument, List) or len(argument.items) < 3:  # noqa: PLR2004 - the format
        return Unknown("`Fn::FindInMap` does not have a mapping and two keys", at)
    name, *keys = argument.items[:3]
    default = None
    if len(argument.items) > 3 and isinstance(argument.items[3], Map):  # noqa: PLR2004
        default = argument.items[3].get("DefaultValue")
    mapping = constant(name)
    if not isinstance(mapping, str):
        return mapping or Unknown("`Fn::FindInMap` does not name a mapping", at)
    found = scope.mappings.get(mapping) if scope.mappings is not None else None
    return _entry(found, keys, default, at, scope)


def _entry(
    found: Value | None, keys: Sequence[Value], default: Value | None, at: Location, scope: Scope
) -> Value:
    if found is None:
        return default or Unknown("the mapping has no such entry", at)
    if not keys:
        return _charged(found, at, scope)
    if not isinstance(found, Map):
        return default or Unknown("the mapping has no such entry", at)
    key, *others = keys
    texts = possible_texts(key, scope)
    if texts is not None and len(texts) == 1:
        return _entry(found.get(next(iter(texts))), others, default, at, scope)
    candidates = [one for one in found.entries if texts is None or one in texts]
    return _one_of(found, key, candidates, others, default, at, scope)


def _one_of(  # noqa: PLR0913, PLR0917 - what `_entry` has, and the keys that are possible
    found: Map,
    key: Value,
    candidates: Sequence[str],
    others: Sequence[Value],
    default: Value | None,
    at: Location,
    scope: Scope,
) -> Value:
    """Return the entries under `candidates` side by side, each distinct one once."""
    entries = [(one, _entry(found.get(one), others, default, at, scope)) for one in candidates]
    distinct = {
        constant(entry) if isinstance(entry, Scalar) else id(entry) for _, entry in entries
    }
    if not entries or len(distinct) > _MAX_ALTERNATIVES:
        reason = f"the mapping has another value for each {expression(key)[:60]}"
        return Unknown(reason, at) if entries else default or Unknown(reason, at)
    (_, value), *rest = reversed(entries)
    if len(distinct) == 1:
        return value
    for one, entry in rest:
        value = Choice(f"{expression(key)} is {one}", entry, value, at)
    return value


def _placed(value: Value, at: Location) -> Value:
    """Return what another stack hands over, with the place where it is asked for.

    Texts, lists and maps that an author wrote keep the place where they are written.
    """
    match value:
        case Reference():
            return Reference(value.resource, value.attribute, at)
        case Parameter():
            return Parameter(value.name, value.value, at, value.no_echo, value.allowed)
        case Concatenation():
            return Concatenation(value.parts, at)
        case Choice():
            return Choice(value.condition, value.then, value.otherwise, at)
        case Import():
            return Import(value.name, at)
        case _:
            return value


def _charged(value: Value, at: Location, scope: Scope) -> Value:
    """Return `value`, which is used once more, unless the application is out of steps."""
    if isinstance(value, Scalar):
        return value
    weight = weigh(value)
    if weight is None:
        return Unknown("it is too large to be followed", at)
    return scope.spend(weight, at) or value
