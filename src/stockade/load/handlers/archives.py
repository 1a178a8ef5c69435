"""Code that is deployed as an archive: the folder of the repository that it was packed from.

Which one that is, no template says. It is the folder with the archive's name that has the
handler's file, else the one that the archive lies in, else the only one whose name is part of the
archive's, else the one with the only file of the handler's name below the template. What lies
nearer to the template comes first.
"""

import posixpath
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial

from stockade._late import pattern
from stockade.load.handlers.paths import ARCHIVES, join
from stockade.model import (
    Concatenation,
    Map,
    Resource,
    SourceFile,
    Sources,
    Value,
    constant,
    inside,
)

_WORD = pattern(r"[a-z0-9]+")
_OF_EVERY_FOLDER = frozenset(
    ("app", "code", "function", "functions", "handler", "handlers", "lambda", "lambdas", "src")
)
_MOST_FILES = 20_000
"""Files that are looked through for one function."""


def packed_from(
    function: Resource, candidates: Sequence[str], symbol: str, folder: str, sources: Sources
) -> str | None:
    """Return the folder that a function's archive was packed from; None if it is not clear.

    `candidates` are the paths in the archive that the handler may be in, `symbol` is its name in
    the file, `folder` is that of the template.
    """
    written = next(_archives(function), None)
    if written is None:
        return None
    stem = _stem(written)
    endings = [f"/{posixpath.normpath(one)}" for one in candidates if not one.startswith("..")]
    whole = _found(sources.files_below(folder), endings)
    if stem:
        # Templates often stand beside the code, not above it.
        around = [whole, *(_found(sources.files_below(one), endings) for one in _above(folder))]
        named = _nearest(around, partial(is_named, stem=stem))
        if named is not None:
            return named[0] if len(named) == 1 else None
        beside = _beside(written, folder)
        if beside is not None and any(beside in roots for roots in around):
            return beside
        part = _nearest(around, partial(_is_part_of, stem=stem))
        if part is not None:
            is_only = len(part) == 1 and _defines(part[0], candidates, symbol, sources)
            return part[0] if is_only else None
    return whole[0] if len(whole) == 1 else None


def _nearest(around: Sequence[Sequence[str]], is_it: Callable[[str], bool]) -> list[str] | None:
    """Return the folders that are it, of those nearest to the template."""
    return next(filter(None, ([root for root in roots if is_it(root)] for roots in around)), None)


def _beside(written: str, folder: str) -> str | None:
    """Return the folder that an archive of the repository lies in, once it was packed."""
    return None if "://" in written else join(folder, posixpath.dirname(written) or ".")


def _defines(root: str, candidates: Sequence[str], symbol: str, sources: Sources) -> bool:
    """Tell whether the handler's name stands in a file that it may be in."""
    files = (sources.read(posixpath.join(root, one)) for one in candidates)
    return any(isinstance(file, SourceFile) and symbol in file.text for file in files)


def _above(folder: str) -> Iterator[str]:
    """Yield the folders that a folder lies in, from the nearest to the one that is scanned."""
    while folder:
        folder = posixpath.dirname(folder)
        yield folder


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
    """Yield the archives that a function's code may be, as they are written; `""` for unnamed."""
    for way in inside(function.properties, "Code"):
        if isinstance(way, Map):
            if "S3Key" in way:
                yield f"s3://{_written_end(way.entries['S3Key'])}"
        else:
            text = constant(way)
            if isinstance(text, str) and (text.endswith(ARCHIVES) or "://" in text):
                yield text


def _written_end(key: Value) -> str:
    """Return the last name of a key, `orders.zip` of `${Prefix}/orders.zip`.

    Nothing where it begins with what only the deployment knows.
    """
    written = ""
    for part in reversed(key.parts if isinstance(key, Concatenation) else (key,)):
        text = constant(part)
        if not isinstance(text, str):
            return written.rpartition("/")[2] if "/" in written else ""
        written = text + written
    return written


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


def _is_part_of(folder: str, stem: str) -> bool:
    """Tell whether an archive's name has that of a folder: `shop-orders-service` of `orders`."""
    own, wanted = _words(posixpath.basename(folder)), _words(stem)
    starts = range(len(wanted) - len(own) + 1)
    return bool(own) and any(wanted[start : start + len(own)] == own for start in starts)


@lru_cache(maxsize=4096)  # Each function asks of all the folders that hold its handler's file.
def _words(text: str) -> tuple[str, ...]:
    words: list[str] = _WORD.findall(text.lower())
    return tuple(word for word in words if word not in _OF_EVERY_FOLDER)
