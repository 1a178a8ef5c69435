"""Documents in texts: JSON and YAML that an author wrote out, with values put in between."""

from typing import Final

from stockade.load.terraform.scope import Scope
from stockade.load.terraform.values import encoded, known
from stockade.load.texts import concatenate
from stockade.load.written_documents import read_text
from stockade.model import (
    Choice,
    Concatenation,
    List,
    Map,
    NoValue,
    Scalar,
    Unknown,
    Value,
    constant,
)

_MOST_CHOICES: Final = 4
"""Parts of one document that conditions decide: each doubles the ways it is read."""


def document(value: Value, scope: Scope, *, yaml: bool = False) -> Value:
    """Return what a text of JSON (or YAML) says; Unknown if it is none or not known.

    Values that are put into the text are put into what it says.
    """
    found = known(value)
    inner = encoded(found)
    if inner is not None:
        return inner
    match found:
        case Scalar(value=str()):
            return read_text(found, scope, yaml=yaml)
        case Concatenation():
            parsed = read_text(found, scope, yaml=yaml)
            if isinstance(parsed, Unknown):
                return _by_choice(found, parsed, scope, yaml=yaml)
            return parsed
        case Choice():
            then, otherwise = (
                one if isinstance(one, NoValue) else document(one, scope, yaml=yaml)
                for one in (found.then, found.otherwise)
            )
            return Choice(found.condition, then, otherwise, found.at)
        case Map() | List() | Unknown():
            return found
        case _:
            told = constant(found)
            why = told.why if isinstance(told, Unknown) else "it is no text"
            return Unknown(why, value.at)


def _by_choice(
    found: Concatenation, failed: Unknown, scope: Scope, *, yaml: bool
) -> Choice | Unknown:
    """Return a document of which a condition decides whole parts (`%{ if }`), each way by itself.

    Unknown, as before, where no condition does.
    """
    choices = [number for number, part in enumerate(found.parts) if isinstance(part, Choice)]
    if not choices or len(choices) > _MOST_CHOICES:
        return failed
    before, after = found.parts[: choices[0]], found.parts[choices[0] + 1 :]
    choice = found.parts[choices[0]]
    if not isinstance(choice, Choice):
        return failed
    then, otherwise = (
        document(concatenate((*before, one, *after), found.at, scope), scope, yaml=yaml)
        for one in (choice.then, choice.otherwise)
    )
    if isinstance(then, Unknown) and isinstance(otherwise, Unknown):
        return failed
    return Choice(choice.condition, then, otherwise, found.at)
