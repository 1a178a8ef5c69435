"""Data of an event is followed through JavaScript and TypeScript as through Python."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.facts import OriginKind
from stockade.analysis.run import Run, run_handler
from stockade.load.sources import Folder
from stockade.model import (
    Application,
    EventSource,
    EventSourceType,
    Function,
    Handler,
    Location,
    SourceFile,
)

CASES = Path(__file__).parent / "flows_js"
EXPECTED = re.compile(r"// flow: (\S+) (.+)$")


def cases() -> Iterator[object]:
    """Read the snippets: each begins with `// === name`; TypeScript's are in `.ts` files."""
    for path in sorted(CASES.iterdir()):
        for part in re.split(r"^// === ", path.read_text(), flags=re.MULTILINE)[1:]:
            name, _, code = part.partition("\n")
            yield pytest.param(name, code, path.suffix, id=f"{path.stem}: {name}")


def run(folder: Path, kind: str, file: str = "app.js", symbol: str = "handler") -> Run:
    """Run the handler in `file` of an application of one function, which `kind` invokes."""
    sources = Folder(folder)
    at = Location("template.yaml", 1)
    source = sources.read(file)
    assert isinstance(source, SourceFile)
    function = Function(
        id="F",
        at=at,
        runtime="nodejs22.x",
        handler=Handler(file=source, symbol=symbol, language="javascript"),
        roots=("",),
        environment={},
        role="R",
    )
    app = Application(
        name="template.yaml",
        stacks=(),
        resources={},
        functions={"F": function},
        roles={},
        event_sources=(
            EventSource(id="F/event", type=EventSourceType(kind), function="F", at=at),
        ),
        sources=sources,
        unseen=(),
    )
    assert isinstance(function.handler, Handler)
    return run_handler(app, function, function.handler, ModuleCache())


@pytest.mark.parametrize(("name", "code", "ending"), list(cases()))
def test_flows_are_those_that_the_comments_name(
    name: str, code: str, ending: str, tmp_path: Path
) -> None:
    """Each snippet has exactly the flows that its comments promise, on their lines."""
    (tmp_path / f"app{ending}").write_text(code)
    kind = name.partition(":")[0]

    done = run(tmp_path, kind if kind in set(EventSourceType) else "http-api", f"app{ending}")

    expected = {
        (number, match[1], match[2].strip())
        for number, line in enumerate(code.splitlines(), start=1)
        if (match := EXPECTED.search(line))
    }
    found = {
        (hit.site.span.line, hit.kind, hit.taint.data.field)
        for hit in done.hits
        if hit.kind not in ("log", "object-key") or hit.taint.data.kind is OriginKind.SECRET
    }
    assert found == expected
    assert not done.unseen
