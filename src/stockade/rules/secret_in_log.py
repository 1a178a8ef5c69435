"""A secret is logged. Its page is docs/rules/secret-in-log.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow, OriginKind
from stockade.model import Application, Exposure, Match, Severity
from stockade.rules._matches import leaks
from stockade.rules._passwords import is_password_field
from stockade.rules._rule import rule


@rule(title="a secret is written to the log", harm=Severity.CRITICAL, practice="C9", cwe=(532,))
def secret_in_log(_app: Application, facts: Facts) -> Iterator[Match]:
    """Report every flow from a secret, the whole environment or a password into a log."""
    flows = [
        *facts.flows_into("log", OriginKind.SECRET, OriginKind.ENVIRONMENT),
        *(flow for flow in facts.flows_into("log") if is_password_field(flow.origin.field)),
    ]
    return leaks(flows, lambda _flow: Exposure.APPLICATION, _says, _instead)


def _says(flow: Flow) -> str:
    if flow.origin.kind is OriginKind.EVENT:
        return f"whoever reads the log of {flow.function} can log in as its users"
    if flow.origin.kind is OriginKind.ENVIRONMENT:
        return f"whoever reads the log of {flow.function} can take its credentials"
    return f"whoever reads the log of {flow.function} can read {_named(flow)}"


def _named(flow: Flow) -> str:
    field = flow.origin.field
    return f"the secret {field}" if field and "..." not in field else "a secret"


def _instead(flow: Flow) -> str:
    if flow.origin.kind is OriginKind.ENVIRONMENT:
        return "log the settings that matter by name; the environment holds the role's credentials"
    if flow.origin.kind is OriginKind.EVENT:
        return "log who tried to log in, never the password"
    return "log that the secret was read, never what it holds"
