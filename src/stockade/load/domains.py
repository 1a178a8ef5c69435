"""Domains: the texts that a value may turn out to be, as far as the templates say.

This is what conditions and mappings are decided by. A parameter's default alone says nothing
here, because a deployment may give another value; `AllowedValues`, and a value that a parameter
file, the configuration, the command line or the parent stack gives, do.
"""

from stockade.load.scope import Scope
from stockade.model import Choice, Concatenation, Parameter, Scalar, Value, constant

_MAX_TEXTS = 64


def possible_texts(value: Value, scope: Scope) -> frozenset[str] | None:
    """Return every text that `value` may turn out to be, or None where it may be any text."""
    match value:
        case Scalar():
            text = constant(value)
            return frozenset((text if isinstance(text, str) else "",))
        case Parameter():
            return _of_parameter(value, scope)
        case Choice():
            then = possible_texts(value.then, scope)
            otherwise = possible_texts(value.otherwise, scope)
            return None if then is None or otherwise is None else then | otherwise
        case Concatenation():
            return _of_concatenation(value, scope)
        case _:
            return None


def _of_parameter(value: Parameter, scope: Scope) -> frozenset[str] | None:
    declared = scope.parameters.get(value.name)
    # A parent stack's parameter may have the same name: it is another one, with its own value.
    if declared is not None and declared.value is value.value:
        return declared.possible
    return None


def _of_concatenation(value: Concatenation, scope: Scope) -> frozenset[str] | None:
    texts = frozenset(("",))
    for part in value.parts:
        more = possible_texts(part, scope)
        if more is None or len(texts) * len(more) > _MAX_TEXTS:
            return None
        texts = frozenset(text + end for text in texts for end in more)
    return texts
