"""A secret is written into code. Its page is docs/rules/secret-in-code.md."""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.stores.secrets import (
    is_a_password,
    is_named,
    is_password,
    is_secret,
    redacted,
)
from stockade.analysis.stores.settings import Held, in_code, in_templates, written_in_code
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    List,
    Location,
    Map,
    Match,
    Scalar,
    Severity,
    SourceFile,
    Step,
    Value,
    alternatives,
)
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript

_CREDENTIALS = {
    "aws_secret_access_key": "a secret key of AWS",
    "aws_session_token": "a session token of AWS",
    "secretAccessKey": "a secret key of AWS",
    "sessionToken": "a session token of AWS",
}
_KEYS = {
    "jwt.encode": "1",
    "jose.jwt.encode": "1",
    "jwt.decode": "1",
    "jose.jwt.decode": "1",
    "hmac.new": "0",
    "npm:jsonwebtoken.sign": "1",
    "npm:jsonwebtoken.verify": "1",
    "node:crypto.createHmac": "1",
    "node:crypto.createCipheriv": "1",
    "node:crypto.createDecipheriv": "1",
    "cryptography.fernet.Fernet": "0",
    "hmac.digest": "0",
    **{
        f"{package}.Cipher.{cipher}.new": "0"
        for package in ("Crypto", "Cryptodome")
        for cipher in ("AES", "DES", "DES3", "Blowfish", "ARC4", "ChaCha20", "ChaCha20_Poly1305")
    },
    "cryptography.hazmat.primitives.ciphers.algorithms.AES": "0",
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM": "0",
    "npm:crypto-js.AES.encrypt": "1",
    "npm:crypto-js.AES.decrypt": "1",
    "npm:crypto-js.HmacSHA256": "1",
    "smtplib.SMTP.login": "1",
    "smtplib.SMTP_SSL.login": "1",
}
"""Calls whose argument at a position is a key."""
_READING = {
    True: "GetSecretValueCommand, or getSecret",
    False: "get_secret_value, or get_secret",
}
"""What reads a secret: in JavaScript, and elsewhere."""


@rule(
    title="a secret is written into code",
    harm=Severity.CRITICAL,
    practice="K1",
    cwe=(798, 540),
)
def secret_in_code(app: Application, facts: Facts) -> Iterator[Match]:
    """Report keys of known formats in code, and constants that are passed as passwords."""
    said: set[tuple[str, int]] = set()
    each: dict[str, list[tuple[Held, bool]]] = {}
    found = [(held, in_javascript(held.at)) for held in in_code(app)]
    for held, is_script in (*found, *_passed(app, facts)):
        place = (held.at.path, held.at.line)
        if place not in said:
            said.add(place)
            each.setdefault(held.text, []).append((held, is_script))
    for several in each.values():
        # One secret is one finding, wherever it stands and whatever for: it is changed once.
        held, is_script = several[0]
        others = [other.at for other, _ in several[1:]]
        yield Match(
            at=held.at,
            message=f"whoever reads the code has {held.name}: {redacted(held.text)}",
            because=(
                Step(held.at, "it is written here"),
                *(Step(at, "and here") for at in others),
            ),
            confidence=Confidence.MEDIUM,
            exposure=Exposure.PARTNER,
            identity=(held.name, held.at.path),
            help=(
                "change it, keep it in Secrets Manager, and read it when the function runs: "
                f"{_READING[is_script]} of Powertools"
            ),
            hides=(held.at, *others),
        )


def _passed(app: Application, facts: Facts) -> Iterator[tuple[Held, bool]]:
    """Yield constants that code passes under a secret's name, or as a key; if it is JavaScript.

    What is written in a template is the template's, where its own rule tells it; code within a
    template is read with it.
    """
    templates = {stack.template for stack in app.stacks}
    told: set[tuple[str, int]] | None = None
    for held, call in _handed_over(app, facts):
        if call.at.path in templates:
            continue
        if held.at.path != call.at.path:
            if told is None:
                told = {(one.at.path, one.at.line) for one in in_templates(app)}
            if (held.at.path, held.at.line) in told:
                continue
        yield held, in_javascript(call)


def _handed_over(app: Application, facts: Facts) -> Iterator[tuple[Held, ExternalCall]]:
    placed = _Places(app)
    for call in facts.calls:
        position = _KEYS.get(call.callee)
        for name, value in _given(call):
            if position is None and not is_named(name):
                continue
            for way in alternatives(value):
                text = getattr(way, "value", None)
                if not isinstance(way, Scalar) or not isinstance(text, str):
                    continue
                if name in (position, "key") and position is not None:
                    if is_a_password(text) or _signs(call.callee, value):
                        signer = call.callee.removeprefix("npm:").removeprefix("node:")
                        at = placed.of(way, text, call)
                        yield Held(f"the key of {signer}", text, at), call
                elif _is_given(name, text):
                    what = _CREDENTIALS.get(name, f"`{name}`")
                    yield Held(what, text, placed.of(way, text, call)), call


_LOCKS = pattern(r"\.Cipher\.|\bciphers\b|createCipheriv|createDecipheriv|\.AES\.")


def _signs(callee: str, key: Value) -> bool:
    """Tell whether a constant, however weak, is all that tokens are signed or texts locked with.

    Another constant beside it is a default that a setting takes the place of.
    """
    text = key.value if isinstance(key, Scalar) else None
    return (
        isinstance(text, str)
        and len(set(text)) > 1  # `x` and `****` stand where a key was taken out.
        and bool(text)
        and (
            callee.rpartition(".")[0].endswith(("jwt", "jsonwebtoken"))
            or _LOCKS.search(callee) is not None
        )
        and "-----BEGIN" not in text
        # What stands there before a deployment puts the key in its place.
        and not text.startswith(("{{resolve:", "${"))
    )


_WITH_NAME = 2


def _given(call: ExternalCall) -> Iterator[tuple[str, Value]]:
    """Yield the arguments of a call, and the options that it or its object were made with."""
    for name, value in call.arguments.items():
        yield name, value
        if name == "auth" and isinstance(value, List) and len(value.items) == _WITH_NAME:
            yield "password", value.items[1]  # `auth=(user, password)` of requests and httpx
        if not call.callee.startswith("aws."):
            yield from _options(value)
    for value in call.receiver.values():
        yield from _options(value)


def _options(value: Value, deep: int = 2) -> Iterator[tuple[str, Value]]:
    for name, held in value if isinstance(value, Map) else ():
        yield name, held
        if deep:
            yield from _options(held, deep - 1)


def _is_given(name: str, text: str) -> bool:
    return is_a_password(text) if is_password(name) else is_secret(name, text)


class _Places:
    """Where the constants are written that calls are given."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._elsewhere: dict[tuple[str, str], Location | None] = {}

    def of(self, written: Scalar, text: str, call: ExternalCall) -> Location:
        """Find it: nearest to the call, on the way from the handler, or in another file."""
        if written.at.path != call.at.path:
            return written.at
        for near in (call.at, *(step.at for step in reversed(call.steps))):
            file = self._app.sources.read(near.path)
            lines = file.text.splitlines() if isinstance(file, SourceFile) else []
            found = [
                (abs(number - near.line), number, line.find(text))
                for number, line in enumerate(lines, 1)
                if text in line
            ]
            if found:
                _, number, column = min(found)
                return Location(near.path, number, column + 1, number, column + 1 + len(text))
        asked = (call.function, text)
        if asked not in self._elsewhere:
            self._elsewhere[asked] = written_in_code(self._app, *asked)
        return self._elsewhere[asked] or call.at
