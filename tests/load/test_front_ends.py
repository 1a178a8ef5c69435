"""Which front end reads which file, and what is said of those that none reads."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from folders import write

from stockade.api import scan
from stockade.load import front_ends, load
from stockade.load.draft import Draft
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.model import Location, Unseen


@pytest.mark.parametrize(
    ("path", "framework"),
    [
        ("sst.json", "SST v1"),
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


def test_a_front_end_that_raises_loses_one_application_and_fails_the_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of ours is told with its line, and everything else is read."""

    def drafts(
        _folder: Folder, paths: Sequence[str], _options: ParameterOptions, unseen: list[Unseen]
    ) -> Mapping[str, Draft]:
        for path in paths:
            unseen.append(Unseen(Location(path, 1), "template", "looked at"))
            if path.startswith("bad"):
                raise KeyError(path)
        return {}

    broken = (front_ends.FrontEnd(marks=("/app.arc",), drafts=drafts),)
    monkeypatch.setattr(front_ends, "_FRONT_ENDS", broken)
    template = """{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}"""
    write(tmp_path, {"bad/app.arc": "", "good/app.arc": "", "t.json": template})
    report = scan(tmp_path)

    assert [(one.rule, one.application) for one in report.failures] == [("loading", "bad/app.arc")]
    assert "KeyError" in report.failures[0].error
    assert [one.at.path for one in report.unseen] == ["good/app.arc"]
    assert [app.name for app in report.applications] == ["t.json"]
