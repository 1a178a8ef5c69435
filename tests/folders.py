"""Folders and templates for the tests of loading, written in place."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

from stockade.load.document import Document, parse
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.load.stacks import load_templates
from stockade.load.template import Template
from stockade.model import SourceFile, Unseen, Value, expression

HEAD = "AWSTemplateFormatVersion: '2010-09-09'\n"


def write(folder: Path, files: Mapping[str, str]) -> Folder:
    """Write files, dedented, and return the folder to scan."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(textwrap.dedent(text).encode())
    return Folder(folder)


def document(text: str, path: str = "template.yaml") -> Document:
    """Return the document that a text is."""
    parsed = parse(SourceFile(path, text))
    assert isinstance(parsed, Document), parsed
    return parsed


def root(text: str, path: str = "template.yaml") -> Value:
    """Return the root of a dedented document."""
    return document(textwrap.dedent(text), path).root


def loaded(
    folder: Path, files: Mapping[str, str], options: ParameterOptions | None = None
) -> tuple[tuple[tuple[Template, ...], ...], tuple[Unseen, ...]]:
    """Load the applications of a folder with these files."""
    return load_templates(write(folder, files), options or ParameterOptions())


def resolved(
    folder: Path, text: str, options: ParameterOptions | None = None
) -> tuple[Template, tuple[Unseen, ...]]:
    """Resolve one template, and return it with what was not seen."""
    text = HEAD + textwrap.dedent(text)
    groups, unseen = loaded(folder, {"template.yaml": text}, options)
    return groups[0][0], unseen


def value(
    folder: Path, written: str, rest: str = "", options: ParameterOptions | None = None
) -> Value:
    """Return what a property turns out to be that is written like this in a template."""
    head = "Resources:\n  Thing:\n    Type: AWS::SNS::Topic\n    Properties:\n      P:"
    body = textwrap.indent(textwrap.dedent(written), "        ")
    template, _ = resolved(folder, f"{head}\n{body}\n{textwrap.dedent(rest)}", options)
    found = template.resources["Thing"].properties.get("P")
    assert found is not None
    return found


def text_of(found: Value) -> str:
    """Return a value as the text that `Fn::Sub` would take."""
    return expression(found)
