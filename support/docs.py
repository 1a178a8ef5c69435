"""Write the generated parts of README.md and docs/, or check that they are current.

A generated part stands between `<!-- generated: NAME WORDS... -->` and `<!-- end -->`. NAME is
`report` (what a scan of a folder prints, its first finding in full), `help` (of a command),
`rules` (the table of all rules) or `practices` (which rules judge each).
"""

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from pathlib import Path

from stockade.api import scan
from stockade.cli.arguments import parser
from stockade.practices import PRACTICES, Practice
from stockade.reports.terminal import render
from stockade.rules import RULES

PROJECT = Path(__file__).parent.parent
PART = re.compile(r"(<!-- generated: (.+?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
COLUMNS = 88
"""The width of help texts, whatever the terminal's."""


def main() -> int:
    """Write what has changed; with `--check` only tell, and fail."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="write nothing, fail if stale")
    check = arguments.parse_args().check
    stale = list(stale_pages())
    for page, text in stale:
        print("stale:" if check else "written:", page.relative_to(PROJECT))
        if not check:
            page.write_text(text)
    if check and stale:
        print("`make docs` writes them anew", file=sys.stderr)
    return int(check and bool(stale))


def stale_pages() -> Iterator[tuple[Path, str]]:
    """Yield each page whose generated parts are not current, with the text it should have."""
    os.chdir(PROJECT)
    os.environ["COLUMNS"] = str(COLUMNS)
    for page in sorted([PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]):
        text = page.read_text()
        current = PART.sub(_current, text)
        if current != text:
            yield page, current


def _current(part: re.Match[str]) -> str:
    name, *words = part[2].split()
    return f"{part[1]}{PARTS[name](*words)}{part[4]}"


def _report(folder: str) -> str:
    """Show the first finding in full and the totals; what stands between is counted."""
    report = scan(folder)
    first, *middle, totals = render(report).strip("\n").split("\n\n")
    more = [f"... and {len(report.findings) - 1} more ..."] if middle else []
    shown = "\n\n".join([first, *more, totals])
    return f"```console\n$ stockade scan {folder}\n{shown}\n```\n"


def _help(command: str) -> str:
    """Show what `stockade COMMAND --help` prints."""
    out = io.StringIO()
    with redirect_stdout(out), suppress(SystemExit):
        parser().parse_args([command, "--help"])
    return f"```text\n{out.getvalue()}```\n"


def _rules() -> str:
    """List the rules by practice."""
    rows = [
        f"| [{info.id}](rules/{info.id}.md) | {info.title} | {info.practice} "
        f"| {', '.join(map(str, info.cwe))} | {info.harm.name.lower()} | {info.persona} "
        f"| {info.responsibility} |\n"
        for info in (rule.info for rule in RULES)
    ]
    head = "| rule | what it finds | practice | CWE | harm if anyone can | persona | whose |\n"
    return f"{head}| --- | --- | --- | --- | --- | --- | --- |\n{''.join(rows)}"


def _practices() -> str:
    """List the practices, each with the rules and figures that judge it, by area."""
    areas = dict.fromkeys(practice.area for practice in PRACTICES)
    return "\n".join(_area(area) for area in areas)


def _area(area: str) -> str:
    head = f"## {area}\n\n| practice | what the application does | broken when | judged by |\n"
    rows = [
        f"| {one.id} | {one.does} | {one.broken} | {', '.join(_judges(one))} |\n"
        for one in PRACTICES
        if one.area == area
    ]
    return f"{head}| --- | --- | --- | --- |\n{''.join(rows)}"


def _judges(practice: Practice) -> Iterator[str]:
    for rule in RULES:
        if rule.info.practice == practice.id:
            yield f"[{rule.info.id}](rules/{rule.info.id}.md)"
    for figure in practice.figures:
        yield f"[`{figure.command}`]({figure.page}.md)"


PARTS: dict[str, Callable[..., str]] = {
    "report": _report,
    "help": _help,
    "rules": _rules,
    "practices": _practices,
}


if __name__ == "__main__":
    sys.exit(main())
