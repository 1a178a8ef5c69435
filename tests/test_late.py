"""Patterns that are compiled when they are first used."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import stockade
from stockade._late import pattern


def test_a_late_pattern_answers_as_a_compiled_one() -> None:
    """Every method gives what the compiled pattern gives, the first time and later."""
    text = "Ref Orders, ref Items"
    for method, arguments in (
        ("findall", (text,)),
        ("sub", ("x", text)),
        ("subn", ("x", text)),
        ("split", (text,)),
    ):
        late = pattern(r"ref (\w+)", re.IGNORECASE)
        compiled = re.compile(r"ref (\w+)", re.IGNORECASE)
        expected = getattr(compiled, method)(*arguments)

        assert [getattr(late, method)(*arguments) for _ in range(2)] == [expected, expected]

    found = pattern(rb"b(\d)").search(b"ab1")

    assert found is not None
    assert found[1] == b"1"
    assert pattern("a").match("b") is None
    assert pattern("(a)").groups == 1


def test_a_wrong_pattern_is_told_when_it_is_used() -> None:
    """Making it raises nothing; using it does."""
    wrong = pattern("(")

    with pytest.raises(re.error):
        wrong.search("x")


def test_what_libraries_compile_late_answers_as_before() -> None:
    """PyYAML reads as it always does, also by its parser in Python, for whoever uses it later."""
    code = """\
import datetime, re
import stockade.load.yaml_document
import yaml

assert type(re.compile("a")) is re.Pattern
text = "day: 2024-02-29\\nnumber: 0x1F\\nflag: yes\\ntext: \\U0001f600\\n"
read = {"day": datetime.date(2024, 2, 29), "number": 31, "flag": True, "text": "\\U0001f600"}
assert yaml.load(text, yaml.SafeLoader) == yaml.load(text, yaml.CSafeLoader) == read
try:
    yaml.load("\\x07", yaml.SafeLoader)
except yaml.reader.ReaderError as error:
    print(error.reason)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "special characters are not allowed\n"


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python 3.11 before 3.11.5, Debian's among them, goes on from the wrong place after one."""
    repeated = re.compile(r"\)(?:[*+?]|\{\d+(?:,\d*)?\})\+|\(\?>")
    found = [
        f"{path}:{number}"
        for path in sorted(Path(stockade.__file__).parent.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if repeated.search(line)
    ]
    assert not found
