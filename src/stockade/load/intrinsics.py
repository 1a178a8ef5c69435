"""Intrinsic functions: what a value turns out to be, as far as the templates say.

AWS: "Intrinsic function reference" of the AWS CloudFormation Template Reference.
"""

from collections.abc import Callable, Mapping

from stockade.load.language_extensions import length, to_json_string
from stockade.load.lists import cidr, get_azs, select, split
from stockade.load.references import find_in_map, get_att, import_value, ref
from stockade.load.scope import MAX_RESOLVE_DEPTH, Scope
from stockade.load.texts import base64, join, sub
from stockade.model import Choice, List, Location, Map, NoValue, Scalar, Unknown, Value, constant

_FUNCTIONS: Mapping[str, Callable[[Value, Location, Scope], Value]] = {
    "Ref": ref,
    "Fn::Base64": base64,
    "Fn::Cidr": cidr,
    "Fn::FindInMap": find_in_map,
    "Fn::GetAZs": get_azs,
    "Fn::GetAtt": get_att,
    "Fn::ImportValue": import_value,
    "Fn::Join": join,
    "Fn::Length": length,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::Sub": sub,
    "Fn::ToJsonString": to_json_string,
}
_TRANSFORM = "Fn::Transform"


def resolve(value: Value, scope: Scope) -> Value:
    """Return `value` with its references followed as far as they lead.

    Lists and maps that hold nothing to resolve are returned as they are. Entries and items that
    are surely `AWS::NoValue` are left out. What cannot be known is `Unknown`.
    """
    kind = type(value)
    if kind is Scalar:
        return value
    work = scope.work
    work.steps -= 1
    if work.steps < 0 or work.depth > MAX_RESOLVE_DEPTH:
        return _too_much(value, scope)
    work.depth += 1
    resolved = value
    if isinstance(value, Map):
        resolved = _map(value, scope)
    elif isinstance(value, List):
        resolved = _list(value, scope)
    work.depth -= 1
    return resolved


def _too_much(value: Value, scope: Scope) -> Unknown:
    spent = scope.spend(0, value.at)
    return spent or Unknown("it is nested too deep to be followed", value.at)


def _map(value: Map, scope: Scope) -> Value:
    entries = value.entries
    if len(entries) == 1:
        ((name, argument),) = entries.items()
        if name == "Ref" or name.startswith("Fn::"):
            return _call(name, argument, value.at, scope)
    elif _TRANSFORM in entries:
        return _with_included(value, scope)
    changed: dict[str, Value] = {}
    for key, entry in entries.items():
        if type(entry) is not Scalar:
            new = resolve(entry, scope)
            if new is not entry:
                changed[key] = new
    if not changed:
        return value
    every = {**entries, **changed}
    kept = {key: new for key, new in every.items() if type(new) is not NoValue}
    return Map(kept, value.at, value.keys)


def _list(value: List, scope: Scope) -> Value:
    same = True
    items: list[Value] = []
    for item in value.items:
        new = item if type(item) is Scalar else resolve(item, scope)
        same = same and new is item
        if type(new) is not NoValue:
            items.append(new)
    return value if same else List(tuple(items), value.at)


def _call(name: str, argument: Value, at: Location, scope: Scope) -> Value:
    function = _FUNCTIONS.get(name)
    if function is not None:
        return function(resolve(argument, scope), at, scope)
    if name == "Fn::If":
        return _if(argument, at, scope)
    if name == _TRANSFORM:
        return _transform(argument, at, scope)
    return Unknown(f"`{name[:40]}` is not a function that can be resolved", at)


def _if(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the branch that the condition takes, or both branches where it is undecided."""
    match argument:
        case List(items=(Scalar(value=str(name)), then, otherwise)):
            pass
        case _:
            return Unknown("`Fn::If` does not have a condition and two branches", at)
    truth = scope.truth(name, at)
    if truth is not None:
        return resolve(then if truth else otherwise, scope)
    taken = under(name, then, scope, truth=True)
    left = under(name, otherwise, scope, truth=False)
    if isinstance(taken, NoValue) and isinstance(left, NoValue):
        return NoValue(at)
    return Choice(name, taken, left, at)


def under(name: str, value: Value, scope: Scope, *, truth: bool) -> Value:
    """Return `value` resolved where the condition `name` is known to be `truth`."""
    before = scope.assumed
    scope.assumed = {**before, name: truth}
    resolved = resolve(value, scope)
    scope.assumed = before
    return resolved


def _with_included(value: Map, scope: Scope) -> Value:
    """Return a map with the entries that `AWS::Include` brings beside its own."""
    own = {key: entry for key, entry in value if key != _TRANSFORM}
    included = _transform(value.entries[_TRANSFORM], value.key_at(_TRANSFORM), scope)
    rest = resolve(Map(own, value.at, value.keys), scope)
    if not isinstance(included, Map) or not isinstance(rest, Map):
        scope.miss(value.key_at(_TRANSFORM), "template", "what a transform adds is not known")
        return rest
    entries = {**included.entries, **rest.entries}
    return Map(entries, value.at, {**included.keys, **rest.keys})


def _transform(argument: Value, at: Location, scope: Scope) -> Value:
    if scope.including:
        return Unknown("an included file may not include another", at)
    written = included(argument, at, scope)
    scope.including = True
    resolved = resolve(written, scope)
    scope.including = False
    return resolved


def included(argument: Value, at: Location, scope: Scope) -> Value:
    """Return what a transform stands for, unresolved.

    That is a file of the folder for `AWS::Include`, and Unknown for every macro of an account.
    """
    resolved = resolve(argument, scope)
    name = resolved.get("Name") if isinstance(resolved, Map) else None
    parameters = resolved.get("Parameters") if isinstance(resolved, Map) else None
    location = parameters.get("Location") if isinstance(parameters, Map) else None
    if constant(name) != "AWS::Include":
        return Unknown("a macro of the account makes it", at)
    path = constant(location)
    if not isinstance(path, str):
        return Unknown("the place of the included file is not known", at)
    return scope.include(path, at)
