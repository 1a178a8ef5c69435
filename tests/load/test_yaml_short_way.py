"""Tagged words of YAML take a short way, which must lead where the long one leads."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from stockade.load import yaml_document
from stockade.load.document import parse
from stockade.load.parsed import Document
from stockade.model import List, Map, SourceFile, Value

TAGS = st.sampled_from(
    ["!Ref", "!GetAtt", "!Sub", "!Condition", "!", "!!str", "!Fn::If", "&a !Ref"]
)
SPACES = st.sampled_from([" ", "  ", "\t", " # c\n      ", "\n      ", " &b "])
WORDS = st.sampled_from(
    [
        "Orders",
        "Orders.Arn",
        "'a b'",
        '"a.b"',
        '""',
        "",
        "é.ü",
        "a:b",
        "|\n      text",
        "x # c",
        "3",
    ]
)
LINES = st.tuples(TAGS, SPACES, WORDS).map("".join)


def shape(value: Value) -> object:
    """Return all that is in a value, its places too."""
    if isinstance(value, Map):
        entries = {key: shape(entry) for key, entry in value}
        return entries, tuple(value.at), {key: tuple(at) for key, at in value.keys.items()}
    if isinstance(value, List):
        return [shape(item) for item in value.items], tuple(value.at)
    return value.value if hasattr(value, "value") else None, tuple(value.at)


def read(text: str) -> object:
    """Return what a document holds, or why it cannot be read."""
    document = parse(SourceFile("t.yaml", text))
    if isinstance(document, Document):
        return shape(document.root), document.unseen
    return document


@given(st.lists(LINES, min_size=1, max_size=4))
def test_the_short_way_leads_where_the_long_one_leads(lines: list[str]) -> None:
    """Values and places of tagged words, in maps and lists, are those of the general reader."""
    text = "".join(f"k{at}: {line}\nl{at}:\n  - {line}\n" for at, line in enumerate(lines))
    short = read(text)

    with patch.object(yaml_document._Reader, "_tagged_word", lambda *_: None):  # noqa: SLF001
        assert read(text) == short
