"""A text keeps a regular expression busy. Its page is docs/rules/pattern-that-stalls.md."""

from collections.abc import Iterator
from itertools import chain

from stockade._late import pattern
from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Exposure, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript

_LOOKS_UP = pattern(r"(?i)(?:get|find|fetch|load|query|select|look_?up)_?[a-z]")
"""How calls are named that find something under what they are given."""


@rule(
    title="a text can keep a regular expression busy until the function times out",
    harm=Severity.MEDIUM,
    practice="F2",
    cwe=(1333,),
)
def pattern_that_stalls(app: Application, facts: Facts) -> Iterator[Match]:
    """Report patterns that outsiders' texts make exponential, and those that outsiders write."""
    flows = (
        flow
        for flow in chain(facts.flows_into("stalls"), facts.flows_into("pattern"))
        if flow.origin.exposure > Exposure.APPLICATION and not _is_looked_up(flow)
    )
    return from_flows(app, flows, _can, _instead)


def _is_looked_up(flow: Flow) -> bool:
    """Tell whether the text is what code that was not read found by what the event says."""
    return any(map(_LOOKS_UP.match, flow.calls))


def _can(flow: Flow) -> str:
    if flow.kind == "pattern":
        return f"keep {flow.function} busy until it times out, with a pattern that never ends"
    return f"keep {flow.function} busy until it times out, with a text that a pattern stalls on"


def _instead(flow: Flow) -> str:
    if flow.kind == "pattern":
        escaped = "RegExp.escape()" if in_javascript(flow) else "re.escape()"
        return f"look for {carried(flow)} as a plain text, or escape it with {escaped}"
    return (
        "write the pattern so that what repeats can take no text in two ways: no repeated part "
        f"within a repeated part, unless a separator ends each; and bound the length of"
        f" {carried(flow)} to some tens of characters before it is matched"
    )
