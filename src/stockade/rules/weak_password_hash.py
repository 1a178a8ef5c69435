"""A password is hashed fast. Its page is docs/rules/weak-password-hash.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import Application, Match, Scalar, Severity
from stockade.rules._matches import from_calls
from stockade.rules._passwords import HASHES, takes_password
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript


@rule(
    title="a password is kept under a fast hash",
    harm=Severity.MEDIUM,
    practice="C8",
    cwe=(916,),
)
def weak_password_hash(app: Application, facts: Facts) -> Iterator[Match]:
    """Report passwords of events that go into hashes made for speed."""
    calls = (
        call
        for call in (*facts.calls_to(*HASHES), *facts.calls_to(*_REPEATED))
        if takes_password(call) and (call.callee in HASHES or _is_repeated_little(call))
    )
    return from_calls(app, facts, calls, _says, _instead)


_REPEATED = {
    "hashlib.pbkdf2_hmac": ("iterations", "3"),
    "node:crypto.pbkdf2": ("iterations", "2"),
    "node:crypto.pbkdf2Sync": ("iterations", "2"),
}
"""Hashes that are as slow as they are often repeated, and where they are told how often."""
_FEWEST = 10_000
"""A twentieth of what OWASP's Password Storage Cheat Sheet asks for at the least."""


def _is_repeated_little(call: ExternalCall) -> bool:
    times = [call.arguments.get(name) for name in _REPEATED[call.callee]]
    return any(
        isinstance(one, Scalar) and isinstance(one.value, int) and one.value < _FEWEST
        for one in times
    )


def _says(call: ExternalCall, _who: str) -> str:
    if call.callee in _REPEATED:
        return (
            f"whoever gets hold of the passwords that {call.function} keeps can guess them: "
            "PBKDF2 is repeated too few times"
        )
    return (
        f"whoever gets hold of the passwords that {call.function} keeps can guess them: "
        f"{HASHES[call.callee]} is made to be fast"
    )


def _instead(call: ExternalCall) -> str:
    scrypt = "crypto.scrypt" if in_javascript(call) else "hashlib.scrypt"
    return (
        "let Amazon Cognito keep the passwords; if they must be kept here, use argon2 or "
        f"{scrypt} with a salt of their own"
    )
