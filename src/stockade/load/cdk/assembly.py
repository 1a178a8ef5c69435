"""A cloud assembly: the manifest that `cdk synth` writes, and the templates that it names."""

import json
import posixpath
from collections.abc import Mapping
from typing import Any

from stockade.load.handlers.paths import join
from stockade.load.sources import Folder
from stockade.model import Location, SourceFile, Unseen
from stockade.model.record import record

MANIFEST = "manifest.json"

_STACK = "aws:cloudformation:stack"
_ASSEMBLY = "cdk:cloud-assembly"
_MAX_ASSEMBLIES = 50
"""Stages of one project; each is an assembly within the first."""

MAX_TEMPLATES = 500
"""Templates of one project, nested stacks counted in."""

Described = Mapping[str, tuple[Any, ...]]
"""What the manifest tells of each construct, by the construct's path: untrusted JSON."""


@record(kw_only=True)
class Assembly:
    """The stacks of a synthesized project: their templates by path, with what is told of each."""

    templates: Mapping[str, Described]


def read_assembly(sources: Folder, folder: str, unseen: list[Unseen]) -> Assembly | None:
    """Read the assembly in `folder` and those within it; None if there is none."""
    templates: dict[str, Described] = {}
    waiting, seen = [folder], {folder}
    is_one = False
    while waiting:
        current = waiting.pop(0)
        path = posixpath.join(current, MANIFEST)
        artifacts = read_object(sources, path).get("artifacts")
        if not isinstance(artifacts, dict):
            continue
        for artifact in artifacts.values():
            kind, properties = _typed(artifact)
            is_one = is_one or kind in {_STACK, _ASSEMBLY}
            if kind == _STACK:
                described = _described(sources, current, artifact)
                name = properties.get("templateFile")
                template = join(current, name) if isinstance(name, str) else None
                if template is not None:
                    templates.setdefault(template, described)
            elif kind == _ASSEMBLY:
                inner = join(current, str(properties.get("directoryName", "")))
                if inner is not None and inner not in seen:
                    seen.add(inner)
                    waiting.append(inner)
        if len(seen) > _MAX_ASSEMBLIES or len(templates) > MAX_TEMPLATES:
            unseen.append(Unseen(Location(path, 1), "limit", "the assembly has too many parts"))
            break
    return Assembly(templates=templates) if is_one else None


def read_object(sources: Folder, path: str) -> Mapping[str, Any]:
    """Return the object that a JSON file holds; an empty one if it cannot be read."""
    file = sources.read(path) if sources.is_file(path) else None
    if not isinstance(file, SourceFile):
        return {}
    try:
        held = json.loads(file.text)
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def _typed(artifact: object) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(artifact, dict):
        return "", {}
    properties = artifact.get("properties")
    return str(artifact.get("type")), properties if isinstance(properties, dict) else {}


def _described(sources: Folder, folder: str, artifact: Mapping[str, Any]) -> Described:
    """Return what is told of a stack's constructs, in the manifest or in a file beside it."""
    told: dict[str, tuple[Any, ...]] = {}
    beside = artifact.get("additionalMetadataFile")
    path = join(folder, beside) if isinstance(beside, str) else None
    for entries in (artifact.get("metadata"), read_object(sources, path) if path else None):
        if isinstance(entries, Mapping):
            for construct, listed in entries.items():
                if isinstance(listed, list):
                    told[construct] = (*told.get(construct, ()), *listed)
    return told
