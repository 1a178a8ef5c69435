"""A traceback is sent to the caller. Its page is docs/rules/traceback-in-response.md."""

from collections.abc import Iterator
from functools import partial

from stockade.analysis.facts import Facts, Flow, OriginKind
from stockade.model import Application, Exposure, Match, Severity
from stockade.rules._matches import answers_to, leaks
from stockade.rules._rule import rule
from stockade.rules._wording import who


@rule(title="a traceback is sent to the caller", harm=Severity.MEDIUM, practice="C9", cwe=(209,))
def traceback_in_response(app: Application, facts: Facts) -> Iterator[Match]:
    """Report tracebacks in what a handler answers to its callers."""
    flows = (
        flow
        for flow in facts.flows_into("response", OriginKind.ERROR)
        if flow.origin.field == "the traceback"
        and answers_to(app, facts, flow.function) is not None
    )
    return leaks(flows, partial(_seen_by, app, facts), partial(_says, app, facts), _instead)


def _seen_by(app: Application, facts: Facts, flow: Flow) -> Exposure:
    return answers_to(app, facts, flow.function) or Exposure.APPLICATION


def _says(app: Application, facts: Facts, flow: Flow) -> str:
    caller = who(app, None, _seen_by(app, facts, flow))
    return f"{caller} can read how {flow.function} is built from the tracebacks it answers with"


def _instead(_flow: Flow) -> str:
    return "log the traceback, and answer with a fixed text and the request's id"
