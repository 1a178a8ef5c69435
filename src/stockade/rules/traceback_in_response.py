"""A traceback is sent to the caller. Its page is docs/rules/traceback-in-response.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow, OriginKind
from stockade.model import Application, Match, Severity
from stockade.rules._matches import answered
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript


@rule(title="a traceback is sent to the caller", harm=Severity.MEDIUM, practice="C9", cwe=(209,))
def traceback_in_response(app: Application, facts: Facts) -> Iterator[Match]:
    """Report tracebacks in what a handler answers to its callers."""
    flows = (
        flow
        for flow in facts.flows_into("response", OriginKind.ERROR)
        if flow.origin.field == "the traceback"
    )
    return answered(app, facts, flows, _says, _instead)


def _says(flow: Flow, caller: str) -> str:
    return (
        f"{caller} can read how {flow.function} is built from the {_name(flow)}s it answers with"
    )


def _instead(flow: Flow) -> str:
    return f"log the {_name(flow)}, and answer with a fixed text and the request's id"


def _name(flow: Flow) -> str:
    return "stack trace" if in_javascript(flow) else "traceback"
