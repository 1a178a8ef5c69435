"""A secret is sent to the caller. Its page is docs/rules/secret-in-response.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow, OriginKind
from stockade.model import Application, Match, Severity
from stockade.rules._matches import answered
from stockade.rules._rule import rule

_INSTEAD = "use the secret here, and answer with what was done with it"


@rule(title="a secret is sent to the caller", harm=Severity.CRITICAL, practice="C9", cwe=(200,))
def secret_in_response(app: Application, facts: Facts) -> Iterator[Match]:
    """Report secrets, or the whole environment, in what a handler answers to its callers."""
    flows = (
        flow
        for flow in facts.flows_into("response", OriginKind.SECRET, OriginKind.ENVIRONMENT)
        if not _is_handed_out(flow)
    )
    return answered(app, facts, flows, _says, _INSTEAD)


def _is_handed_out(flow: Flow) -> bool:
    """Tell whether it is what a token service is for: credentials of a role for the caller."""
    return flow.origin.field.startswith("credentials of")


def _says(flow: Flow, caller: str) -> str:
    if flow.origin.kind is OriginKind.ENVIRONMENT:
        return f"{caller} can read the environment of {flow.function}, its credentials included"
    field = flow.origin.field
    secret = f"the secret {field}" if field and "..." not in field else "a secret"
    return f"{caller} can read {secret} from the answer of {flow.function}"
