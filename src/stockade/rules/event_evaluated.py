"""Event data is run as Python. Its page is docs/rules/event-evaluated.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript


@rule(title="event data is run as code", harm=Severity.CRITICAL, practice="C5", cwe=(94, 95))
def event_evaluated(app: Application, facts: Facts) -> Iterator[Match]:
    """Report every flow from an event into something that runs it as code."""
    return from_flows(app, facts.flows_into("code"), _can, _instead)


def _can(flow: Flow) -> str:
    if flow.callee.startswith("aws.lambda."):
        return f"replace the code of a function through {flow.function}"
    language = "JavaScript" if in_javascript(flow) else "Python"
    return f"run {language} code in {flow.function}"


def _instead(flow: Flow) -> str:
    field = carried(flow)
    if flow.callee.startswith("aws.lambda."):
        return f"deploy code from where only you can write, never from {field}"
    if in_javascript(flow):
        return f"read {field} with JSON.parse(), which builds values and runs none"
    return f"read {field} with json.loads() or ast.literal_eval(), which build values and run none"
