"""The data about SAM is what the script makes of the translator, and is complete."""

import json
import runpy
from importlib.metadata import version
from pathlib import Path

import pytest

from stockade.load.sam.policies import from_template, is_template, managed_arn
from stockade.model import Location, Map, Scalar, constant, walk

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "src" / "stockade" / "load" / "sam"
AT = Location("template.yaml", 1)

TEMPLATES = json.loads((DATA / "policy_templates.json").read_text(encoding="utf-8"))["templates"]


@pytest.mark.parametrize(
    "name", ["policy_templates.json", "managed_policies.json", "connectors.json"]
)
def test_data_is_what_the_script_makes(name: str) -> None:
    """With the version of the translator that a file names, the script makes the same file."""
    text = (DATA / name).read_text(encoding="utf-8")
    if version("aws-sam-translator") not in json.loads(text)["from"]:
        pytest.skip("another version of the translator is installed")
    script = runpy.run_path(str(ROOT / "support" / "sam_policy_templates.py"))

    assert script["made"]()[name] == text


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_parameter_of_a_template_is_filled_in(name: str) -> None:
    """A policy template with all its parameters leaves nothing of them in its document."""
    parameters = {key: Scalar(f"<{key}>", AT) for key in TEMPLATES[name]["parameters"]}
    written = Map({name: Map(parameters, AT, {})}, AT, {name: AT})

    document = from_template(written)

    texts = [str(one.value) for one in walk(document) if isinstance(one, Scalar)]
    assert is_template(written)
    assert not any("${" in text for text in texts)
    assert all(any(f"<{key}>" in text for text in texts) for key in parameters)


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("AWSLambdaExecute", "arn:aws:iam::aws:policy/AWSLambdaExecute"),
        (
            "AWSLambdaVPCAccessExecutionRole",
            "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
        ),
        ("OfTheAuthor", "OfTheAuthor"),
        ("arn:aws:iam::1:policy/own", "arn:aws:iam::1:policy/own"),
    ],
)
def test_names_of_managed_policies_become_arns(name: str, arn: str) -> None:
    """Names that AWS knows become ARNs with their path; everything else stays."""
    assert constant(managed_arn(Scalar(name, AT))) == arn
