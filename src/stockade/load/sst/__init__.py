"""SST: `sst.config.ts` of its third version, and the files of the folder that it imports.

Follows the SST documentation ("Config", "Components", "Linking") and what its components make. The
configuration is read and never run.
"""

from collections.abc import Sequence

from stockade.load.draft import Draft
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.load.sst.program import Program, configuration, deployed
from stockade.load.sst.things import Object
from stockade.model import Location, SourceFile, Unseen

__all__ = ["drafts"]

_STAGE = "production"
_SECOND = "it is an application of SST v2, which is not read: scan the templates that it generates"


def drafts(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> dict[str, Draft]:
    """Return a draft for each configuration of `paths`.

    The stage is the option `stage`, else `production`: SST's default is the name of whoever
    deploys, and `production` is what such a configuration compares it with.
    """
    found: dict[str, Draft] = {}
    for path in paths:
        if sources.is_vendored(path):
            continue
        draft = _draft(sources, path, options.given.get("stage", _STAGE), unseen)
        if draft is not None:
            found[path] = draft
    return found


def _draft(sources: Folder, path: str, stage: str, unseen: list[Unseen]) -> Draft | None:
    at = Location(path, 1)
    file = sources.read(path)
    if not isinstance(file, SourceFile):
        unseen.append(Unseen(at, "template", file.why))
        return None
    program = Program(sources, path, stage, unseen)
    config = configuration(program)
    if not isinstance(config, Object) or (config.get("run") is None and config.get("app") is None):
        is_second = isinstance(config, Object) and config.get("stacks") is not None
        why = "it exports no configuration of SST that can be read, so nothing of it is known"
        unseen.append(Unseen(at, "application", _SECOND if is_second else why))
        return None
    deployed(program, config)
    return program.stack.drafted(program.files - {path})
