"""Whole folders: which applications are loaded, and what is said of the rest."""

from pathlib import Path

import pytest

from stockade.errors import InputError
from stockade.load import LoadOptions, load

_TEMPLATE = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: src}
"""


def _write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_TEMPLATE)


def test_each_template_is_an_application_of_its_own(tmp_path: Path) -> None:
    """Templates that have nothing to do with each other are loaded one by one."""
    _write(tmp_path, "a/template.yaml", "b/template.yaml")
    done: list[tuple[int, int]] = []
    loaded = load(tmp_path, progress=lambda *counts: done.append(counts))

    names = [app.name for app in loaded.applications]
    assert names == ["a/template.yaml", "b/template.yaml"]
    assert done == [(1, 2), (2, 2)]


def test_a_template_can_be_named(tmp_path: Path) -> None:
    """Of a folder with several templates only the named file is loaded."""
    _write(tmp_path, "a.yaml", "b.yaml")

    assert [app.name for app in load(tmp_path / "a.yaml").applications] == ["a.yaml"]


@pytest.mark.parametrize("pattern", ["b/template.yaml", "b", "b/", "*/template.yaml"])
def test_excluded_templates_are_not_loaded(tmp_path: Path, pattern: str) -> None:
    """A path, a folder or a pattern keeps templates out."""
    _write(tmp_path, "template.yaml", "b/template.yaml")
    loaded = load(tmp_path, LoadOptions(exclude=(pattern,)))

    assert [app.name for app in loaded.applications] == ["template.yaml"]


def test_a_folder_without_templates_has_no_applications(tmp_path: Path) -> None:
    """Nothing to scan is an answer, not an error."""
    (tmp_path / "readme.md").write_text("text")

    assert load(tmp_path).applications == ()


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    """The user is told what to name instead."""
    with pytest.raises(InputError, match="does not exist"):
        load(tmp_path / "gone")


def test_what_is_unseen_of_an_application_stands_there_once(tmp_path: Path) -> None:
    """The folder tells only what belongs to no application."""
    _write(tmp_path, "good/template.yaml")
    (tmp_path / "broken.yaml").write_text("Resources: {A: {Type: 'AWS::S3::Bucket'\n")
    loaded = load(tmp_path)

    assert [one.at.path for one in loaded.unseen] == ["broken.yaml"]
    assert [one.kind for one in loaded.applications[0].unseen] == ["handler"]
