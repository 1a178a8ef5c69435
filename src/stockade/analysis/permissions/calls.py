"""Calls of boto3 as calls of operations: clients, resources, collections, paginators, waiters.

`s3.Bucket(name).objects.filter(Prefix=p).delete()` is a call of `DeleteObjects` and one of
`ListObjects`, with the parameters that boto3 takes from the objects on the way. Follows the
guides "Low-level clients", "Resources", "Collections" and "Paginators" of boto3.
"""

from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.facts import ExternalCall
from stockade.analysis.permissions.parameters import Given, merged
from stockade.analysis.permissions.texts import pieces, text
from stockade.catalogue import (
    Catalogue,
    Missing,
    Operation,
    ResourceClass,
    ResourceMethod,
)
from stockade.model import (
    List,
    Location,
    Map,
    Scalar,
    Unknown,
    Value,
    alternatives,
    constant,
)
from stockade.model.record import record


@record(kw_only=True)
class OperationCall:
    """A call of an operation with its parameters, however the code put it."""

    operation: Operation
    given: Given
    complete: bool
    endpoint: Value | None = None
    """The address that the client was given to call, if it was."""
    note: str = ""
    """What the code calls where that is not the operation itself: the end of a sentence."""


_OF_CLIENTS: Final = frozenset(
    ("can_paginate", "close", "exceptions", "get_paginator", "get_waiter", "meta", "waiter_names")
)
_OF_COLLECTIONS: Final = frozenset(("all", "filter", "iterator", "limit", "page_size", "pages"))
_OF_OBJECTS: Final = frozenset(("get_available_subresources", "meta"))
_SERVICES: Final = pattern(r"aws\.(?P<service>[^.]+)\.(?P<rest>.+)")


def operation_calls(call: ExternalCall, catalogue: Catalogue) -> Iterator[OperationCall | Unknown]:
    """Yield what a call of boto3 asks of AWS; nothing for what stays on this machine."""
    match = _SERVICES.fullmatch(call.callee)
    if match is None or call.callee.startswith("aws.lambda.Context"):
        return
    service, rest = match["service"], match["rest"]
    if service == "?":
        yield Unknown("the code computes which service is called", call.at)
    elif not catalogue.has_service(service):
        yield Unknown(f"the catalogue does not know the service {service}", call.at)
    elif rest.startswith("Client."):
        yield from _of_client(call, service, rest.removeprefix("Client."), catalogue)
    else:
        yield from _of_resource(call, service, rest, catalogue)


# --- clients -----------------------------------------------------------------------------


def _of_client(
    call: ExternalCall, service: str, method: str, catalogue: Catalogue
) -> Iterator[OperationCall | Unknown]:
    endpoint = call.receiver.get("endpoint_url")
    if method in ("get_paginator().paginate", "get_waiter().wait"):
        yield _repeated(call, service, method, catalogue, endpoint)
    elif method == "generate_presigned_url":
        yield from _presigned(call, service, catalogue)
    elif method.partition(".")[0] not in _OF_CLIENTS and "(" not in method and "[" not in method:
        operation = catalogue.operation(service, method)
        if isinstance(operation, Missing):
            yield Unknown(f"{operation.name}: {operation.why}", call.at)
        else:
            yield _called(operation, call.arguments, call, endpoint)


def _repeated(
    call: ExternalCall, service: str, method: str, catalogue: Catalogue, endpoint: Value | None
) -> OperationCall | Unknown:
    """Return the operation that a paginator or waiter calls again and again."""
    told = call.receiver.get("operation_name") or call.receiver.get("waiter_name")
    told = told or call.receiver.get("0")
    name = constant(told)
    if not isinstance(name, str):
        return Unknown("the code computes which operation is repeated", call.at)
    if method.startswith("get_waiter"):
        operation = catalogue.waiter(service, name)
    else:
        operation = catalogue.operation(service, name)
    if isinstance(operation, Missing):
        return Unknown(f"{operation.name}: {operation.why}", call.at)
    return _called(operation, call.arguments, call, endpoint)


def _presigned(
    call: ExternalCall, service: str, catalogue: Catalogue
) -> Iterator[OperationCall | Unknown]:
    """Yield what a presigned URL is for: who uses it has the permissions of its signer."""
    method = call.arguments.get("ClientMethod") or call.arguments.get("0")
    params = call.arguments.get("Params") or call.arguments.get("1")
    for way in alternatives(method) if method is not None else ():
        name = constant(way)
        if not isinstance(name, str):
            yield Unknown("the code computes what the presigned URL allows", call.at)
            continue
        operation = catalogue.operation(service, name)
        if isinstance(operation, Missing):
            yield Unknown(f"{operation.name}: {operation.why}", call.at)
            continue
        yield OperationCall(
            operation=operation,
            given=merged({}, params),
            complete=isinstance(params, Map),
            note=f"signs a URL for {operation.name}",
        )


def _called(
    operation: Operation, given: Given, call: ExternalCall, endpoint: Value | None
) -> OperationCall:
    named = _named(operation, given)
    return OperationCall(
        operation=operation, given=named, complete=call.complete, endpoint=endpoint
    )


def _named(operation: Operation, given: Given) -> Given:
    """Return parameters by name: those passed by position, and those inside `ExtraArgs`."""
    if operation.parameters:
        given = {
            operation.parameters[int(name)]
            if name.isdigit() and int(name) < len(operation.parameters)
            else name: value
            for name, value in given.items()
        }
        given = merged(given, given.get("ExtraArgs"))
    source = given.get("CopySource")
    if source is not None and not isinstance(source, Map):
        given = {**given, "CopySource": _copy_source(source)}
    return given


def _copy_source(source: Value) -> Value:
    """Take `"bucket/key"` apart, the other way to write `{"Bucket": ..., "Key": ...}`."""
    parts = pieces(source)
    if isinstance(parts[0], str) and parts[0].startswith("/"):
        parts[0] = parts[0][1:]
    for number, part in enumerate(parts):
        if isinstance(part, str) and "/" in part:
            before, _, after = part.partition("/")
            bucket = text([*parts[:number], before], source.at)
            key = text([after, *parts[number + 1 :]], source.at)
            return Map({"Bucket": bucket, "Key": key}, source.at, {})
    return source


# --- resources ---------------------------------------------------------------------------


@record(kw_only=True)
class _Object:
    """An object of boto3's resources on the way of a call: its class and identifiers."""

    cls: ResourceClass
    ids: Given
    collection: str | None = None


def _of_resource(
    call: ExternalCall, service: str, rest: str, catalogue: Catalogue
) -> Iterator[OperationCall | Unknown]:
    """Follow `Bucket.objects.filter().delete` through boto3's description of its resources."""
    name, *steps = rest.split(".")
    first = catalogue.resource_class(service, name.partition("[")[0])
    special = catalogue.operation(service, rest) if "(" not in rest and "[" not in rest else None
    if isinstance(special, Operation) and steps:
        ids = {"TableName": _name(call)} if service == "dynamodb" else {}
        if not isinstance(first, Missing):
            ids = _parameters(first, _identifiers(first, call.receiver, call.at))
        yield _called(special, {**ids, **_named(special, call.arguments)}, call, None)
        return
    if isinstance(first, Missing) or not steps:
        return
    current = _Object(cls=first, ids=_identifiers(first, call.receiver, call.at))
    for step in steps[:-1]:
        following = _next(current, step, call, catalogue)
        if following is None:
            return
        current = following
    yield from _method(current, steps[-1], call, catalogue)


def _parameters(cls: ResourceClass, ids: Given) -> dict[str, Value]:
    """Return the identifiers under the names that the operations give them."""
    names: dict[str, Value] = dict(ids)
    for method in (*cls.methods.values(), *cls.collections.values()):
        for parameter, identifier in method.given.items():
            if identifier in ids:
                names.setdefault(parameter, ids[identifier])
    return names


def _name(call: ExternalCall) -> Value:
    return call.receiver.get("name") or call.receiver.get("0") or _lost(call.at)


def _lost(at: Location) -> Unknown:
    return Unknown("the object's name is not followed", at)


_GIVEN_AS: Final = {
    "Name": ("name",),
    "BucketName": ("bucket_name", "name"),
    "Key": ("key",),
    "Url": ("url",),
    "Arn": ("arn",),
    "Id": ("id",),
}


def _identifiers(cls: ResourceClass, receiver: Given, at: Location) -> dict[str, Value]:
    """Find an object's identifiers among the arguments of the calls that made it.

    Arguments of the calls before the last have `self.` before their names, where the names
    would be the same.
    """
    if cls.name == "Queue" and "QueueName" in receiver:
        return {"Url": receiver["QueueName"]}
    found: dict[str, Value] = {}
    wanted = list(cls.identifiers)
    position = 0
    shared = "self.0" in receiver or "service_name" in receiver
    for identifier in wanted:
        named = next((n for n in _GIVEN_AS.get(identifier, ()) if n in receiver), None)
        if named is not None:
            found[identifier] = receiver[named]
            continue
        if str(position) in receiver and (shared or len(receiver) == 1):
            found[identifier] = receiver[str(position)]
            position += 1
    if wanted == ["BucketName", "Key"] and "Key" not in found and "BucketName" in found:
        # `Bucket("name").Object("key")`: the bucket's name is one call further back.
        before = receiver.get("name") or receiver.get("self.0")
        if before is not None and "self.self.0" in {*receiver, *_deep(receiver)}:
            found = {"BucketName": before, "Key": found["BucketName"]}
    return {identifier: found.get(identifier, _lost(at)) for identifier in wanted}


def _deep(receiver: Given) -> tuple[str, ...]:
    return ("self.self.0",) if "self.0" in receiver and "name" in receiver else ()


def _next(current: _Object, step: str, call: ExternalCall, catalogue: Catalogue) -> _Object | None:
    """Take one step from an object to a part of it, a collection, or a collection's item."""
    name, bracket, _ = step.partition("[")
    name = name.removesuffix("()")
    cls = current.cls
    if current.collection is not None and name in _OF_COLLECTIONS:
        made: _Object | None = current
    elif name in cls.collections:
        made = _Object(cls=cls, ids=current.ids, collection=name)
    elif name in cls.parts:
        made = _part(current, name, call, catalogue)
    else:
        return None
    return _item(made, call, catalogue) if bracket and made is not None else made


def _part(current: _Object, name: str, call: ExternalCall, catalogue: Catalogue) -> _Object | None:
    type_, identifiers = current.cls.parts[name]
    part = catalogue.resource_class(current.cls.service, type_)
    if isinstance(part, Missing):
        return None
    ids: dict[str, Value] = {}
    position = 0
    for target, source, origin in identifiers:
        if source == "identifier":
            ids[target] = current.ids.get(origin, _lost(call.at))
        else:
            ids[target] = call.receiver.get(str(position), _lost(call.at))
            position += 1
    return _Object(cls=part, ids=ids)


def _item(current: _Object, call: ExternalCall, catalogue: Catalogue) -> _Object | None:
    """Return any item of a collection: what its listing gives is not known."""
    if current.collection is None:
        return None
    many = current.cls.collections[current.collection]
    cls = catalogue.resource_class(current.cls.service, many.items or "")
    if isinstance(cls, Missing):
        return None
    own = _parameters(current.cls, current.ids)
    listed = Unknown("a listing gives it", call.at)
    prefix = call.receiver.get("Prefix")
    key = text([prefix, listed], call.at) if prefix is not None else listed
    ids = {
        identifier: own.get(identifier) or own.get(identifier.removesuffix("Name"), listed)
        for identifier in cls.identifiers
    }
    if "Key" in ids:
        ids["Key"] = key
    return _Object(cls=cls, ids=ids)


def _method(
    current: _Object, method: str, call: ExternalCall, catalogue: Catalogue
) -> Iterator[OperationCall | Unknown]:
    """Yield the operations that a method calls."""
    if "(" in method or "[" in method:
        return
    target = current
    if current.collection is not None:
        many = current.cls.collections[current.collection]
        yield _request(current, many, call, catalogue)
        item = _item(current, call, catalogue)
        if method in _OF_COLLECTIONS or item is None:
            return
        target = item
    cls = target.cls
    found = cls.methods.get(method)
    if found is not None:
        yield _request(target, found, call, catalogue)
    elif not method[:1].isupper() and method not in {*cls.parts, *cls.collections, *_OF_OBJECTS}:
        known = catalogue.operation(cls.service, f"{cls.name}.{method}")
        if isinstance(known, Operation):
            ids = _parameters(cls, target.ids)
            yield _called(known, {**ids, **_named(known, call.arguments)}, call, None)
        else:
            why = f"boto3's {cls.service} {cls.name} is not known to have {method}()"
            yield Unknown(why, call.at)


def _request(
    target: _Object, method: ResourceMethod, call: ExternalCall, catalogue: Catalogue
) -> OperationCall | Unknown:
    """Return the call that a method makes, with what its object gives to it."""
    name, ids = method.operation, target.ids
    operation = catalogue.operation(target.cls.service, name)
    if isinstance(operation, Missing):
        return Unknown(f"{operation.name}: {operation.why}", call.at)
    own: dict[str, Value] = {}
    for parameter, source in method.given.items():
        plain = parameter.partition("[")[0]
        if source.startswith("="):
            own[plain] = Scalar(source[1:], call.at)
        elif source in ids and "." not in parameter:
            own[plain] = ids[source]
    own.update(_named(operation, call.arguments))
    if name == "DeleteObjects" and "Delete" not in call.arguments and "Key" in ids:
        own["Delete"] = _deleted(ids["Key"])
    return _called(operation, own, call, None)


def _deleted(key: Value) -> Value:
    """Write the one key as the parameter of `DeleteObjects` has it."""
    entry = Map({"Key": key}, key.at, {})
    return Map({"Objects": List((entry,), key.at)}, key.at, {})
