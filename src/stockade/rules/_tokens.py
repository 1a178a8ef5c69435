"""Calls that prove who sent something, and those that issue the proof: tokens and webhooks."""

from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.libraries.proofs import (
    DECODERS,
    TOKEN_VERIFIERS,
    WEBHOOK_VERIFIERS,
    is_checked,
)

ISSUING = {
    "jwt.encode": ("payload", "0"),
    "jwt.PyJWT.encode": ("payload", "0"),
    "jose.jwt.encode": ("claims", "0"),
    "authlib.jose.jwt.encode": ("payload", "1"),
    "joserfc.jwt.encode": ("claims", "1"),
    "npm:jsonwebtoken.sign": ("payload", "0"),
    "npm:jose.SignJWT": ("payload", "0"),
    "npm:jwt-simple.encode": ("payload", "0"),
}
"""Calls that sign a token, and the argument that holds its claims, by name and position."""


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
