"""One customer's call may touch all items. Its page is docs/rules/items-of-every-customer.md."""

import re
from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.statements import conditions, covers, effect, statements
from stockade.analysis.stores.written import TABLES
from stockade.model import (
    Application,
    EventData,
    Exposure,
    Match,
    Names,
    Persona,
    Severity,
    Unknown,
    walk,
)
from stockade.rules._matches import from_calls
from stockade.rules._rule import rule

_CALLS = re.compile(
    r"aws\.dynamodb\.(?:Table|Client)\.(?:get_item|put_item|update_item|delete_item)"
)
_CLAIMS = re.compile(
    r"\bauthorizer\b.*(?:sub|username|user_?id|tenant|principalId)", re.IGNORECASE
)
_ITEMS = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")


@rule(
    title="a function serves one customer and may touch the items of all",
    harm=Severity.MEDIUM,
    practice="T2",
    cwe=(639,),
    persona=Persona.STRICT,
)
def items_of_every_customer(app: Application, facts: Facts) -> Iterator[Match]:
    """Report functions whose items belong to the caller and whose role knows no caller."""
    names = Names(app.resources)
    first: dict[str, ExternalCall] = {}
    for call in facts.calls:
        if call.function not in first and _CALLS.fullmatch(call.callee) and _is_callers(call):
            table = (call.arguments.get("TableName"), *call.receiver.values())
            if any(names.find(one, *TABLES) for one in table) and _touches_all(app, call.function):
                first[call.function] = call
    return from_calls(app, facts, first.values(), _says, _INSTEAD)


def _is_callers(call: ExternalCall) -> bool:
    """Tell whether the item's key is made of what the authorizer says about the caller."""
    key = call.arguments.get("Key", call.arguments.get("Item"))
    if call.exposure is not Exposure.SIGNED_IN or key is None:
        return False
    return any(
        isinstance(part, EventData | Unknown) and _CLAIMS.search(part.field) is not None
        for part in walk(key)
    )


def _touches_all(app: Application, function_id: str) -> bool:
    """Tell whether a statement of the function's own role allows items of any leading key."""
    role = app.role_of(app.functions[function_id])
    for policy in role.policies if role is not None else ():
        for statement in statements(policy.document):
            if effect(statement) == "allow" and covers(statement, _ITEMS):
                return not any(
                    "leadingkeys" in condition.key for condition in conditions(statement)
                )
    return False


def _says(call: ExternalCall, _who: str) -> str:
    return f"one mistake in {call.function} shows one customer the items of another"


_INSTEAD = (
    "assume a second role for each request, with the caller's id as a session tag, whose policy "
    'has ForAllValues:StringEquals: {dynamodb:LeadingKeys: ["${aws:PrincipalTag/user}"]}'
)
