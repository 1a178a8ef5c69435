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
from stockade.model import (
    Application,
    AuthorizerKind,
    EventData,
    EventSource,
    EventSourceType,
    Exposure,
    Map,
    Names,
    Unknown,
    Value,
    expression,
    walk,
)
from stockade.model.record import record

_TABLES: Final = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
_CALLS: Final = pattern(
    r"aws\.dynamodb\.(?:Table|Client)\.(get_item|put_item|update_item|delete_item|query|scan)"
)
_NAMED_BY_CALLERS: Final = ("body", "pathParameters", "queryStringParameters", "arguments")
_USER: Final = pattern(
    r"(?i)(?:user|owner|customer|account|tenant|member|patient|student|player)_?-?(?:id|uuid|sub)"
    r"|uid|owner|user_?name"
)
"""What names a user, as attributes and fields of requests are called."""
_OWNER: Final = pattern(r"(?i)author|creator|seller|email|sub|user")
"""What else an attribute is called that says whose an item is; `createdBy` only keeps a record."""
_OF_MANY: Final = pattern(r"(?i)[ps]k|hash_?key|range_?key|partition_?key|sort_?key|id_?\d?")
"""Names of keys that items of many sorts share."""
_OF_STAFF: Final = pattern(r"(?i)admin|staff|internal|back_?office")
_BEFORE_SIGN_IN: Final = pattern(r"(?i)sign_?-?up|regist|log_?-?in|sign_?-?in|auth|invit")
_ASKING: Final = (AuthorizerKind.COGNITO, AuthorizerKind.JWT, AuthorizerKind.LAMBDA)


@record(kw_only=True)
class Use:
    """A call that touches items of one table, by the caller's word alone.

    `table` is a resource's id, or how the code names it; empty where that is not known. `verb` is
    what may be done with them: `"read"`, `"write"`, `"change"` or `"delete"`; `field`
    is the one of the request that names them. `is_user` tells that it names a user; otherwise
    `owner` is the call by which the application says that items of the table have owners.
    """

    call: ExternalCall
    table: str
    verb: str
    field: str
    is_user: bool
    owner: ExternalCall | None = None

    @property
    def is_change(self) -> bool:
        """Whether it does more than read."""
        return self.verb != "read"


@record(kw_only=True)
class _Call:
    """A call about items of a table."""

    call: ExternalCall
    table: str
    method: str

    def fields(self, *arguments: str) -> list[EventData]:
        """Return the data of the event in some of the arguments."""
        return [part for part in self.parts(*arguments) if isinstance(part, EventData)]

    def parts(self, *arguments: str) -> Iterator[Value]:
        """Yield everything in some of the arguments, in all if none is named."""
        for name, value in self.call.arguments.items():
            if not arguments or name in arguments:
                yield from walk(value)


def uses(app: Application, facts: Facts) -> Iterator[Use]:
    """Yield the calls that take the word of their caller for whose items they touch."""
    calls = list(_calls(app, facts))
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


def _calls(app: Application, facts: Facts) -> Iterator[_Call]:
    names: Names | None = None
    for call in facts.calls:
        matched = _CALLS.fullmatch(call.callee)
        if matched is not None:
            names = names or Names(app.resources)
            ways = (call.arguments.get("TableName"), *call.receiver.values())
            table = next((one for way in ways if (one := names.find(way, *_TABLES))), None)
            told = next((_told(way) for way in ways if way is not None), "")
            yield _Call(call=call, table=table or told, method=matched[1])


def _told(value: Value) -> str:
    """Return how the code names a table that no template declares; nothing where it is unknown."""
    text = expression(value)
    return "" if "${unknown}" in text or "${..." in text else text


def _is_for_users(app: Application, facts: Facts, function: str) -> bool:
    """Tell whether the users of an application call a function, and the gateway knows which."""
    if _OF_STAFF.search(function):
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
        and not _OF_STAFF.search(route.path)
    )


def _of_user(one: _Call) -> Use | None:
    """Return what a call does with items of the user whom its caller names."""
    match one.method:
        case "put_item":
            item = one.call.arguments.get("Item")
            entries = item.entries.items() if isinstance(item, Map) else ()
            held = [
                part for name, value in entries if _USER.fullmatch(name) for part in walk(value)
            ]
            verb = "write"
        case "query":
            held, verb = list(one.parts("ExpressionAttributeValues")), "read"
        case "get_item" | "update_item" | "delete_item" as method:
            held, verb = list(one.parts("Key")), _VERBS[method]
        case _:
            return None
    for part in held:
        if isinstance(part, EventData) and _names_user(part.field, verb, one.call.function):
            return Use(call=one.call, table=one.table, verb=verb, field=part.field, is_user=True)
    return None


_VERBS: Final = {"get_item": "read", "update_item": "change", "delete_item": "delete"}


def _names_user(field: str, verb: str, function: str) -> bool:
    way = path_of(field)
    return (
        len(way) > 1
        and way[0] in _NAMED_BY_CALLERS
        and _USER.fullmatch(way[-1]) is not None
        and not (verb == "write" and _BEFORE_SIGN_IN.search(function))
    )


def _of_owner(one: _Call, owners: dict[str, tuple[ExternalCall, bool]]) -> Use | None:
    """Return what a call does with an item of a table whose items have owners."""
    owned = owners.get(one.table)
    verb = _VERBS.get(one.method)
    key = one.call.arguments.get("Key")
    if owned is None or verb is None or not isinstance(key, Map):
        return None
    chosen = _chosen(key)
    owner, is_key = owned
    if chosen is None:
        return None
    if verb == "read" and (not is_key or any(_OF_MANY.fullmatch(name) for name, _ in key)):
        return None  # Items of other sorts may lie beside those that have owners.
    if verb == "change" and not one.fields("ExpressionAttributeValues", "AttributeUpdates"):
        return None  # It counts, or marks: what anybody may do to the item of another.
    return Use(call=one.call, table=one.table, verb=verb, field=chosen, is_user=False, owner=owner)


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


def _owners(calls: Iterable[_Call]) -> dict[str, tuple[ExternalCall, bool]]:
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


def _is_written(one: _Call) -> bool:
    item = one.call.arguments.get("Item")
    return isinstance(item, Map) and any(
        _is_caller(part)
        for name, value in item
        if _USER.fullmatch(name) or _OWNER.fullmatch(name) or _OF_MANY.fullmatch(name)
        for part in walk(value)
    )


def _is_caller(part: Value) -> bool:
    """Tell whether a value is what the gateway says of whoever calls."""
    return (
        isinstance(part, EventData | Unknown)
        and bool(part.field)
        and says_who_calls(path_of(part.field))
    )
