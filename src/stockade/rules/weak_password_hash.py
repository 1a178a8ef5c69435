"""A password is hashed fast. Its page is docs/rules/weak-password-hash.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import Application, Match, Severity
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
    calls = (call for call in facts.calls_to(*HASHES) if takes_password(call))
    return from_calls(app, facts, calls, _says, _instead)


def _says(call: ExternalCall, _who: str) -> str:
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
