"""Templates that packaging wrote beside their source."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from folders import write

from stockade.load import load

HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
FUNCTION = """  {name}:
    Type: AWS::Serverless::Function
{more}    Properties: {{Handler: app.handler, Runtime: python3.13, CodeUri: {code}}}
"""
HASHED = "s3://artifacts/0123456789abcdef0123456789abcdef"


def _template(code: str, *names: str, more: str = "") -> str:
    return HEAD + "".join(FUNCTION.format(name=name, code=code, more=more) for name in names)


SOURCE = _template("src", "One", "Two", "Three")
BUILT = "    Metadata: {SamResourceId: One}\n"
CASES: Mapping[str, tuple[dict[str, str], list[str]]] = {
    "what `sam package` wrote": (
        {"template.yaml": SOURCE, "packaged.yaml": _template(HASHED, "One", "Two", "Three")},
        ["template.yaml"],
    ),
    "an older copy, which lacks a function and has one that is gone": (
        {"template.yaml": SOURCE, "out/packaged.yaml": _template(HASHED, "One", "Two", "Gone")},
        ["template.yaml"],
    ),
    "what `sam build` wrote elsewhere": (
        {"template.yaml": SOURCE, "out/template.yaml": _template("One", "One", more=BUILT)},
        ["template.yaml"],
    ),
    "a copy with an address of one's own": (
        {"template.yaml": SOURCE, "sam.yaml": _template("s3://b/x.zip", "One", "Two", "Three")},
        ["template.yaml"],
    ),
    "an address of one's own, and other resources": (
        {"template.yaml": SOURCE, "sam.yaml": _template("s3://b/x.zip", "One", "Two")},
        ["sam.yaml", "template.yaml"],
    ),
    "a packaged template without its source": (
        {"packaged.yaml": _template(HASHED, "One")},
        ["packaged.yaml"],
    ),
    "a packaged template of another application": (
        {"template.yaml": SOURCE, "packaged.yaml": _template(HASHED, "Other", "More", "One")},
        ["packaged.yaml", "template.yaml"],
    ),
    "two templates that are alike, neither packaged": (
        {"a.yaml": SOURCE, "b.yaml": SOURCE},
        ["a.yaml", "b.yaml"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_copy_is_judged_by_its_source(tmp_path: Path, case: str) -> None:
    """It is left out, and named as what packaging wrote; a template of its own is not."""
    files, kept = CASES[case]
    write(tmp_path, {**files, "src/app.py": "def handler(event, context): pass\n"})

    found = load(tmp_path)

    assert sorted(one.name for one in found.applications) == kept
    told = [(one.at.path, one.why) for one in found.unseen if "packaging" in one.why]
    why = "packaging wrote it from template.yaml, which is judged in its place"
    assert told == [(path, why) for path in files if path.endswith(".yaml") and path not in kept]


def test_a_copy_that_is_named_is_read(tmp_path: Path) -> None:
    """Who asks for the packaged template gets it."""
    files = CASES["what `sam package` wrote"][0]
    write(tmp_path, files)

    assert [one.name for one in load(tmp_path / "packaged.yaml").applications] == ["packaged.yaml"]
