"""A login of one's own. Its page is docs/rules/home-made-login.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import Application, Exposure, Match, Severity
from stockade.rules._matches import from_calls
from stockade.rules._passwords import HASHES, HASHING, SLOW_HASHES, takes_password
from stockade.rules._rule import rule
from stockade.rules._tokens import ISSUING

_CHECKS = (
    "bcrypt.checkpw",
    "argon2.PasswordHasher.verify",
    "werkzeug.security.check_password_hash",
    "passlib.context.CryptContext.verify",
    "hmac.compare_digest",
    "builtins.==",
    "npm:bcrypt.compare",
    "npm:bcrypt.compareSync",
    "npm:bcryptjs.compare",
    "npm:bcryptjs.compareSync",
    "npm:argon2.verify",
)


@rule(
    title="passwords and sessions are handled by hand",
    harm=Severity.MEDIUM,
    practice="C8",
    cwe=(287,),
)
def home_made_login(app: Application, facts: Facts) -> Iterator[Match]:
    """Report functions that anyone can call and that check passwords, one line for each."""
    reported = set()
    for call in (*facts.calls_to(*_CHECKS), *facts.calls_to(*ISSUING)):
        if call.function in reported or call.exposure is not Exposure.ANYONE:
            continue
        if call.callee in _CHECKS and call.proved:
            continue  # Whoever calls has proved already who they are: a password is changed.
        if call.callee in _CHECKS and not takes_password(call):
            continue
        if call.callee in ISSUING and not _is_sent_passwords(facts, call.function):
            continue
        reported.add(call.function)
        yield from from_calls(app, facts, [call], _says, _INSTEAD)


def _is_sent_passwords(facts: Facts, function: str) -> bool:
    """Tell whether a function compares passwords of its events, in whatever way.

    One that only makes the hash to keep signs people up: there nothing is to be guessed.
    """
    handles = facts.calls_to(*HASHES, *(name for name in SLOW_HASHES if name not in HASHING))
    return any(call.function == function and takes_password(call) for call in handles)


def _says(call: ExternalCall, who: str) -> str:
    return f"{who} can guess passwords at {call.function}, which checks them by itself"


_INSTEAD = (
    "let an Amazon Cognito user pool sign users in: it counts failures, resets passwords and "
    "issues tokens that an authorizer of the API verifies"
)
