"""What an edit changed of a file's code is told function by function."""

from typing import Final

import pytest

from stockade.analysis.code import ir
from stockade.analysis.code.changes import Changes
from stockade.analysis.code.languages import parser_of
from stockade.model import SourceFile, Unseen
from stockade.model.moves import Moves
from stockade.model.record import replace

PYTHON: Final = """\
import os
LIMIT = 3

def first(event, size=10):
    def inner(name):
        return name + "a"
    return inner(event["x"])

class Store:
    kind = "table"
    def read(self, key):
        return self.kind + key

def last(event):
    return LIMIT
"""
SCRIPT: Final = """\
const fs = require("fs");
const limit = 3;
exports.first = (event) => {
  const inner = (name) => name + "a";
  return inner(event.x);
};
class Store {
  read(key) { return "table" + key; }
}
exports.last = async function last(event) {
  return limit;
};
"""
EVERY: Final = ("<module>", "first", "inner", "Store", "read", "last")


def module(text: str, language: str) -> ir.Module:
    """Parse a file."""
    path = "a.py" if language == "python" else "a.js"
    parsed = parser_of(language)(SourceFile(path, text))
    assert isinstance(parsed, ir.Module)
    return parsed


def codes(module: ir.Module) -> dict[str, ir.Code]:
    """Return every function of a module, and the module, by name; those without as `inner`."""
    found: dict[str, ir.Code] = {}
    waiting: list[object] = [module.code]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ir.Code):
            found[one.name if one.name not in ("", "<lambda>", "<arrow>") else "inner"] = one
            waiting.append(one.body)
        elif isinstance(one, tuple) and not isinstance(one, ir.Span):
            waiting.extend(reversed(one))
        elif type(one).__module__ == ir.__name__ and hasattr(one, "_fields"):
            waiting.extend(getattr(one, name) for name in reversed(getattr(one, "_fields", ())))
    return found


def holds(before: str, after: str, names: tuple[str, ...], language: str = "python") -> bool:
    """Tell whether what functions do is taken to be the same after an edit."""
    old, new = module(before, language), module(after, language)
    moves = Moves()
    moves.edited([(old.file.path, before, after)])
    known, now = codes(old), codes(new)
    found = Changes(old, new, moves.since(0)).same([known[name].span for name in names])
    if found is not None:
        assert found == {now[name].span for name in names}
    return found is not None


@pytest.mark.parametrize(
    ("old", "new", "stay"),
    [
        ("LIMIT = 3", "LIMIT = 3  # Three.", EVERY),
        ("import os", "# All.\nimport os", EVERY),
        ("class Store", "\n\nclass Store", EVERY),
        ("    return LIMIT\n", "    return LIMIT\n# The end.\n", EVERY),
        ('"a"', '"b"', ("<module>", "first", "Store", "read", "last")),
        ("LIMIT = 3", "LIMIT = 4", ()),
        ("LIMIT = 3", "LIMIT = True", ()),
        ("size=10", "size=20", ()),
        ("(name):", "(name, other=1):", ("<module>", "Store", "read", "last")),
        ("self.kind + key", "key + self.kind", ("<module>", "first", "inner", "Store", "last")),
        ("    return LIMIT\n", "    if event:\n        return LIMIT\n", EVERY[:-1]),
        ("    return LIMIT\n", "    global LIMIT\n    return LIMIT\n", EVERY[:-1]),
        ("    return LIMIT\n", "    yield LIMIT\n", EVERY[:-1]),
        ("def last", "async def last", ()),
        ('kind = "table"', 'kind = "list"', ("<module>", "first", "inner", "last")),
        ("def last", "def more():\n    pass\n\ndef last", ()),
        ("    def inner", '    """Says."""\n    def inner', EVERY),
        (
            'return inner(event["x"])',
            'return inner(event["y"])',
            ("<module>", "Store", "read", "last"),
        ),
    ],
)
def test_functions_that_say_the_same_are_told_from_those_that_do_not(
    old: str, new: str, stay: tuple[str, ...]
) -> None:
    """Whatever moved; what stands around a function counts, what stands within it does not."""
    after = PYTHON.replace(old, new)

    assert after != PYTHON
    assert holds(PYTHON, after, stay)
    for name in EVERY:
        around = {"inner": ("<module>", "first"), "read": ("<module>", "Store")}
        way = (*around.get(name, ("<module>",)), name)
        assert holds(PYTHON, after, tuple(dict.fromkeys(way))) is (set(way) <= set(stay))


@pytest.mark.parametrize(
    ("old", "new", "stay"),
    [
        ("const limit = 3;", "const limit = 3; // Three.", ("<module>", "last")),
        ("const fs", "// All.\nconst fs", ("<module>", "last")),
        ("return limit", "return limit + 1", ("<module>",)),
        ("limit = 3", "limit = 4", ()),
    ],
)
def test_javascript_is_told_in_the_same_way(old: str, new: str, stay: tuple[str, ...]) -> None:
    """A function that is not entered may say something else."""
    for names in (("<module>",), ("<module>", "last")):
        after = SCRIPT.replace(old, new)
        assert holds(SCRIPT, after, names, "javascript") is (set(names) <= set(stay))


def test_lines_that_went_elsewhere_than_they_seem_count_as_changed() -> None:
    """What says the same on lines that went another way is not taken to be the same."""
    before, after = "def f():\n    return 1\n", "def f():\n\n    return 1\n"
    old, new = module(before, "python"), module(after, "python")
    moves = Moves()
    moves.edited([("a.py", before, "\n" + before)])
    spans = [one.span for one in codes(old).values()]

    assert Changes(old, new, moves.since(0)).same(spans) is None


def test_a_file_of_which_a_part_does_not_parse_counts_as_changed() -> None:
    """Nobody knows what that part would have done."""
    whole = module(SCRIPT, "javascript")
    part = replace(whole, unseen=(Unseen(whole.file.at(1, 1, 1, 2), "code", "it is odd"),))
    since = Moves().since(0)

    assert Changes(whole, whole, since).same([whole.code.span]) is not None
    assert Changes(part, whole, since).same([whole.code.span]) is None
    assert Changes(whole, part, since).same([whole.code.span]) is None
