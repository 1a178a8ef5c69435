"""JavaScript and TypeScript as the intermediate form: each construct, and where it stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intermediate import everything

from stockade.analysis.code import ir
from stockade.analysis.code.dump import dump
from stockade.analysis.code.javascript import parse_javascript
from stockade.model import SourceFile, Unseen

SAMPLES = Path(__file__).parent / "lowering"
FLOWS = Path(__file__).parents[2] / "analysis" / "flows_js"


def lower(text: str, path: str = "app.js") -> ir.Code:
    """Lower a text that must parse."""
    module = parse_javascript(SourceFile(path, text))
    assert isinstance(module, ir.Module)
    return module.code


def samples() -> Iterator[object]:
    """Yield a title, code and the expected form of each sample."""
    for path in sorted(SAMPLES.glob("*.txt")):
        for sample in path.read_text("utf-8").split("===\n"):
            source, _, expected = sample.partition("---\n")
            title = source.partition("\n")[0].removeprefix("// ")
            ending = "ts" if path.stem == "typescript" else "js"
            yield pytest.param(source, expected, ending, id=f"{path.stem}: {title}")


@pytest.mark.parametrize(("source", "expected", "ending"), list(samples()))
def test_each_construct_is_lowered_as_its_sample_shows(
    source: str, expected: str, ending: str
) -> None:
    """The samples pair code with its intermediate form."""
    assert dump(lower(source, f"app.{ending}")) == expected


def cut(text: str, span: ir.Span) -> str:
    """Return the text that a span covers."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize("letter", ["a", "é", "日", "😀"])
def test_places_are_counted_in_characters(letter: str) -> None:
    """A name is cut out of the text by its place, whatever characters stand before it."""
    text = f"const x = '{letter}{letter}' + name;\nf(`{letter}${{other}}`);\n"

    names = [node for node in everything(lower(text)) if isinstance(node, ir.Name)]

    assert sorted(cut(text, node.span) for node in names) == ["f", "name", "other"]


def test_windows_line_ends_do_not_move_places() -> None:
    """A carriage return belongs to the line that it ends."""
    text = "const a = 1;\r\nf(name);\r\n"
    (name,) = (
        node
        for node in everything(lower(text))
        if isinstance(node, ir.Name) and node.name == "name"
    )
    assert name.span == ir.Span(2, 3, 2, 7)


def test_types_are_read_in_each_dialect() -> None:
    """Casts between angle brackets are TypeScript's, markup is JSX's; both are followed."""
    assert "f(x)" in dump(lower("f(<string>x);", "a.ts"))
    assert "markup'(x)" in dump(lower("f(<p>{x}</p>);", "a.tsx"))
    assert "markup'(x)" in dump(lower("f(<p>{x}</p>);", "a.js"))
    raw = dump(lower("f(<p dangerouslySetInnerHTML={{ __html: y }}>{x}</p>);", "a.js"))
    assert "opaque('JSX', markup'(x), " in raw
    assert "f(x)" in dump(lower("f(x as any);", "a.js"))


def test_code_that_does_not_quite_parse_is_read_around_the_fault() -> None:
    """What stands before and after the fault is lowered; a large fault is told once."""
    broken = "before();\n" + "@@@ )( \n" * 40 + "\nafter();\n" + "ok();\n" * 200

    module = parse_javascript(SourceFile("app.js", broken))

    assert isinstance(module, ir.Module)
    text = dump(module.code)
    assert "before()" in text
    assert "ok()" in text
    assert len(module.unseen) == 1


def test_what_is_no_code_at_all_is_not_seen() -> None:
    """A file of which most does not parse is told, with its first fault's place."""
    unseen = parse_javascript(SourceFile("app.js", ")]}" * 400))
    assert isinstance(unseen, Unseen)
    assert unseen.why == "it is not valid JavaScript"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000 + ")" * 20_000,
        "[" * 20_000,
        "{" * 20_000,
        "a" + ".b" * 20_000,
        "a" + "()" * 20_000,
        "x = " + "a + " * 20_000 + "a",
        "x = " + "a && " * 20_000 + "a",
        "x = " + "a ? b : " * 5_000 + "a",
        "if (a) b(); else " * 5_000 + "c();",
        "!" * 20_000 + "a",
        "x = " + "y = " * 5_000 + "a",
        "const " + "[" * 5_000 + "a" + "]" * 5_000 + " = b",
        "switch (a) {" + "case 1: b();" * 5_000 + "}",
        "a => " * 5_000 + "a",
        "`${" * 5_000 + "a" + "}`" * 5_000,
        "class A { " * 3_000,
        "f(function () {" * 3_000,
    ],
    ids=lambda text: text[:12],
)
def test_code_nested_beyond_reason_is_bounded(text: str) -> None:
    """Deep nesting ends as opaque code, never in an error."""
    module = parse_javascript(SourceFile("app.js", text))
    if isinstance(module, ir.Module):
        assert module.code.body is not None


def sources() -> list[str]:
    """Return real snippets, to be mutated."""
    return [path.read_text("utf-8") for path in sorted(FLOWS.iterdir())]


@settings(max_examples=60)
@given(st.data())
def test_no_mutation_of_code_raises(data: st.DataObject) -> None:
    """Snippets with pieces cut out, doubled or replaced are lowered or told, never raise."""
    text = data.draw(st.sampled_from(sources()))
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : start + data.draw(st.integers(0, 400))]
    place = data.draw(st.integers(0, len(piece)))
    junk = data.draw(
        st.sampled_from(["", "(", "}", "`", "${", "=>", "\0", "\u2028", "é", "class", "...", "?."])
    )
    ending = data.draw(st.sampled_from(["js", "ts", "tsx"]))

    module = parse_javascript(SourceFile(f"a.{ending}", piece[:place] + junk + piece[place:]))

    if isinstance(module, ir.Module):
        for node in everything(module.code):
            span = getattr(node, "span", None)
            assert span in {None, ir.WHOLE_FILE} or span[:2] <= span[2:]
