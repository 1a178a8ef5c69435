"""Parameters: which values they are given, and by whom."""

from pathlib import Path

import pytest
from folders import HEAD, loaded, resolved

from stockade.load.parameters import ParameterOptions
from stockade.model import NOWHERE, List, Parameter, Unseen, Value, constant

TEMPLATE = HEAD + (
    "Parameters:\n"
    "  Stage: {Type: String, Default: dev}\n"
    "  Names: {Type: CommaDelimitedList, Default: ''}\n"
    "Resources:\n"
    "  R: {Type: AWS::SNS::Topic}\n"
)


def parameters(
    tmp_path: Path, files: dict[str, str], options: ParameterOptions | None = None
) -> tuple[dict[str, Value], tuple[Unseen, ...]]:
    """Return the parameters of the template beside these files, and what was not seen."""
    groups, unseen = loaded(tmp_path, {"template.yaml": TEMPLATE, **files}, options)
    return dict(groups[0][0].stack.parameters), unseen


def stage(
    tmp_path: Path, files: dict[str, str], options: ParameterOptions | None = None
) -> str | None:
    """Return the value of the parameter `Stage`."""
    found = constant(parameters(tmp_path, files, options)[0]["Stage"])
    return found if isinstance(found, str) else None


@pytest.mark.parametrize(
    "content",
    [
        '[{"ParameterKey": "Stage", "ParameterValue": "prod"}, {"ParameterKey": "Other"}, 3]',
        '{"Parameters": {"Stage": "prod"}, "Tags": {}}',
        '{"Stage": "prod"}',
        "Parameters:\n  Stage: prod\n",
    ],
)
def test_parameter_files(tmp_path: Path, content: str) -> None:
    """Parameter files of CloudFormation and CodePipeline give values."""
    path = "prod.json" if content[0] in "[{" else "prod.yaml"

    assert stage(tmp_path, {path: content}, ParameterOptions(files=(path,))) == "prod"


@pytest.mark.parametrize(
    "overrides",
    [
        '"Stage=prod Names=a,b"',
        '"Stage=\\"prod\\" Names=\'a,b\'"',
        '"ParameterKey=Stage,ParameterValue=prod ParameterKey=Names,ParameterValue=a,b"',
        '["Stage=prod", "Names=a,b"]',
        '{Stage = "prod", Names = ["a", "b"]}',
    ],
)
def test_samconfig(tmp_path: Path, overrides: str) -> None:
    """`samconfig.toml` beside the template gives values, in every form that SAM takes."""
    config = f"version = 0.1\n[default.deploy.parameters]\nparameter_overrides = {overrides}\n"
    found, unseen = parameters(tmp_path, {"samconfig.toml": config})
    names = found["Names"]

    assert unseen == ()
    assert constant(found["Stage"]) == "prod"
    assert isinstance(names, Parameter)
    assert isinstance(names.value, List)
    assert [constant(item) for item in names.value] == ["a", "b"]
    assert names.value.at.path == "samconfig.toml"
    assert names.value.at.line == 3


def test_samconfig_in_yaml(tmp_path: Path) -> None:
    """The configuration may be written in YAML."""
    config = "default:\n  deploy:\n    parameters:\n      parameter_overrides: [Stage=prod]\n"

    assert stage(tmp_path, {"samconfig.yaml": config}) == "prod"


def test_other_environments_by_option(tmp_path: Path) -> None:
    """The default environment is read unless another is asked for."""
    config = (
        '[default.global.parameters]\nparameter_overrides = "Stage=test"\n'
        '[live.deploy.parameters]\nparameter_overrides = "Stage=prod"\n'
    )

    assert stage(tmp_path, {"samconfig.toml": config}) == "test"
    assert (
        stage(tmp_path, {"samconfig.toml": config}, ParameterOptions(environment="live")) == "prod"
    )
    assert (
        stage(tmp_path, {"samconfig.toml": config}, ParameterOptions(environment="none")) == "dev"
    )


def test_a_configuration_of_another_template_says_nothing(tmp_path: Path) -> None:
    """A configuration that names another template of the folder gives this one no values."""
    config = (
        '[default.deploy.parameters]\nparameter_overrides = "Stage=prod"\n'
        'template_file = "other.yaml"\n'
    )

    assert stage(tmp_path, {"samconfig.toml": config, "other.yaml": "x: 1"}) == "dev"
    assert stage(tmp_path, {"samconfig.toml": config.replace("other", ".aws-sam/x")}) == "prod"


def test_who_wins(tmp_path: Path) -> None:
    """The command line wins over files, files over the configuration, all over the default."""
    files = {
        "samconfig.toml": '[default.deploy.parameters]\nparameter_overrides = "Stage=config"\n',
        "one.json": '{"Stage": "one"}',
        "two.json": '{"Stage": "two"}',
    }
    both = ParameterOptions(files=("one.json", "two.json"))
    line = ParameterOptions(files=("one.json",), given={"Stage": "line"})

    assert stage(tmp_path, files) == "config"
    assert stage(tmp_path, files, both) == "two"
    assert stage(tmp_path, files, line) == "line"


def test_given_values_have_no_place(tmp_path: Path) -> None:
    """A value of the command line stands in no file."""
    found, _ = parameters(tmp_path, {}, ParameterOptions(given={"Stage": "prod"}))
    value = found["Stage"]

    assert isinstance(value, Parameter)
    assert value.value is not None
    assert value.value.at == NOWHERE
    assert value.at.line == 3


@pytest.mark.parametrize(
    ("config", "line", "why"),
    [
        ("[default\n", 1, "it is not valid TOML"),
        ("a = 1\nb = = 2\n", 2, "it is not valid TOML"),
        ("a = " + "[" * 5000, 1, "it is nested too deep"),
        (
            '[default.deploy.parameters]\nparameter_overrides = "A=\'x"\n',
            2,
            "its parameter overrides have an open quote",
        ),
        ("# " + "x" * 300_000, 1, "it is too large"),
    ],
)
def test_a_broken_configuration_is_told(tmp_path: Path, config: str, line: int, why: str) -> None:
    """A configuration that cannot be read is told, and the defaults count."""
    found, unseen = parameters(tmp_path, {"samconfig.toml": config})

    assert constant(found["Stage"]) == "dev"
    assert [(one.at.path, one.at.line, one.why) for one in unseen] == [
        ("samconfig.toml", line, why)
    ]


@pytest.mark.parametrize("content", ["{", "", "- "])
def test_a_broken_parameter_file_is_told(tmp_path: Path, content: str) -> None:
    """A parameter file that cannot be read, or does not exist, is told."""
    options = ParameterOptions(files=("a.json", "../b.json", "missing.json"))
    _, unseen = parameters(tmp_path, {"a.json": content}, options)

    assert sorted(one.at.path for one in unseen) == ["../b.json", "a.json", "missing.json"]


def test_the_value_of_a_systems_manager_parameter_is_elsewhere(tmp_path: Path) -> None:
    """Of such a parameter the default is a name, not the value."""
    template, _ = resolved(
        tmp_path,
        """
        Parameters:
          Ami: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /my/ami}
        Resources:
          R: {Type: AWS::SNS::Topic}
        """,
    )
    value = template.stack.parameters["Ami"]

    assert isinstance(value, Parameter)
    assert value.value is None


def test_what_is_no_declaration_is_told(tmp_path: Path) -> None:
    """Parameters that are written wrongly are told with their line."""
    text = "Parameters:\n  A: x\nResources:\n  R: {Type: AWS::SNS::Topic}\n"
    _, unseen = resolved(tmp_path, text)
    _, also = resolved(tmp_path, text.replace("\n  A: x", " [x]"))

    assert [(one.at.line, one.why) for one in unseen] == [(3, "the parameter is not a map")]
    assert [(one.at.line, one.why) for one in also] == [(2, "`Parameters` is not a map")]


def test_a_value_for_no_parameter_is_told(tmp_path: Path) -> None:
    """A slip in a parameter's name on the command line is told."""
    found, unseen = parameters(tmp_path, {}, ParameterOptions(given={"Stge": "prod"}))

    assert constant(found["Stage"]) == "dev"
    assert [(one.at, one.why) for one in unseen] == [
        (NOWHERE, "no template declares the parameter Stge, its value was not used")
    ]
