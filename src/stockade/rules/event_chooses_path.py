"""Event data chooses a file. Its page is docs/rules/event-chooses-path.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import (
    carried,
    has_untold_senders,
    in_javascript,
    is_called_by_name,
)


@rule(
    title="event data chooses the path of a file",
    harm=Severity.HIGH,
    practice="C4",
    cwe=(22,),
)
def event_chooses_path(app: Application, facts: Facts) -> Iterator[Match]:
    """Report paths that events choose, unless those who may call the function by name do."""
    flows = (
        flow
        for flow in facts.flows_into("path")
        if not is_called_by_name(app, flow) or has_untold_senders(app, flow)
    )
    return from_flows(app, flows, _can, _instead, once_a_field=True)


def _can(flow: Flow) -> str:
    return f"choose the file that {flow.function} {_does(flow.callee)}"


def _does(callee: str) -> str:
    name = callee.rpartition(".")[2].removesuffix("Sync")
    if name in _REMOVES:
        return "removes"
    return "writes" if name in _WRITES else "opens"


_REMOVES = frozenset({"remove", "unlink", "rmdir", "removedirs", "rmtree", "rm"})
_WRITES = frozenset(
    {"write_text", "write_bytes", "download_file", "mkdir", "makedirs", "touch"}
) | {
    "writeFile",
    "appendFile",
    "createWriteStream",
    "copyFile",
    "rename",
}


def _instead(flow: Flow) -> str:
    if in_javascript(flow):
        return (
            f"take path.basename() of {carried(flow)}, or name the file yourself, in a "
            "folder of its own: fs.mkdtemp()"
        )
    return (
        f"take os.path.basename() of {carried(flow)}, or name the file yourself: "
        "tempfile.NamedTemporaryFile()"
    )
