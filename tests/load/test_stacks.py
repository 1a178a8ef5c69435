"""Applications: templates that nest each other, share exports, or stand alone."""

from pathlib import Path

import pytest
from folders import HEAD, loaded, text_of, write

from stockade.load.parameters import ParameterOptions
from stockade.load.stacks import load_templates
from stockade.model import Choice, Parameter, Reference, Unknown, constant, walk

TOPIC = HEAD + "Resources:\n  T: {Type: AWS::SNS::Topic}\n"

PARENT = """
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: nested/data.yaml
      Parameters:
        Prefix: app
        Topic: !Ref Alarm
        Size: 3
  Web:
    Type: AWS::Serverless::Application
    Properties:
      Location: ./nested/web.yaml
      Parameters:
        Table: !GetAtt Data.Outputs.TableName
        Stage: !Ref Stage
        Password: hush
  Alarm: {Type: AWS::SNS::Topic}
Outputs:
  Url: {Value: !GetAtt Web.Outputs.Url}
  Arn: {Value: !GetAtt Data.Outputs.TableArn}
"""
DATA = """
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Prefix: {Type: String}
  Topic: {Type: String}
  Size: {Type: Number, Default: 1}
  Other: {Type: String, Default: o}
Conditions:
  Large: !Equals [!Ref Size, 3]
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Condition: Large
    Properties:
      Name: !Sub '${Prefix}-${Other}'
      Notify: !Ref Topic
Outputs:
  TableName: {Value: !Ref Table}
  TableArn: {Value: !GetAtt Table.Arn}
"""
WEB = """
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Table: {Type: String}
  Stage: {Type: String, AllowedValues: [dev, prod, live]}
  Password: {Type: String, NoEcho: true}
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Name: !Sub 'f-${Table}'
      Table: !Ref Table
      Stage: !Ref Stage
      Password: !Ref Password
      Live: !If [IsLive, a, b]
      Prod: !If [IsProd, a, b]
Outputs:
  Url: {Value: !GetAtt F.Url}
"""
NESTED = {"template.yaml": PARENT, "nested/data.yaml": DATA, "nested/web.yaml": WEB}


def test_nested_stacks_are_one_application(tmp_path: Path) -> None:
    """Templates that are nested belong to the application, their ids with the stack before."""
    groups, unseen = loaded(tmp_path, NESTED)

    assert unseen == ()
    assert [[one.stack.template for one in group] for group in groups] == [
        ["template.yaml", "nested/data.yaml", "nested/web.yaml"]
    ]
    assert [one.stack.name for one in groups[0]] == ["", "Data", "Web"]
    assert [list(one.resources) for one in groups[0]] == [
        ["Data", "Web", "Alarm"],
        ["Data/Table"],
        ["Web/F"],
    ]


def test_parameters_and_outputs_lead_from_stack_to_stack(tmp_path: Path) -> None:
    """What a parent hands in stands for the parameter, and outputs for what they give."""
    groups, _ = loaded(tmp_path, NESTED)
    parent, data, web = groups[0]
    table = data.resources["Data/Table"].properties
    function = web.resources["Web/F"].properties
    handed, password = function.get("Table"), function.get("Password")

    assert constant(table.get("Name")) == "app-o"
    assert text_of(table.entries["Notify"]) == "${Alarm}"
    assert data.resources["Data/Table"].condition is None
    assert isinstance(handed, Reference)
    assert handed.resource == "Data/Table"
    assert (handed.at.path, handed.at.line) == ("nested/web.yaml", 15)
    assert groups[0][0].stack.outputs["Url"].at.path == "template.yaml"
    assert text_of(function.entries["Name"]) == "f-${Data/Table}"
    assert isinstance(password, Parameter)
    assert (password.no_echo, constant(password)) == (True, "hush")
    assert text_of(parent.stack.outputs["Url"]) == "${Web/F.Url}"
    assert text_of(parent.stack.outputs["Arn"]) == "${Data/Table.Arn}"


def test_a_parents_parameter_decides_as_far_as_it_may(tmp_path: Path) -> None:
    """What the parent's `AllowedValues` rule out is ruled out in the nested stack, too."""
    groups, _ = loaded(tmp_path, NESTED)
    function = groups[0][2].resources["Web/F"].properties

    assert constant(function.get("Live")) == "b"
    assert isinstance(function.get("Prod"), Choice)

    given, _ = loaded(tmp_path, {}, ParameterOptions(given={"Stage": "prod"}))
    function = given[0][2].resources["Web/F"].properties

    assert constant(function.get("Prod")) == "a"


def test_one_template_may_be_nested_twice(tmp_path: Path) -> None:
    """Two stacks of one template have resources of their own."""
    parent = """
        AWSTemplateFormatVersion: '2010-09-09'
        Resources:
          A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x.yaml}}
          B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./x.yaml}}
        """
    groups, _ = loaded(tmp_path, {"p.yaml": parent, "x.yaml": TOPIC})

    assert [list(one.resources) for one in groups[0]] == [["A", "B"], ["A/T"], ["B/T"]]


def test_the_cdk_names_nested_templates_in_the_metadata(tmp_path: Path) -> None:
    """Synthesized templates tell the file of a nested stack in its metadata."""
    parent = """
        AWSTemplateFormatVersion: '2010-09-09'
        Resources:
          A:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: !Sub 'https://x/${AWS::Region}'}
            Metadata: {'aws:asset:path': x.json, 'aws:asset:property': TemplateURL}
        """
    nested = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'
    groups, unseen = loaded(tmp_path, {"p.yaml": parent, "x.json": nested})

    assert unseen == ()
    assert [one.stack.name for one in groups[0]] == ["", "A"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://bucket.s3.amazonaws.com/x.yaml", "the template is not in the scanned folder"),
        ("s3://bucket/x.yaml", "the template is not in the scanned folder"),
        ("../outside.yaml", "it lies outside the scanned folder"),
        ("/etc/passwd", "it lies outside the scanned folder"),
        ("missing.yaml", "there is no such file"),
        ("broken.yaml", "the template broken.yaml cannot be read"),
        ("template.yaml", "the template nests itself"),
        ("!Ref Where", "the parameter Where is given at deployment"),
        ("!GetAtt B.Url", "B is named at deployment"),
        ("''", "there is no such file"),
    ],
)
def test_a_nested_template_that_is_not_here_is_told(tmp_path: Path, url: str, why: str) -> None:
    """A template that is elsewhere, or cannot be read, is told; its outputs stay references."""
    parent = f"""
        AWSTemplateFormatVersion: '2010-09-09'
        Parameters: {{Where: {{Type: String}}}}
        Resources:
          A:
            Type: AWS::CloudFormation::Stack
            Properties:
              TemplateURL: {url}
          T: {{Type: AWS::SNS::Topic, Properties: {{Name: !GetAtt A.Outputs.Name}}}}
        """
    files = {"template.yaml": parent, "broken.yaml": "{", "../outside.yaml": TOPIC}
    groups, unseen = loaded(tmp_path / "scanned", files)
    told = [one for one in unseen if one.at.path == "template.yaml"]

    assert [(one.at.line, one.why) for one in told] == [(8, why)]
    assert text_of(groups[0][0].resources["T"].properties.entries["Name"]) == "${A.Outputs.Name}"


def test_stacks_that_nest_each_other_end(tmp_path: Path) -> None:
    """Templates in a circle are one application, and the circle is told."""
    text = """
        AWSTemplateFormatVersion: '2010-09-09'
        Resources:
          N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {0}.yaml}}}}
        """
    groups, unseen = loaded(
        tmp_path, {"a.yaml": text.format("b"), "b.yaml": text.format("a"), "c.yaml": TOPIC}
    )

    assert [[one.stack.template for one in group] for group in groups] == [
        ["c.yaml"],
        ["a.yaml", "b.yaml"],
    ]
    assert [one.why for one in unseen] == ["the template nests itself"]


def test_stacks_that_hang_on_each_other_end(tmp_path: Path) -> None:
    """Nested stacks whose parameters need each other's outputs do not hang."""
    text = """
        AWSTemplateFormatVersion: '2010-09-09'
        Resources:
          A:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: x.yaml, Parameters: {P: !GetAtt B.Outputs.O}}
          B:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: x.yaml, Parameters: {P: !GetAtt A.Outputs.O}}
        """
    nested = HEAD + (
        "Parameters: {P: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
        "Outputs: {O: {Value: !Ref P}}\n"
    )
    groups, _ = loaded(tmp_path, {"a.yaml": text, "x.yaml": nested})

    assert sorted(one.stack.name for one in groups[0]) == ["", "A", "B"]


def test_stacks_that_multiply_end(tmp_path: Path) -> None:
    """Templates that each nest the next ten times over are cut off, and that is told."""
    files = {}
    for n in range(9):
        nests = "".join(
            f"  N{k}: {{Type: AWS::CloudFormation::Stack, Properties: "
            f"{{TemplateURL: t{n + 1}.yaml}}}}\n"
            for k in range(10)
        )
        files[f"t{n}.yaml"] = f"{HEAD}Resources:\n{nests}"
    files["t9.yaml"] = TOPIC
    groups, unseen = loaded(tmp_path, files)

    assert len(groups) == 1
    assert 100 <= len(groups[0]) <= 200
    assert ("limit", "there are too many nested stacks") in {(one.kind, one.why) for one in unseen}


def test_outputs_that_multiply_end(tmp_path: Path) -> None:
    """Outputs that double from stack to stack are cut off instead of growing."""
    files = {}
    for n in range(9):
        items = ", ".join(["!GetAtt N.Outputs.O"] * 50)
        files[f"t{n}.yaml"] = (
            f"{HEAD}Resources:\n  N: {{Type: AWS::CloudFormation::Stack, Properties: "
            f"{{TemplateURL: t{n + 1}.yaml}}}}\nOutputs:\n  O: {{Value: [{items}]}}\n"
        )
    files["t9.yaml"] = TOPIC + "Outputs:\n  O: {Value: !Ref T}\n"
    groups, _ = loaded(tmp_path, files)

    output = groups[0][0].stack.outputs["O"]

    assert len(list(walk(output))) <= 2000
    assert any(isinstance(part, Unknown) for part in walk(output))


def test_templates_without_ties_are_applications_of_their_own(tmp_path: Path) -> None:
    """Several templates in one repository are several applications, in the order of paths."""
    groups, _ = loaded(tmp_path, {"b/template.yaml": TOPIC, "a/template.yaml": TOPIC})

    assert [group[0].stack.template for group in groups] == ["a/template.yaml", "b/template.yaml"]
    assert [list(group[0].resources) for group in groups] == [["T"], ["T"]]


EXPORTER = """
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Table: {Type: AWS::DynamoDB::Table}
Outputs:
  Name:
    Value: !Ref Table
    Export: {Name: !Sub 'shared-table'}
"""
IMPORTER = """
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Table: !ImportValue shared-table
      Other: !ImportValue elsewhere
"""


@pytest.mark.parametrize(
    ("exporter", "importer", "ids"),
    [
        ("a.yaml", "b.yaml", [["Table"], ["b.yaml/F"]]),
        ("b.yaml", "a.yaml", [["F"], ["b.yaml/Table"]]),
    ],
)
def test_templates_that_share_exports_are_one_application(
    tmp_path: Path, exporter: str, importer: str, ids: list[list[str]]
) -> None:
    """An import of an export in the folder leads to the exported value."""
    groups, unseen = loaded(tmp_path, {exporter: EXPORTER, importer: IMPORTER})
    templates = {one.stack.template: one for one in groups[0]}
    function = next(iter(templates[importer].resources.values())).properties
    table = next(iter(templates[exporter].resources))

    assert unseen == ()
    assert [list(one.resources) for one in groups[0]] == ids
    assert text_of(function.entries["Table"]) == f"${{{table}}}"
    assert text_of(function.entries["Other"]) == "${Fn::ImportValue elsewhere}"


def test_the_nearest_export_counts(tmp_path: Path) -> None:
    """Where several templates export a name, the one beside the importer counts, else none."""
    near = {"a/x.yaml": EXPORTER, "a/y.yaml": IMPORTER, "b/x.yaml": EXPORTER}
    groups, _ = loaded(tmp_path / "near", near)

    assert [[one.stack.template for one in group] for group in groups] == [
        ["a/x.yaml", "a/y.yaml"],
        ["b/x.yaml"],
    ]

    far = {"a/x.yaml": EXPORTER, "c/y.yaml": IMPORTER, "b/x.yaml": EXPORTER}
    groups, _ = loaded(tmp_path / "far", far)

    assert [len(group) for group in groups] == [1, 1, 1]


def test_imports_in_a_circle_end(tmp_path: Path) -> None:
    """Templates that import from each other are one application, and loading ends."""
    text = HEAD + (
        "Resources:\n  T: {{Type: AWS::SNS::Topic, Properties: {{N: !ImportValue {1}}}}}\n"
        "Outputs:\n  O: {{Value: !ImportValue {1}, Export: {{Name: {0}}}}}\n"
    )
    groups, _ = loaded(
        tmp_path, {"a.yaml": text.format("x", "y"), "b.yaml": text.format("y", "x")}
    )

    assert [len(group) for group in groups] == [2]


def test_a_long_chain_of_imports_ends(tmp_path: Path) -> None:
    """A chain of templates that import from the next overflows no stack."""
    text = HEAD + (
        "Resources:\n  T: {{Type: AWS::SNS::Topic, Properties: {{N: !ImportValue x{1}}}}}\n"
        "Outputs:\n  O: {{Value: a, Export: {{Name: x{0}}}}}\n"
    )
    groups, _ = loaded(tmp_path, {f"t{n:04}.yaml": text.format(n, n + 1) for n in range(1050)})

    assert [len(group) for group in groups] == [1050]


def test_included_files(tmp_path: Path) -> None:
    """`AWS::Include` of a file in the folder puts in what the file says."""
    template = """
        AWSTemplateFormatVersion: '2010-09-09'
        Transform: {Name: AWS::Include, Parameters: {Location: outputs.yaml}}
        Resources:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}
          Api:
            Type: AWS::ApiGateway::RestApi
            Properties:
              Body:
                Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.json}}
              Rest:
                own: 1
                Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.json}}
              Gone:
                Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/x}}
        """
    api = '{"openapi": "3.0.1", "uri": {"Fn::Sub": "${Api}/x"}, "own": 2}'
    groups, unseen = loaded(
        tmp_path,
        {
            "template.yaml": template,
            "api.json": api,
            "more.yaml": "Extra: {Type: AWS::SNS::Topic}\n",
            "outputs.yaml": "Outputs:\n  O: {Value: o}\n",
        },
    )
    ((one,),) = groups
    properties = one.resources["Api"].properties

    assert list(one.resources) == ["Extra", "Api"]
    assert constant(one.stack.outputs["O"]) == "o"
    body, rest = properties.entries["Body"], properties.entries["Rest"]
    assert body.at.path == "api.json"
    assert text_of(body.entries["uri"]) == "${Api}/x"  # type: ignore[union-attr]
    assert constant(rest.entries["own"]) == "1"  # type: ignore[union-attr]
    assert text_of(properties.entries["Gone"]) == "${unknown}"
    assert [(missed.at.line, missed.why) for missed in unseen] == [
        (15, "the template is not in the scanned folder")
    ]


def test_resources_keep_what_the_author_wrote(tmp_path: Path) -> None:
    """Type, place, metadata and attributes of a resource are as they were written."""
    template = """
        AWSTemplateFormatVersion: '2010-09-09'
        Transform: AWS::Serverless-2016-10-31
        Globals: {Function: {Timeout: 3, Role: !Ref R}}
        Metadata: {Mine: {a: b}}
        Resources:
          F:
            Type: AWS::Serverless::Function
            DependsOn: [R]
            DeletionPolicy: !If [Never, a, Retain]
            Metadata: {BuildMethod: x}
          R: {Type: Custom::Thing, Properties: {}}
          Bad: {Properties: {}}
          Worse: x
          Odd: {Type: AWS::X::Y, Properties: [1]}
          Misspelt: {Type: "AWS::Serverless:Function"}
        Conditions: {Never: !Equals [a, b]}
        """
    groups, unseen = loaded(tmp_path, {"template.yaml": template})
    (one,) = groups[0]
    function = one.resources["F"]

    assert one.transforms == ("AWS::Serverless-2016-10-31",)
    assert one.globals is not None
    assert one.stack.metadata is not None
    assert (function.type, function.written_as) == ("AWS::Serverless::Function",) * 2
    assert (function.at.line, function.at.column, function.logical_id) == (7, 3, "F")
    assert function.metadata is not None
    assert function.attributes is not None
    assert {key: text_of(value) for key, value in function.attributes.items()} == {
        "DependsOn": "${...}",
        "DeletionPolicy": "Retain",
    }
    assert list(one.resources) == ["F", "R", "Odd", "Misspelt"]
    no_type = "AWS has no type AWS::Serverless:Function: types are written AWS::Service::Resource"
    assert [(missed.at.line, missed.kind, missed.why) for missed in unseen] == [
        (13, "resource", "the resource Bad has no type"),
        (14, "resource", "the resource Worse has no type"),
        (16, "resource", no_type),
        (15, "resource", "its properties are not a map that is known"),
    ]


def test_given_paths_are_loaded_alone(tmp_path: Path) -> None:
    """Templates that are named are loaded, also those that another one nests."""
    folder = write(tmp_path, {**NESTED, "README.md": "AWS::", "x.yaml": "a: b", "y.json": "[]"})
    groups, unseen = load_templates(
        folder,
        ParameterOptions(),
        ("nested/web.yaml", "README.md", "x.yaml", "y.json", "missing.yaml"),
    )

    assert [group[0].stack.template for group in groups] == ["nested/web.yaml"]
    assert sorted((one.at.path, one.why) for one in unseen) == [
        ("README.md", "it is no template: it declares no resources"),
        ("missing.yaml", "there is no such file"),
        ("x.yaml", "it is no template: it declares no resources"),
        ("y.json", "it is no template: it declares no resources"),
    ]


def test_a_macro_of_the_account_is_told(tmp_path: Path) -> None:
    """A template that a macro may change is read as it is, and that is said."""
    text = "Transform: [AWS::Serverless-2016-10-31, MyMacro]\nResources:\n"
    groups, unseen = loaded(tmp_path, {"a.yaml": text + "  T: {Type: AWS::SNS::Topic}\n"})

    assert list(groups[0][0].resources) == ["T"]
    assert [(one.at.line, one.at.column, one.why) for one in unseen] == [
        (1, 41, "a macro of the account may change it")
    ]
