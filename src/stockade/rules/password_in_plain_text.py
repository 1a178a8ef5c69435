"""A password is stored as it is. Its page is docs/rules/password-in-plain-text.md."""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import Application, Match, Severity
from stockade.rules._matches import event_fields, from_calls
from stockade.rules._passwords import HASHING, passwords
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript

_WRITES = (
    "aws.dynamodb.Table.put_item",
    "aws.dynamodb.Table.update_item",
    "aws.dynamodb.Client.put_item",
    "aws.dynamodb.Client.update_item",
    "aws.dynamodb.Batch.put_item",
    "aws.s3.Client.put_object",
    "pymongo.Collection.insert_one",
    "pymongo.Collection.update_one",
    "npm:mongodb.Collection.insertOne",
    "npm:mongodb.Collection.updateOne",
    "npm:mongodb.Collection.create",
)
_MODELS = ("npm:mongodb.Collection.create", "npm:mongodb.Collection.insertOne")
"""What runs the hooks of a model: `schema.pre("save", ...)`."""
_STATEMENTS = (
    ".Cursor.execute",
    ".Connection.execute",
    ".Connection.query",
    ".Client.query",
    ".execute_statement",
)
_QUERIES = (
    "boto3.dynamodb.conditions.Attr().eq",
    "boto3.dynamodb.conditions.Key().eq",
    "aws.dynamodb.Table.query",
    "aws.dynamodb.Table.scan",
    "aws.dynamodb.Client.query",
    "aws.dynamodb.Client.scan",
    "pymongo.Collection.find_one",
    "pymongo.Collection.find",
    "npm:mongodb.Collection.findOne",
    "npm:mongodb.Collection.find",
)


@rule(
    title="a password is stored in plain text",
    harm=Severity.HIGH,
    practice="C8",
    cwe=(256,),
)
def password_in_plain_text(app: Application, facts: Facts) -> Iterator[Match]:
    """Report passwords of events that are stored, or looked up, as they came."""
    hashing = {call.function for call in facts.calls if _is_hook(call)}
    calls = (
        call
        for call in facts.calls
        if _keeps(call) and not (call.callee in _MODELS and call.function in hashing)
    )
    return from_calls(app, facts, calls, _says, _instead)


def _keeps(call: ExternalCall) -> bool:
    stores = call.callee in (*_WRITES, *_QUERIES) or call.callee.endswith(_STATEMENTS)
    return stores and next(passwords(call.arguments.values()), None) is not None


def _is_hook(call: ExternalCall) -> bool:
    """Tell whether a model hashes what it holds itself, in what it runs before it is saved."""
    if not call.callee.startswith("npm:") or call.callee not in HASHING:
        return False
    return next(event_fields(call.arguments.get("0")), None) is None


def _says(call: ExternalCall, _who: str) -> str:
    return f"whoever can read the data of {call.function} can read its users' passwords"


def _instead(call: ExternalCall) -> str:
    hashes = "argon2.hash()" if in_javascript(call) else "argon2.PasswordHasher().hash()"
    return (
        "let Amazon Cognito keep the passwords; if they must be kept here, store what "
        f"{hashes} makes of them"
    )
