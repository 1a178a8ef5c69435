"""Callers are handed a whole role. Its page is docs/rules/credentials-not-scoped.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts, Flow, OriginKind
from stockade.model import Application, Match, Severity
from stockade.rules._matches import answered
from stockade.rules._rule import rule

_NARROWING = ("Policy", "PolicyArns", "Tags")
_SERVICES = ("aws.sts.Client.assume_role", "aws.sts.Client.get_session_token")
_INSTEAD = (
    "give AssumeRole a Policy that names this caller's rows or objects only, and a "
    "DurationSeconds of minutes; or sign one request for one object, which is a presigned URL"
)


@rule(
    title="callers are handed credentials of a whole role",
    harm=Severity.HIGH,
    practice="I4",
    cwe=(266, 269),
)
def credentials_not_scoped(app: Application, facts: Facts) -> Iterator[Match]:
    """Report credentials in an answer that no session policy or tag narrows to their caller."""
    wide = {
        call.at for call in facts.calls_to(*_SERVICES) if call.complete and not _is_narrowed(call)
    }
    flows = (
        flow for flow in facts.flows_into("response", OriginKind.SECRET) if flow.origin.at in wide
    )
    return answered(app, facts, flows, _says, _INSTEAD)


def _is_narrowed(call: ExternalCall) -> bool:
    """Tell whether the code narrows the credentials: with a session policy, or tags for one."""
    return any(name in call.arguments for name in _NARROWING)


def _says(flow: Flow, caller: str) -> str:
    return f"{caller} is handed credentials by {flow.function}, with all that their role may do"
