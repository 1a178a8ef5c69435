"""The Serverless Framework, versions 1 to 4: services as the templates that it packages.

Serverless: "Serverless.yml Reference". What the framework generates is written in
CloudFormation's words under the logical ids that it gives, at the author's lines.
"""

from collections.abc import Mapping, Sequence

from stockade.load.draft import Draft
from stockade.load.parameters import ParameterOptions
from stockade.load.serverless.compose import COMPOSE, passed_on
from stockade.load.serverless.linking import Packaged, link
from stockade.load.serverless.packaged import package
from stockade.load.sources import Folder
from stockade.model import Unseen, Value
from stockade.model.sameness import kept

__all__ = ["drafts"]


def drafts(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    """Return the draft of every service by the path of its configuration."""
    composed = [path for path in paths if path.rpartition("/")[2].startswith(COMPOSE)]
    passed = passed_on(sources, composed, options, unseen)
    found: dict[str, Packaged] = {}
    for path in (*(path for path in paths if path not in composed), *passed):
        if path not in found:
            made, told = _recalled(sources, path, options, passed.get(path, {}))
            unseen.extend(told)
            if made is not None:
                found[path] = made
    link(found, sources)
    return {path: one.draft() for path, one in found.items()}


def _recalled(
    sources: Folder, path: str, options: ParameterOptions, passed: Mapping[str, Value]
) -> tuple[Packaged | None, tuple[Unseen, ...]]:
    """Package a service, or recall what came of it, with what was not seen of it."""

    def work(folder: Folder) -> tuple[Packaged | None, tuple[Unseen, ...]]:
        unseen: list[Unseen] = []
        return package(folder, path, options, unseen, passed), tuple(unseen)

    return sources.recall(("service", path), (options, passed), work, kept)
