"""Variables: what they stand for, wherever they are written."""

from pathlib import Path

import pytest
from serverless_services import loaded, service, told, value

from stockade.model import Parameter, Unknown, constant, expression

CUSTOM = """
custom:
  name: orders
  dev: {size: small}
  prod: {size: large}
  list: [first, second]
  deep: {a: {b: "${self:custom.name}"}}
  loop: ${self:custom.loop}
  ping: ${self:custom.pong}
  pong: ${self:custom.ping}
"""


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("${self:custom.name}", "orders"),
        ("x-${self:custom.name}-y", "x-orders-y"),
        ("${self:custom.deep.a.b}", "orders"),
        ("${self:custom.list.1}", "second"),
        ("${self:service}", "shop"),
        ("${self:custom.none, 'fallback'}", "fallback"),
        ("${self:custom.none, self:custom.name}", "orders"),
        ("${self:custom.none, ${self:custom.name}}", "orders"),
        ("${self:custom.none, 3}", "3"),
        ("${self:custom.${sls:stage}.size}", "small"),
        ("${self:custom.${opt:stage, 'prod'}.size}", "small"),
        ("${strToBool('1')}", "true"),
        ("${sls:stage}", "${sls:stage}"),
        ("${self:provider.stage}", "${sls:stage}"),
        ("${opt:stage, 'x'}", "${sls:stage}"),
        ("a-${sls:stage}-b", "a-${sls:stage}-b"),
        ("${opt:region}", "${AWS::Region}"),
        ("${aws:accountId}", "${AWS::AccountId}"),
        ("${env:TOKEN}", "${env:TOKEN}"),
        ("${env:TOKEN, 'none'}", "${env:TOKEN}"),
        ("${ssm:/shop/key}", "${ssm:/shop/key}"),
        ("${cf:other-dev.Arn}", "${Fn::ImportValue other-dev.Arn}"),
        ("${cf.eu-west-1:other-dev.Arn}", "${Fn::ImportValue other-dev.Arn}"),
        ("${ssm:/aws/reference/secretsmanager/db}", "{{resolve:secretsmanager:db}}"),
        ("${AWS::Region}", "${AWS::Region}"),
        ("!Sub '${AWS::Region}-${self:custom.name}-${sls:stage}'", None),
        ("'#{AWS::AccountId}'", "${AWS::AccountId}"),
        ("${unfinished", "${unfinished"),
    ],
)
def test_a_variable_is_followed(tmp_path: Path, written: str, text: str | None) -> None:
    """A variable gives the author's value, or a parameter under the variable's own name."""
    (found,) = value(tmp_path, written, CUSTOM)

    assert expression(found) == (text or "${AWS::Region}-orders-${sls:stage}")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("${self:custom.loop}", "the variable leads to itself"),
        ("${self:custom.ping}", "the variable leads to itself"),
        ("${magic:x}", "the variable source `magic` is not known"),
        ("x${self:custom.dev}", "a variable in the text is no text"),
        ("${file(../outside.yml):key}", "../outside.yml lies outside the scanned folder"),
        ("${file(/etc/passwd)}", "/etc/passwd lies outside the scanned folder"),
        ("${file(~/.aws/credentials)}", "~/.aws/credentials lies outside the scanned folder"),
    ],
)
def test_what_cannot_be_known_says_why(tmp_path: Path, written: str, why: str) -> None:
    """Circles, strange sources and files outside are unknown, with the reason."""
    (found,) = value(tmp_path, written, CUSTOM)

    assert isinstance(found, Unknown)
    assert found.why == why


def test_a_default_is_the_value_of_the_parameter(tmp_path: Path) -> None:
    """What the author falls back on is known, as a value that a deployment may replace."""
    (found,) = value(tmp_path, "${opt:size, 'small'}")

    assert isinstance(found, Parameter)
    assert (found.name, constant(found)) == ("opt:size", "small")


def test_a_given_value_chooses_the_stage(tmp_path: Path) -> None:
    """`--parameter stage=prod` is what `--stage prod` is to the framework."""
    (found,) = value(tmp_path, "${self:custom.${sls:stage}.size}", CUSTOM, stage="prod")

    assert constant(found) == "large"


def test_a_given_stage_decides_conditions(tmp_path: Path) -> None:
    """Packaging puts the stage into the template, where CloudFormation compares it."""
    text = """
        service: shop
        provider: {name: aws}
        resources:
          Conditions: {IsProd: !Equals ["${sls:stage}", prod]}
          Resources:
            Always: {Type: AWS::SNS::Topic}
            Rarely: {Type: AWS::SQS::Queue, Condition: IsProd}
    """

    assert set(service(tmp_path, text, stage="prod").resources) == {"Always", "Rarely"}
    assert set(service(tmp_path, text, stage="dev").resources) == {"Always"}


def test_parameters_of_a_stage_and_the_default_ones(tmp_path: Path) -> None:
    """`params` of the stage win over those of `default`."""
    rest = """
        params:
          default: {size: small, kind: x}
          prod: {size: large}
    """

    (found,) = value(tmp_path, "${param:size}-${param:kind}", rest, stage="prod")

    assert constant(found) == "large-x"


def test_files_are_values_and_parts_of_the_service(tmp_path: Path) -> None:
    """YAML, JSON and text are read where they lie, with the lines that they have there."""
    text = """
        service: shop
        provider: {name: aws, runtime: nodejs22.x, environment: "${file(env/${sls:stage}.yml)}"}
        functions: ${file(functions.json):functions}
    """
    files = {
        "serverless.yml": text,
        "env/dev.yml": "A: ${self:service}\nB: ${file(note.txt)}\n",
        "note.txt": "hello",
        "functions.json": '{"functions": {"one": {"handler": "one.main"}}}',
    }

    (application,), _ = loaded(tmp_path, files)

    function = application.resources["one"]
    variables = ("Environment", "Variables")
    assert told(application, "one", *variables, "A") == ["shop"]
    assert told(application, "one", *variables, "B") == ["hello"]
    assert function.at.path == "functions.json"


def test_a_fragment_with_resources_is_no_template_of_its_own(tmp_path: Path) -> None:
    """A file that a service takes in is part of it."""
    files = {
        "serverless.yml": """
            service: shop
            provider: {name: aws}
            resources: ${file(resources.yml)}
        """,
        "resources.yml": "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}\n",
    }

    applications, unseen = loaded(tmp_path, files)

    assert [one.name for one in applications] == ["serverless.yml"]
    assert applications[0].resources["Topic"].at.path == "resources.yml"
    assert not unseen


def test_the_second_version_names_the_stage_as_it_is_written_there(tmp_path: Path) -> None:
    """`${sls:stage}` came with version 3, so that older files are told in their own words."""
    (found,) = value(tmp_path, "${opt:stage, 'dev'}", "frameworkVersion: '2'")

    assert expression(found) == "${self:provider.stage}"


def test_a_parameter_that_no_service_knows_is_a_slip(tmp_path: Path) -> None:
    """A name that was mistyped is told."""
    text = {"serverless.yml": "service: x\nprovider: {name: aws, stage: '${opt:stage}'}\n"}

    _, unseen = loaded(tmp_path, text, staeg="prod")

    assert any("no template declares the parameter staeg" in one.why for one in unseen)
