"""Callers say whom a token is for. Its page is docs/rules/event-chooses-claim.md."""

from collections.abc import Callable, Iterator

from stockade._late import pattern
from stockade.analysis.events import path_of
from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import (
    Application,
    Confidence,
    EventData,
    Exposure,
    Map,
    Match,
    Severity,
    Value,
    alternatives,
)
from stockade.model.record import record, replace
from stockade.rules._matches import from_calls
from stockade.rules._passwords import HASHES, SLOW_HASHES, takes_password
from stockade.rules._rule import rule
from stockade.rules._tokens import ISSUING
from stockade.rules._wording import place

_NAMED_BY_CALLERS = ("body", "pathParameters", "queryStringParameters")
_IDS = frozenset({"sub", "id", "uid", "userid", "customerid", "accountid", "memberid"})
_ADDRESSES = frozenset({"email", "mail", "emailaddress", "useremail", "phone", "phonenumber"})
_NAMES = frozenset({"username", "user", "login"})
_POWERS = frozenset(
    [
        *("role", "roles", "userrole", "isadmin", "admin", "scope", "scopes"),
        *("permission", "permissions", "group", "groups"),
    ]
)
_SENT = pattern(
    r"(?i)reset|verif|confirm|invit|magic|link|unsubscri|forgot|activat|recover|temp|state|challenge"
)
"""Names of tokens that are sent to an address, so that only its owner comes by them."""
_SENDING = pattern(
    r"(?i)\.(?:send_?(?:raw_?|templated_?|bulk_?)?e?mail(?:Message)?|sendmail|send_message)$"
)
"""Calls that send mail: a token may go where only the owner of the address reads it."""


@record
class _Chosen:
    """A claim of a token, and the field of the request that it is taken from."""

    claim: str
    field: str
    is_power: bool
    """Whether it says what its holder may do, not who that is."""


@rule(
    title="callers choose whom a token is made out to",
    harm=Severity.CRITICAL,
    practice="C8",
    cwe=(287, 290, 269),
)
def event_chooses_claim(app: Application, facts: Facts) -> Iterator[Match]:
    """Report tokens that are signed for whoever a request names, with no proof of it asked."""
    calls = [
        call
        for call in facts.calls_to(*ISSUING)
        if call.exposure is Exposure.ANYONE and not call.proved
    ]
    if not calls:
        return
    quiet = {
        call.function
        for call in facts.calls
        if _SENDING.search(call.callee)
        or (call.callee in (*HASHES, *SLOW_HASHES) and takes_password(call))
    }
    for call in calls:
        chosen = _chosen(call, is_quiet=call.function in quiet or _is_sent(call))
        if chosen is None:
            continue
        for match in from_calls(app, facts, [call], _saying(app, chosen), _instead(chosen)):
            yield replace(
                match,
                confidence=Confidence.MEDIUM,
                harm=Severity.HIGH if chosen.is_power else Severity.CRITICAL,
                identity=(call.function, chosen.claim),
            )


def _saying(app: Application, chosen: _Chosen) -> Callable[[ExternalCall, str], str]:
    def says(call: ExternalCall, who: str) -> str:
        resource = app.resources.get(call.function)
        name = call.function if resource is None else resource.name
        if chosen.is_power:
            return (
                f"{who} can give themselves the `{chosen.claim}` that {name} writes into their "
                f"token: it takes {place(chosen.field)}"
            )
        return (
            f"{who} can sign in as another: {name} makes out a token to {place(chosen.field)}, "
            "and asks for no proof of it"
        )

    return says


def _instead(chosen: _Chosen) -> str:
    if chosen.is_power:
        return "take it from what the application keeps of its users, or give everybody the least"
    return (
        "verify what proves it before the token is signed: the password, the code that was sent, "
        "or the ID token of the provider, with the provider's keys (verify_oauth2_token, "
        "verifyIdToken); or let an Amazon Cognito user pool sign users in"
    )


def _is_sent(call: ExternalCall) -> bool:
    return any(_SENT.search(name) for name in (*call.named, call.function))


def _chosen(call: ExternalCall, *, is_quiet: bool) -> _Chosen | None:
    """Return the worst claim that the request chooses: who its holder is, else what they may do.

    Whoever signs up is nobody yet, and what a mail carries only its reader has: there the token's
    holder may be named, and no more.
    """
    claims = call.arguments.get(
        ISSUING[call.callee][0], call.arguments.get(ISSUING[call.callee][1])
    )
    if not isinstance(claims, Map):
        return None
    found = {name: field for name, value in claims if (field := _taken(value)) is not None}
    if not is_quiet:
        has_id = any(_plain(name) in _IDS for name, _ in claims)
        kinds = _IDS | _ADDRESSES | (frozenset() if has_id else _NAMES)
        for name, field in found.items():
            if _plain(name) in kinds:
                return _Chosen(name, field, is_power=False)
    for name, field in found.items():
        if _plain(name) in _POWERS:
            return _Chosen(name, field, is_power=True)
    return None


def _taken(value: Value) -> str | None:
    """Return the field of a request that a claim is, as it came and looked at by nobody."""
    for one in alternatives(value):
        if isinstance(one, EventData) and not one.checked:
            way = path_of(one.field)
            if len(way) > 1 and way[0] in _NAMED_BY_CALLERS:
                return one.field
    return None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").rpartition(":")[2].lower()
