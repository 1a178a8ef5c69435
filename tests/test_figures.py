"""Figures: what the pages of practices that no rule judges show is what the commands print."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stockade.cli import main
from stockade.practices import PRACTICES

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted({figure.page for practice in PRACTICES for figure in practice.figures})
_FENCED = re.compile(r"(?:`(?P<path>[^`\n]+)`:\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)


@dataclass
class Shown:
    """An application on a page, and what a command says of it."""

    files: dict[str, str] = field(default_factory=dict)
    command: str = ""
    prints: str = ""


def shown(page: str) -> dict[str, Shown]:
    """Return the applications of a page by the heading they stand under."""
    text = (DOCS / f"{page}.md").read_text()
    found = {}
    for section in text.split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        one = found[heading] = Shown()
        for fenced in _FENCED.finditer(body):
            if fenced["kind"] == "console":
                command, _, one.prints = fenced["text"].partition("\n")
                one.command = command.removeprefix("$ ")
            else:
                one.files[fenced["path"]] = fenced["text"]
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_a_careless_and_a_careful_application(page: str) -> None:
    """Each page of a figure shows both, and what tells them apart."""
    found = shown(page)

    assert list(found) == ["Careless", "Careful"]
    assert found["Careless"].command == found["Careful"].command
    assert found["Careless"].files != found["Careful"].files


@pytest.mark.parametrize("name", ["Careless", "Careful"])
@pytest.mark.parametrize("page", PAGES)
def test_a_command_prints_what_its_page_shows(
    page: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command of a page, run in the folder of its application, prints just that."""
    one = shown(page)[name]
    for path, text in one.files.items():
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)

    program, *words = shlex.split(one.command)
    assert program == "stockade"
    main(words)

    assert capsys.readouterr().out == one.prints


def test_the_figure_of_a_practice_is_the_command_of_its_page() -> None:
    """What `explain` names as a practice's figure is what its page runs."""
    for practice in PRACTICES:
        for figure in practice.figures:
            assert shown(figure.page)["Careful"].command.startswith(figure.command)
