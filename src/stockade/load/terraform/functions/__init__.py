"""The functions of the Terraform language.

Follows "Built-in Functions" in the documentation of Terraform. What a function makes of values
that only a deployment tells is unknown, except where the parts still tell (`join`, `format`,
`merge`, `concat`).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from stockade.load.terraform.functions.collections_ import COLLECTIONS
from stockade.load.terraform.functions.encodings import ENCODINGS
from stockade.load.terraform.functions.files import FILES
from stockade.load.terraform.functions.kinds import Function
from stockade.load.terraform.functions.texts import TEXTS
from stockade.load.terraform.scope import Failed, Scope
from stockade.model import Location, Unknown, Value

_FUNCTIONS: Final[Mapping[str, Function]] = {**TEXTS, **COLLECTIONS, **ENCODINGS, **FILES}


def call(name: str, arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    """Return what a function gives. Raises `Failed` where it surely fails."""
    function = _FUNCTIONS.get(name)
    if function is None:
        return Unknown(f"`{name[:40]}` is worked out at deployment", at)
    try:
        return function(arguments, at, scope)
    except (IndexError, TypeError, ValueError, OverflowError, ArithmeticError):
        raise Failed(f"`{name}` does not take these arguments", at) from None
