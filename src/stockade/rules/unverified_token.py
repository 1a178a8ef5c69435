"""A token is believed unseen. Its page is docs/rules/unverified-token.md."""

import re
from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import (
    Application,
    Concatenation,
    Exposure,
    List,
    Map,
    Match,
    Scalar,
    Severity,
    Value,
)
from stockade.rules._matches import event_fields, from_calls
from stockade.rules._rule import rule

_DECODERS = (
    "jwt.decode",
    "jwt.PyJWT.decode",
    "jwt.decode_complete",
    "jwt.api_jwt.decode",
    "jose.jwt.decode",
)
_NEVER_VERIFY = (
    "jose.jwt.get_unverified_claims",
    "jose.jws.get_unverified_claims",
)
_BY_HAND = ("base64.urlsafe_b64decode", "base64.b64decode", "base64.standard_b64decode")
# What checks a signature: a token that is also read without a check may have passed one of these.
_VERIFIERS = (
    "jose.jws.verify",
    "jose.jwk.construct",
    "cognitojwt.decode",
    "hmac.compare_digest",
    "authlib.jose.jwt.decode",
    "joserfc.jwt.decode",
    "aws.cognito-idp.Client.get_user",
    "firebase_admin.auth.verify_id_token",
    "google.oauth2.id_token.verify_oauth2_token",
    "aws.kms.Client.verify",
    "aws.kms.Client.verify_mac",
)
_TOKEN = pattern(r"authorization|token|jwt|bearer|cookie", re.IGNORECASE)


@rule(
    title="a token's signature is not verified",
    harm=Severity.CRITICAL,
    practice="C8",
    cwe=(347,),
)
def unverified_token(app: Application, facts: Facts) -> Iterator[Match]:
    """Report claims that are read from tokens nobody verified, here or at the gateway."""
    verifying = {call.function for call in facts.calls if _verifies(call)}
    calls = (
        call
        for call in facts.calls
        if call.exposure is Exposure.ANYONE and call.function not in verifying and _believes(call)
    )
    return from_calls(app, facts, calls, _says, _INSTEAD)


def _believes(call: ExternalCall) -> bool:
    """Tell whether a call reads a token's claims without a look at its signature."""
    if call.callee in _NEVER_VERIFY:
        return True
    if call.callee in _DECODERS:
        return _is_unchecked(call)
    return call.callee in _BY_HAND and _reads_claims(call)


def _verifies(call: ExternalCall) -> bool:
    if call.callee in _VERIFIERS:
        return True
    return call.callee in _DECODERS and not _is_unchecked(call)


def _is_unchecked(call: ExternalCall) -> bool:
    """Tell whether a decoder is told not to verify, or to take tokens without a signature."""
    options = call.arguments.get("options", call.arguments.get("3"))
    if isinstance(options, Map) and _is_false(options.get("verify_signature")):
        return True
    if _is_false(call.arguments.get("verify")):
        return True
    algorithms = call.arguments.get("algorithms", call.arguments.get("2"))
    listed = algorithms.items if isinstance(algorithms, List) else (algorithms,)
    return any(isinstance(one, Scalar) and str(one.value).lower() == "none" for one in listed)


def _is_false(value: Value | None) -> bool:
    return isinstance(value, Scalar) and value.value is False


def _reads_claims(call: ExternalCall) -> bool:
    """Tell whether a part of a token is decoded by hand: padded, or in the alphabet of URLs.

    Basic authentication, whole and padded already, is read with the ordinary alphabet.
    """
    text = call.arguments.get("s", call.arguments.get("0"))
    if not any(_TOKEN.search(data.field) for data in event_fields(text)):
        return False
    padded = isinstance(text, Concatenation) and any(
        isinstance(part, Scalar) and "=" in str(part.value) for part in text.parts
    )
    return padded or call.callee == "base64.urlsafe_b64decode"


def _says(call: ExternalCall, who: str) -> str:
    return f"{who} can write the token that {call.function} believes"


_INSTEAD = (
    "let an authorizer of the API verify the token, or verify it here: jwt.decode(token, key, "
    'algorithms=["RS256"], audience=...) with the key of the issuer'
)
