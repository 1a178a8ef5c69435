"""Calls that find out who sent something: signatures of tokens and webhooks, passwords."""

from collections.abc import Mapping
from typing import Final

from stockade.analysis.libraries.model import Argument, Model, Named, Proves, every
from stockade.model import EventData, List, Map, Scalar, walk

_JWT_SIMPLE: Final = "npm:jwt-simple.decode"

DECODERS: Final = (
    "jwt.decode",
    "jwt.PyJWT.decode",
    "jwt.decode_complete",
    "jwt.api_jwt.decode",
    "jose.jwt.decode",
    "npm:jsonwebtoken.verify",
    _JWT_SIMPLE,
)
"""Calls that read a token and check its signature, unless they are told not to."""

_RAISING: Final = frozenset(
    every(
        "cognitojwt.decode",
        "{authlib.jose,joserfc}.jwt.decode",
        # Each is called with the access token of a user, which Cognito verifies.
        "aws.cognito-idp.Client.{get_user,update_user_attributes,delete_user_attributes}",
        "aws.cognito-idp.Client.{change_password,delete_user,global_sign_out,list_devices}",
        "aws.cognito-idp.Client.{verify_user_attribute,set_user_mfa_preference}",
        "aws.cognito-idp.Client.get_user_attribute_verification_code",
        "firebase_admin.auth.verify_id_token",
        "google.oauth2.id_token.verify_oauth2_token",
        "npm:jose.jwtVerify",
        "npm:aws-jwt-verify.Verifier.{verify,verifySync}",
        "npm:google-auth-library.OAuth2Client.verifyIdToken",
    )
)
READERS: Final = frozenset(DECODERS) | {name for name in _RAISING if not name.startswith("aws.")}
"""Calls that give what a token says of its holder, once they have checked it."""
COMPARING: Final = frozenset(every("{hmac,secrets}.compare_digest", "node:crypto.timingSafeEqual"))
"""Calls that compare two texts in constant time."""
_ANSWERING: Final = COMPARING | frozenset(
    every("jose.jws.verify", "aws.kms.Client.{verify,verify_mac}", "node:crypto.verify")
)
_MAKING: Final = frozenset({"jose.jwk.construct", "node:crypto.createVerify"})
"""Calls that make what checks a signature: that one is checked is to be taken from them."""
TOKEN_VERIFIERS: Final = _RAISING | _ANSWERING | _MAKING
"""What checks a signature: a token that is also read without a check may have passed one."""

_WEBHOOKS_RAISING: Final = frozenset(
    every(
        "stripe.Webhook.construct_event",
        "stripe.WebhookSignature.verify_header",
        "nacl.signing.VerifyKey.verify",
        "svix.webhooks.Webhook.verify",
        "ecdsa.VerifyingKey.verify",
        "npm:stripe.Stripe.webhooks.{constructEvent,constructEventAsync}",
    )
)
_WEBHOOKS_ANSWERING: Final = frozenset(
    every(
        "slack_sdk.signature.SignatureVerifier.{is_valid,is_valid_request}",
        "twilio.request_validator.RequestValidator.validate",
        "discord_interactions.verify_key",
        "npm:discord-interactions.verifyKey",
        "npm:twilio.validateRequest",
        "npm:tweetnacl.sign.detached.verify",
        "npm:@octokit/webhooks-methods.verify",
    )
)
WEBHOOK_VERIFIERS: Final = _WEBHOOKS_RAISING | _WEBHOOKS_ANSWERING
"""Calls by which a function finds out that a service it knows has sent a webhook."""

_PASSWORDS_RAISING: Final = ("argon2.PasswordHasher.verify",)
_PASSWORDS_ANSWERING: Final = tuple(
    every(
        "bcrypt.checkpw",
        "werkzeug.security.check_password_hash",
        "passlib.context.CryptContext.verify",
        "npm:{bcrypt,bcryptjs}.{compare,compareSync}",
        "npm:argon2.verify",
    )
)

SIGNING_IN: Final = tuple(every("aws.cognito-idp.Client.{initiate_auth,admin_initiate_auth}"))
"""Calls that raise where the password that they are given is not that of the user."""
_FLOWS_WITH_PASSWORD: Final = frozenset(
    ["USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"]
)


def _shows_password(arguments: Mapping[str, Argument]) -> bool:
    """Tell whether a user pool is given the password itself, and not asked for a challenge."""
    flow = arguments.get("AuthFlow")
    return isinstance(flow, Scalar) and flow.value in _FLOWS_WITH_PASSWORD


def is_checked(callee: str, arguments: Mapping[str, Argument]) -> bool:
    """Tell whether a decoder checks the signature, and takes no token that has none."""
    if callee == _JWT_SIMPLE:
        unverified = arguments.get("2")
        return not (isinstance(unverified, Scalar) and unverified.value is True)
    options = arguments.get("options", arguments.get("3"))
    if isinstance(options, Map) and _is_false(options.get("verify_signature")):
        return False
    if _is_false(arguments.get("verify")):
        return False
    algorithms = arguments.get("algorithms", arguments.get("2"))
    if isinstance(algorithms, Map):
        algorithms = algorithms.get("algorithms")
    listed = algorithms.items if isinstance(algorithms, List) else (algorithms,)
    return not any(_lets_forge(one) for one in listed)


def _lets_forge(algorithm: Argument | None) -> bool:
    """Tell whether an algorithm is none at all, or whichever the token names.

    With a public key, a token that names HMAC is signed with what everyone knows: RFC 8725, 2.1.
    """
    if isinstance(algorithm, Scalar):
        return str(algorithm.value).lower() == "none"
    if algorithm is None or isinstance(algorithm, Named):
        return False
    return any(isinstance(one, EventData) for one in walk(algorithm))


def _is_false(value: Argument | None) -> bool:
    return isinstance(value, Scalar) and value.value is False


def _checking(callee: str) -> Proves:
    return Proves(callee, raises=True, when=lambda arguments: is_checked(callee, arguments))


MODELS: tuple[Model, ...] = (
    *(_checking(callee) for callee in DECODERS),
    *(
        Proves(callee, raises=True)
        for callee in sorted({*_RAISING, *_WEBHOOKS_RAISING, *_PASSWORDS_RAISING})
    ),
    *(Proves(callee, raises=True, when=_shows_password) for callee in SIGNING_IN),
    *(
        Proves(callee)
        for callee in sorted({*_ANSWERING, *_WEBHOOKS_ANSWERING, *_PASSWORDS_ANSWERING})
    ),
)
