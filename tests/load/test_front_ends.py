"""Which front end reads which file, and what is said of those that none reads."""

from pathlib import Path

import pytest
from folders import write

from stockade.load import load


@pytest.mark.parametrize(
    ("path", "framework"),
    [
        ("api/zappa_settings.json", "Zappa"),
        ("sst.config.ts", "SST"),
        ("app.arc", "Architect"),
        ("infra/Pulumi.yaml", "Pulumi"),
        ("amplify/backend.ts", "Amplify"),
        ("cdktf.json", "CDK for Terraform"),
    ],
)
def test_an_application_of_a_framework_that_is_not_read_is_told(
    path: str, framework: str, tmp_path: Path
) -> None:
    """No silence where a whole application stands."""
    write(tmp_path, {path: "{}"})
    loaded = load(tmp_path)

    assert not loaded.applications
    assert [(one.at.path, framework in one.why) for one in loaded.unseen] == [(path, True)]


def test_a_file_that_a_front_end_takes_is_no_template_besides(tmp_path: Path) -> None:
    """What `cdk synth` wrote is read once, though its templates are templates."""
    template = """{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}"""
    manifest = """{"artifacts": {"S": {"type": "aws:cloudformation:stack",
        "properties": {"templateFile": "S.template.json"}}}}"""
    write(tmp_path, {"manifest.json": manifest, "S.template.json": template})

    assert [app.name for app in load(tmp_path).applications] == ["S.template.json"]


def test_a_file_that_is_named_is_read_by_its_front_end(tmp_path: Path) -> None:
    """`stockade scan cdk.json`."""
    write(tmp_path, {"cdk.json": "{}"})
    loaded = load(tmp_path / "cdk.json")

    assert "cdk synth" in loaded.unseen[0].why
