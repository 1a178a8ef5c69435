"""An upload has no limits. Its page is docs/rules/presigned-upload-without-limits.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import Application, Exposure, Match, Scalar, Severity, walk
from stockade.rules._matches import from_calls
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript

_POST = "aws.s3.Client.generate_presigned_post"
_URL = "aws.s3.Client.generate_presigned_url"


@rule(
    title="an upload by anyone has no limit",
    harm=Severity.MEDIUM,
    practice="B3",
    cwe=(770,),
)
def presigned_upload_without_limits(app: Application, facts: Facts) -> Iterator[Match]:
    """Report links by which anyone may store objects of any size."""
    calls = (
        call
        for call in facts.calls_to(_POST, _URL)
        if call.exposure is Exposure.ANYONE and not call.proved and _has_no_limit(call)
    )
    return from_calls(app, facts, calls, _says, _instead)


def _has_no_limit(call: ExternalCall) -> bool:
    if call.callee == _URL:
        method = call.arguments.get("ClientMethod", call.arguments.get("0"))
        if not (isinstance(method, Scalar) and method.value == "put_object"):
            return False
        return not _mentions(call, "ContentLength")
    if not call.complete:
        return False
    conditions = call.arguments.get("Conditions", call.arguments.get("3"))
    if conditions is None:
        return True
    return _is_known(call) and not _mentions(call, "content-length-range")


def _is_known(call: ExternalCall) -> bool:
    conditions = call.arguments.get("Conditions", call.arguments.get("3"))
    return conditions is None or any(isinstance(part, Scalar) for part in walk(conditions))


def _mentions(call: ExternalCall, word: str) -> bool:
    for name, value in call.arguments.items():
        if name == word:
            return True
        for part in walk(value):
            if word in getattr(part, "entries", ()) or getattr(part, "value", None) == word:
                return True
    return False


def _says(call: ExternalCall, who: str) -> str:
    return f"{who} can fill the bucket at your cost: each link of {call.function} takes 5 GB"


def _instead(call: ExternalCall) -> str:
    how = (
        "createPresignedPost with Conditions: "
        if in_javascript(call)
        else "generate_presigned_post with Conditions="
    )
    return (
        f'use {how}[["content-length-range", 1, 5_000_000], '
        '["starts-with", "$Content-Type", "image/"]], and let only users who signed in ask for it'
    )
