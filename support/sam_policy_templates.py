"""Take the facts about SAM policy templates and connectors from the aws-sam-translator package.

    python support/sam_policy_templates.py

writes `policy_templates.json` (the statements of every SAM policy template),
`managed_policies.json` (the paths of AWS managed policies, which templates name without their
ARN) and `connectors.json` (what a connector between two kinds of resources permits) into
`src/stockade/load/sam/`. Parameters stand in their texts as `${Name}`.
"""

import json
import re
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""What `json.loads` gives."""

PACKAGE = "aws-sam-translator"
HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "src" / "stockade" / "load" / "sam"


def main() -> None:
    """Write the three files."""
    for name, text in made().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text):,} bytes")


def made() -> dict[str, str]:
    """Return the text of each file, from the package that is installed."""
    provenance = f"{PACKAGE} {version(PACKAGE)} (Apache-2.0), by support/{Path(__file__).name}"
    source = files("samtranslator")
    contents = {
        "policy_templates.json": _policy_templates(_read(source, POLICY_TEMPLATES)),
        "managed_policies.json": _managed_policies(_read(source, MANAGED_POLICIES)),
        "connectors.json": _connectors(_read(source, CONNECTORS)),
    }
    return {
        name: json.dumps({"from": provenance, **one}, separators=(",", ":"), sort_keys=True) + "\n"
        for name, one in contents.items()
    }


POLICY_TEMPLATES = "policy_templates_data/policy_templates.json"
MANAGED_POLICIES = "internal/data/aws_managed_policies.json"
CONNECTORS = "model/connector_profiles/profiles.json"


def _read(source: Json, path: str) -> dict[str, Json]:
    read: dict[str, Json] = json.loads(source.joinpath(path).read_text(encoding="utf-8"))
    return read


def _policy_templates(data: dict[str, Json]) -> dict[str, Json]:
    return {
        "templates": {
            name: {
                "parameters": sorted(template["Parameters"]),
                "document": _with_parameters(template["Definition"]),
            }
            for name, template in data["Templates"].items()
        }
    }


def _with_parameters(value: Json) -> Json:
    """Replace `Ref` and `Fn::Sub` by texts with the parameters' own names in them."""
    if isinstance(value, list):
        return [_with_parameters(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return f"${{{value['Ref']}}}"
    if set(value) == {"Fn::Sub"}:
        return _substituted(value["Fn::Sub"])
    return {key: _with_parameters(item) for key, item in value.items()}


def _substituted(argument: Json) -> str:
    if isinstance(argument, str):
        return argument
    text, variables = argument
    names = {f"${{{name}}}": _with_parameters(value) for name, value in variables.items()}
    return re.sub(r"\$\{\w+\}", lambda found: str(names[found[0]]), text)


def _managed_policies(data: dict[str, Json]) -> dict[str, Json]:
    """Group the names by path; those of the root path are listed too: they are known names."""
    paths: dict[str, list[str]] = {}
    for name, arn in data["aws"].items():
        path = arn.partition(":policy/")[2].removesuffix(name)
        paths.setdefault(path, []).append(name)
    return {"paths": {path: sorted(names) for path, names in paths.items()}}


def _connectors(data: dict[str, Json]) -> dict[str, Json]:
    return {
        "permissions": _with_marks(data["Permissions"]),
        "resources": {kind: _resource(of) for kind, of in data["CfnResourceProperties"].items()},
    }


def _resource(of: dict[str, Json]) -> dict[str, Json]:
    """Tell which property holds the role, and which attribute tells the ARN and the like."""
    outputs = {}
    for name, value in of["Outputs"].items():
        if isinstance(value, str):
            outputs[name] = {"text": value}
        else:
            outputs[name] = {
                "attribute": value["Fn::GetAtt"][1] if "Fn::GetAtt" in value else "Ref"
            }
    role = of.get("Inputs", {}).get("Role")
    return {"outputs": outputs, **({"role": role} if isinstance(role, str) else {})}


def _with_marks(value: Json) -> Json:
    """Write `%{Source.Arn}` as `${Source.Arn}`, like every other variable."""
    if isinstance(value, list):
        return [_with_marks(item) for item in value]
    if isinstance(value, dict):
        return {key: _with_marks(item) for key, item in value.items()}
    return value.replace("%{", "${") if isinstance(value, str) else value


if __name__ == "__main__":
    main()
