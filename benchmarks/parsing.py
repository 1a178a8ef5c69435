"""What the parsers alone take for a folder: the least that a scan of it could.

A process of its own reads the folder's templates and code, given by their paths on its standard
input, has each parsed by the library that stockade uses, and makes nothing of what that returns.
Its time goes up and down with the machine's, so the ratio of a scan to it can be compared between
machines, which seconds cannot.
"""

import ast
import gc
import json
import sys
import time
import warnings
from collections import defaultdict
from pathlib import Path

import yaml

KINDS = {
    **dict.fromkeys((".yaml", ".yml"), "yaml"),
    **dict.fromkeys((".py",), "python"),
    **dict.fromkeys((".js", ".mjs", ".cjs"), "javascript"),
    **dict.fromkeys((".ts", ".mts"), "typescript"),
}
"""By what a file's name ends in: the library that parses it."""


def main() -> None:
    """Parse the files, and print processor seconds by kind, and of the process, as JSON."""
    warnings.simplefilter("ignore")
    gc.disable()
    spent: defaultdict[str, float] = defaultdict(float)
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        kind = KINDS[path.suffix]
        began = time.process_time()
        _parse(path, kind)
        spent[kind] += time.process_time() - began
    print(json.dumps({"all": time.process_time(), **spent}))


def _parse(path: Path, kind: str) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    if kind == "yaml":
        try:
            yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            return  # it was read up to where it breaks
    elif kind == "python":
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return
    else:
        _parse_script(text.encode(), kind)


def _parse_script(text: bytes, kind: str) -> None:
    import tree_sitter  # noqa: PLC0415 - as in a scan, only where there is such a file

    if kind == "javascript":
        import tree_sitter_javascript  # noqa: PLC0415

        language = tree_sitter.Language(tree_sitter_javascript.language())
    else:
        import tree_sitter_typescript  # noqa: PLC0415

        language = tree_sitter.Language(tree_sitter_typescript.language_typescript())
    tree_sitter.Parser(language).parse(text)


if __name__ == "__main__":
    main()
