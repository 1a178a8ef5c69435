"""A certificate is not verified. Its page is docs/rules/certificate-not-verified.md."""

from collections.abc import Iterator, Mapping

from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import Application, Map, Match, Scalar, Severity, Value
from stockade.rules._matches import from_calls
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript

_ALWAYS = ("ssl._create_unverified_context",)
_SET_FALSE = ("requests.Session.verify=", "ssl.SSLContext.check_hostname=")
_SET_ZERO = ("os.environ.NODE_TLS_REJECT_UNAUTHORIZED=", "os.environ.PYTHONHTTPSVERIFY=")
_VERIFYING = ("requests.", "httpx.", "boto3.")
"""Libraries whose calls verify certificates unless they are told `verify=False`."""
_NO_CERTIFICATE = frozenset({"CERT_NONE", "ssl.CERT_NONE"})
_CHECKS = frozenset({"rejectUnauthorized", "strictSSL", "strictSsl"})
"""Options of Node.js, and of packages that have names of their own for it."""
_DEEPEST = 3


@rule(
    title="a certificate is not verified",
    harm=Severity.MEDIUM,
    practice="C8",
    cwe=(295,),
)
def certificate_not_verified(app: Application, facts: Facts) -> Iterator[Match]:
    """Report connections over TLS that take any certificate."""
    calls = (call for call in facts.calls if _takes_any(call))
    return from_calls(app, facts, calls, _says, _instead)


def _takes_any(call: ExternalCall) -> bool:
    callee, given = call.callee, call.arguments
    if callee in _ALWAYS:
        return True
    if callee in _SET_FALSE:
        return _is_false(given.get("0"))
    if callee in _SET_ZERO:
        return _text(given.get("0")) == "0"
    if callee.startswith(_VERIFYING) and _is_false(given.get("verify")):
        return True
    if callee.startswith("urllib3.") and _text(given.get("cert_reqs")) in _NO_CERTIFICATE:
        return True
    if callee.startswith("aiohttp.") and any(
        map(_is_false, map(given.get, ("ssl", "verify_ssl")))
    ):
        return True
    return in_javascript(call) and _is_told_so(given, _DEEPEST)


def _is_told_so(options: Mapping[str, Value], deep: int) -> bool:
    """Tell whether options of Node.js, or options within them, take any certificate."""
    return any(
        (name in _CHECKS and _is_false(held))
        or (deep > 0 and isinstance(held, Map) and _is_told_so(held.entries, deep - 1))
        for name, held in options.items()
    )


def _is_false(value: Value | None) -> bool:
    return isinstance(value, Scalar) and value.value is False


def _text(value: Value | None) -> str | None:
    return str(value.value) if isinstance(value, Scalar) else None


def _says(call: ExternalCall, _who: str) -> str:
    return (
        f"whoever gets between {call.function} and the other side can read and change what they "
        "tell each other: any certificate is taken"
    )


def _instead(call: ExternalCall) -> str:
    how = "`ca: ...`" if in_javascript(call) else "`verify=...`"
    return f"leave the check on; give a certificate of your own, or of Amazon RDS, with {how}"
