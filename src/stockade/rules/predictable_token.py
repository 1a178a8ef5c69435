"""A token can be foreseen. Its page is docs/rules/predictable-token.md."""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_calls
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript

_CHANCE = (
    "ecmascript.Math.random",
    *(
        f"random.{name}"
        for name in (
            "choice",
            "choices",
            "getrandbits",
            "randbytes",
            "randint",
            "random",
            "randrange",
            "sample",
            "shuffle",
            "uniform",
        )
    ),
)
_WORDS = (
    r"(?:token|otp|passw(?:or)?d|passcode|pin_?code|pin|secret|api_?key|csrf|xsrf|session_?(?:id|key)|sid|"
    r"(?:verification|auth|reset|login|access|confirmation|security|one_time|secret_login)_?code|"
    r"secret_?key)(?:_?(?:str|string|value|hex|hash))?"
)
_PROVES = pattern(rf"(?:^|_){_WORDS}$")
"""Names of what proves who someone is, or lets whoever knows it in."""
_MAKES = pattern(
    rf"(?:^|_)(?:generate|gen|make|create|new|random|get|build|issue)_(?:\w+_)?{_WORDS}s?$"
)
"""Names of functions that make such a thing."""
_PROVES_NOTHING = pattern(
    r"(?:request|client|next|page|continuation|idempotency|sync|trace|task|batch|log|sample|mock|"
    r"fake|test)"
    r"_?token|mock|fake|dummy"
)
_CAMEL = pattern(r"(?<=[a-z0-9])(?=[A-Z])|[-.]")


@rule(
    title="a token can be foreseen",
    harm=Severity.HIGH,
    practice="C8",
    cwe=(338, 330),
)
def predictable_token(app: Application, facts: Facts) -> Iterator[Match]:
    """Report tokens, passwords and codes that are made by chance that can be foreseen."""
    calls = (call for call in facts.calls_to(*_CHANCE) if _made(call) is not None)
    return from_calls(app, facts, calls, _says, _instead)


def _made(call: ExternalCall) -> str | None:
    """Return what the code calls the secret that it makes by this call, or None."""
    for name in call.named:
        words = _CAMEL.sub("_", name.removesuffix("()")).lower()
        known = _MAKES if name.endswith("()") else _PROVES
        if known.search(words) and not _PROVES_NOTHING.search(words):
            return name
    return None


def _says(call: ExternalCall, who: str) -> str:
    return f"{who} can foresee the secret that {call.function} makes as `{_made(call)}`"


def _instead(call: ExternalCall) -> str:
    if in_javascript(call):
        return (
            "make it with crypto.randomBytes(32).toString('hex'), a code with crypto.randomInt()"
        )
    return "make it with secrets.token_urlsafe(), a code with secrets.randbelow(10 ** 6)"
