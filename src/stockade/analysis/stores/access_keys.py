"""Access keys of users: where templates show them, and which clients code gives them to.

Follows "Managing access keys for IAM users" of the IAM User Guide: such keys have no end, while
credentials of a role come with a session token and end within hours.
"""

from collections.abc import Iterator

from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import (
    Application,
    Concatenation,
    Function,
    Location,
    Map,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
    inside,
    references,
)
from stockade.model.record import record

KEY = "AWS::IAM::AccessKey"
_IDS = ("aws_access_key_id", "accessKeyId")
_TOKENS = ("aws_session_token", "sessionToken")
_STORES_OF_SECRETS = ("it comes from aws.secretsmanager.", "it comes from aws.ssm.")


@record
class Shown:
    """A place where a template shows the secret half of an access key."""

    where: str
    """In the plural, as the beginning of a sentence."""
    at: Location


def shown_in(app: Application, key: str) -> list[Shown]:
    """Return where the secret of an access key can be read by whoever looks."""
    found = [
        Shown("the stack's outputs", value.at)
        for stack in app.stacks
        for value in stack.outputs.values()
        if _shows(value, key)
    ]
    for function in app.functions.values():
        if not isinstance(function.environment, Unknown):
            name = app.resources[function.id].name
            found += [
                Shown(f"the settings of {name}", value.at)
                for value in function.environment.values()
                if _shows(value, key)
            ]
    return found


def made_by(app: Application, function: Function, name: str) -> tuple[Location, ...]:
    """Return the access keys that an environment variable holds the secret of, by their places."""
    if isinstance(function.environment, Unknown):
        return ()
    value = function.environment.get(name)
    keys = (app.resources.get(one.resource) for one in references(value)) if value else ()
    return tuple(key.at for key in keys if key is not None and key.type == KEY)


def _shows(value: Value, key: str) -> bool:
    return any(
        one.resource == key and one.attribute == "SecretAccessKey" for one in references(value)
    )


def given_keys(facts: Facts) -> Iterator[ExternalCall]:
    """Yield the calls of AWS by clients that the code gave a user's keys.

    Keys with a session token are those of a role; what an event brings, or what nothing is known
    of, is not taken for a user's.
    """
    for call in facts.calls:
        if call.callee.startswith("aws.") and any(
            _is_of_a_user(given) for given in _given(call.receiver.get("0"), call)
        ):
            yield call


def _given(options: Value | None, call: ExternalCall) -> Iterator[Map]:
    """Yield what a client was made of, where that holds keys."""
    named = Map(call.receiver, call.at, {})
    for held in (named, options, *inside(options, "credentials")):
        if isinstance(held, Map) and any(name in held for name in _IDS):
            yield held


def _is_of_a_user(given: Map) -> bool:
    if any(name in given for name in _TOKENS):
        return False
    return any(_is_kept(given.get(name)) for name in _IDS)


def _is_kept(value: Value | None) -> bool:
    """Tell whether a key is written down somewhere: in the template, the code, a secret."""
    match value:
        case Scalar(value=str()) | Parameter() | Reference() | Concatenation():
            return True
        case Unknown(why):
            return why.startswith(_STORES_OF_SECRETS)
        case _:
            return False
