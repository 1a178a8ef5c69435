"""Documents that a template names by a path: OpenAPI, state machines, GraphQL schemas.

`sam package` and `aws cloudformation package` upload them and put the place in S3 there instead
("Using the aws cloudformation package command"). Intrinsic functions in them mean nothing; in
the definition of a state machine `${Name}` is filled from `DefinitionSubstitutions`.
"""

from collections.abc import Mapping

from stockade.load.document import parse
from stockade.load.handlers.paths import join
from stockade.model import (
    Location,
    Map,
    Resource,
    ResourceId,
    Scalar,
    SourceFile,
    Sources,
    Unknown,
    Unseen,
    Value,
    constant,
)
from stockade.model.record import replace

_BY_TYPE = {
    "AWS::ApiGateway::RestApi": ("BodyS3Location", "Body"),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location", "Body"),
    "AWS::StepFunctions::StateMachine": ("DefinitionS3Location", "Definition"),
    "AWS::AppSync::GraphQLSchema": ("DefinitionS3Location", "Definition"),
}
"""Where the path stands, and where the document would stand had it been written in place."""


def with_documents(
    resources: Mapping[ResourceId, Resource], folders: Mapping[str, str], sources: Sources
) -> tuple[Mapping[ResourceId, Resource], tuple[Unseen, ...]]:
    """Put the documents of the folder into the resources that name them, and tell the missing.

    `folders` tells for each stack's name the folder of its template.
    """
    changed = dict(resources)
    unseen = []
    for resource in resources.values():
        if resource.type not in _BY_TYPE:
            continue
        place, target = _BY_TYPE[resource.type]
        written = resource.properties.get(place)
        if target in resource.properties or written is None:
            continue
        found = _read(written, folders.get(resource.stack, ""), sources, resource.type)
        if isinstance(found, Unknown):
            at = resource.properties.key_at(place)
            why = f"the document of {resource.logical_id} is not read: {found.why}"
            unseen.append(Unseen(at, "resource", why))
        else:
            changed[resource.id] = _with(resource, target, found)
    return changed, tuple(unseen)


def _with(resource: Resource, target: str, document: Value) -> Resource:
    properties = resource.properties
    entries = {**properties.entries, target: document}
    return replace(resource, properties=Map(entries, properties.at, properties.keys))


def _read(written: Value, folder: str, sources: Sources, kind: str) -> Value | Unknown:
    path = constant(written)
    if isinstance(written, Map) or (isinstance(path, str) and "://" in path):
        return Unknown("it is in S3", written.at)
    if not isinstance(path, str):
        return path or Unknown("no place is written", written.at)
    inside_folder = join(folder, path)
    if inside_folder is None:
        return Unknown("it lies outside the scanned folder", written.at)
    file = sources.read(inside_folder)
    if not isinstance(file, SourceFile):
        return file
    if kind == "AWS::AppSync::GraphQLSchema":
        return Scalar(file.text, Location(file.path, 1))
    document = parse(file)
    if isinstance(document, Unseen):
        return Unknown(document.why, document.at)
    if not isinstance(document.root, Map):
        return Unknown("it holds no map", written.at)
    return document.root
