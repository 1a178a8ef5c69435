"""An application out of the text of a template, for tests."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from stockade.load import load
from stockade.model import Application, EventSource


def application(
    folder: Path, template: str, files: Mapping[str, str] | None = None
) -> Application:
    """Write a template and other files into `folder` and load it: the one application in it."""
    for name, text in {"template.yaml": template, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    applications = load(folder).applications
    assert len(applications) == 1
    return applications[0]


def only(app: Application, function: str = "F") -> EventSource:
    """Return the one event source of a function."""
    sources = app.event_sources_of(function)
    assert len(sources) == 1, sources
    return sources[0]
