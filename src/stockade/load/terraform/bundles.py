"""Bundles of JavaScript: which file the build of a package starts from.

An archive that `npm run build` makes holds a bundle under another name than the source's. The
scripts of `package.json` name what is bundled: `ncc build src/lambda.ts -o dist`.
"""

import posixpath
from typing import Final

from stockade._late import pattern
from stockade.load.document import parse
from stockade.load.handlers.paths import below
from stockade.load.sources import Folder
from stockade.model import Map, SourceFile, constant
from stockade.model.record import record

_LEVELS: Final = 4
_MOST_SCRIPTS: Final = 100
_BUNDLER = pattern(r"\b(?:ncc|esbuild|webpack|rollup|parcel|tsup|vite|bun)\b")
_FILE = pattern(r"(?<![\w/.-])\.?/?([\w@-][\w@./-]{0,200}\.(?:[mc]?ts|tsx|[mc]?js))(?![\w.])")


@record
class Package:
    """A package and the files in it that a bundler starts from, relative to its folder."""

    folder: str
    entries: tuple[str, ...]


def package_of(path: str, sources: Folder) -> Package | None:
    """Return the package that builds what would be at `path`: the nearest, going up.

    None if there is none, or if its scripts name no file that is there.
    """
    folder = path
    for _ in range(_LEVELS):
        folder = posixpath.dirname(folder)
        file = below(folder, "package.json")
        if sources.is_file(file):
            entries = _entries(file, folder, sources)
            return Package(folder, entries) if entries else None
        if not folder:
            break
    return None


def _entries(path: str, folder: str, sources: Folder) -> tuple[str, ...]:
    file = sources.read(path)
    document = parse(file) if isinstance(file, SourceFile) else None
    root = getattr(document, "root", None)
    scripts = root.get("scripts") if isinstance(root, Map) else None
    found: dict[str, None] = {}
    for _, script in list(scripts or ())[:_MOST_SCRIPTS] if isinstance(scripts, Map) else ():
        text = constant(script)
        if isinstance(text, str) and _BUNDLER.search(text):
            for name in _FILE.findall(text[:2_000]):
                if sources.is_file(below(folder, posixpath.normpath(name))):
                    found.setdefault(posixpath.normpath(name))
    return tuple(found)
