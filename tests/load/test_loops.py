"""`Fn::ForEach`: loops are written out before anything else."""

from pathlib import Path

from folders import resolved, text_of

from stockade.load.parameters import ParameterOptions
from stockade.model import constant

TEMPLATE = """
Transform: [AWS::LanguageExtensions]
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'orders.x,users'}
  Bare: {Type: CommaDelimitedList}
Mappings:
  Lists: {dev: {Zones: [a, b]}}
Conditions:
  Fn::ForEach::Conditions:
    - N
    - [a, b]
    - Is${N}: !Equals ['${N}', a]
Resources:
  Fn::ForEach::Tables:
    - Name
    - !Ref Names
    - Table&{Name}:
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: !Sub '${Name}-${AWS::Region}'
          Plain: x-${Name}
          Same: !Ref Name
          Other: !GetAtt Topic&{Name}.Arn
  Fn::ForEach::Outer:
    - A
    - !FindInMap [Lists, dev, Zones]
    - Fn::ForEach::Inner:
        - B
        - [1, 2]
        - Queue${A}${B}:
            Type: AWS::SQS::Queue
            Condition: Is${A}
            Properties:
              Fn::ForEach::Properties:
                - P
                - [X, Y]
                - ${P}Name: '${A}${B}'
              Fixed: 1
  Single: {Type: AWS::SNS::Topic}
Outputs:
  Fn::ForEach::Outputs:
    - O
    - [a, b]
    - Out${O}: {Value: 'v${O}'}
"""


def test_loops_are_written_out(tmp_path: Path) -> None:
    """Loops over lists, parameters and mappings, nested ones too, give what they repeat."""
    template, unseen = resolved(tmp_path, TEMPLATE)
    table = template.resources["Tableordersx"].properties
    queue = template.resources["Queuea2"].properties

    assert unseen == ()
    assert list(template.resources) == [
        "Tableordersx",
        "Tableusers",
        "Queuea1",
        "Queuea2",
        "Single",
    ]
    assert {key: text_of(value) for key, value in table} == {
        "TableName": "orders.x-${AWS::Region}",
        "Plain": "x-orders.x",
        "Same": "orders.x",
        "Other": "${Topicordersx.Arn}",
    }
    assert {key: constant(value) for key, value in queue} == {
        "XName": "a2",
        "YName": "a2",
        "Fixed": "1",
    }
    assert {key: constant(value) for key, value in template.stack.outputs.items()} == {
        "Outa": "va",
        "Outb": "vb",
    }


def test_what_a_loop_writes_stands_where_the_loop_stands(tmp_path: Path) -> None:
    """A resource of a loop has the loop's place, its values those of the loop's text."""
    template, _ = resolved(tmp_path, TEMPLATE)
    resource = template.resources["Tableusers"]

    assert resource.at.line == 15
    assert resource.properties.entries["Plain"].at.line == 22


def test_a_loop_over_an_unknown_list_is_told(tmp_path: Path) -> None:
    """A loop over what deployment gives, and one that is written wrongly, are left out."""
    template, unseen = resolved(
        tmp_path,
        TEMPLATE.replace("!Ref Names", "!Ref Bare").replace("- O\n", "- [O]\n"),
    )

    assert "Tableusers" not in template.resources
    assert [one.why for one in unseen] == [
        "the list that the loop repeats is known at deployment",
        "the loop does not have an identifier, a list and a map",
    ]


def test_a_loop_with_too_many_items_is_told(tmp_path: Path) -> None:
    """A loop is written out a thousand times at most."""
    many = ParameterOptions(given={"Names": ",".join(map(str, range(1001)))})
    _, unseen = resolved(tmp_path, TEMPLATE, many)

    assert [(one.kind, one.why) for one in unseen] == [
        ("limit", "the loop repeats more than 1,000 times")
    ]


def test_loops_that_multiply_end(tmp_path: Path) -> None:
    """Loops within loops are bounded by the work that an application may cost."""
    items = "[" + ",".join(map(str, range(1000))) + "]"
    text = "x"
    for n in range(6):
        text = f"{{'Fn::ForEach::L{n}': [I{n}, {items}, {{'k${{I{n}}}': {text}}}]}}"
    template, unseen = resolved(
        tmp_path,
        "Transform: AWS::LanguageExtensions\nResources:\n"
        f"  R: {{Type: AWS::SNS::Topic, Properties: {text}}}\n",
    )

    assert template.resources
    assert any(one.kind == "limit" for one in unseen)
