"""Which files of a folder are templates."""

from pathlib import Path

import pytest
from folders import HEAD, loaded

from stockade.load.sources import MAX_FILE_BYTES

TOPIC = "Resources:\n  T: {Type: AWS::SNS::Topic}\n"


def found(tmp_path: Path, files: dict[str, str]) -> list[str]:
    """Return the templates that are found."""
    groups, _ = loaded(tmp_path, files)
    return [one.stack.template for group in groups for one in group]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("template.yaml", HEAD + TOPIC),
        ("deep/down/any-name.yml", TOPIC),
        ("stack.template", TOPIC),
        ("stack.json", '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'),
        ("x.template", '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'),
        ("bom.yaml", "\ufeff" + TOPIC),
        ("crlf.yaml", TOPIC.replace("\n", "\r\n")),
        ("tabs.json", '{\t"Resources":\t{"T": {"Type":\t"AWS::SNS::Topic"}}}'),
        (
            "loop.yaml",
            "Resources:\n  Fn::ForEach::L: [N, [a], {'T${N}': {Type: AWS::SNS::Topic}}]",
        ),
        ("custom.yaml", HEAD + "Resources: {T: {Type: Custom::Thing}}\n"),
        ("empty.yaml", HEAD + "Resources: {}\n"),
    ],
)
def test_finds_templates(tmp_path: Path, path: str, text: str) -> None:
    """Templates are found by what they say, whatever they are called."""
    assert found(tmp_path, {path: text}) == [path]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("openapi.yaml", "openapi: 3.0.1\npaths: {}\nx: AWS::Region\n"),
        ("buildspec.yml", "version: 0.2\nphases: {build: {commands: [sam build]}}\n"),
        ("docker-compose.yml", "services: {Resources: {image: 'AWS::x'}}\n"),
        ("package.json", '{"name": "Resources", "x": "AWS::Serverless"}'),
        ("list.json", '[{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}]'),
        ("event.json", '{"Resources": [{"Type": "AWS::SNS::Topic"}]}'),
        ("k8s.yaml", "kind: Pod\nResources: {limits: {cpu: 1}}\nx: 'AWS::y'\n"),
        ("README.md", HEAD + TOPIC),
        ("node_modules/x/template.yaml", HEAD + TOPIC),
        (".aws-sam/build/template.yaml", HEAD + TOPIC),
    ],
)
def test_other_files_are_no_templates(tmp_path: Path, path: str, text: str) -> None:
    """Other documents of YAML and JSON are passed over in silence."""
    groups, unseen = loaded(tmp_path, {path: text})

    assert (groups, unseen) == ((), ())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (HEAD + "Resources: [\n", "it is not valid YAML"),
        (HEAD + TOPIC + "x: \x01\n", "it holds a character that YAML does not allow"),
        (HEAD + TOPIC + "# " + "x" * MAX_FILE_BYTES, "it is larger than 5 MB"),
    ],
)
def test_a_template_that_cannot_be_read_is_told(tmp_path: Path, text: str, why: str) -> None:
    """What looks like a template and cannot be read is told."""
    groups, unseen = loaded(tmp_path, {"template.yaml": text, "good.yaml": TOPIC})

    assert len(groups) == 1
    assert [one.at.path for one in unseen] == ["template.yaml"]
    assert unseen[0].why.startswith(why)


def test_a_template_that_is_no_text_is_told(tmp_path: Path) -> None:
    """A template in another encoding than UTF-8 is told."""
    (tmp_path / "template.yaml").write_bytes((HEAD + TOPIC + "# ").encode() + b"\xff")
    _, unseen = loaded(tmp_path, {})

    assert [one.why for one in unseen] == ["it is not UTF-8 text"]
