"""AWS CDK: what `cdk synth` wrote, told in the places of the author's own source.

Follows "Cloud assembly schema" (`@aws-cdk/cloud-assembly-schema`) and "Assets and the AWS CDK".
The program that synthesizes is never run: an application that was not synthesized is told as
not seen.
"""

import posixpath
from collections import deque
from collections.abc import Iterator, Sequence

from stockade.load.cdk.assembly import (
    MANIFEST,
    MAX_TEMPLATES,
    Assembly,
    Described,
    read_assembly,
    read_object,
)
from stockade.load.cdk.assets import SourceFinder
from stockade.load.cdk.constructs import Constructs
from stockade.load.cdk.templates import rewritten
from stockade.load.discover import read_template
from stockade.load.draft import Draft
from stockade.load.handlers.paths import join
from stockade.load.nested import nested_places
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.model import Framework, Location, Map, Unseen

__all__ = ["drafts"]

_PROJECT = "cdk.json"
_OUTPUT = "cdk.out"


def drafts(
    sources: Folder,
    paths: Sequence[str],
    _options: ParameterOptions,
    unseen: list[Unseen],
) -> dict[str, Draft]:
    """Return a draft for each template of the projects that these files belong to.

    `paths` are those of `cdk.json` and of manifests of cloud assemblies; a `manifest.json` of
    something else is passed over. What was not synthesized, and what of it cannot be read, is
    added to `unseen`.
    """
    found: dict[str, Draft] = {}
    read: set[str] = set()
    for path in paths:
        output = _output(sources, path)
        if output is None or output in read:
            continue
        read.add(output)
        assembly = read_assembly(sources, output, unseen)
        if assembly is not None:
            found.update(_templates(sources, _project(path), assembly, unseen))
        elif path.endswith(_PROJECT):
            why = f"there is no {output}/{MANIFEST}: run `cdk synth`, then scan again"
            unseen.append(Unseen(Location(path, 1), "application", why))
    return found


def _project(path: str) -> str:
    """Return the folder of the project that a file of it stands for."""
    folder, name = posixpath.split(path)
    return folder if name == _PROJECT else posixpath.dirname(folder)


def _output(sources: Folder, path: str) -> str | None:
    """Return the folder that holds the cloud assembly; None if it lies outside what is scanned."""
    folder, name = posixpath.split(path)
    if name == MANIFEST:
        return folder
    written = read_object(sources, path).get("output")
    return join(folder, written if isinstance(written, str) else _OUTPUT)


def _templates(
    sources: Folder, project: str, assembly: Assembly, unseen: list[Unseen]
) -> Iterator[tuple[str, Draft]]:
    """Yield the stacks of an assembly, and the templates that they nest, by path."""
    finder = SourceFinder(sources, project)
    roots: dict[str, tuple[Map, Described]] = {}
    waiting = deque(assembly.templates.items())
    while waiting and len(roots) < MAX_TEMPLATES:
        path, described = waiting.popleft()
        root = None
        if path not in roots and sources.is_file(path):
            root = read_template(sources, path, unseen)
        if root is not None:
            roots[path] = root, described
            places = (join(posixpath.dirname(path), one) for one in nested_places(root))
            waiting.extend((place, described) for place in places if place is not None)
    parts = frozenset(roots)
    for path, (root, described) in roots.items():
        constructs = Constructs(sources, project, described)
        yield (
            path,
            Draft(
                root=rewritten(root, path, constructs, finder, unseen),
                framework=Framework.CDK,
                parts=parts,
            ),
        )
