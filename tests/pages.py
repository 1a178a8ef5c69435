"""Read the examples out of a rule's page: a section with files in it is one example, or two.

A section that shows no template is deployed with that of the example before it. Code in Python is
followed by its twin: "Or `app.mjs`, with `Runtime: nodejs22.x`:", the same application in
JavaScript or TypeScript, deployed with the same template but for its runtime. Where the idea
does not exist there, a line "JavaScript has no counterpart: why." stands in its place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAGES = Path(__file__).parent.parent / "docs" / "rules"

_HEADING = re.compile(r"#{2,3} (.+)")
_FILE = re.compile(r"`([^`]+)`:")
_TWIN = re.compile(r"Or `([^`]+)`, with `Runtime: ([^`]+)`:")
_NO_TWIN = re.compile(r"JavaScript has no counterpart: (.+)")
_PYTHON = re.compile(r"\bpython3\.\d+\b")
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
    twin: "Example | None" = None
    """The same application in JavaScript or TypeScript."""
    runtime: str = ""
    """What the template says in place of the runtime for Python."""
    no_twin: str = ""
    """Why there is no such application."""

    @property
    def in_python(self) -> bool:
        """Whether the example has code in Python."""
        return any(path.endswith(".py") for path in self.files)

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
    """Return the examples of a page, in its order, each followed by its twin."""
    found: list[Example] = []
    template = ""
    for example in _sections(page):
        if not example.files:
            continue
        template = example.files.setdefault(_TEMPLATE, template)
        found.append(example)
        if example.twin is not None:
            shared = {
                path: text for path, text in example.files.items() if not path.endswith(".py")
            }
            shared[_TEMPLATE] = _PYTHON.sub(example.twin.runtime, template)
            example.twin.files = {**shared, **example.twin.files}
            found.append(example.twin)
    return found


def _sections(page: Path) -> Iterator[Example]:
    section, shown, path = Example(page.stem), Example(page.stem), ""
    lines = iter(page.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if heading := _HEADING.fullmatch(line):
            yield section
            section = shown = Example(f"{page.stem}/{heading[1]}")
        elif named := _FILE.fullmatch(line):
            path = named[1]
        elif twin := _TWIN.fullmatch(line):
            path = twin[1]
            shown = section.twin = Example(f"{section.name}, in JavaScript", runtime=twin[2])
        elif reason := _NO_TWIN.fullmatch(line):
            section.no_twin = reason[1]
        elif fence := _FENCE.fullmatch(line):
            text = _block(lines, page)
            if fence[1] == "report":
                shown.report = text
            else:
                shown.files[path] = text
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
