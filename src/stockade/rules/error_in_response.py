"""An error's text is sent to the caller. Its page is docs/rules/error-in-response.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow, OriginKind
from stockade.model import Application, Match, Persona, Severity
from stockade.rules._matches import answered
from stockade.rules._rule import rule

_INSTEAD = "log the error, and answer with a fixed text and the request's id"


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
    )
    return answered(app, facts, flows, _says, _INSTEAD)


def _says(flow: Flow, caller: str) -> str:
    return f"{caller} can read the names of tables, roles and files in errors of {flow.function}"
