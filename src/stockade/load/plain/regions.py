"""Where in a folder code stands of which no template tells how it is deployed."""

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from stockade.load.draft import Draft
from stockade.load.plain import ENDINGS, draft_of
from stockade.load.sources import Folder
from stockade.model import WHOLE_FOLDER, Unseen
from stockade.model.record import record
from stockade.model.sameness import kept_parts


@record
class _Read:
    """What was made of one region."""

    draft: Draft | None
    unseen: tuple[Unseen, ...]


def plain_drafts(
    sources: Folder, paths: Sequence[str], drafts: Collection[str], unseen: list[Unseen]
) -> Iterator[tuple[str, Draft]]:
    """Yield a draft of the code of each region of which no template tells, by its name.

    `paths` are the files to read, without them all of the folder's. `drafts` are the files of the
    applications that were read, `unseen` what was not: where that is an application of a
    framework that nothing here reads, its code still can be. A template that is not read for an
    error in it speaks for its code, once it is mended.
    """
    frameworks = sorted({one.at.path for one in unseen if one.kind == "application"})
    if drafts:
        regions = _regions(sources.files, frameworks, drafts) if frameworks else {}
    elif all(one.kind == "application" for one in unseen):
        every = [path for path in paths or sources.files if path.endswith(ENDINGS)]
        regions = {WHOLE_FOLDER: tuple(every)}
    else:
        return
    for region, code in regions.items():
        work = partial(_read, region, code, framework=bool(frameworks))
        read = sources.recall(("code", region), (code, bool(frameworks)), work, kept_parts)
        unseen.extend(read.unseen)
        if read.draft is not None:
            yield region, read.draft


def _regions(
    files: Iterable[str], frameworks: Iterable[str], drafts: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return the code below each framework's file, by that file.

    Code belongs to what stands in the nearest folder above it.
    """
    nearest = {posixpath.dirname(path): path for path in frameworks}
    for path in drafts:
        nearest[posixpath.dirname(path)] = ""
    found: dict[str, list[str]] = {}
    for path in files:
        if path.endswith(ENDINGS):
            folder = posixpath.dirname(path)
            while folder and folder not in nearest:
                folder = posixpath.dirname(folder)
            if region := nearest.get(folder):
                found.setdefault(region, []).append(path)
    return {region: tuple(code) for region, code in found.items()}


def _read(region: str, code: Sequence[str], sources: Folder, *, framework: bool) -> _Read:
    unseen: list[Unseen] = []
    folder = posixpath.dirname(region)
    draft = draft_of(sources, code, folder, unseen, framework=framework)
    return _Read(draft, tuple(unseen))
