"""A link lasts for days. Its page is docs/rules/presigned-for-long.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import Application, Match, Scalar, Severity, alternatives
from stockade.rules._matches import from_calls
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript

_SIGNS = (
    "aws.s3.Client.generate_presigned_url",
    "aws.s3.Client.generate_presigned_post",
)
_LONGEST = 12 * 3600
"""Seconds. The credentials of a function's role, and so its links, do not last longer."""


@rule(title="a presigned link lasts for days", harm=Severity.MEDIUM, practice="B3", cwe=(613,))
def presigned_for_long(app: Application, facts: Facts) -> Iterator[Match]:
    """Report presigned links that are made for more than half a day."""
    calls = (call for call in facts.calls_to(*_SIGNS) if _seconds(call) > _LONGEST)
    return from_calls(app, facts, calls, _says, _instead)


def _seconds(call: ExternalCall) -> float:
    """Return how long a link is made for at least, as far as it is known."""
    written = call.arguments.get("ExpiresIn")
    if written is None:
        return 0
    known = [
        way.value
        for way in alternatives(written)
        if isinstance(way, Scalar)
        and isinstance(way.value, int | float)
        and not isinstance(way.value, bool)
    ]
    return min(known, default=0)


def _says(call: ExternalCall, _who: str) -> str:
    days = _seconds(call) / 86400
    return (
        f"whoever comes by a link of {call.function} can use it for {days:.3g} days, or as long "
        "as its role's credentials last"
    )


def _instead(call: ExternalCall) -> str:
    minutes = "expiresIn: 300" if in_javascript(call) else "ExpiresIn=300"
    return (
        f"make links for minutes ({minutes}) when they are asked for; one that has to last is a "
        "page of yours that makes a new link"
    )
