"""YAML and JSON as values: what they mean and where they stand."""

import pytest
from folders import document, root

from stockade.load.document import parse
from stockade.load.parsed import MAX_DEPTH
from stockade.model import List, Location, Map, Scalar, SourceFile, Unseen, Value, walk


def plain(value: Value | None) -> object:
    """Return a value as plain Python."""
    match value:
        case Scalar():
            return value.value
        case List():
            return [plain(item) for item in value]
        case Map():
            return {key: plain(entry) for key, entry in value}
    raise AssertionError(value)


def error(text: str, path: str = "template.yaml") -> Unseen:
    """Return why a text cannot be read."""
    parsed = parse(SourceFile(path, text))
    assert isinstance(parsed, Unseen)
    assert parsed.kind == "template"
    assert parsed.at.path == path
    return parsed


def at(line: int, column: int, end_line: int, end_column: int) -> Location:
    """Return a place in the template."""
    return Location("template.yaml", line, column, end_line, end_column)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30", 30),
        ("-1", -1),
        ("0", 0),
        ("1.5", 1.5),
        ("true", True),
        ("No", False),
        ("on", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("text", "text"),
        ("2012-10-17", "2012-10-17"),
        ("3.10", "3.10"),
        ("0755", "0755"),
        ("012345678901", "012345678901"),
        ("123456789012", 123456789012),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
        ("'30'", "30"),
        ('"true"', "true"),
        ("!!str 30", "30"),
        ('!!int "30"', 30),
    ],
)
def test_scalars(written: str, meant: object) -> None:
    """Plain words have the types of YAML 1.1, but digits are never lost and dates are texts."""
    value = plain(root(f"a: {written}\n"))

    assert value == {"a": meant}
    assert isinstance(value, dict)
    assert type(value["a"]) is type(meant)


def test_keys_are_texts() -> None:
    """Keys stay as they were written, numbers and booleans too."""
    assert plain(root("200: a\non: b\n'x y': c\n")) == {"200": "a", "on": "b", "x y": "c"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Ref Name", {"Ref": "Name"}),
        ("!Sub '${A}'", {"Fn::Sub": "${A}"}),
        ("!GetAtt A.B", {"Fn::GetAtt": ["A", "B"]}),
        ("!GetAtt A.Outputs.B", {"Fn::GetAtt": ["A", "Outputs.B"]}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!If [C, a, !Ref AWS::NoValue]", {"Fn::If": ["C", "a", {"Ref": "AWS::NoValue"}]}),
        ("!Condition C", {"Condition": "C"}),
        ("!Transform {Name: x}", {"Fn::Transform": {"Name": "x"}}),
        ("!Join ['', [a, !Sub b]]", {"Fn::Join": ["", ["a", {"Fn::Sub": "b"}]]}),
        ("!Subb x", {"Fn::Subb": "x"}),
    ],
)
def test_short_forms_become_long_forms(written: str, meant: object) -> None:
    """Tags of intrinsic functions become the map of one entry that they stand for."""
    assert plain(root(f"a: {written}\n")) == {"a": meant}


def test_places_in_yaml() -> None:
    """Every value has the place of its own text: tags, comments and line ends left out."""
    value = root(
        """\
        a: !Sub "x"  # comment
        b:
          - one
          - {c: d}

        # comment
        e: |
          line

        f: &g word
        """
    )
    assert isinstance(value, Map)
    function = value.get("a")
    assert isinstance(function, Map)
    block = value.get("b")
    assert isinstance(block, List)

    assert function.at == at(1, 4, 1, 12)
    assert function.key_at("Fn::Sub") == at(1, 4, 1, 8)
    assert function.entries["Fn::Sub"].at == at(1, 9, 1, 12)
    assert block.at == at(3, 3, 4, 11)
    assert block.items[1].at == at(4, 5, 4, 11)
    assert value.key_at("e") == at(7, 1, 7, 2)
    assert value.entries["e"].at == at(7, 4, 8, 7)
    assert value.entries["f"].at == at(10, 7, 10, 11)
    assert value.at == at(1, 1, 10, 11)


def test_places_of_both_parts_of_an_attribute() -> None:
    """`!GetAtt A.B` has the places of `A` and of `B`."""
    found = [one.at for one in walk(root("x: !GetAtt Abc.Arn\n")) if isinstance(one, Scalar)]

    assert found == [at(1, 12, 1, 15), at(1, 16, 1, 19)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("odd", ["", "\x85", "\u2028"])
def test_lines_are_those_of_editors(end: str, odd: str) -> None:
    """Lines end at LF, CR LF and CR; other breaks that YAML knows do not shift the lines."""
    value = document(end.join(["# ä x", f"a: 'b{odd}c'", "d: e"])).root

    assert isinstance(value, Map)
    assert value.key_at("d") == at(3, 1, 3, 2)
    assert value.entries["d"].at == at(3, 4, 3, 5)


def test_columns_count_characters() -> None:
    """A character beyond the basic plane is one column."""
    value = root("a: ['😀', x]\n")

    assert [one.at for one in walk(value) if isinstance(one, Scalar)][1] == at(1, 10, 1, 11)


def test_duplicate_keys_are_told() -> None:
    """The last of equal keys counts, as CloudFormation takes it, and the place is told."""
    for path, text in (("a.yaml", "a: 1\nb: 2\na: 3\n"), ("a.json", '{"a": 1,\n"b": 2,\n"a": 3}')):
        read = document(text, path)

        assert plain(read.root) == {"a": 3, "b": 2}
        assert [(one.at.line, one.why) for one in read.unseen] == [
            (3, "the key a is written more than once, the last one counts")
        ]


def test_anchors_aliases_and_merges() -> None:
    """Aliases stand for what they name; `<<` merges below what a map has itself."""
    value = root(
        """\
        base: &base {a: 1, b: 2}
        more: &more {b: 5, c: 3}
        one: {<<: *base, a: 9}
        two:
          <<: [*base, *more]
          d: *base
        quoted: {'<<': x}
        """
    )

    assert plain(value) == {
        "base": {"a": 1, "b": 2},
        "more": {"b": 5, "c": 3},
        "one": {"a": 9, "b": 2},
        "two": {"a": 1, "b": 2, "c": 3, "d": {"a": 1, "b": 2}},
        "quoted": {"<<": "x"},
    }


def test_an_alias_bomb_is_refused() -> None:
    """Aliases count as often as they are used, so a bomb is told and costs nothing."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]

    assert "more than" in error("\n".join(lines)).why


def test_a_merge_bomb_is_refused() -> None:
    """Merged entries are counted, too."""
    keys = ", ".join(f"k{n}: {n}" for n in range(1000))
    lines = [f"a: &a {{{keys}}}", *(f"b{n}: {{<<: *a}}" for n in range(1000))]

    assert "more than" in error("\n".join(lines)).why


@pytest.mark.parametrize(
    "text",
    [
        "a: *a\n",
        "a: &a [*a]\n",
        "a: [\n",
        "a: b: c\n",
        "a: 'x\n",
        "a: \x01\n",
        "%TAG ! x\na: b\n",
        "\t- a",
        "",
        "# nothing\n",
        "a: !<tag:yaml.org,2002:x",
        "\ud800",
    ],
)
def test_what_is_no_yaml_is_told(text: str) -> None:
    """Text that is no YAML gives the line and what is wrong with it."""
    assert error(text).at.line >= 1


def test_the_line_of_an_error_is_told() -> None:
    """The reason names the line, for YAML and JSON, and for a control character."""
    assert error("a: 1\nb: [1\nc: 2\n").at.line == 3
    assert error("a: 1\nb: \x02\n").at == at(2, 4, 2, 4)
    assert error('{"a": 1,\n "b": }', "a.json").at == Location("a.json", 2, 7, 2, 7)


@pytest.mark.parametrize("text", ["[" * 10_000, "- " * 10_000, "{a: " * 10_000])
def test_deep_nesting_is_refused(text: str) -> None:
    """Ten thousand levels are told, and overflow no stack."""
    assert error(text)
    assert error("[" * 10_000, "a.json").why.startswith("it is nested deeper")


def test_nesting_up_to_the_limit_is_read() -> None:
    """The limit is the number of levels that it says."""
    for path in ("a.yaml", "a.json"):
        assert document("[" * MAX_DEPTH + "]" * MAX_DEPTH, path)
        assert error("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), path)


@pytest.mark.parametrize("reader", ["json_document", "yaml_document"])
def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch, reader: str) -> None:
    """A document of more values than any template has is told."""
    monkeypatch.setattr(f"stockade.load.{reader}.MAX_VALUES", 100)
    text = "[" + "1," * 100 + ("1]" if reader == "json_document" else "x]")

    assert "values" in error(text, "a.json" if reader == "json_document" else "a.yaml").why


def test_further_documents_are_told() -> None:
    """Only the first document of a file is read, and that is said."""
    read = document("a: 1\n---\nb: 2\n")

    assert plain(read.root) == {"a": 1}
    assert [one.why for one in read.unseen] == ["only the first of its documents was read"]


def test_json_means_what_it_says() -> None:
    """JSON has its own scalars, escapes and pairs of surrogates; halves become U+FFFD."""
    text = r'{"a": [1, -2.5, 1e3, true, null, "x\né😀"], "b\u0041": {}, "c": "\ud83d"}'

    assert plain(root(text, "a.json")) == {
        "a": [1, -2.5, "1e3", True, None, "x\né😀"],
        "bA": {},
        "c": "\ufffd",
    }


def test_places_in_json() -> None:
    """Values of JSON have exact places, keys of any length too."""
    key = "k" * 3000
    value = root(f'{{\n  "{key}": ["x", {{"a": 12}}]\r\n}}', "template.yaml")
    assert isinstance(value, Map)

    assert value.at == at(1, 1, 3, 2)
    assert value.key_at(key) == at(2, 3, 2, 3005)
    assert [one.at for one in walk(value) if isinstance(one, Scalar)] == [
        at(2, 3008, 2, 3011),
        at(2, 3019, 2, 3021),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1,]", '{"a" 1}', '{"a": 1,}', "[1 2]", "{1: 2}", "[1]]", '"a" "b"', "nul", "[}",
     '{"a": "x\ny"}', "01", "'a'", '"\\x"', "[1],", '{"a": 1 "b": 2}', "]", ":"],
)  # fmt: skip
def test_what_is_no_json_is_told(text: str) -> None:
    """Text that is no JSON is refused where JSON is promised."""
    assert "JSON" in error(text, "a.json").why


def test_yaml_flow_that_looks_like_json_is_read_as_yaml() -> None:
    """A template that begins with a bracket and is no JSON is YAML."""
    assert plain(root("{a: !Ref B, 'c': [d]}\n")) == {"a": {"Ref": "B"}, "c": ["d"]}


def test_reads_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML has no libyaml, its own parser gives the same values and places."""
    import yaml  # noqa: PLC0415 - the module is changed for this test

    from stockade.load import yaml_document  # noqa: PLC0415 - the same

    text = "a: !Sub 'x${y}'\nb: |\n  l1\n  l2\n\n# c\nc: [1, &x {d: *y}]\n".replace("*y", "e")
    fast = document(text).root
    monkeypatch.setattr(yaml_document, "_Parser", yaml.SafeLoader)
    slow = document(text).root

    assert [(type(one), one.at) for one in walk(fast)] == [
        (type(one), one.at) for one in walk(slow)
    ]
    assert plain(fast) == plain(slow)
    assert error("a: [")
