"""Templates made to break the reader: no crash, no hang, every place inside its file."""

import re
from pathlib import Path

import pytest
import yaml
from folders import HEAD, loaded, resolved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.load.document import Document, parse
from stockade.load.parameters import ParameterOptions
from stockade.load.scalars import plain
from stockade.load.sources import Folder
from stockade.load.stacks import load_templates
from stockade.model import List, Location, Map, Scalar, SourceFile, Value, walk

TEMPLATE = (Path(__file__).parent / "everything.yaml").read_text(encoding="utf-8")
PIECES = [
    *("[", "]", "{", "}", ": ", "- ", "\n", "  ", "'", '"', "|\n", "&a ", "*a", "<<: *a\n", "#"),
    *("!Ref ", "!Sub ", "!GetAtt ", "!If [", "!Join ['', ", "!Foo ", "${", "}", "Fn::If: ", "\t"),
    *("Fn::ForEach::X: [A, [b], {", "AWS::NoValue", "Outputs", "\r", "\r\n", "\x85", "\u2028"),
    *("\x00", "😀", "\ufeff", "---\n", "%YAML 1.1\n", "? ", "~", "1e999", "-", "Ref", "Type"),
]
LINE_END = re.compile("\r\n|\n|\r")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return the template with some of its text taken out, doubled, or replaced by pieces."""
    text = TEMPLATE
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 60)))
        piece = draw(st.sampled_from([*PIECES, text[start:end] * 2]))
        text = text[:start] + piece + text[end:]
    return text


def lines_of(text: str) -> list[str]:
    """Return the lines that an editor shows."""
    return LINE_END.split(text)


def stretch(text: str, at: Location) -> str:
    """Return the text that stands at a place; fails if the place is not inside the text."""
    starts = [0, *(end.end() for end in LINE_END.finditer(text))]
    lines = lines_of(text)
    assert 1 <= at.line <= at.end_line <= len(lines)
    assert 1 <= at.column <= len(lines[at.line - 1]) + 1
    assert 1 <= at.end_column <= len(lines[at.end_line - 1]) + 1
    return text[starts[at.line - 1] + at.column - 1 : starts[at.end_line - 1] + at.end_column - 1]


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_every_scalar_stands_where_it_says(text: str) -> None:
    """The text at the place of a scalar, read alone, is the scalar again."""
    text = text.lstrip("\ufeff")
    parsed = parse(SourceFile("t.yaml", text))
    if not isinstance(parsed, Document):
        return
    for one in walk(parsed.root):
        written = stretch(text, one.at)
        if (
            isinstance(one, Scalar)
            and one.at.line == one.at.end_line
            and written.isprintable()
            and written
        ):
            again = yaml.load(f"a: {written}", Loader=yaml.CBaseLoader)["a"]  # noqa: S506 - texts
            assert one.value in (again, plain(again))
    for one in walk(parsed.root):
        if isinstance(one, Map):
            for key in one.entries:
                assert stretch(text, one.key_at(key)) or key in ("", "Fn::")


@settings(max_examples=70, suppress_health_check=list(HealthCheck))
@given(text=mutated())
def test_a_mutated_template_is_loaded_or_told(tmp_path: Path, text: str) -> None:
    """Whatever a template holds, it is loaded or told, with places inside the file."""
    (tmp_path / "template.yaml").write_bytes(text.encode())
    groups, unseen = load_templates(Folder(tmp_path), ParameterOptions(), ("template.yaml",))
    shown = text.lstrip("\ufeff")

    assert groups or unseen
    for one in unseen:
        assert one.at.path == "template.yaml"
        stretch(
            shown, Location("", *one.at[1:3], one.at.end_line or one.at.line, max(one.at[4], 1))
        )
    for template in groups[0] if groups else ():
        for resource in template.resources.values():
            for value in walk(resource.properties):
                stretch(shown, value.at)


@settings(max_examples=70)
@given(st.text(max_size=80))
def test_any_text_is_read_or_told(text: str) -> None:
    """No text makes the reader fail, as YAML or as JSON."""
    for path in ("t.yaml", "t.json"):
        parsed = parse(SourceFile(path, text))

        assert parsed


@settings(max_examples=70)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_json_reads_back(content: object) -> None:
    """What the standard library writes as JSON is read as what it was."""
    import json  # noqa: PLC0415 - for this test

    for text in (json.dumps(content), json.dumps(content, indent=1, ensure_ascii=False)):
        if any("\ud800" <= character <= "\udfff" for character in text):
            continue
        parsed = parse(SourceFile("t.json", text))

        assert isinstance(parsed, Document)
        assert _plain(parsed.root) == json.loads(text)


def _plain(value: Value) -> object:
    match value:
        case Scalar():
            return value.value
        case List():
            return [_plain(item) for item in value]
        case Map():
            return {key: _plain(entry) for key, entry in value}
    raise AssertionError(value)


def test_the_template_that_is_mutated_is_whole(tmp_path: Path) -> None:
    """The template of these tests is read without anything left over."""
    groups, unseen = loaded(tmp_path, {"template.yaml": TEMPLATE})

    assert len(groups[0][0].resources) == 6
    assert unseen == ()


@pytest.mark.parametrize("levels", [60, 10_000])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("[", "]"),
        ("{a: ", "}"),
        ("!If [C, x, ", "]"),
        ("!Join ['', [", "]]"),
        ("!Sub ['${x}', {x: ", "}]"),
        ("!Select [0, [", "]]"),
        ("{'Fn::Transform': ", "}"),
    ],
)
def test_deep_nesting_ends(tmp_path: Path, levels: int, opening: str, closing: str) -> None:
    """Functions within functions end in a value or in a line that says why not."""
    text = HEAD + (
        "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\n"
        f"Resources:\n  T: {{Type: AWS::X::Y, Properties: {{A: {opening * levels}x"
        f"{closing * levels}}}}}\n"
    )
    groups, unseen = loaded(tmp_path, {"template.yaml": text})

    assert groups or unseen


def test_texts_that_multiply_end(tmp_path: Path) -> None:
    """Texts made of texts are bounded by the work that an application may cost."""
    parts = ", ".join(["!Ref L"] * 2000)
    template, unseen = resolved(
        tmp_path,
        f"Parameters: {{L: {{Type: CommaDelimitedList, Default: '{'a,' * 900}'}}}}\n"
        f"Resources:\n  T: {{Type: AWS::X::Y, Properties: {{A: [{parts}]}}}}\n",
    )

    assert template.resources
    assert [one.kind for one in unseen] == ["limit"]


def test_a_hostile_text_does_not_stall(tmp_path: Path) -> None:
    """Placeholders and tags without end are read in one go."""
    for written in ("${" * 50_000, "${a." * 50_000, "!" * 50_000, "&a " * 20_000, "{}" * 50_000):
        groups, unseen = loaded(
            tmp_path,
            {
                "template.yaml": f"{HEAD}Resources:\n  T: {{Type: A::B, Properties: {{A: !Sub "
                f"'{written}'}}}}\n  U: !Sub {written} x\n"
            },
        )

        assert groups or unseen
