"""A number of a card is stored as it is. See docs/rules/sensitive-attribute-in-plain-text.md."""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import Application, EventData, Map, Match, Persona, Severity, Value, walk
from stockade.rules._matches import from_calls
from stockade.rules._rule import rule

_WRITES = (
    "aws.dynamodb.Table.put_item",
    "aws.dynamodb.Client.put_item",
    "aws.dynamodb.Batch.put_item",
)
_SENSITIVE = pattern(
    r"(?:^|_)(?:ssn|social_security(?:_number|_no)?|(?:credit_?)?card_?(?:number|no)|cvv|cvc|pan|"
    r"iban|(?:bank_)?account_number|passport(?:_number|_no)?|tax_?id|national_id|"
    r"driv(?:er|ing)s?_licen[cs]e(?:_number)?|diagnosis|medical_record)$"
)
_CAMEL = pattern(r"(?<=[a-z0-9])(?=[A-Z])|[-. ]+")


@rule(
    title="a sensitive attribute is stored in plain text",
    harm=Severity.HIGH,
    practice="T1",
    cwe=(312,),
    persona=Persona.STRICT,
)
def sensitive_attribute_in_plain_text(app: Application, facts: Facts) -> Iterator[Match]:
    """Report numbers of cards, accounts and documents that go from an event into a table."""
    calls = (call for call in facts.calls_to(*_WRITES) if _attribute(call) is not None)
    return from_calls(app, facts, calls, _says, _INSTEAD)


def _attribute(call: ExternalCall) -> str | None:
    """Return the name of an attribute that is sensitive and holds what an event brought."""
    item = call.arguments.get("Item")
    for part in walk(item) if item is not None else ():
        for name, value in part if isinstance(part, Map) else ():
            if _SENSITIVE.search(_CAMEL.sub("_", name).lower()) and _is_of_event(value):
                return name
    return None


def _is_of_event(value: Value) -> bool:
    return any(isinstance(part, EventData) for part in walk(value))


def _says(call: ExternalCall, _who: str) -> str:
    return f"whoever may read the table of {call.function} reads `{_attribute(call)}` of its users"


_INSTEAD = (
    "encrypt the attribute before it is stored, with Encrypt of KMS or the AWS Database "
    "Encryption SDK, under a key that only its readers may decrypt with; or let a payment "
    "provider keep it"
)
