"""Items that belong to somebody, and the calls that take the caller's word for whose they are.

An application says in its code that items have owners: it writes who calls into them, or looks
for those of whoever calls. A function that never asks who calls, and finds an item by what its
caller names, finds everybody's. So does one whose caller names the user himself.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.events import ASKS, path_of, says_who_calls
from stockade.analysis.exposure.routes import is_of_unseen_api
from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.staff import OF_STAFF
from stockade.analysis.touched import NAMES_USER, Touch, touches
from stockade.model import (
    Application,
    AuthorizerKind,
    EventData,
    EventSource,
    EventSourceType,
    Exposure,
    Map,
    Unknown,
    Value,
    walk,
)
from stockade.model.record import record

_NAMED_BY_CALLERS: Final = ("body", "pathParameters", "queryStringParameters", "arguments")
_OWNER: Final = pattern(r"(?i)author|creator|seller|email|sub|user")
"""What else an attribute is called that says whose an item is; `createdBy` only keeps a record."""
_OF_MANY: Final = pattern(r"(?i)[ps]k|hash_?key|range_?key|partition_?key|sort_?key|id_?\d?")
"""Names of keys that items of many sorts share."""
_BEFORE_SIGN_IN: Final = pattern(r"(?i)sign_?-?up|regist|log_?-?in|sign_?-?in|auth|invit")
_ASKING: Final = (AuthorizerKind.COGNITO, AuthorizerKind.JWT, AuthorizerKind.LAMBDA)


@record(kw_only=True)
class Use:
    """A call that touches items of one table, by the caller's word alone.

    `table` is the id of a table or bucket, or how the code names it, empty where that is not
    known; `noun` says what it holds: `items`, `objects`, `documents`, `rows`. `verb` is what may
    be done with them: `"read"`, `"write"`, `"change"` or `"delete"`; `field` is the one of the
    request that names them. `is_user` tells that it names a user; otherwise `owner` is the call
    by which the application says that items of the table have owners.
    """

    call: ExternalCall
    table: str
    noun: str
    verb: str
    field: str
    is_user: bool
    owner: ExternalCall | None = None

    @property
    def is_change(self) -> bool:
        """Whether it does more than read."""
        return self.verb != "read"


def uses(app: Application, facts: Facts) -> Iterator[Use]:
    """Yield the calls that take the word of their caller for whose items they touch."""
    calls = list(touches(app, facts))
    if not calls:
        return
    asking = {call.function for call in facts.calls_to(ASKS)}
    unasked = {one.call.function: None for one in calls if one.call.function not in asking}
    trusting = {name for name in unasked if _is_for_users(app, facts, name)}
    if not trusting:
        return
    shown = {
        one.table
        for one in calls
        if one.method == "scan" and one.call.exposure >= Exposure.SIGNED_IN
    }
    owners = _owners(calls)
    found = [
        use
        for one in calls
        if one.call.function in trusting
        and (use := _of_user(one) or _of_owner(one, owners)) is not None
        and (use.is_change or use.table not in shown)
    ]
    changing = {use.call.function for use in found if use.is_change}
    # A function that writes for a user whom it was named has looked him up before.
    yield from (use for use in found if use.is_change or use.call.function not in changing)


def _is_for_users(app: Application, facts: Facts, function: str) -> bool:
    """Tell whether the users of an application call a function, and the gateway knows which."""
    if OF_STAFF.search(function):
        return False
    sources = app.event_sources_of(function)
    known = [one for one in sources if facts.exposures[one.id].exposure >= Exposure.SIGNED_IN]
    return bool(known) and all(_knows_users(one) for one in known)


def _knows_users(source: EventSource) -> bool:
    route = source.route
    if source.type is EventSourceType.GRAPHQL_API or is_of_unseen_api(source):
        return True
    return (
        route is not None
        and route.authorizer.kind in _ASKING
        and not route.authorizer.scopes  # Programs have these, which act for nobody.
        and not OF_STAFF.search(route.path)
    )


def _of_user(one: Touch) -> Use | None:
    """Return what a call does with items of the user whom its caller names."""
    for part in walk(one.named) if one.named is not None else ():
        if isinstance(part, EventData) and _names_user(part.field, one.verb, one.call.function):
            return _use(one, part.field)
    return None


def _use(one: Touch, field: str, owner: ExternalCall | None = None) -> Use:
    return Use(
        call=one.call,
        table=one.table,
        noun=one.noun,
        verb=one.verb,
        field=field,
        is_user=owner is None,
        owner=owner,
    )


def _names_user(field: str, verb: str, function: str) -> bool:
    way = path_of(field)
    return (
        len(way) > 1
        and way[0] in _NAMED_BY_CALLERS
        and NAMES_USER.fullmatch(way[-1]) is not None
        and not (verb == "write" and _BEFORE_SIGN_IN.search(function))
    )


def _of_owner(one: Touch, owners: dict[str, tuple[ExternalCall, bool]]) -> Use | None:
    """Return what a call does with an item of a table whose items have owners."""
    owned = owners.get(one.table)
    verb, key = one.verb, one.named
    if owned is None or one.method not in _BY_KEY or not isinstance(key, Map):
        return None
    chosen = _chosen(key)
    owner, is_key = owned
    if chosen is None:
        return None
    if verb == "read" and (not is_key or any(_OF_MANY.fullmatch(name) for name, _ in key)):
        return None  # Items of other sorts may lie beside those that have owners.
    if verb == "change" and not one.fields("ExpressionAttributeValues", "AttributeUpdates"):
        return None  # It counts, or marks: what anybody may do to the item of another.
    return _use(one, chosen, owner)


_BY_KEY: Final = ("get_item", "update_item", "delete_item")


def _chosen(key: Map) -> str | None:
    """Return the field that a caller names an item by, if nothing else makes the key."""
    found: str | None = None
    for part in walk(key):
        if (
            isinstance(part, EventData)
            and path_of(part.field)[:1] != ()
            and (path_of(part.field)[0] in _NAMED_BY_CALLERS)
        ):
            found = found or part.field
        elif isinstance(part, EventData | Unknown):
            return None
    return found


def _owners(calls: Iterable[Touch]) -> dict[str, tuple[ExternalCall, bool]]:
    """Return, by table, a call that says whose items are, and whether it finds them by that."""
    found: dict[str, tuple[ExternalCall, bool]] = {}
    for one in calls:
        if not one.table:
            continue
        is_key = any(
            _is_caller(part) for part in one.parts("Key", *_CONDITIONS.get(one.method, ()))
        )
        if is_key and not found.get(one.table, (None, False))[1]:
            found[one.table] = (one.call, True)
        elif one.method == "put_item" and _is_written(one):
            found.setdefault(one.table, (one.call, False))
    return found


_CONDITIONS: Final = {"query": ("ExpressionAttributeValues", "KeyConditionExpression")}


def _is_written(one: Touch) -> bool:
    item = one.call.arguments.get("Item")
    return isinstance(item, Map) and any(
        _is_caller(part)
        for name, value in item
        if NAMES_USER.fullmatch(name) or _OWNER.fullmatch(name) or _OF_MANY.fullmatch(name)
        for part in walk(value)
    )


def _is_caller(part: Value) -> bool:
    """Tell whether a value is what the gateway says of whoever calls."""
    return (
        isinstance(part, EventData | Unknown)
        and bool(part.field)
        and says_who_calls(path_of(part.field))
    )
