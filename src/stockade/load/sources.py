"""The files of the scanned folder, read when they are asked for and never beyond it."""

# ruff: noqa: PTH112, PTH113, PTH118 - Path objects cost too much here

import os
import posixpath
import stat
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from stockade._late import pattern
from stockade.load.tree import Tree, walk_tree
from stockade.load.vendored import SKIPPED_FOLDERS
from stockade.model import Location, SourceFile, Unknown, Unseen

MAX_FILE_BYTES = 5_000_000
"""The largest file that is read. No person writes 5 MB into one file: what is larger is data
or generated."""

_MAX_CACHED_CHARACTERS = 16_000_000
"""Texts kept for a second reading: files that several applications share, and templates."""

_CODING = pattern(rb"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
_LATIN = frozenset(("latin-1", "iso-8859-1", "iso-8859-15", "cp1252", "windows-1252"))


class Folder:
    """The scanned folder. Implements `stockade.model.Sources`.

    The tree is walked once, when it is first asked for. Links are followed only to where they
    stay inside the folder. Vendored packages, virtual environments and build output are known
    (`is_vendored`) and not listed; single files of them can still be read.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real_root = os.path.realpath(root)
        self._inside = self._real_root.rstrip(os.sep) + os.sep
        self._walked: Tree | None = None
        self._cache: OrderedDict[str, SourceFile | Unknown] = OrderedDict()
        self._cached_characters = 0

    @property
    def unseen(self) -> tuple[Unseen, ...]:
        """What the walk could not look at: links out of the folder, forbidden folders, limits."""
        return tuple(self._tree.unseen)

    @property
    def files(self) -> Sequence[str]:
        """Every file of the folder, sorted, vendored packages and build output left out."""
        return self._tree.files

    @property
    def _tree(self) -> Tree:
        if self._walked is None:
            self._walked = walk_tree(self._real_root)
        return self._walked

    def read(self, path: str) -> SourceFile | Unknown:
        """Return the file's text, or why it cannot be had.

        The text has the author's line ends and no byte order mark.
        """
        cached = self._cache.get(path)
        if cached is not None:
            self._cache.move_to_end(path)
            return cached
        text = self._text(path)
        read = text if isinstance(text, Unknown) else SourceFile(_normal(path) or path, text)
        self._cache[path] = read
        self._cached_characters += _size(read)
        while self._cached_characters > _MAX_CACHED_CHARACTERS and len(self._cache) > 1:
            self._cached_characters -= _size(self._cache.popitem(last=False)[1])
        return read

    def read_bytes(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes | Unknown:
        """Return the first `limit` bytes of a file and one more if there are more."""
        at = Location(path, 1)
        real = self._real_path(path)
        if real is None:
            return Unknown("it lies outside the scanned folder", at)
        try:
            # Without O_NONBLOCK, opening a pipe would wait for someone to write into it.
            handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            try:
                facts = os.fstat(handle)
                if not stat.S_ISREG(facts.st_mode):
                    is_folder = stat.S_ISDIR(facts.st_mode)
                    return Unknown("it is a folder" if is_folder else "it is not a file", at)
                return _contents(handle, facts.st_size, limit)
            finally:
                os.close(handle)
        except (FileNotFoundError, NotADirectoryError):
            return Unknown("there is no such file", at)
        except IsADirectoryError:
            return Unknown("it is a folder", at)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "its name is not allowed"
            return Unknown(f"it cannot be read: {reason}", at)

    def is_file(self, path: str) -> bool:
        """Tell whether `path` is a file inside the scanned folder."""
        normal = _normal(path)
        if normal is None:
            return False
        known = self._tree.kind_of(normal)
        if known != "elsewhere":
            return known == "file"
        real = self._real_path(path)
        return real is not None and os.path.isfile(real)

    def is_folder(self, path: str) -> bool:
        """Tell whether `path` is a folder inside the scanned folder."""
        normal = _normal(path)
        if normal is None:
            return False
        known = self._tree.kind_of(normal)
        if known != "elsewhere":
            return known == "folder"
        real = self._real_path(path)
        return real is not None and os.path.isdir(real)

    def files_below(self, folder: str) -> Sequence[str]:
        """List the files below `folder`, sorted, vendored packages and build output left out."""
        below = _normal(folder)
        if below is None:
            return ()
        if not below:
            return tuple(self.files)
        prefix = below + "/"
        files = self._tree.files
        first = bisect_left(files, prefix)
        # "0" is the character after "/": nothing sorts between them.
        return tuple(files[first : bisect_left(files, below + "0")])

    def skipped_files_below(self, folder: str) -> Sequence[str]:
        """List the files below a folder that the walk leaves out, such as `cdk.out`."""
        real = self._real_path(folder)
        normal = _normal(folder)
        if real is None or not normal or not os.path.isdir(real):
            return ()
        return tuple(f"{normal}/{path}" for path in walk_tree(real, self._inside).files)

    def is_vendored(self, path: str) -> bool:
        """Tell whether `path` belongs to a vendored package, an environment or build output."""
        vendored = self._tree.vendored
        current = _normal(path)
        while current:
            if current in vendored or posixpath.basename(current) in SKIPPED_FOLDERS:
                return True
            current = posixpath.dirname(current)
        return False

    def _real_path(self, path: str) -> str | None:
        """Return where `path` leads on the disk, or None if that is outside the folder."""
        if self._walked is not None and path in self._walked.plain_files:
            return self._inside + path
        normal = _normal(path)
        if normal is None:
            return None
        joined = os.path.join(self._real_root, normal)
        if self._walked is not None and normal in self._walked.plain_files:
            return joined
        try:
            real = os.path.realpath(joined)
        except (OSError, ValueError):
            return None
        return real if real == self._real_root or real.startswith(self._inside) else None

    def _text(self, path: str) -> str | Unknown:
        content = self.read_bytes(path)
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


def _contents(handle: int, size: int, limit: int) -> bytes:
    """Return up to `limit` bytes and one more, of a file that had `size` bytes when opened."""
    # A buffer for `limit` bytes would cost more than what most files hold.
    content = os.read(handle, min(size, limit) + 1)
    while size < len(content) <= limit and (more := os.read(handle, limit + 1 - len(content))):
        content += more
    return content


def _decode(content: bytes) -> str | None:
    """Return the text, of UTF-8 or of the Latin encoding that Python code declares (PEP 263)."""
    try:
        return content.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError:
        declared = _CODING.match(content)
        name = declared.group(1).decode("ascii", "replace").lower() if declared else ""
        name = name.replace("_", "-")
        return content.decode(name, "replace") if name in _LATIN else None


def _normal(path: str) -> str | None:
    """Return `path` without `.` and `..`; `""` for the root, None if it leads out of it."""
    if path.startswith("/") or "\0" in path or (os.sep != "/" and os.sep in path):
        return None
    if not path:
        return ""
    normal = posixpath.normpath(path)
    if normal == "..":
        return None
    return None if normal.startswith("../") else "" if normal == "." else normal


def _size(read: SourceFile | Unknown) -> int:
    return len(read.text) if isinstance(read, SourceFile) else 0
