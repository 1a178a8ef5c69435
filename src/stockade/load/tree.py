"""The tree of the scanned folder: which files there are, and which are the author's own."""

# ruff: noqa: PTH112, PTH113, PTH118 - Path objects cost too much here

import os
import posixpath
from collections.abc import Iterable
from typing import Final

from stockade.load.vendored import (
    ENVIRONMENT_NAMES,
    SKIPPED_FOLDERS,
    is_build_output,
    vendored_names,
)
from stockade.model import Location, Unseen

MAX_ENTRIES = 300_000
"""Files and folders in one walk, so that a crafted or endless tree cannot hold the scan up."""

_MAX_UNSEEN = 200
"""Links and folders named one by one; a tree full of them is told in one line more."""

_FILE: Final = "file"
_FOLDER: Final = "folder"
_LINK: Final = "link"
"""A link that leads to a file inside the folder: it is listed as a file."""
_VENDORED: Final = "vendored"
_OTHER: Final = "other"


class _Looked:
    """What one folder was seen to hold: the kind of each entry by path, and what was missed.

    `state` is `"folder"`, or what it turned out to be: `"environment"`, `"unreadable"`.
    """

    __slots__ = ("count", "has_links", "kinds", "missed", "state")

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.missed: list[Unseen] = []
        self.count = 0
        self.has_links = False
        self.state = _FOLDER

    def miss(self, path: str, kind: str, why: str) -> None:
        """Note what was not seen."""
        self.missed.append(Unseen(Location(printable(path), 1), kind, why))

    def folders(self) -> list[str]:
        """Return the folders in it that are walked."""
        return [path for path, kind in self.kinds.items() if kind == _FOLDER]


class Tree:
    """What a walk over the folder `root` (a real path) found, without following links to folders.

    Paths are relative, with forward slashes, `""` for the root. `files` are sorted, links to
    files inside the folder among them; `plain_files` are those that are no links, reached through
    folders that are no links. `folders` were walked, `others` were not: links, vendored packages,
    build output. `inside` is the folder that links must not leave, `root` by default.
    """

    def __init__(self, root: str, inside: str = "") -> None:
        self.files: list[str] = []
        self.plain_files: set[str] = set()
        self.links: set[str] = set()
        self.folders: set[str] = set()
        self.others: set[str] = set()
        self.vendored: set[str] = set()
        self._root = root
        self._inside = inside or root.rstrip(os.sep) + os.sep
        self._looked: dict[str, _Looked] = {}
        self._count = 0
        self._cut: Unseen | None = None
        self._walk("")
        self.files = sorted(self.plain_files | self.links)

    @property
    def unseen(self) -> list[Unseen]:
        """What was not looked at: links that lead out, forbidden folders, what is past limits."""
        found = [one for looked in self._looked.values() for one in looked.missed]
        if len(found) > _MAX_UNSEEN:
            kind = found[_MAX_UNSEEN].kind
            more = Unseen(Location("", 0), kind, "there are more of this kind")
            found = [*found[:_MAX_UNSEEN], more]
        return found if self._cut is None else [*found, self._cut]

    def kind_of(self, path: str) -> str:
        """Return `"file"`, `"folder"`, `"nothing"`, or `"elsewhere"` for what was not walked."""
        if path in self.plain_files:
            return "file"
        if path in self.folders:
            return "folder"
        while path:
            if path in self.others:
                return "elsewhere"
            path = path.rpartition("/")[0]
            if path in self.folders or path in self.plain_files:
                return "nothing"
        return "nothing"

    def differences(self, other: "Tree") -> set[str]:
        """Return the paths that are something else in the other tree."""
        return {
            *(self.plain_files ^ other.plain_files),
            *(self.links ^ other.links),
            *(self.folders ^ other.folders),
            *(self.others ^ other.others),
            *(self.vendored ^ other.vendored),
        }

    def renewed(self, paths: Iterable[str]) -> set[str] | None:
        """Look again where something happened; return the paths that are something else now.

        `paths` are files and folders that came, went or changed. None if the tree is beyond its
        limits: then all of it must be walked again.
        """
        again = {folder for path in paths for folder in self._concerned(path)}
        again.update(folder for folder, looked in self._looked.items() if looked.has_links)
        changed: set[str] = set()
        for folder in sorted(again):
            if folder in self._looked:
                self._renew(folder, changed)
        if changed:
            self.files = sorted(self.plain_files | self.links)
        missed = sum(len(looked.missed) for looked in self._looked.values())
        return None if self._cut is not None or missed > _MAX_UNSEEN else changed

    def _concerned(self, path: str) -> set[str]:
        """Return the folders whose entries may be of another kind after a change at `path`.

        What an entry is depends on what stands beside it and on what it holds itself, so that is
        the nearest folder that was walked and is still there, and the one that holds it.
        """
        below = f"{path}/" if path else ""
        found = {one for one in self._looked if one == path or one.startswith(below)}
        near = posixpath.dirname(path)
        while near and not (
            near in self._looked and os.path.isdir(os.path.join(self._root, near))
        ):
            near = posixpath.dirname(near)
        return {*found, near, posixpath.dirname(near)}

    def _renew(self, folder: str, changed: set[str]) -> None:
        old, new = self._looked[folder], self._look(folder)
        paths = old.kinds.keys() | new.kinds.keys()
        differ = {path for path in paths if old.kinds.get(path) != new.kinds.get(path)}
        changed |= differ
        if old.state != new.state:
            changed.add(folder)
        self._take_out(folder)
        for path in differ:
            if path in self._looked:
                self._drop(path, changed)
        self._put_in(folder, new)
        for path in differ:
            if new.kinds.get(path) == _FOLDER:
                changed |= self._walk(path)

    def _drop(self, top: str, changed: set[str]) -> None:
        """Forget a folder that is there no more, or is not walked any more."""
        below = f"{top}/"
        for folder in [one for one in self._looked if one == top or one.startswith(below)]:
            changed.add(folder)
            changed.update(self._looked[folder].kinds)
            self._take_out(folder)

    def _walk(self, top: str) -> set[str]:
        """Look at a folder and all folders in it; return the paths that were found."""
        found: set[str] = set()
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            looked = self._look(folder)
            if self._count + looked.count > MAX_ENTRIES:
                why = f"there are more than {MAX_ENTRIES:,} files"
                self._cut = Unseen(Location(printable(folder), 1), "limit", why)
                break
            self._put_in(folder, looked)
            found.update(looked.kinds)
            waiting.extend(looked.folders())
        return found

    def _put_in(self, folder: str, looked: _Looked) -> None:
        self._looked[folder] = looked
        self._count += looked.count
        if looked.state == "environment":
            self.vendored.add(folder)
            self.others.add(folder)
        elif looked.state == _FOLDER:
            self.folders.add(folder)
        for path, kind in looked.kinds.items():
            if kind == _FILE:
                self.plain_files.add(path)
            elif kind != _FOLDER:
                self.others.add(path)
                if kind == _LINK:
                    self.links.add(path)
                elif kind == _VENDORED:
                    self.vendored.add(path)

    def _take_out(self, folder: str) -> None:
        looked = self._looked.pop(folder)
        self._count -= looked.count
        for known in (self.folders, self.others, self.vendored):
            known.discard(folder)
        # What a folder turned out to be is known of itself, not of the one that holds it.
        entries = looked.kinds.keys() - looked.folders()
        for known in (self.plain_files, self.links, self.others, self.vendored):
            known.difference_update(entries)

    def _look(self, folder: str) -> _Looked:
        """Look at one folder, and put its entries where they belong."""
        looked = _Looked()
        here = os.path.join(self._root, folder)
        try:
            with os.scandir(here) as scan:
                entries = list(scan)
        except OSError as error:
            looked.miss(folder, "code", f"the folder cannot be read: {error.strerror}")
            looked.state = "unreadable"
            return looked
        looked.count = len(entries)
        names = {entry.name for entry in entries}
        vendored = vendored_names(here, names)
        if "pyvenv.cfg" in names and folder:
            if names <= ENVIRONMENT_NAMES:
                looked.state = "environment"
                return looked
            # An environment that was made in the folder of the code itself, or what is left of it.
            if names & {"bin", "Scripts"}:
                vendored = vendored | ENVIRONMENT_NAMES
        prefix = folder + "/" if folder else ""
        for entry in entries:
            name = entry.name
            path = prefix + name
            if not path.isascii() and printable(path) != path:
                looked.miss(path, "code", "its name is not UTF-8 text")
            elif name in vendored or name in SKIPPED_FOLDERS:
                looked.kinds[path] = _VENDORED
            elif entry.is_symlink():
                looked.has_links = True
                looked.kinds[path] = self._kind_of_link(looked, path, entry.path)
            elif entry.is_file(follow_symlinks=False):
                looked.kinds[path] = _FILE
            elif not entry.is_dir(follow_symlinks=False):
                looked.kinds[path] = _OTHER
            elif is_build_output(here, name, names):
                looked.kinds[path] = _VENDORED
            else:
                looked.kinds[path] = _FOLDER
        return looked

    def _kind_of_link(self, looked: _Looked, path: str, place: str) -> str:
        """Tell a link to a file of the folder. What a link to a folder holds has its own path."""
        try:
            real = os.path.realpath(place)
        except (OSError, ValueError):
            real = ""
        if not real.startswith(self._inside) and real + os.sep != self._inside:
            looked.miss(path, "link", "the link leads out of the scanned folder")
            return _OTHER
        return _LINK if os.path.isfile(real) else _OTHER


def printable(path: str) -> str:
    """Return a path that can be written as UTF-8, with what cannot be replaced."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
