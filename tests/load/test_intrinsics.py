"""Intrinsic functions: what a property turns out to be."""

from pathlib import Path

import pytest
from folders import resolved, text_of, value

from stockade.model import (
    Choice,
    Concatenation,
    Import,
    List,
    Location,
    Map,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    constant,
)

PARAMETERS = """
Parameters:
  Name: {Type: String, Default: orders}
  Bare: {Type: String}
  Secret: {Type: String, NoEcho: true, Default: hush}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  BareNames: {Type: CommaDelimitedList}
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Mappings:
  Sizes:
    dev: {Memory: 128, Names: [x, y]}
    prod: {Memory: 512, Names: [z]}
    test: {Memory: 128}
"""


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("!Ref Other", "${Other}"),
        ("!Ref Name", "${Name}"),
        ("!Ref AWS::Region", "${AWS::Region}"),
        ("!GetAtt Other.Arn", "${Other.Arn}"),
        ("!GetAtt [Other, Endpoint.Address]", "${Other.Endpoint.Address}"),
        ("{'Fn::GetAtt': Other.Arn}", "${Other.Arn}"),
        ("!Sub plain", "plain"),
        ("!Sub 'a-${Name}-${Other.Arn}-${AWS::URLSuffix}'",
         "a-${Name}-${Other.Arn}-${AWS::URLSuffix}"),
        ("!Sub '${!Literal} ${ Name }'", "${Literal} ${Name}"),
        ("!Sub '${aws:username} ${} ${a b}'", "${aws:username} ${} ${a b}"),
        ("!Sub ['${X}/${Name}', {X: !Ref Other}]", "${Other}/${Name}"),
        ("!Sub ['${X.Y}', {X.Y: z}]", "z"),
        ("!Sub ['${X}', {X: !Sub 'a${Name}b'}]", "a${Name}b"),
        ("!Sub 30", "30"),
        ("!Join ['-', [a, !Ref Name, 3, true]]", "a-${Name}-3-true"),
        ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
        ("!Join ['', []]", ""),
        ("!Join [',', !Ref Names]", "${Names}"),
        ("!Join [',', !Split ['-', a-b]]", "a,b"),
        ("!Select [1, [a, b]]", "b"),
        ("!Select ['1', !Split [':', 'a:b:c']]", "b"),
        ("!Select [0, !Ref Names]", "${Names}"),
        ("!Select [4, !Split [':', !Sub 'arn:x:${AWS::Region}:y:${AWS::AccountId}:z']]",
         "${AWS::AccountId}"),
        ("!FindInMap [Sizes, prod, Memory]", "512"),
        ("!FindInMap [Sizes, none, Memory, {DefaultValue: 7}]", "7"),
        ("!Base64 hello", "aGVsbG8="),
        ("!Select [1, !Cidr [10.0.0.0/16, 3, 8]]", "10.0.1.0/24"),
        ("!ImportValue shared", "${Fn::ImportValue shared}"),
        ("{'Fn::Length': [a, b]}", "2"),
        ("{'Fn::Length': !Ref Names}", "3"),
        ("{'Fn::ToJsonString': {a: [1, true], b: !Ref Other, c: !Sub 'x\"${Name}'}}",
         '{"a":[1,true],"b":"${Other}","c":"x\\"${Name}"}'),
        ("{'Fn::ToJsonString': {}}", "{}"),
    ],
)  # fmt: skip
def test_texts(tmp_path: Path, written: str, text: str) -> None:
    """Functions give the text that is known, with the parts that deployment names in it."""
    assert text_of(value(tmp_path, written, PARAMETERS)) == text


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("!Ref [a]", "`Ref` does not name anything"),
        ("!GetAtt Other", "`Fn::GetAtt` does not name a resource and an attribute"),
        ("!Sub [a]", None),
        ("!Sub {a: b}", "`Fn::Sub` has no text"),
        ("!Join a", "`Fn::Join` does not have a delimiter and a list"),
        ("!Join [',', !Ref BareNames]", "the parameter BareNames is given at deployment"),
        ("!Select [9, [a]]", "the list of `Fn::Select` is shorter than its index"),
        ("!Select [x, [a]]", "the index of `Fn::Select` is not known"),
        ("!Select [!Ref Bare, [a]]", "the index of `Fn::Select` is not known"),
        ("!Select [0, !GetAZs '']", "the availability zones are known at deployment"),
        ("!Split ['/', !GetAtt Other.Arn]",
         "the text that `Fn::Split` splits is known at deployment"),
        ("!Split ['-', !Sub 'a-${AWS::Region}']",
         "a part of the text that is split is known at deployment"),
        ("!FindInMap [Nothing, a, b]", "the mapping has no such entry"),
        ("!FindInMap [Sizes, dev, Nothing]", "the mapping has no such entry"),
        ("!FindInMap [Sizes, dev]", "`Fn::FindInMap` does not have a mapping and two keys"),
        ("!Base64 {Ref: Bare}", "the text is encoded at deployment"),
        ("!Cidr [!Ref Bare, 3, 8]", "the address blocks are known at deployment"),
        ("!Cidr [10.0.0.0/24, 3, 12]", "the address block does not hold that many blocks"),
        ("!Cidr [nonsense, 3, 8]", "the address blocks are not written correctly"),
        ("!Subb x", "`Fn::Subb` is not a function that can be resolved"),
        ("!If [IsProd, a]", "`Fn::If` does not have a condition and two branches"),
        ("!Transform {Name: Macro}", "a macro of the account makes it"),
    ],
)  # fmt: skip
def test_what_cannot_be_known(tmp_path: Path, written: str, why: str | None) -> None:
    """What a function cannot give is unknown, with the reason."""
    found = value(tmp_path, written, PARAMETERS)

    assert (found.why if isinstance(found, Unknown) else None) == why
    assert found.at.line == 7


def test_references_have_ids_attributes_and_places(tmp_path: Path) -> None:
    """A reference names the resource and has the place of the whole call."""
    found = value(tmp_path, "!Ref Other")

    assert isinstance(found, Reference)
    assert (found.resource, found.attribute) == ("Other", "Ref")
    assert found.at == Location("template.yaml", 7, 9, 7, 19)


def test_parameters_keep_their_value(tmp_path: Path) -> None:
    """A parameter stays a parameter, with its default as the value, and tells a secret."""
    found = value(tmp_path, "!Sub 'x-${Name}-${Secret}'", PARAMETERS)

    assert isinstance(found, Concatenation)
    name, secret = (part for part in found.parts if isinstance(part, Parameter))
    assert constant(found) == "x-orders-hush"
    assert (name.name, name.no_echo) == ("Name", False)
    assert (secret.name, secret.no_echo) == ("Secret", True)


def test_a_list_parameter_has_items(tmp_path: Path) -> None:
    """A list parameter's text is split at its commas."""
    found = value(tmp_path, "!Ref Names", PARAMETERS)

    assert isinstance(found, Parameter)
    assert isinstance(found.value, List)
    assert [constant(item) for item in found.value] == ["a", "b", "c"]
    assert constant(value(tmp_path, "!Select [1, !Ref Names]", PARAMETERS)) == "b"
    assert constant(value(tmp_path, "!Join ['+', !Ref Names]", PARAMETERS)) == "a+b+c"


def test_parts_of_a_text_have_their_own_places(tmp_path: Path) -> None:
    """In a text on one line, every part has the place where it stands."""
    found = value(tmp_path, "!Sub 'ab${Name}c'", PARAMETERS)

    assert isinstance(found, Concatenation)
    columns = [(part.at.column, part.at.end_column) for part in found.parts]
    assert columns == [(15, 17), (17, 24), (24, 25)]


def test_concatenations_are_flat_and_their_texts_joined(tmp_path: Path) -> None:
    """No part is itself a concatenation, and no two texts stand side by side."""
    found = value(
        tmp_path,
        "!Join ['/', [a, b, !Sub 'c${Name}d', e, !Join ['', [f, !Ref Bare]]]]",
        PARAMETERS,
    )

    assert isinstance(found, Concatenation)
    assert [type(part) for part in found.parts] == [Scalar, Parameter, Scalar, Parameter]
    assert text_of(found) == "a/b/c${Name}d/e/f${Bare}"


def test_an_undecided_condition_keeps_both_branches(tmp_path: Path) -> None:
    """`Fn::If` on an undecided condition is a choice; inside, the condition is decided."""
    found = value(tmp_path, "!If [IsProd, !If [IsProd, a, b], !If [IsProd, c, d]]", PARAMETERS)

    assert isinstance(found, Choice)
    assert (found.condition, constant(found.then), constant(found.otherwise)) == (
        "IsProd",
        "a",
        "d",
    )


def test_an_item_that_may_be_absent_makes_two_texts(tmp_path: Path) -> None:
    """An undecided item of a join takes its delimiter with it."""
    found = value(tmp_path, "!Join [',', [a, !If [IsProd, b, !Ref AWS::NoValue], c]]", PARAMETERS)

    assert isinstance(found, Choice)
    assert (constant(found.then), constant(found.otherwise)) == ("a,b,c", "a,c")


def test_absent_properties_and_items_are_left_out(tmp_path: Path) -> None:
    """`AWS::NoValue` is as if nothing was written."""
    found = value(tmp_path, "{a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, c]}")

    assert isinstance(found, Map)
    assert list(found.entries) == ["b"]
    inner = found.get("b")
    assert isinstance(inner, List)
    assert [constant(item) for item in inner] == ["c"]


def test_a_mapping_by_an_undecided_key_keeps_every_entry(tmp_path: Path) -> None:
    """The entries that the key may lead to are kept; those that no deployment can give are not."""
    found = value(tmp_path, "!FindInMap [Sizes, !Ref Stage, Memory]", PARAMETERS)
    same = value(
        tmp_path,
        "!FindInMap [Same, !Ref Bare, X]",
        "Parameters: {Bare: {Type: String}}\nMappings: {Same: {a: {X: 1}, b: {X: 1}}}",
    )

    assert isinstance(found, Choice)
    assert found.condition == "${Stage} is dev"
    assert (constant(found.then), constant(found.otherwise)) == ("128", "512")
    assert constant(same) == "1"


def test_a_mapping_with_too_many_entries_is_unknown(tmp_path: Path) -> None:
    """More entries than a reader could weigh are told as unknown."""
    regions = ", ".join(f"r{n}: {{Ami: ami-{n}}}" for n in range(12))
    found = value(
        tmp_path, "!FindInMap [Amis, !Ref AWS::Region, Ami]", f"Mappings: {{Amis: {{{regions}}}}}"
    )

    assert isinstance(found, Unknown)
    assert found.why == "the mapping has another value for each ${AWS::Region}"


def test_what_holds_nothing_to_resolve_is_shared(tmp_path: Path) -> None:
    """A subtree without functions is not copied."""
    template, _ = resolved(
        tmp_path,
        """
        Resources:
          A: {Type: AWS::X::Y, Properties: &p {a: [b, {c: d}], e: !Ref F}}
          B: {Type: AWS::X::Y, Properties: *p}
        """,
    )
    first, second = template.resources.values()

    assert first.properties.get("a") is second.properties.get("a")


def test_an_import_keeps_its_name(tmp_path: Path) -> None:
    """What another stack exports is an import, its name resolved as far as it leads."""
    found = value(tmp_path, "!ImportValue {'Fn::Sub': '${Bare}-Table'}", PARAMETERS)

    assert isinstance(found, Import)
    assert text_of(found.name) == "${Bare}-Table"
