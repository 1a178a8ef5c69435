"""An archive is unpacked outside its folder. Its page is docs/rules/archive-escapes-folder.md."""

import re
from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript

# From 3.14 on, `tarfile` refuses by itself what leaves the folder (PEP 706).
_FILTERS_BY_DEFAULT = (3, 14)


@rule(
    title="an archive from an event can leave its folder",
    harm=Severity.HIGH,
    practice="C4",
    cwe=(22,),
)
def archive_escapes_folder(app: Application, facts: Facts) -> Iterator[Match]:
    """Report tar archives of others that are unpacked without a filter."""
    flows = (flow for flow in facts.flows_into("archive") if not _filters(app, flow))
    return from_flows(app, flows, _can, _instead)


def _filters(app: Application, flow: Flow) -> bool:
    found = re.fullmatch(r"python(\d+)\.(\d+)", str(app.functions[flow.function].runtime))
    return found is not None and (int(found[1]), int(found[2])) >= _FILTERS_BY_DEFAULT


def _can(flow: Flow) -> str:
    return f"write files anywhere that {flow.function} can, by what is in an archive"


def _instead(flow: Flow) -> str:
    if in_javascript(flow):
        return "leave `preservePaths` out: tar then keeps what it unpacks inside the folder"
    if flow.callee.startswith("shutil."):
        return 'pass filter="data" to unpack_archive(), which refuses paths outside the folder'
    return 'pass filter="data", which refuses paths, links and devices outside the folder'
