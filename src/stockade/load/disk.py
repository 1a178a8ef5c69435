"""The scanned folder on the disk: what is really there, and nothing of what lies beyond it."""

# ruff: noqa: PTH112, PTH113, PTH118 - Path objects cost too much here

import os
import posixpath
import stat
from collections.abc import Iterable
from pathlib import Path

from stockade.load.tree import Tree
from stockade.model import Location, Unknown
from stockade.model.asked import Changed


class Disk:
    """Where a folder is, its tree, and what was asked of the disk itself.

    The tree is walked once, when it is first asked for. Paths are those that the application
    wrote, relative to the folder. With `again`, it is kept what was answered, so that `renew` can
    tell what has changed.
    """

    def __init__(self, root: Path, *, again: bool) -> None:
        self._root = os.path.realpath(root)
        self._inside = self._root.rstrip(os.sep) + os.sep
        self._walked: Tree | None = None
        self._again = again
        self._contents: dict[tuple[str, int], int] = {}
        self._contents_elsewhere: dict[tuple[str, int], int] = {}
        self._elsewhere: dict[tuple[str, str], object] = {}

    @property
    def tree(self) -> Tree:
        """Every file and folder that is the author's own."""
        if self._walked is None:
            self._walked = Tree(self._root)
        return self._walked

    def content(self, path: str, limit: int) -> bytes | Unknown:
        """Return the first `limit` bytes of a file and one more if there are more."""
        content = self._content(path, limit)
        if self._again:
            known = self._contents if path in self.tree.plain_files else self._contents_elsewhere
            known[path, limit] = _fingerprint(content)
        return content

    def is_file(self, path: str) -> bool:
        """Tell whether a path that was not walked is a file inside the folder."""
        return bool(self._ask("file", path))

    def is_folder(self, path: str) -> bool:
        """Tell whether a path that was not walked is a folder inside the folder."""
        return bool(self._ask("folder", path))

    def files_below(self, path: str) -> tuple[str, ...]:
        """List the files below a folder that was not walked."""
        listed = self._ask("files", path)
        return listed if isinstance(listed, tuple) else ()

    def renew(self, paths: Iterable[str] | None) -> Changed:
        """Look again; return what is not as it was.

        `paths`, as `normal` returns them, are the files and folders where something happened.
        Without them the whole folder is looked at, and all files that were read are read again.
        """
        before = self._walked
        if before is None or paths is None:
            self._walked = tree = Tree(self._root)
            places = set() if before is None else before.differences(tree)
            contents = self._read_otherwise(all_of_them=True)
        else:
            contents = {one for path in paths for one in self._files_at(path, before)}
            moved = {path for path in contents if not self._is_still_file(path, before)}
            places = moved - before.folders
            found = before.renewed(moved) if moved else set()
            if found is None:
                self._walked = tree = Tree(self._root)
                found = before.differences(tree)
            places |= found
            contents |= self._read_otherwise(all_of_them=False)
        places |= self._answered_otherwise()
        return Changed(frozenset(contents | places), frozenset(places))

    def _files_at(self, path: str, tree: Tree) -> set[str]:
        """Return a path, and if it was a folder, all files below it."""
        if path in tree.plain_files:
            return {path}
        below = f"{path}/" if path else ""
        return {path, *(one for one in tree.plain_files if one.startswith(below))}

    def _is_still_file(self, path: str, tree: Tree) -> bool:
        """Tell whether only what a file says can have changed, not what the tree is."""
        # What it lists tells which folders beside it are installed packages.
        if path not in tree.plain_files or posixpath.basename(path) == "requirements.txt":
            return False
        try:
            return stat.S_ISREG(os.lstat(self._inside + path).st_mode)
        except OSError:
            return False

    def _read_otherwise(self, *, all_of_them: bool) -> set[str]:
        """Return the paths of files that say something else, of those that were not walked."""
        known = self._contents_elsewhere
        if all_of_them:
            known = {**self._contents, **known}
        return {
            path
            for (path, limit), before in known.items()
            if (all_of_them or _is_elsewhere(path, self.tree))
            and _fingerprint(self._content(path, limit)) != before
        }

    def _answered_otherwise(self) -> set[str]:
        return {
            path
            for (question, path), known in self._elsewhere.items()
            if self._answer(question, path) != known
        }

    def _ask(self, question: str, path: str) -> object:
        answer = self._answer(question, path)
        if self._again:
            self._elsewhere[question, path] = answer
        return answer

    def _answer(self, question: str, path: str) -> object:
        real = self._real_path(path)
        if real is None:
            return False
        if question == "file":
            return os.path.isfile(real)
        if question == "folder":
            return os.path.isdir(real)
        below = Tree(real, self._inside).files if os.path.isdir(real) else ()
        return tuple(f"{path}/{one}" for one in below)

    def _real_path(self, path: str) -> str | None:
        """Return where `path` leads on the disk, or None if that is outside the folder."""
        if self._walked is not None and path in self._walked.plain_files:
            return self._inside + path
        relative = normal(path)
        if relative is None:
            return None
        joined = os.path.join(self._root, relative)
        if self._walked is not None and relative in self._walked.plain_files:
            return joined
        try:
            real = os.path.realpath(joined)
        except (OSError, ValueError):
            return None
        return real if real == self._root or real.startswith(self._inside) else None

    def _content(self, path: str, limit: int) -> bytes | Unknown:
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


def _is_elsewhere(path: str, tree: Tree) -> bool:
    relative = normal(path)
    return relative is not None and tree.kind_of(relative) == "elsewhere"


def normal(path: str) -> str | None:
    """Return `path` without `.` and `..`; `""` for the root, None if it leads out of it."""
    if path.startswith("/") or "\0" in path or (os.sep != "/" and os.sep in path):
        return None
    if "./" not in path and "//" not in path and not path.endswith((".", "/")):
        return path  # As nearly all are: there is nothing to take out.
    made = posixpath.normpath(path)
    if made == "..":
        return None
    return None if made.startswith("../") else "" if made == "." else made


def _contents(handle: int, size: int, limit: int) -> bytes:
    """Return up to `limit` bytes and one more, of a file that had `size` bytes when opened."""
    # A buffer for `limit` bytes would cost more than what most files hold.
    content = os.read(handle, min(size, limit) + 1)
    while size < len(content) <= limit and (more := os.read(handle, limit + 1 - len(content))):
        content += more
    return content


def _fingerprint(content: bytes | Unknown) -> int:
    """Return what tells one content from another; Python's hash has a secret key."""
    return hash(content if isinstance(content, bytes) else content.why)
