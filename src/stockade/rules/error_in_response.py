"""An error's text is sent to the caller. Its page is docs/rules/error-in-response.md."""

from collections.abc import Iterator
from functools import partial

from stockade.analysis.facts import Facts, Flow, OriginKind
from stockade.model import Application, Exposure, Match, Persona, Severity
from stockade.rules._matches import answers_to, leaks
from stockade.rules._rule import rule
from stockade.rules._wording import who


@rule(
    title="the text of an error is sent to the caller",
    harm=Severity.LOW,
    practice="C9",
    cwe=(209,),
    persona=Persona.STRICT,
)
def error_in_response(app: Application, facts: Facts) -> Iterator[Match]:
    """Report the texts of exceptions in what a handler answers to its callers."""
    flows = (
        flow
        for flow in facts.flows_into("response", OriginKind.ERROR)
        if flow.origin.field != "the traceback"
        and answers_to(app, facts, flow.function) is not None
    )
    return leaks(flows, partial(_seen_by, app, facts), partial(_says, app, facts), _instead)


def _seen_by(app: Application, facts: Facts, flow: Flow) -> Exposure:
    return answers_to(app, facts, flow.function) or Exposure.APPLICATION


def _says(app: Application, facts: Facts, flow: Flow) -> str:
    caller = who(app, None, _seen_by(app, facts, flow))
    return f"{caller} can read the names of tables, roles and files in errors of {flow.function}"


def _instead(_flow: Flow) -> str:
    return "log the error, and answer with a fixed text and the request's id"
