"""The front ends: every way in which applications are written, each read into the same shape.

A front end finds the files that are written its way and hands over drafts: what the author
wrote, in the shape of a CloudFormation template, every value with its place in the author's own
files. All that comes after it (parameters, conditions, references, nested stacks, triggers, roles,
handlers) is the same for all. To read another framework, write its package and add its line to
`_FRONT_ENDS`.
"""

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence

from stockade.errors import describe
from stockade.load.discover import templates_of
from stockade.load.draft import Draft, Reading
from stockade.load.packaged_copies import copies_of
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.model import Location, Unseen
from stockade.model.asked import Changed
from stockade.model.record import record
from stockade.model.remembered import remembered
from stockade.model.sameness import kept, kept_of

FAILURE = "failure"
"""The kind of what was not seen for a bug of ours; it fails the scan."""


@record(kw_only=True)
class FrontEnd:
    """How one framework's files are known by their names, and what reads them.

    `marks` are the ends of paths (`"/serverless.yml"`, `".tf"`); every path counts as if it
    began with a slash.
    """

    marks: tuple[str, ...]
    drafts: Reading


def _cdk(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    from stockade.load.cdk import drafts  # noqa: PLC0415 - few folders hold any

    return drafts(sources, paths, options, unseen)


def _serverless(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    from stockade.load.serverless import drafts  # noqa: PLC0415 - many folders hold none

    return drafts(sources, paths, options, unseen)


def _terraform(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    from stockade.load.terraform import drafts  # noqa: PLC0415 - imports tree-sitter

    return drafts(sources, paths, options, unseen)


_SERVICES = tuple(
    f"/{name}{ending}"
    for name in ("serverless", "serverless-compose")
    for ending in (".yml", ".yaml", ".json", ".ts", ".mts", ".js", ".cjs", ".mjs")
)


def _chalice(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    # Most files of that name are something else, and reading is imported for Chalice's only.
    own = [
        path
        for path in paths
        if sources.is_file(posixpath.join(posixpath.dirname(path), ".chalice", "config.json"))
    ]
    if not own:
        return {}
    from stockade.load.chalice import drafts  # noqa: PLC0415 - few folders hold any

    return drafts(sources, own, options, unseen)


def _sst(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    from stockade.load.sst import drafts  # noqa: PLC0415 - imports tree-sitter

    return drafts(sources, paths, options, unseen)


_NOT_READ = {
    "/sst.json": "SST v1",
    "/app.arc": "Architect",
    "/Pulumi.yaml": "Pulumi",
    "/amplify/backend.ts": "Amplify",
    "/amplify/backend/backend-config.json": "Amplify",
    "/cdktf.json": "CDK for Terraform",
}
"""The files by which frameworks are known that nothing here reads yet."""


def _zappa(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    from stockade.load.zappa import drafts  # noqa: PLC0415 - few folders hold any

    return drafts(sources, paths, options, unseen)


_ZAPPA = tuple(f"/zappa_settings.{ending}" for ending in ("json", "yaml", "yml", "toml"))


def _not_read(
    sources: Folder, paths: Sequence[str], _options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    """Say of each application of such a framework that it is not seen."""
    for path in paths:
        if not sources.is_vendored(path):
            name = next(name for mark, name in _NOT_READ.items() if f"/{path}".endswith(mark))
            why = f"it is an application of {name}, which is not read: scan what it generates"
            unseen.append(Unseen(Location(path, 1), "application", why))
    return {}


_FRONT_ENDS = (
    FrontEnd(marks=("/cdk.json", "/manifest.json"), drafts=_cdk),
    FrontEnd(marks=_SERVICES, drafts=_serverless),
    FrontEnd(marks=(".tf", ".tofu", ".tf.json", ".tofu.json", "plan.json"), drafts=_terraform),
    FrontEnd(marks=("/app.py",), drafts=_chalice),
    FrontEnd(marks=_ZAPPA, drafts=_zappa),
    FrontEnd(marks=("/sst.config.ts",), drafts=_sst),
    FrontEnd(marks=tuple(_NOT_READ), drafts=_not_read),
)
"""Those that know their files by name. What none of them takes is asked whether it is a template
of SAM or CloudFormation."""


def drafts_of(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> dict[str, Draft]:
    """Return the draft of every application by the path of its file, in the order of paths.

    `paths` are the files to read; without them the folder is searched. What cannot be read, and
    given paths that hold no application, are added to `unseen`.
    """
    marked = list(_marked(sources, paths))
    drafts: dict[str, Draft] = {}
    for front_end, its in marked:
        found, missed = _read(front_end, sources, its, options)
        drafts.update(found)
        unseen.extend(missed)
    taken = {path for _, its in marked for path in its}
    taken.update(part for draft in drafts.values() for part in draft.parts)
    rest = [path for path in paths if path not in taken and not _is_code(path)]
    if rest or not paths:
        templates = templates_of(sources, rest, unseen, apart_from=taken)
        drafts.update({path: Draft(root=root) for path, root in templates.items()})
        if not paths:
            for path, told in copies_of(drafts):
                del drafts[path]
                unseen.append(told)
    drafts.update(_of_code(sources, paths, frozenset(drafts), unseen))
    roots = {path: draft.root for path, draft in drafts.items()}
    sources.memory.forget(Changed(readings=sources.memory.others("drafts", roots)))
    return dict(sorted(drafts.items()))


def _is_code(path: str) -> bool:
    from stockade.load.plain import ENDINGS  # noqa: PLC0415 - few scans are of one file

    return path.endswith(ENDINGS)


def _of_code(
    sources: Folder, paths: Sequence[str], drafts: Collection[str], unseen: list[Unseen]
) -> Mapping[str, Draft]:
    """Return drafts of code of which no template tells, if there may be any."""
    if drafts and all(one.kind != "application" for one in unseen):
        return {}
    from stockade.load.plain.regions import plain_drafts  # noqa: PLC0415 - most have templates

    return dict(plain_drafts(sources, paths, drafts, unseen))


def _read(
    front_end: FrontEnd, sources: Folder, paths: tuple[str, ...], options: ParameterOptions
) -> tuple[Mapping[str, Draft], tuple[Unseen, ...]]:
    """Read the files of a front end, or recall what it made of them."""

    def work(folder: Folder) -> tuple[Mapping[str, Draft], tuple[Unseen, ...]]:
        unseen: list[Unseen] = []
        found = _attempt(front_end, folder, paths, options, unseen)
        return found, tuple(unseen)

    return sources.recall(("front end", front_end.marks), (paths,), work, _settled)


def _settled(
    before: tuple[Mapping[str, Draft], tuple[Unseen, ...]],
    now: tuple[Mapping[str, Draft], tuple[Unseen, ...]],
) -> tuple[Mapping[str, Draft], tuple[Unseen, ...]]:
    return kept_of(before[0], now[0]), kept(before[1], now[1])


def _attempt(
    front_end: FrontEnd,
    sources: Folder,
    paths: tuple[str, ...],
    options: ParameterOptions,
    unseen: list[Unseen],
) -> dict[str, Draft]:
    """Let a front end read its files; where it raises, each alone, so that the others are read."""
    told: list[Unseen] = []
    try:
        found = dict(front_end.drafts(sources, paths, options, told))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told and fails the scan
        if len(paths) == 1:
            unseen.append(Unseen(Location(paths[0], 1), FAILURE, describe(error)))
            return {}
        alone = [_attempt(front_end, sources, (path,), options, unseen) for path in paths]
        return {path: draft for drafts in alone for path, draft in drafts.items()}
    unseen.extend(told)
    return found


def _marked(sources: Folder, paths: Sequence[str]) -> Iterator[tuple[FrontEnd, tuple[str, ...]]]:
    """Yield the front ends whose marks are found, each with the paths that bear them."""
    bearing = _bearing(paths or sources.files)
    for front_end in _FRONT_ENDS:
        its = tuple(path for path in bearing if f"/{path}".endswith(front_end.marks))
        if its:
            yield front_end, its


@remembered
def _bearing(paths: Sequence[str]) -> list[str]:
    """Return the paths that bear the mark of any front end."""
    marks = tuple(mark for front_end in _FRONT_ENDS for mark in front_end.marks)
    return [path for path in paths if f"/{path}".endswith(marks)]
