"""The files of the scanned folder, read when they are asked for and never beyond it."""

import posixpath
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from stockade._late import pattern
from stockade.load.disk import Disk, normal
from stockade.load.vendored import SKIPPED_FOLDERS
from stockade.model import Location, SourceFile, Unknown, Unseen, Value
from stockade.model.asked import noted
from stockade.model.memory import Memory

_Made = TypeVar("_Made")

MAX_FILE_BYTES = 5_000_000
"""The largest file that is read. No person writes 5 MB into one file: what is larger is data
or generated."""

_MAX_CACHED_CHARACTERS = 16_000_000
"""Texts kept for a second reading: files that several applications share, and templates."""

_MOST_DOCUMENTS = 50
"""Documents that are no templates, kept for the next application that asks for them."""

_NOT_READ: tuple[str, int, bytes | Unknown] = ("", 0, b"")

_CODING = pattern(rb"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
_LATIN = frozenset(("latin-1", "iso-8859-1", "iso-8859-15", "cp1252", "windows-1252"))


class _Texts:
    """Texts that are likely to be read a second time."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, SourceFile | Unknown] = OrderedDict()
        self._characters = 0

    def keep(self, path: str, read: SourceFile | Unknown) -> None:
        """Keep a text; what was not asked for the longest is dropped for it."""
        self.kept[path] = read
        self._characters += _size(read)
        while self._characters > _MAX_CACHED_CHARACTERS and len(self.kept) > 1:
            self._characters -= _size(self.kept.popitem(last=False)[1])

    def drop(self, path: str) -> None:
        """Drop a text that may not be what the file says now."""
        self._characters -= _size(self.kept.pop(path))


class Folder:
    """The scanned folder. Implements `stockade.model.Sources`.

    The tree is walked once, when it is first asked for. Links are followed only to where they
    stay inside the folder. Vendored packages, virtual environments and build output are known
    (`is_vendored`) and not listed; single files of them can still be read.
    """

    def __init__(self, root: Path, memory: Memory | None = None) -> None:
        """With a memory that keeps, what is worked out of the folder is (see `recall`)."""
        self.root = root
        self.memory = memory or Memory(keeps=False)
        self._disk = Disk(root, again=self.memory.keeps)
        self._texts = _Texts()
        self._documents: dict[str, tuple[SourceFile, Value | Unknown]] = {}
        self._latest = _NOT_READ

    def afresh(self) -> "Folder":
        """Return the same folder as another object, of which nothing is remembered yet."""
        view = Folder.__new__(Folder)
        view.__dict__.update(self.__dict__)
        return view

    def note_reading(self, path: str) -> None:
        """Note that it is used what a front end made of a file."""
        if (asked := noted()) is not None:
            asked.readings.add(path)

    def recall(
        self,
        name: Hashable,
        made_of: tuple[object, ...],
        work: Callable[["Folder"], _Made],
        settle: Callable[[_Made, _Made], _Made] | None = None,
    ) -> _Made:
        """Return what `work` makes of this folder, or what it made the last time.

        Nothing is worked out anew while what it was made of, and what it asked of the folder,
        stay the same. See `Memory.recall`.
        """
        return self.memory.recall(name, made_of, lambda _: work(self), settle=settle)

    def renew(self, paths: Iterable[str] | None = None) -> None:
        """Look at the folder again, and forget what is not so any more.

        `paths`, relative to the folder, are the files and folders where something happened; the
        others are taken to be as they were. Without `paths` everything is looked at.
        """
        if paths is not None:
            paths = {path for path in map(normal, paths) if path is not None}
        self._latest = _NOT_READ
        changed = self._disk.renew(paths)
        plain = self._disk.tree.plain_files
        before = {path: self._texts.kept.get(path) for path in changed.contents}
        for path in tuple(self._texts.kept):
            if path not in plain or path in changed.contents:
                self._texts.drop(path)
        self.memory.edited(
            (path, old.text, _text_of(self.read(path)))
            if isinstance(old, SourceFile)
            else (path, None, None)
            for path, old in before.items()
        )
        self.memory.forget(changed)

    @property
    def unseen(self) -> tuple[Unseen, ...]:
        """What the walk could not look at: links out of the folder, forbidden folders, limits."""
        return tuple(self._disk.tree.unseen)

    @property
    def files(self) -> Sequence[str]:
        """Every file of the folder, sorted, vendored packages and build output left out."""
        if (asked := noted()) is not None:
            asked.listed.add("")
        return self._disk.tree.files

    def read(self, path: str) -> SourceFile | Unknown:
        """Return the file's text, or why it cannot be had.

        The text has the author's line ends and no byte order mark.
        """
        if (asked := noted()) is not None:
            asked.paths.add(normal(path) or "")
        kept = self._texts.kept
        if path in kept:
            kept.move_to_end(path)
            return kept[path]
        text = self._text(path)
        read = text if isinstance(text, Unknown) else SourceFile(normal(path) or path, text)
        self._texts.keep(path, read)
        return read

    def worked_out(self, path: str, work: Callable[[SourceFile], _Made]) -> _Made | Unknown:
        """Return what `work`, a function of a module, makes of a file's text, or why it cannot."""
        return self.recall((work, path), (), partial(_worked_out, path, work))

    def document(self, path: str) -> Value | Unknown:
        """Return what a YAML or JSON file says, each value with its place, or why not."""
        file = self.read(path)
        if isinstance(file, Unknown):
            return file
        known = self._documents.get(path)
        if known is None or known[0] is not file:
            if len(self._documents) >= _MOST_DOCUMENTS:
                self._documents.clear()
            known = self._documents[path] = (file, _parsed(file))
        return known[1]

    def read_bytes(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes | Unknown:
        """Return the first `limit` bytes of a file and one more if there are more."""
        if (asked := noted()) is not None:
            asked.paths.add(normal(path) or "")
        content = self._disk.content(path, limit)
        self._latest = (path, limit, content)
        return content

    def is_file(self, path: str) -> bool:
        """Tell whether `path` is a file inside the scanned folder."""
        relative = self._about(path)
        if relative is None:
            return False
        known = self._disk.tree.kind_of(relative)
        return self._disk.is_file(relative) if known == "elsewhere" else known == "file"

    def is_folder(self, path: str) -> bool:
        """Tell whether `path` is a folder inside the scanned folder."""
        relative = self._about(path)
        if relative is None:
            return False
        known = self._disk.tree.kind_of(relative)
        return self._disk.is_folder(relative) if known == "elsewhere" else known == "folder"

    def files_below(self, folder: str) -> Sequence[str]:
        """List the files below `folder`, sorted, vendored packages and build output left out."""
        below = normal(folder)
        if below is None:
            return ()
        if (asked := noted()) is not None:
            asked.listed.add(below)
        files = self._disk.tree.files
        if not below:
            return tuple(files)
        first = bisect_left(files, below + "/")
        # "0" is the character after "/": nothing sorts between them.
        return tuple(files[first : bisect_left(files, below + "0")])

    def skipped_files_below(self, folder: str) -> Sequence[str]:
        """List the files below a folder that the walk leaves out, such as `cdk.out`."""
        below = self._about(folder)
        return self._disk.files_below(below) if below else ()

    def is_vendored(self, path: str) -> bool:
        """Tell whether `path` belongs to a vendored package, an environment or build output."""
        vendored = self._disk.tree.vendored
        current = self._about(path)
        while current:
            if current in vendored or posixpath.basename(current) in SKIPPED_FOLDERS:
                return True
            current = posixpath.dirname(current)
        return False

    def _about(self, path: str) -> str | None:
        """Return what a question is about, which is noted; None if it is not in the folder."""
        relative = normal(path)
        if relative is not None and (asked := noted()) is not None:
            asked.places.add(relative)
        return relative

    def _text(self, path: str) -> str | Unknown:
        latest, limit, content = self._latest
        # What looks like a template by its bytes is read as a text next.
        if latest != path or limit != MAX_FILE_BYTES:
            content = self._disk.content(path, MAX_FILE_BYTES)
        if isinstance(content, Unknown):
            return content
        if len(content) > MAX_FILE_BYTES:
            return Unknown(
                f"it is larger than {MAX_FILE_BYTES // 1_000_000} MB", Location(path, 1)
            )
        text = _decode(content)
        if text is None or "\0" in text:
            return Unknown("it is not UTF-8 text", Location(path, 1))
        return text


def _worked_out(
    path: str, work: Callable[[SourceFile], _Made], sources: Folder
) -> _Made | Unknown:
    file = sources.read(path)
    return file if isinstance(file, Unknown) else work(file)


def _parsed(file: SourceFile) -> Value | Unknown:
    from stockade.load.document import parse  # noqa: PLC0415 - few scans ask for documents

    parsed = parse(file)
    return Unknown(parsed.why, parsed.at) if isinstance(parsed, Unseen) else parsed.root


def _decode(content: bytes) -> str | None:
    """Return the text, of UTF-8 or of the Latin encoding that Python code declares (PEP 263)."""
    try:
        return content.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError:
        declared = _CODING.match(content)
        name = declared.group(1).decode("ascii", "replace").lower() if declared else ""
        name = name.replace("_", "-")
        return content.decode(name, "replace") if name in _LATIN else None


def _text_of(read: SourceFile | Unknown) -> str | None:
    return read.text if isinstance(read, SourceFile) else None


def _size(read: SourceFile | Unknown) -> int:
    return len(read.text) if isinstance(read, SourceFile) else 0
