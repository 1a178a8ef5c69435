"""Calls that prove who sent something: signatures of tokens and of webhooks."""

from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import EventData, List, Map, Scalar, Value, walk

_JWT_SIMPLE = "npm:jwt-simple.decode"

DECODERS = (
    "jwt.decode",
    "jwt.PyJWT.decode",
    "jwt.decode_complete",
    "jwt.api_jwt.decode",
    "jose.jwt.decode",
    "npm:jsonwebtoken.verify",
    _JWT_SIMPLE,
)
# What checks a signature: a token that is also read without a check may have passed one of these.
_VERIFIERS = frozenset(
    {
        "jose.jws.verify",
        "jose.jwk.construct",
        "cognitojwt.decode",
        "hmac.compare_digest",
        "secrets.compare_digest",
        "authlib.jose.jwt.decode",
        "joserfc.jwt.decode",
        "aws.cognito-idp.Client.get_user",
        "firebase_admin.auth.verify_id_token",
        "google.oauth2.id_token.verify_oauth2_token",
        "aws.kms.Client.verify",
        "aws.kms.Client.verify_mac",
        "npm:jose.jwtVerify",
        "npm:aws-jwt-verify.Verifier.verify",
        "npm:google-auth-library.OAuth2Client.verifyIdToken",
        "node:crypto.timingSafeEqual",
        "node:crypto.createVerify",
        "node:crypto.verify",
    }
)
WEBHOOK_VERIFIERS = frozenset(
    {
        "stripe.Webhook.construct_event",
        "stripe.WebhookSignature.verify_header",
        "nacl.signing.VerifyKey.verify",
        "slack_sdk.signature.SignatureVerifier.is_valid",
        "slack_sdk.signature.SignatureVerifier.is_valid_request",
        "twilio.request_validator.RequestValidator.validate",
        "svix.webhooks.Webhook.verify",
        "discord_interactions.verify_key",
        "ecdsa.VerifyingKey.verify",
        "npm:stripe.Stripe.webhooks.constructEvent",
        "npm:stripe.Stripe.webhooks.constructEventAsync",
        "npm:discord-interactions.verifyKey",
        "npm:twilio.validateRequest",
        "npm:tweetnacl.sign.detached.verify",
        "npm:@octokit/webhooks-methods.verify",
    }
)
"""Calls by which a function finds out that a service it knows has sent a webhook."""


def verifies(call: ExternalCall) -> bool:
    """Tell whether a call checks the signature of a token."""
    if call.callee in _VERIFIERS:
        return True
    return call.callee in DECODERS and not is_unchecked(call)


def verifying_functions(facts: Facts) -> frozenset[str]:
    """Return the functions whose code finds out by itself who is calling."""
    return frozenset(
        call.function for call in facts.calls if call.callee in WEBHOOK_VERIFIERS or verifies(call)
    )


def is_unchecked(call: ExternalCall) -> bool:
    """Tell whether a decoder is told not to verify, or to take tokens without a signature."""
    if call.callee == _JWT_SIMPLE:
        unverified = call.arguments.get("2")
        return isinstance(unverified, Scalar) and unverified.value is True
    options = call.arguments.get("options", call.arguments.get("3"))
    if isinstance(options, Map) and _is_false(options.get("verify_signature")):
        return True
    if _is_false(call.arguments.get("verify")):
        return True
    algorithms = call.arguments.get("algorithms", call.arguments.get("2"))
    if isinstance(algorithms, Map):
        algorithms = algorithms.get("algorithms")
    listed = algorithms.items if isinstance(algorithms, List) else (algorithms,)
    return any(_lets_forge(one) for one in listed)


def _lets_forge(algorithm: Value | None) -> bool:
    """Tell whether an algorithm is none at all, or whichever the token names.

    With a public key, a token that names HMAC is signed with what everyone knows: RFC 8725, 2.1.
    """
    if isinstance(algorithm, Scalar):
        return str(algorithm.value).lower() == "none"
    return algorithm is not None and any(isinstance(one, EventData) for one in walk(algorithm))


def _is_false(value: Value | None) -> bool:
    return isinstance(value, Scalar) and value.value is False
