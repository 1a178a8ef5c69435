"""Handlers in JavaScript, run for tests."""

from pathlib import Path

from stockade.analysis.code.modules import ModuleCache
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
