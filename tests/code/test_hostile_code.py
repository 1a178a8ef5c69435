"""Code that is broken, enormous or made to hurt: said, never raised."""

import gc
import time
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intermediate import everything

import stockade
from stockade._python.statements import rewritten
from stockade._python.tokens import tokens
from stockade.analysis.code import ir
from stockade.analysis.code.dump import dump
from stockade.analysis.code.python import parse_python
from stockade.model import SourceFile, Unseen

CODE = Path(stockade.__file__).parent / "analysis" / "code"
REAL = [path.read_text("utf-8") for path in sorted(CODE.rglob("*.py"))] + [
    (Path(__file__).parent / "test_spans.py").read_text("utf-8"),
    "".join(
        sample.partition("---\n")[0]
        for path in sorted((Path(__file__).parent / "lowering").glob("*.txt"))
        if path.stem != "other_versions"
        for sample in path.read_text("utf-8").split("===\n")
    ),
]

PIECES = [
    *("print ", "exec ", "raise ", "except ", "try: a\n", "lambda (a, b): ", "def f((a, b)):\n  "),
    *("`", "<>", "0777", "10L", "'\\u'", "ur'a'", "f'{a['b']}'", 'f"{', '}"', "t'{é}'", "\t"),
    *("type ", "class C[T]", "[", "]", "(", ")", ",", " in ", ";", ":", "\n", "\r\n", "é", ">>"),
    *("a", "B", "async", " as ", "=", "# é\n", "\\\n", "\n  ", "print 'a'\n"),
]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("x = 1\nprint 'y' z\n", 2, "it is not valid Python"),
        ("def f(:\n", 1, "it is not valid Python"),
        ("x = '''abc\n", 1, "it is not valid Python"),
        ("if a:\n\tb\n      c\n", 3, "it is not valid Python"),
        ("x = 1\rprint 'y' z\r", 2, "it is not valid Python"),
        ("x = 1\0\n", 1, "it "),
        ("x = '\ud800'\n", 1, "it holds characters that Python does not read"),
        ("x = " + "9" * 5_000, 1, "it is not valid Python"),
        ("(" * 5_000, 1, "it is not valid Python"),
        ("-" * 100_000 + "1", 1, "its code is nested too deeply"),
        ("x = " + " + ".join("a" * 100_000), 1, "its code is nested too deeply"),
        ("x = a" + ".b()" * 100_000, 1, "its code is nested too deeply"),
    ],
    ids=lambda value: str(value)[:20].encode("unicode_escape").decode(),
)
def test_code_that_cannot_be_read_is_unseen_with_its_line(text: str, line: int, why: str) -> None:
    """The report names the line and the reason; nothing is raised."""
    unseen = parse_python(SourceFile("app.py", text))
    assert isinstance(unseen, Unseen)
    assert (unseen.at.path, unseen.at.line, unseen.kind) == ("app.py", line, "code")
    assert unseen.why.startswith(why)


@pytest.mark.parametrize(
    "text", ["*a = b\n", "for *x in y: pass\n", "[1 for *x in y]\n", "with a as *b: pass\n"]
)
def test_what_only_the_compiler_refuses_is_lowered(text: str) -> None:
    """The parser takes a star where Python does not allow one: the code is read all the same."""
    module = parse_python(SourceFile("app.py", text))

    assert not isinstance(module, Unseen)
    assert dump(module.code)


def test_broken_inline_code_is_unseen_at_the_templates_line() -> None:
    """The line is counted in the file that the author sees."""
    unseen = parse_python(SourceFile("template.yaml", "x = 1\nprint 'y' z\n", 12, 9))
    assert isinstance(unseen, Unseen)
    assert unseen.at.line == 13


def test_parsing_is_silent_and_leaves_the_interpreter_as_it_was() -> None:
    """Warnings about the scanned code are not ours to print."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(parse_python(SourceFile("app.py", "x = '\\d' is 1\n")), ir.Module)
    assert gc.isenabled()


def test_nothing_of_the_code_is_run(tmp_path: Path) -> None:
    """Parsing and lowering execute no line of what they read."""
    mark = tmp_path / "mark"
    text = f"open({str(mark)!r}, 'w')\n@open({str(mark)!r}, 'w')\ndef f(): pass\n"
    module = parse_python(SourceFile("app.py", text))
    assert isinstance(module, ir.Module)
    assert dump(module.code)
    assert not mark.exists()


def nested_comparisons(depth: int) -> str:
    """Return comparisons within the middle of comparisons."""
    return "x = " + "a < (" * depth + "b" + ") < c" * depth


@pytest.mark.parametrize(
    "text",
    [
        "x = [a" + "".join(f" for a{i} in b if (lambda a{i}: a{i})" for i in range(3_000)) + "]",
        "match a:\n  case [" + ", ".join(f"a{i}" for i in range(5_000)) + "]: f()\n",
        "match a:\n  case " + " | ".join(["[x]"] * 3_000) + ": f(x)\n",
        nested_comparisons(60),
        "x = 'é'; " * 5_000,
        "f'{x}' " * 5_000,
        "try: f()\nexcept A as e: g(e)\n" * 2_000,
    ],
    ids=lambda text: text[:20].encode("unicode_escape").decode(),
)
def test_wide_code_takes_time_in_proportion(text: str) -> None:
    """Nothing grows with the square of what an author can write, nor doubles at each level."""
    module = parse_python(SourceFile("app.py", text))
    assert isinstance(module, ir.Module)
    before = time.process_time()
    assert sum(1 for _ in everything(module.code)) < 20 * len(text)
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    "text",
    [
        "print 'a', x\n" * 20_000,
        "x = " + "lambda (a, b): " * 20_000 + "a; print 'b'\n",
        "print (" * 3_000 + "\n",
        "x = f'{" + "[" * 50_000 + "'a'\n",
        "f'{" * 50_000,
        "x = f'{a['b']}'\n" * 10_000,
        "x = " + "f'{" * 15 + "a['b']" + "}'" * 15 + "\n",
        "`" * 50_001,
        "'\\u" * 50_000,
        "type X[" * 50_000,
        "except A, b: " * 50_000,
        "def f((a, b)):\n\t\t\tc\n" * 5_000,
    ],
    ids=lambda text: text[:20].encode("unicode_escape").decode(),
)
def test_code_of_another_python_takes_time_in_proportion(text: str) -> None:
    """What the running Python refuses is read again once, whatever it is."""
    before = time.process_time()
    parse_python(SourceFile("app.py", text))
    assert time.process_time() - before < 5


@pytest.mark.parametrize("text", REAL)
def test_code_of_the_running_python_has_nothing_to_translate(text: str) -> None:
    """Only what another version writes differently is written anew."""
    assert not rewritten(text, tokens(text))


def check(text: str) -> None:
    """Lower all of a text, and see that every span lies inside of it."""
    module = parse_python(SourceFile("app.py", text))
    if isinstance(module, Unseen):
        assert 1 <= module.at.line <= text.count("\n") + 1
        return
    lines = text.split("\n")
    for node in everything(module.code):
        span = getattr(node, "span", None)
        if isinstance(span, ir.Span) and span != ir.WHOLE_FILE:
            assert 1 <= span.line <= span.end_line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
    assert dump(module.code)


@pytest.mark.parametrize("text", REAL)
def test_real_code_is_lowered_in_full(text: str) -> None:
    """Every span lies inside of the text."""
    check(text)


@settings(max_examples=150)
@given(st.data())
def test_mutated_code_never_raises(data: st.DataObject) -> None:
    """Lines and tokens deleted, doubled or swapped give a module or an `Unseen`."""
    lines = data.draw(st.sampled_from(REAL)).split("\n")
    first = data.draw(st.integers(0, max(len(lines) - 40, 0)))
    lines = lines[first : first + data.draw(st.integers(1, 120))]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.sampled_from(("delete", "double", "token", "é", "open", "f")))
        line = lines[place]
        tokens = line.split(" ")
        at = data.draw(st.integers(0, len(tokens) - 1))
        match how:
            case "delete":
                lines[place] = ""
            case "double":
                lines.insert(place, line)
            case "token":
                lines[place] = " ".join(tokens[:at] + tokens[at + 1 :])
            case "é":
                lines[place] = line.replace("e", "é")
            case "open":
                lines[place] = " ".join([*tokens[:at], "(", *tokens[at:]])
            case _:
                lines[place] = line.replace('"', 'f"')
    check("\n".join(lines))


@settings(max_examples=100)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_code_of_another_python_never_raises(pieces: list[str]) -> None:
    """Every place stays one of the author's text."""
    check("".join(pieces))


@settings(max_examples=100)
@given(st.text(alphabet="ab =()[]{}:,.*@\n\"'fé\\!#\t-+if", max_size=60))
def test_any_text_never_raises(text: str) -> None:
    """Also what only looks like code."""
    check(text)
