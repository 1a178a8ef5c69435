"""Files of JavaScript and TypeScript: their syntax trees, texts and places, and their imports.

Front ends read such files as data; nothing of them is ever run.
"""

import posixpath
from collections.abc import Iterator

from stockade.load.document import parse
from stockade.load.javascript import Node, tree_of
from stockade.load.sources import Folder
from stockade.model import List, Location, Map, Scalar, SourceFile, Unseen, Value

ENDINGS = (".ts", ".js", ".mts", ".mjs", ".cjs", ".cts", ".json")
_CONFIGURATIONS = ("tsconfig.json", "tsconfig.paths.json", "tsconfig.base.json")
_ESCAPES = {
    "\\n": "\n",
    "\\t": "\t",
    "\\r": "\r",
    "\\\\": "\\",
    "\\'": "'",
    '\\"': '"',
    "\\`": "`",
    "\\$": "$",
}


class Script:
    """One file, parsed: what its nodes say and where they stand."""

    def __init__(self, file: SourceFile) -> None:
        self.path = file.path
        self.text = file.text.encode()
        self._lines = file.text.split("\n")
        self.root: Node = tree_of(self.text, file.path)

    def word(self, node: Node) -> str:
        """Return the text of a node as it is written; nothing for no node."""
        if node is None:
            return ""
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def string(self, node: Node) -> str:
        """Return what a string means, its escapes resolved."""
        return "".join(
            self.word(one) if one.type == "string_fragment" else unescaped(self.word(one))
            for one in node.named_children
            if one.type in {"string_fragment", "escape_sequence"}
        )

    def at(self, node: Node) -> Location:
        """Tell where a node stands; columns are in characters."""
        (line, column), (end_line, end_column) = node.start_point, node.end_point
        return Location(
            self.path,
            line + 1,
            self._characters(line, column) + 1,
            end_line + 1,
            self._characters(end_line, end_column) + 1,
        )

    def _characters(self, line: int, column: int) -> int:
        """Return a column in characters, of one in bytes."""
        text = self._lines[line] if line < len(self._lines) else ""
        if text.isascii():
            return column
        return len(text.encode()[:column].decode("utf-8", "replace"))


def unescaped(sequence: str) -> str:
    """Return the character that an escape sequence stands for."""
    return _ESCAPES.get(sequence, sequence[1:])


class Imports:
    """Where imports lead: beside the importing file, or by the `paths` of a `tsconfig.json`.

    `folder` is the one whose configuration of TypeScript gives short names to folders.
    """

    def __init__(self, sources: Folder, folder: str) -> None:
        self._folder = folder
        self._sources = sources
        self._known: list[tuple[str, str]] | None = None

    def file(self, path: str, specifier: str) -> str | None:
        """Return the file that an import in the file `path` names; None if the folder has none."""
        for base in self._bases(path, specifier):
            candidates: tuple[str, ...] = (
                base,
                *(base + ending for ending in ENDINGS),
                *(f"{base}/index{ending}" for ending in ENDINGS),
                *((base[:-3] + ".ts",) if base.endswith(".js") else ()),
            )
            for candidate in candidates:
                if not candidate.startswith("../") and self._sources.is_file(candidate):
                    return candidate
        return None

    def _bases(self, path: str, specifier: str) -> Iterator[str]:
        """Yield the paths, still without an ending, that an import in the file `path` may mean."""
        if specifier.startswith("."):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))
            return
        for alias, target in self._aliases():
            before, star, after = alias.partition("*")
            if not star and specifier == alias:
                yield target
            elif star and specifier.startswith(before) and specifier.endswith(after):
                matched = specifier[len(before) : len(specifier) - len(after)]
                yield posixpath.normpath(target.replace("*", matched, 1))

    def _aliases(self) -> list[tuple[str, str]]:
        if self._known is None:
            self._known = list(self._read())
        return self._known

    def _read(self) -> Iterator[tuple[str, str]]:
        for name in _CONFIGURATIONS:
            path = posixpath.join(self._folder, name)
            file = self._sources.read(path) if self._sources.is_file(path) else None
            if not isinstance(file, SourceFile):
                continue
            # YAML takes the commas before a closing bracket that TypeScript allows, too.
            document = parse(SourceFile(path, _without_comments(file.text)))
            if isinstance(document, Unseen):
                document = parse(SourceFile(f"{path}.yaml", _without_comments(file.text)))
            root = None if isinstance(document, Unseen) else document.root
            options = root.get("compilerOptions") if isinstance(root, Map) else None
            if isinstance(options, Map):
                yield from self._of_options(options)

    def _of_options(self, options: Map) -> Iterator[tuple[str, str]]:
        base = options.get("baseUrl")
        start = base.value if isinstance(base, Scalar) and isinstance(base.value, str) else "."
        folder = posixpath.join(self._folder, start)
        paths = options.get("paths")
        for alias, targets in paths if isinstance(paths, Map) else ():
            for target in targets.items if isinstance(targets, List) else ():
                if (text := _text(target)) is not None:
                    yield alias, posixpath.normpath(posixpath.join(folder, text))
        if base is not None:
            yield "*", posixpath.normpath(posixpath.join(folder, "*"))


def _text(value: Value) -> str | None:
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else None


def _without_comments(text: str) -> str:
    """Return JSON without the comments that stand on lines of their own."""
    return "\n".join("" if line.lstrip().startswith("//") else line for line in text.split("\n"))
