"""A synthesized template, told in the author's words: lines of the constructs, folders of code."""

import posixpath
from collections import Counter
from collections.abc import Mapping

from stockade._late import pattern
from stockade.load.cdk.assets import Source, SourceFinder
from stockade.load.cdk.constructs import Constructs
from stockade.load.handlers.paths import join
from stockade.model import List, Location, Map, Scalar, Unseen, Value, constant

_PATH = "aws:cdk:path"
_ASSET = "aws:asset:path"
_ORIGINAL = "aws:asset:original-path"
_DOCKERFILE = "aws:asset:dockerfile-path"
_FUNCTION = "AWS::Lambda::Function"

_HASHED = pattern(r"([A-Za-z0-9]*?[A-Za-z][A-Za-z0-9]*?)[0-9A-F]{8}")
"""A logical id as the CDK makes it: the names of the constructs, then a hash of their path."""

_REFERENCE = pattern(r"\$\{(\w+)((?:\.[\w.]+)?)\}")


def rewritten(
    root: Map, path: str, constructs: Constructs, finder: SourceFinder, unseen: list[Unseen]
) -> Map:
    """Return the template of the file `path` with what it was made of in the place of what it is.

    Each resource bears the names of its constructs without their hash, if that names only one,
    and stands where the author's source made it, if that is told. A function's code is the
    folder that its asset was made of. Functions whose code is no part of the repository, which
    constructs of the CDK bring for their own ends, are left out and told as not seen.
    """
    resources = root.get("Resources")
    if not isinstance(resources, Map):
        return root
    names = _names(resources)
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    for logical_id, resource in resources:
        name = names.get(logical_id, logical_id)
        if not isinstance(resource, Map):
            entries[name], keys[name] = resource, resources.key_at(logical_id)
            continue
        construct = _metadata(resource, _PATH)
        at = constructs.made_at(construct) if construct else None
        own = _with_source(resource, posixpath.dirname(path), finder)
        if own is None:
            place = at or resources.key_at(logical_id)
            why = "its code comes from a package, not from the scanned folder"
            unseen.append(Unseen(place, "handler", why))
        else:
            entries[name] = _told(own, at, names)
            keys[name] = at or resources.key_at(logical_id)
    told: dict[str, Value] = {"Resources": Map(entries, resources.at, keys)}
    outputs = root.get("Outputs")
    if outputs is not None:
        told["Outputs"] = _told(outputs, None, names)
    return Map({**root.entries, **told}, root.at, root.keys)


def _names(resources: Map) -> Mapping[str, str]:
    """Return the names of the constructs by logical id, where only one resource bears them."""
    found = {}
    for logical_id, resource in resources:
        hashed = _HASHED.fullmatch(logical_id)
        if hashed is not None and isinstance(resource, Map) and _metadata(resource, _PATH):
            found[logical_id] = hashed[1]
    uses = Counter([*found.values(), *(name for name, _ in resources)])
    return {logical_id: name for logical_id, name in found.items() if uses[name] == 1}


def _metadata(resource: Map, key: str) -> str | None:
    metadata = resource.get("Metadata")
    found = constant(metadata.get(key)) if isinstance(metadata, Map) else None
    return found if isinstance(found, str) else None


def _with_source(resource: Map, folder: str, finder: SourceFinder) -> Map | None:
    """Return a function with its source in the place of its asset, anything else as it is.

    None for a function whose code is found nowhere in the repository. What a bundler wrote and
    does not say of what stays as it is: it is the author's, whatever it was made of.
    """
    properties = resource.get("Properties")
    if not isinstance(properties, Map) or constant(resource.get("Type")) != _FUNCTION:
        return resource
    place = _metadata(resource, _ASSET)
    if place is None:
        return resource if _is_held(properties, finder) else None
    asset = join(folder, place)
    handler = constant(properties.get("Handler"))
    if asset is None:
        return resource
    dockerfile = _metadata(resource, _DOCKERFILE)
    if dockerfile is not None:
        return _with_context(resource, finder.context_of(asset, dockerfile), folder, dockerfile)
    if not isinstance(handler, str):
        return resource
    found = finder.source_of(asset, handler)
    if found is None and _is_copy(resource):
        if finder.can_tell(asset, handler):
            return None
        found = finder.folder_named(_metadata(resource, _ORIGINAL) or "")
    if found is None:
        return resource
    at = properties.key_at("Code")
    code = Scalar(posixpath.relpath(found.folder or ".", folder or "."), at)
    return _with(
        resource,
        at,
        Properties=_with(properties, at, Code=code),
        Metadata=_source_metadata(resource, found, at),
    )


def _with_context(resource: Map, found: Source | None, folder: str, dockerfile: str) -> Map:
    """Return an image's function with the folder it was built from, as `sam build` has it."""
    metadata = resource.get("Metadata")
    if found is None or not isinstance(metadata, Map):
        return resource
    at = resource.key_at("Metadata")
    told = {
        "DockerContext": posixpath.relpath(found.folder or ".", folder or "."),
        "Dockerfile": dockerfile,
    }
    entries = {name: Scalar(text, at) for name, text in told.items()}
    return _with(resource, at, Metadata=_with(metadata, at, **entries))


def _is_held(properties: Map, finder: SourceFinder) -> bool:
    """Tell whether the code that stands in a function is the project's own, as far as is known."""
    code = properties.get("Code")
    text = constant(code.get("ZipFile")) if isinstance(code, Map) else None
    return not isinstance(text, str) or finder.holds(text)


def _is_copy(resource: Map) -> bool:
    metadata = resource.get("Metadata")
    bundled = constant(metadata.get("aws:asset:is-bundled")) if isinstance(metadata, Map) else None
    return bundled in {False, "false"}


def _source_metadata(resource: Map, found: Source, at: Location) -> Map:
    """Return the metadata without the asset, and with a bundler's entry as `sam build` has it."""
    metadata = resource.get("Metadata")
    entries = dict(metadata.entries) if isinstance(metadata, Map) else {}
    entries.pop(_ASSET, None)
    if found.entry is not None:
        entry = List((Scalar(found.entry, at),), at)
        entries["BuildProperties"] = Map({"EntryPoints": entry}, at, {"EntryPoints": at})
    return Map(entries, at, dict.fromkeys(entries, at))


def _with(value: Map, at: Location, **entries: Value) -> Map:
    return Map(
        {**value.entries, **entries}, value.at, {**dict.fromkeys(entries, at), **value.keys}
    )


def _told(value: Value, at: Location | None, names: Mapping[str, str]) -> Value:
    """Return `value` with its references renamed, and everything in it written at one place.

    Without a place, each value stays where it is written.
    """
    match value:
        case Scalar():
            return value if at is None else Scalar(value.value, at)
        case List():
            return List(tuple(_told(item, at, names) for item in value.items), at or value.at)
        case Map():
            entries = {key: _told(_renamed(key, entry, names), at, names) for key, entry in value}
            keys = value.keys if at is None else dict.fromkeys(entries, at)
            return Map(entries, at or value.at, keys)
        case _:
            return value


def _renamed(key: str, value: Value, names: Mapping[str, str]) -> Value:
    """Return what an intrinsic function is given, with the resources that it names renamed."""
    match key, value:
        case ("Ref" | "DependsOn", Scalar(value=str() as name)):
            return Scalar(names.get(name, name), value.at)
        case "DependsOn", List():
            return List(tuple(_renamed("Ref", item, names) for item in value.items), value.at)
        case "Fn::GetAtt", List(items=(Scalar() as first, *rest)):
            return List((_renamed("Ref", first, names), *rest), value.at)
        case "Fn::GetAtt", Scalar(value=str() as text):
            name, dot, attribute = text.partition(".")
            return Scalar(f"{names.get(name, name)}{dot}{attribute}", value.at)
        case "Fn::Sub", Scalar(value=str() as text):
            return Scalar(_in_text(text, names), value.at)
        case "Fn::Sub", List(items=(Scalar(value=str() as text) as first, *rest)):
            return List((Scalar(_in_text(text, names), first.at), *rest), value.at)
        case _:
            return value


def _in_text(text: str, names: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda found: f"${{{names.get(found[1], found[1])}{found[2]}}}", text)
