"""Read the examples out of a rule's page: a section with files in it is one example.

A section that shows no template is deployed with that of the example before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAGES = Path(__file__).parent.parent / "docs" / "rules"

_HEADING = re.compile(r"#{2,3} (.+)")
_FILE = re.compile(r"`([^`]+)`:")
_FENCE = re.compile(r"```(\w+)")
_PROMISE = re.compile(r"(?:#|//) finding: ([\w-]+)")
_TEMPLATE = "template.yaml"


@dataclass
class Example:
    """A small application, and what stockade should say about it."""

    name: str
    files: dict[str, str] = field(default_factory=dict)
    report: str | None = None
    """The exact text of the report, where the page shows it."""

    @property
    def promised(self) -> set[tuple[str, str, int]]:
        """The rule, path and line that comments in the files promise."""
        return {
            (promise[1], path, number)
            for path, text in self.files.items()
            for number, line in enumerate(text.splitlines(), start=1)
            for promise in _PROMISE.finditer(line)
        }

    def write(self, folder: Path) -> None:
        """Write the application's files into `folder`."""
        for path, text in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def examples(page: Path) -> list[Example]:
    """Return the examples of a page, in its order."""
    found: list[Example] = []
    for example in _sections(page):
        if example.files:
            if _TEMPLATE not in example.files and found:
                example.files[_TEMPLATE] = found[-1].files[_TEMPLATE]
            found.append(example)
    return found


def _sections(page: Path) -> Iterator[Example]:
    section, path = Example(page.stem), ""
    lines = iter(page.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if heading := _HEADING.fullmatch(line):
            yield section
            section = Example(f"{page.stem}/{heading[1]}")
        elif named := _FILE.fullmatch(line):
            path = named[1]
        elif fence := _FENCE.fullmatch(line):
            text = _block(lines, page)
            if fence[1] == "report":
                section.report = text
            else:
                section.files[path] = text
    yield section


def _block(lines: Iterator[str], page: Path) -> str:
    """Return the text up to the end of the code block."""
    body: list[str] = []
    for line in lines:
        if line == "```":
            return "".join(f"{each}\n" for each in body)
        body.append(line)
    message = f"{page}: a code block is not closed"
    raise ValueError(message)
