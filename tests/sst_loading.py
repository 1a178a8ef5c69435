"""Configurations of SST, written into a folder and loaded."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from terraform_loading import properties, written

from stockade.load import LoadOptions, ParameterOptions, load
from stockade.model import Application, Function, Unseen, expression

__all__ = ["inside", "loaded", "named", "permitted", "properties", "settings", "shown"]

HANDLER = "export const handler = async (event: any) => {};\n"


def config(run: str, head: str = "") -> str:
    """Return a configuration that does this when it runs."""
    return (
        f"{head}\nexport default $config({{\n"
        '  app(input) {\n    return { name: "shop", home: "aws" };\n  },\n'
        f"  async run() {{\n{run}\n  }},\n}});\n"
    )


def loaded(
    folder: Path,
    run: str,
    files: Mapping[str, str] | None = None,
    *,
    head: str = "",
    given: Mapping[str, str] | None = None,
) -> tuple[Application, tuple[Unseen, ...]]:
    """Return the one application of a configuration, and all that was not seen."""
    every = {"sst.config.ts": config(run, head), "a.ts": HANDLER, **(files or {})}
    options = LoadOptions(parameters=ParameterOptions(given=given or {}))
    found = load(written(folder, every), options)
    (application,) = found.applications
    return application, (*application.unseen, *found.unseen)


def shown(folder: Path, written_value: str, before: str = "", head: str = "") -> object:
    """Return what a value of the configuration is, by the name of a queue."""
    run = f'{before}\nnew aws.sqs.Queue("Shown", {{ name: {written_value} }});'
    app, _ = loaded(folder, run, head=head)
    return properties(app, "Shown").get("QueueName")


def inside(app: Application, name: str, *path: str | int) -> Any:  # noqa: ANN401 - of any shape
    """Return what stands in the properties of a resource under a way of keys."""
    found: Any = properties(app, name)
    for key in path:
        found = found[key]
    return found


def permitted(app: Application, role: str) -> list[tuple[object, object]]:
    """Return actions and resources of the inline policies of a role."""
    policies = properties(app, role).get("Policies") or []
    assert isinstance(policies, list)
    found: list[tuple[object, object]] = []
    for policy in policies:
        assert isinstance(policy, dict)
        body = policy["PolicyDocument"]
        assert isinstance(body, dict)
        statements = body["Statement"]
        assert isinstance(statements, list)
        for one in statements:
            assert isinstance(one, dict), one
            found.append((one["Action"], one["Resource"]))
    return found


def named(app: Application, name: str) -> Function:
    """Return a function by its name."""
    return app.functions[name]


def settings(app: Application, name: str) -> dict[str, str]:
    """Return the settings of a function, those that links bring included."""
    environment = app.functions[name].environment
    assert isinstance(environment, Mapping)
    return {key: expression(value) for key, value in environment.items()}
