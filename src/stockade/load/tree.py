"""One walk over the scanned folder: which files there are, and which are the author's own."""

# ruff: noqa: PTH113, PTH118 - Path objects cost too much here

import os
import posixpath

from stockade.load.vendored import SKIPPED_FOLDERS, is_build_output, vendored_names
from stockade.model import Location, Unseen

MAX_ENTRIES = 300_000
"""Files and folders in one walk, so that a crafted or endless tree cannot hold the scan up."""

_MAX_UNSEEN = 200
"""Links and folders named one by one; a tree full of them is told in one line more."""


class Tree:
    """What one walk found. Paths are relative, with forward slashes, `""` for the root.

    `files` are sorted, links to files inside the folder among them; `plain_files` are those that
    are no links, reached through folders that are no links. `folders` were walked, `others`
    were not: links, vendored packages, build output.
    """

    def __init__(self) -> None:
        self.files: list[str] = []
        self.plain_files: set[str] = set()
        self.folders: set[str] = set()
        self.others: set[str] = set()
        self.vendored: set[str] = set()
        self.unseen: list[Unseen] = []
        self.count = 0

    def kind_of(self, path: str) -> str:
        """Return `"file"`, `"folder"`, `"nothing"`, or `"elsewhere"` for what was not walked."""
        if path in self.plain_files:
            return "file"
        if path in self.folders:
            return "folder"
        while path:
            if path in self.others:
                return "elsewhere"
            path = posixpath.dirname(path)
            if path in self.folders:
                return "nothing"
            if path in self.plain_files:
                return "nothing"
        return "nothing"

    def miss(self, path: str, kind: str, why: str) -> None:
        """Note what was not seen."""
        if len(self.unseen) < _MAX_UNSEEN:
            self.unseen.append(Unseen(Location(printable(path), 1), kind, why))
        elif len(self.unseen) == _MAX_UNSEEN:
            self.unseen.append(Unseen(Location("", 0), kind, "there are more of this kind"))


def walk_tree(root: str, inside: str = "") -> Tree:
    """Walk the folder `root` (a real path), without following links to folders.

    `inside` is the folder that links must not leave, `root` by default.
    """
    tree = Tree()
    inside = inside or root.rstrip(os.sep) + os.sep
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as scan:
                entries = list(scan)
        except OSError as error:
            tree.miss(folder, "code", f"the folder cannot be read: {error.strerror}")
            continue
        tree.count += len(entries)
        if tree.count > MAX_ENTRIES:
            tree.miss(folder, "limit", f"there are more than {MAX_ENTRIES:,} files")
            break
        waiting.extend(_sort_out(tree, root, folder, entries, inside))
    tree.files.sort()
    return tree


def _sort_out(
    tree: Tree, root: str, folder: str, entries: list["os.DirEntry[str]"], inside: str
) -> list[str]:
    """Put the entries of one folder where they belong; return the folders to walk."""
    names = {entry.name for entry in entries}
    if "pyvenv.cfg" in names and folder:
        tree.vendored.add(folder)
        tree.others.add(folder)
        return []
    tree.folders.add(folder)
    here = os.path.join(root, folder)
    vendored = vendored_names(here, names)
    prefix = folder + "/" if folder else ""
    walk = []
    for entry in entries:
        name = entry.name
        path = prefix + name
        if not path.isascii() and printable(path) != path:
            tree.miss(path, "code", "its name is not UTF-8 text")
        elif name in vendored or name in SKIPPED_FOLDERS:
            tree.vendored.add(path)
            tree.others.add(path)
        elif entry.is_symlink():
            _link(tree, path, entry.path, inside)
        elif entry.is_file(follow_symlinks=False):
            tree.files.append(path)
            tree.plain_files.add(path)
        elif not entry.is_dir(follow_symlinks=False):
            tree.others.add(path)
        elif is_build_output(here, name, names):
            tree.vendored.add(path)
            tree.others.add(path)
        else:
            walk.append(path)
    return walk


def _link(tree: Tree, path: str, place: str, inside: str) -> None:
    """Note a link. A link to a folder is not walked: what it leads to has a path of its own."""
    tree.others.add(path)
    try:
        real = os.path.realpath(place)
    except (OSError, ValueError):
        real = ""
    if not real.startswith(inside) and real + os.sep != inside:
        tree.miss(path, "link", "the link leads out of the scanned folder")
    elif os.path.isfile(real):
        tree.files.append(path)


def printable(path: str) -> str:
    """Return a path that can be written as UTF-8, with what cannot be replaced."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
