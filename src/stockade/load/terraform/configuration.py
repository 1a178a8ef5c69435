"""Configurations: what the files of one folder declare together, and which folder calls which.

Follows "Files and configuration structure" and "Override files" in the documentation of
Terraform. OpenTofu reads `.tofu` files in place of the `.tf` files of the same name.
"""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from stockade.load.handlers.paths import join
from stockade.load.sources import Folder
from stockade.load.terraform.syntax import Block, Body, Expression, Literal
from stockade.model import Scalar, SourceFile, Unknown, Unseen

JSON_FORMS = (".tf.json", ".tofu.json")
_Key = TypeVar("_Key", str, tuple[str, str])
FORMS = (".tf", ".tofu", *JSON_FORMS)


class Configuration:
    """What one folder declares. Blocks are found by their labels, in the author's order."""

    def __init__(self, folder: str, files: Sequence[str] = (), *, is_ours: bool = False) -> None:
        self.folder = folder
        self.is_ours = is_ours
        """Whether it stands for a published module, and no file of it is the author's."""
        self.files = tuple(files)
        self.variables: dict[str, Block] = {}
        self.locals: dict[str, Expression] = {}
        self.resources: dict[tuple[str, str], Block] = {}
        self.data: dict[tuple[str, str], Block] = {}
        self.calls: dict[str, Block] = {}
        self.outputs: dict[str, Block] = {}

    @property
    def is_empty(self) -> bool:
        """Tell whether it declares nothing that is deployed."""
        return not (self.resources or self.calls or self.data)

    def add(self, body: Body, *, overrides: bool = False) -> None:
        """Take in what a file says; what `overrides` changes the blocks of other files."""
        for block in body.blocks:
            match block.type, block.labels:
                case "locals", ():
                    self.locals.update(block.body.attributes)
                case "resource", (kind, name):
                    self._put(self.resources, (kind, name), block, overrides=overrides)
                case "data", (kind, name):
                    self._put(self.data, (kind, name), block, overrides=overrides)
                case "variable", (name,):
                    self._put(self.variables, name, block, overrides=overrides)
                case "module", (name,):
                    self._put(self.calls, name, block, overrides=overrides)
                case "output", (name,):
                    self._put(self.outputs, name, block, overrides=overrides)
                case _:
                    pass

    @staticmethod
    def _put(blocks: dict[_Key, Block], key: _Key, block: Block, *, overrides: bool) -> None:
        before = blocks.get(key)
        blocks[key] = _overridden(before, block) if overrides and before else block


def _overridden(before: Block, after: Block) -> Block:
    """Return a block with the attributes of an override, whose nested blocks replace its own."""
    replaced = {block.type for block in after.body.blocks}
    body = Body(
        {**before.body.attributes, **after.body.attributes},
        {**before.body.keys, **after.body.keys},
        (
            *(block for block in before.body.blocks if block.type not in replaced),
            *after.body.blocks,
        ),
    )
    return Block(before.type, before.labels, body, before.at)


class Configurations:
    """The configurations of the scanned folder, each parsed once, by their folders."""

    def __init__(self, sources: Folder, paths: Iterable[str], unseen: list[Unseen]) -> None:
        self.sources = sources
        self.unseen = unseen
        self._files: dict[str, list[str]] = {}
        self._read: dict[str, Configuration] = {}
        for path in paths:
            self._files.setdefault(posixpath.dirname(path), []).append(path)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that hold files of Terraform."""
        return tuple(self._files)

    def of(self, folder: str) -> Configuration | None:
        """Return the configuration of a folder, None if it has no such file."""
        if folder not in self._read:
            if folder not in self._files:
                return None
            self._read[folder] = self._parse(folder, self._files[folder])
        return self._read[folder]

    def roots(self, paths: frozenset[str]) -> tuple[Configuration, ...]:
        """Return the configurations that deploy something and that no other one calls.

        Of a folder of which only single files are asked for, those count, called or not.
        """
        asked = {posixpath.dirname(path) for path in paths}
        if any(path not in paths for files in self._files.values() for path in files):
            found = [one for folder in sorted(asked) if (one := self.of(folder)) is not None]
            return tuple(one for one in found if not one.is_empty)
        every = [one for folder in self.folders if (one := self.of(folder)) is not None]
        called = {place for one in every for place in _called(one) if place != one.folder}
        return tuple(one for one in every if one.folder not in called and not one.is_empty)

    def _parse(self, folder: str, files: Sequence[str]) -> Configuration:
        found = Configuration(folder, files)
        for path in _in_order(files):
            body, unseen = self.sources.recall(("configuration", path), (), partial(_body, path))
            self.unseen.extend(unseen)
            if body is not None:
                found.add(body, overrides=_is_override(path))
        return found


def _body(path: str, sources: Folder) -> tuple[Body | None, tuple[Unseen, ...]]:
    """Return what a file says, and what was not seen of it."""
    file = sources.read(path)
    if isinstance(file, Unknown):
        return None, (Unseen(file.at, "template", file.why),)
    unseen: list[Unseen] = []
    return parse_file(file, unseen), tuple(unseen)


def parse_file(file: SourceFile, unseen: list[Unseen]) -> Body:
    """Return what a file says, in either form of the language."""
    if file.path.endswith(JSON_FORMS):
        from stockade.load.terraform.json_syntax import parse_json_form  # noqa: PLC0415 - rare

        return parse_json_form(file, unseen)
    from stockade.load.terraform.hcl import parse_hcl  # noqa: PLC0415 - imports tree-sitter

    return parse_hcl(file, unseen)


def _in_order(files: Sequence[str]) -> Iterator[str]:
    """Yield the files that count, in the order in which they do."""
    tofu = {path.replace(".tofu", ".tf") for path in files if ".tofu" in posixpath.basename(path)}
    counted = [path for path in files if path not in tofu]
    yield from sorted(counted, key=lambda path: (_is_override(path), path))


def _is_override(path: str) -> bool:
    name = posixpath.basename(path)
    for form in FORMS:
        if name.endswith(form):
            stem = name.removesuffix(form)
            if stem == "override" or stem.endswith("_override"):
                return True
    return False


def _called(configuration: Configuration) -> Iterator[str]:
    """Yield the folders that a configuration names as the sources of its modules."""
    for call in configuration.calls.values():
        source = call.body.attributes.get("source")
        if isinstance(source, Literal):
            folder = local_folder(configuration.folder, source.value)
            if folder is not None:
                yield folder


def local_folder(folder: str, source: Scalar) -> str | None:
    """Return the folder that a module's source names; None if it is not in the repository."""
    text = source.value
    if not isinstance(text, str) or not text.startswith(("./", "../")):
        return None
    return join(folder, text)


def place_of(configuration: Configuration) -> str:
    """Return the file that stands for a configuration: `main.tf`, or its first."""
    for path in configuration.files:
        if posixpath.basename(path) in {"main.tf", "main.tofu"}:
            return path
    return min(configuration.files)
