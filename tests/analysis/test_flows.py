"""Data of an event is followed to where it does harm, and nowhere else."""

import re
from pathlib import Path

import pytest
from one_function import application

from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.facts import OriginKind
from stockade.analysis.run import run_handler
from stockade.model import EventSourceType

CASES = Path(__file__).parent / "flows"
EXPECTED = re.compile(r"# flow: (\S+) (.+?)(?=$|  #)")


def cases() -> list[tuple[str, str]]:
    """Read the snippets: each begins with `# === name`."""
    found = []
    for path in sorted(CASES.glob("*.py")):
        for part in re.split(r"^# === ", path.read_text(), flags=re.MULTILINE)[1:]:
            name, _, code = part.partition("\n")
            found.append((f"{path.stem}: {name}", code))
    return found


def event_types(name: str) -> tuple[str, ...]:
    """Return the event source that a snippet's name begins with, a public route if none."""
    _, _, title = name.partition(": ")
    kind = title.partition(":")[0]
    return (kind,) if kind in set(EventSourceType) else ("http-api",)


@pytest.mark.parametrize(("name", "code"), cases(), ids=[name for name, _ in cases()])
def test_flows_are_those_that_the_comments_name(name: str, code: str, tmp_path: Path) -> None:
    """Each snippet has exactly the flows that its comments promise, on their lines."""
    (tmp_path / "app.py").write_text(code)

    run = run_handler(*application(tmp_path, event_types(name)), ModuleCache())

    expected = {
        (number, match[1], match[2].strip())
        for number, line in enumerate(code.splitlines(), start=1)
        for match in EXPECTED.finditer(line)
    }
    found = {
        (hit.site.span.line, hit.kind, hit.taint.data.field)
        for hit in run.hits
        if hit.kind in ("shell", "sql") or hit.taint.data.kind is OriginKind.SECRET
    }
    assert found == expected
