"""Exports: templates that import from each other are one application.

AWS: "Get exported outputs from a deployed CloudFormation stack".
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from stockade.load.nesting import Files, LoadedApplication, load_application, settled
from stockade.load.sources import Folder
from stockade.model import Value


def linked(
    files: Files, applications: Mapping[str, LoadedApplication]
) -> list[list[LoadedApplication]]:
    """Put applications together that import each other's exports, and resolve the imports."""
    exporters: dict[str, list[str]] = {}
    for path, application in applications.items():
        for name in application.exports:
            exporters.setdefault(name, []).append(path)
    links = {
        path: {
            exporter
            for name in application.imports
            if (exporter := _nearest(path, exporters.get(name, ()))) is not None
        }
        for path, application in applications.items()
    }
    return [
        [applications[group[0]]]
        if len(group) == 1
        else _recalled(files, group, links, applications)
        for group in _groups(links)
    ]


def _recalled(
    files: Files,
    group: Sequence[str],
    links: Mapping[str, set[str]],
    applications: Mapping[str, LoadedApplication],
) -> list[LoadedApplication]:
    """Resolve the templates of a group again, or recall what came of it."""
    made_of = tuple((applications[path], frozenset(links[path])) for path in group)
    return files.sources.recall(
        ("linked", *group),
        made_of,
        lambda folder: _relinked(files.on(folder), group, links, applications),
    )


def _nearest(path: str, exporters: Sequence[str]) -> str | None:
    """Return the exporter that shares the most folders with `path`; None if two share as many."""
    others = [other for other in exporters if other != path]
    ranked = sorted(others, key=lambda other: -_shared(path, other))
    if len(ranked) > 1 and _shared(path, ranked[0]) == _shared(path, ranked[1]):
        return None
    return ranked[0] if ranked else None


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count


def _groups(links: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the connected templates, each group and all groups in the order of `links`."""
    group_of = {path: path for path in links}

    def leader(path: str) -> str:
        while group_of[path] != path:
            group_of[path] = group_of[group_of[path]]
            path = group_of[path]
        return path

    for path, others in links.items():
        for other in others:
            first, second = sorted((leader(path), leader(other)))
            group_of[second] = first
    groups: dict[str, list[str]] = {}
    for path in links:
        groups.setdefault(leader(path), []).append(path)
    return list(groups.values())


def _relinked(
    files: Files,
    group: Sequence[str],
    links: Mapping[str, set[str]],
    applications: Mapping[str, LoadedApplication],
) -> list[LoadedApplication]:
    """Resolve the templates of a group again, exporters before those that import from them."""
    loaded: dict[str, LoadedApplication] = {}
    waiting = list(reversed(group))
    begun: set[str] = set()
    while waiting:
        path = waiting[-1]
        first = [] if path in begun else sorted(links[path] - begun - loaded.keys())
        begun.add(path)
        waiting.extend(first)
        if first:
            continue
        waiting.pop()
        if path not in loaded:
            exports = _exports(links[path], loaded)
            if path == group[0] and not exports:
                loaded[path] = applications[path]  # That is how it was resolved before.
                continue
            name = "" if path == group[0] else path
            loaded[path] = files.sources.recall(
                ("linked one", path),
                (files.given, name, exports),
                partial(_resolved, files, path, name, exports),
                settled,
            )
    return [loaded[path] for path in group]


def _resolved(
    files: Files, path: str, name: str, exports: Mapping[str, Value], folder: Folder
) -> LoadedApplication:
    return load_application(files.on(folder), path, name, exports)


def _exports(
    exporters: AbstractSet[str], loaded: Mapping[str, LoadedApplication]
) -> dict[str, Value]:
    """Return the exports of those `exporters` that are loaded."""
    exports: dict[str, Value] = {}
    for path in sorted(exporters):
        if path in loaded:
            exports.update(loaded[path].exports)
    return exports
