"""Templates that a command wrote of another one of the folder, and that say nothing of their own.

`sam package` and `aws cloudformation package` copy a template, with the addresses in S3 of what
they uploaded in the place of local paths ("package" in the AWS CLI Command Reference); `sam build`
names each resource in its metadata (`SamResourceId`). Such a copy is judged by its source.
"""

import posixpath
from collections.abc import Iterator, Mapping

from stockade._late import pattern
from stockade.load.draft import Draft
from stockade.model import Framework, Location, Map, Scalar, Unseen, Value

_UPLOADED = pattern(r"^(?:s3://|https://s3[.-]).*/[0-9a-f]{32}(?:\.template|\.zip|\.json)?$")
"""What packaging writes: the key ends in the digest of what was uploaded."""

_IN_S3 = ("s3://", "https://s3.", "https://s3-")
_ARTIFACTS = frozenset(
    (
        *("CodeUri", "Code", "ContentUri", "Content", "DefinitionUri", "DefinitionS3Location"),
        *("SchemaUri", "BodyS3Location", "Location", "TemplateURL", "ImageUri"),
    )
)
"""Properties that packaging uploads the files of."""


def copies_of(drafts: Mapping[str, Draft]) -> Iterator[tuple[str, Unseen]]:
    """Yield the path of each packaged copy of another template, and what is said of it."""
    written = {
        path: draft.root
        for path, draft in drafts.items()
        if draft.framework is Framework.CLOUDFORMATION
    }
    packaged = {path: how for path, root in written.items() if (how := _packaged(root))}
    if not packaged:
        return
    by_id: dict[str, list[str]] = {}
    for path, root in written.items():
        if path not in packaged:
            for logical_id in _types(root):
                by_id.setdefault(logical_id, []).append(path)
    for path, how in packaged.items():
        source = _source(path, how, written, by_id)
        if source is not None:
            at = Location(path, 1)
            why = f"packaging wrote it from {source}, which is judged in its place"
            yield path, Unseen(at, "template", why)


def _source(
    path: str, how: str, written: Mapping[str, Map], by_id: Mapping[str, list[str]]
) -> str | None:
    """Return the template that a copy was written from: the one with most of its resources.

    A copy that only bears an address in S3 has the same resources; one that bears the marks of
    packaging may be an older one, and has at least half of them.
    """
    own = _types(written[path])
    near = posixpath.dirname(path)
    shared: dict[str, int] = {}
    for logical_id, kind in own.items():
        for other in by_id.get(logical_id, ()):
            if _types(written[other]).get(logical_id) == kind:
                shared[other] = shared.get(other, 0) + 1
    found = sorted(
        (count, posixpath.dirname(other) == near, other) for other, count in shared.items()
    )
    if not found:
        return None
    count, _, source = found[-1]
    if how == "marked":
        return source if 2 * count >= len(own) else None
    return source if own == _types(written[source]) else None


def _packaged(root: Map) -> str:
    """Tell how a template looks packaged: `marked` by digests or names, `addressed`, or not."""
    addressed = named = total = 0
    for _, resource in _resources(root):
        total += 1
        metadata = resource.get("Metadata")
        named += isinstance(metadata, Map) and "SamResourceId" in metadata
        for place in _places(resource):
            text = place.value if isinstance(place, Scalar) else None
            if not isinstance(text, str):
                is_address = isinstance(place, Map) and bool(
                    {"S3Key", "Key"} & place.entries.keys()
                )
                addressed += is_address
            elif _UPLOADED.match(text):
                return "marked"
            else:
                addressed += text.startswith(_IN_S3)
    if named and 2 * named >= total:
        return "marked"
    return "addressed" if addressed else ""


def _resources(root: Map) -> Iterator[tuple[str, Map]]:
    resources = root.get("Resources")
    for logical_id, resource in resources if isinstance(resources, Map) else ():
        if isinstance(resource, Map):
            yield logical_id, resource


def _places(resource: Map) -> Iterator[Value]:
    properties = resource.get("Properties")
    for name, value in properties if isinstance(properties, Map) else ():
        if name in _ARTIFACTS:
            yield value


def _types(root: Map) -> dict[str, str]:
    return {
        logical_id: kind.value
        for logical_id, resource in _resources(root)
        if isinstance(kind := resource.get("Type"), Scalar) and isinstance(kind.value, str)
    }
