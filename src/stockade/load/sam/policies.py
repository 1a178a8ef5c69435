"""SAM policy templates and the names of AWS managed policies.

Follows "AWS SAM policy templates". The data files are made by `support/sam_policy_templates.py`
and read only when an application uses them.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from stockade.load.building import Plain, substitute_all, text, write
from stockade.model import Location, Map, Scalar, Value

MANAGED = "arn:aws:iam::aws:policy/"


@cache
def _data(name: str) -> dict[str, Any]:
    # Beside this file; importlib.resources would take as long to import as SAM to expand.
    source = Path(__file__).with_name(name)
    data: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return data


@cache
def _managed_paths() -> dict[str, str]:
    paths: dict[str, list[str]] = _data("managed_policies.json")["paths"]
    return {name: path for path, names in paths.items() for name in names}


def connectors() -> dict[str, Any]:
    """Return what connectors permit: `permissions` by type of source and destination."""
    return _data("connectors.json")


def managed(name: str, at: Location) -> Scalar:
    """Return the ARN of the AWS managed policy at path and name `name`."""
    return Scalar(MANAGED + name, at)


def managed_arn(value: Value) -> Value:
    """Return the ARN of the managed policy that `value` names; ARNs and the unknown stay."""
    if not isinstance(value, Scalar):
        return value
    name = text(value)
    if name is None or name.startswith("arn:"):
        return value
    path = _managed_paths().get(name)
    return value if path is None else managed(path + name, value.at)


def is_template(value: Value) -> bool:
    """Tell whether an item of `Policies` is a policy template with its parameters."""
    if not isinstance(value, Map) or len(value.entries) != 1:
        return False
    return next(iter(value.entries)) in _data("policy_templates.json")["templates"]


def from_template(value: Map) -> Value:
    """Return the policy document of a policy template, at the line that names it.

    A parameter that the author did not give stays `${Name}` in the text.
    """
    name, given = next(iter(value.entries.items()))
    at = value.key_at(name)
    template = _data("policy_templates.json")["templates"][name]
    values = dict(given.entries) if isinstance(given, Map) else {}
    return substitute_all(template["document"], at, values)


def allow(at: Location, *grants: tuple[str | list[str], "Plain"], version: bool = False) -> Value:
    """Write a policy document that allows each action, or list of actions, on its resource.

    SAM leaves the `Version` out of most of the documents it writes.
    """
    statements: list[Plain] = [
        {"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in grants
    ]
    return write({"Version": "2012-10-17" if version else None, "Statement": statements}, at)


def trust(service: str, at: Location) -> Value:
    """Write the trust policy of a role that the AWS service `service` assumes."""
    statement: Plain = {
        "Effect": "Allow",
        "Action": ["sts:AssumeRole"],
        "Principal": {"Service": [service]},
    }
    return write({"Version": "2012-10-17", "Statement": [statement]}, at)
