"""Which environment a text names, and what each gives to its parameters."""

from pathlib import Path

import pytest
from loaded import application

from stockade.analysis.stores.environments import given, names_store, stage_of


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("prod", "prod"),
        ("shop-production-orders", "prod"),
        ("orders_dev", "dev"),
        ("uat", "staging"),
        ("product-table", ""),
        ("developers", ""),
        ("dev-to-prod", ""),
        ("default", ""),
    ],
)
def test_a_text_names_one_environment_or_none(text: str, stage: str) -> None:
    """Whole words count, and a text that names two environments names none."""
    assert stage_of(text) == stage


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [("OrdersTable", True), ("BucketName", True), ("RoleArn", True), ("LogLevel", False)],
)
def test_a_parameter_names_a_store_or_not(parameter: str, expected: bool) -> None:  # noqa: FBT001
    """What keeps data, or says who may, is told from other settings by its name."""
    assert names_store(parameter) is expected


@pytest.mark.parametrize(
    "text",
    [
        "not toml at all [",
        "[prod]\ndeploy = 1\n",
        "[prod.deploy.parameters]\nparameter_overrides = 7\n",
        '[prod.deploy.parameters]\nparameter_overrides = ["", "=", "Table"]\n',
    ],
)
def test_a_broken_file_gives_nothing(text: str, tmp_path: Path) -> None:
    """What is not understood of a configuration file is no value."""
    template = "Parameters: {Table: {Type: String}}\nResources: {Box: {Type: AWS::S3::Bucket}}\n"
    app = application(tmp_path, template, {"samconfig.toml": text})

    assert list(given(app)) == []


def test_values_have_places(tmp_path: Path) -> None:
    """Each value is told with the line that gives it, table by table."""
    template = "Parameters: {Table: {Type: String}}\nResources: {Box: {Type: AWS::S3::Bucket}}\n"
    config = """
    [dev.deploy.parameters]
    parameter_overrides = "Table=one"
    [prod.deploy.parameters]
    parameter_overrides = "Table=one"
    """
    app = application(tmp_path, template, {"samconfig.toml": config})

    found = [(one.stage, one.value, one.at.line) for one in given(app)]

    assert found == [("dev", "one", 3), ("prod", "one", 5)]
