"""A token is believed unseen. Its page is docs/rules/unverified-token.md."""

import re
from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.exposure.routes import is_of_unseen_api
from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.libraries.proofs import DECODERS, is_checked
from stockade.model import (
    Application,
    Concatenation,
    Exposure,
    Match,
    Scalar,
    Severity,
)
from stockade.model.record import replace
from stockade.rules._matches import event_fields, from_calls, most_exposed
from stockade.rules._rule import rule
from stockade.rules._tokens import verifies
from stockade.rules._wording import in_javascript, source_of

_NEVER_VERIFY = (
    "jose.jwt.get_unverified_claims",
    "jose.jws.get_unverified_claims",
    "npm:jsonwebtoken.decode",
    "npm:jose.decodeJwt",
    "npm:jose.UnsecuredJWT.decode",
    "npm:jws.decode",
    "npm:jwt-decode",
    "npm:jwt-decode.jwtDecode",
)
_BY_HAND = (
    "base64.urlsafe_b64decode",
    "base64.b64decode",
    "base64.standard_b64decode",
    "node:buffer.Buffer.from",
    "ecmascript.atob",
)
_OF_URLS = ("base64.urlsafe_b64decode", "node:buffer.Buffer.from", "ecmascript.atob")
"""Calls that are noted where they decode a part between dots, or the alphabet of URLs."""
_TOKEN = pattern(r"authorization|token|jwt|bearer|cookie", re.IGNORECASE)

_OF_PAGES = pattern(
    r"(?:next|page|pagination|continuation|start|starting|cursor|last|sync|upload)_?token",
    re.IGNORECASE,
)
"""What names the next page of a list: it says nothing of whoever asks for it."""


@rule(
    title="a token's signature is not verified",
    harm=Severity.CRITICAL,
    practice="C8",
    cwe=(347,),
)
def unverified_token(app: Application, facts: Facts) -> Iterator[Match]:
    """Report claims that are read from tokens nobody verified, here or at the gateway."""
    verifying = {call.function for call in facts.calls if verifies(call)}
    calls = (
        call
        for call in facts.calls
        if call.exposure is Exposure.ANYONE and call.function not in verifying and _believes(call)
    )
    for match in from_calls(app, facts, calls, _says, _instead):
        source = source_of(app, most_exposed(app, facts, match.resource or ""))
        if source is not None and is_of_unseen_api(source):
            # Its authorizer may have verified the token: only the code was read.
            yield replace(match, harm=Severity.MEDIUM)
        else:
            yield match


def _believes(call: ExternalCall) -> bool:
    """Tell whether a call reads a token's claims without a look at its signature."""
    if call.callee in _NEVER_VERIFY:
        return True
    if call.callee in DECODERS:
        return not is_checked(call.callee, call.arguments)
    return call.callee in _BY_HAND and _reads_claims(call)


def _reads_claims(call: ExternalCall) -> bool:
    """Tell whether a part of a token is decoded by hand: padded, or in the alphabet of URLs.

    Basic authentication, whole and padded already, is read with the ordinary alphabet.
    """
    text = call.arguments.get("s", call.arguments.get("0"))
    if not any(
        _TOKEN.search(data.field) and not _OF_PAGES.search(data.field)
        for data in event_fields(text)
    ):
        return False
    padded = isinstance(text, Concatenation) and any(
        isinstance(part, Scalar) and "=" in str(part.value) for part in text.parts
    )
    return padded or call.callee in _OF_URLS


def _says(call: ExternalCall, who: str) -> str:
    return f"{who} can write the token that {call.function} believes"


def _instead(call: ExternalCall) -> str:
    how = (
        "jwtVerify(token, keys, { issuer, audience }) of jose"
        if in_javascript(call)
        else 'jwt.decode(token, key, algorithms=["RS256"], audience=...)'
    )
    return (
        f"let an authorizer of the API verify the token, or verify it here: {how} with the key of "
        "the issuer"
    )
