"""Code that is deployed as an archive: the folder of the repository that it was packed from.

Which one that is, no template says. It is the folder with the archive's name that has the
handler's file, else the one with the only file of the handler's name below the template.
"""

import posixpath
from collections.abc import Iterator, Sequence
from functools import lru_cache

from stockade._late import pattern
from stockade.load.handlers.paths import ARCHIVES
from stockade.model import Map, Resource, Sources, constant, inside

_WORD = pattern(r"[a-z0-9]+")
_OF_EVERY_FOLDER = frozenset(
    ("app", "code", "function", "functions", "handler", "handlers", "lambda", "lambdas", "src")
)
_MOST_FILES = 20_000
"""Files that are looked through for one function."""


def packed_from(
    function: Resource, candidates: Sequence[str], folder: str, sources: Sources
) -> str | None:
    """Return the folder that a function's archive was packed from; None if it is not clear.

    `candidates` are the paths in the archive that the handler may be in, `folder` is that of the
    template.
    """
    stem = next(_archives(function), None)
    if stem is None:
        return None
    endings = [f"/{posixpath.normpath(one)}" for one in candidates if not one.startswith("..")]
    whole = _found(sources.files_below(folder), endings)
    if stem:
        # Templates often stand beside the code, not above it.
        for around in (whole, _found(sources.files_below(posixpath.dirname(folder)), endings)):
            named = [root for root in around if is_named(root, stem)]
            if len(named) == 1:
                return named[0]
    return whole[0] if len(whole) == 1 else None


def _found(files: Sequence[str], endings: Sequence[str]) -> list[str]:
    """Return the folders in which one of the files ends a path."""
    if len(files) > _MOST_FILES:
        return []
    roots: dict[str, None] = {}
    any_of_them = tuple(endings)
    for path in files:
        rooted = f"/{path}"
        if rooted.endswith(any_of_them):
            for ending in endings:
                if rooted.endswith(ending):
                    roots.setdefault(rooted.removesuffix(ending).lstrip("/"))
    return list(roots)


def _archives(function: Resource) -> Iterator[str]:
    """Yield the names of the archives that a function's code may be; `""` for one without."""
    for way in inside(function.properties, "Code"):
        if isinstance(way, Map):
            key = constant(way.get("S3Key"))
            if "S3Key" in way:
                yield _stem(key) if isinstance(key, str) else ""
        else:
            text = constant(way)
            if isinstance(text, str) and (text.endswith(ARCHIVES) or "://" in text):
                yield _stem(text)


def _stem(path: str) -> str:
    """Return an archive's name without its ending."""
    name = posixpath.basename(path)
    return next((name.removesuffix(one) for one in ARCHIVES if name.endswith(one)), name)


def is_named(folder: str, stem: str) -> bool:
    """Tell whether an archive has a folder's name: `orders-list` of `orders/functions/list`.

    Case, what stands between words, and words that say of every folder that it holds code do not
    count.
    """
    own, wanted = _words(folder), _words(stem)
    return bool(wanted) and own[-len(wanted) :] == wanted


@lru_cache(maxsize=4096)  # Each function asks of all the folders that hold its handler's file.
def _words(text: str) -> tuple[str, ...]:
    words: list[str] = _WORD.findall(text.lower())
    return tuple(word for word in words if word not in _OF_EVERY_FOLDER)
