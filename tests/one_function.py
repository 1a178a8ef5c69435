"""An application of one function, for tests of what its code does."""

from pathlib import Path

from stockade.load.sources import Folder
from stockade.model import Application, EventSource, EventSourceType, Function, Handler, Location


def application(folder: Path, types: tuple[str, ...]) -> tuple[Application, Function, Handler]:
    """Make an application of one function whose code lies in `folder`."""
    sources = Folder(folder)
    file = sources.read("app.py")
    at = Location("template.yaml", 1)
    handler = Handler(file=file, symbol="handler", language="python")  # type: ignore[arg-type]
    function = Function(
        id="F", at=at, runtime="python3.13", handler=handler, roots=("",), environment={}, role="R"
    )
    app = Application(
        name="template.yaml",
        stacks=(),
        resources={},
        functions={"F": function},
        roles={},
        event_sources=tuple(
            EventSource(id=f"F/{kind}", type=EventSourceType(kind), function="F", at=at)
            for kind in types
        ),
        sources=sources,
        unseen=(),
    )
    return app, function, handler
