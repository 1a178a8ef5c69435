"""A secret is logged. Its page is docs/rules/secret-in-log.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow, OriginKind
from stockade.model import Application, Exposure, Match, Severity
from stockade.rules._matches import leaks
from stockade.rules._rule import rule


@rule(title="a secret is written to the log", harm=Severity.CRITICAL, practice="C9", cwe=(532,))
def secret_in_log(_app: Application, facts: Facts) -> Iterator[Match]:
    """Report every flow from a secret, or from the whole environment, into a log."""
    flows = facts.flows_into("log", OriginKind.SECRET, OriginKind.ENVIRONMENT)
    return leaks(flows, lambda _flow: Exposure.APPLICATION, _says, _instead)


def _says(flow: Flow) -> str:
    if flow.origin.kind is OriginKind.ENVIRONMENT:
        return f"whoever reads the log of {flow.function} can take its credentials"
    return f"whoever reads the log of {flow.function} can read {_named(flow)}"


def _named(flow: Flow) -> str:
    field = flow.origin.field
    return f"the secret {field}" if field and "..." not in field else "a secret"


def _instead(flow: Flow) -> str:
    if flow.origin.kind is OriginKind.ENVIRONMENT:
        return "log the settings that matter by name; the environment holds the role's credentials"
    return "log that the secret was read, never what it holds"
