"""Calls that prove who sent something: signatures of tokens and of webhooks."""

from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.libraries.proofs import (
    DECODERS,
    TOKEN_VERIFIERS,
    WEBHOOK_VERIFIERS,
    is_checked,
)


def verifies(call: ExternalCall) -> bool:
    """Tell whether a call checks the signature of a token."""
    return call.callee in TOKEN_VERIFIERS or (
        call.callee in DECODERS and is_checked(call.callee, call.arguments)
    )


def verifying_functions(facts: Facts) -> frozenset[str]:
    """Return the functions whose code finds out by itself who is calling."""
    return frozenset(
        call.function for call in facts.calls if call.callee in WEBHOOK_VERIFIERS or verifies(call)
    )
