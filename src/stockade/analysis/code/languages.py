"""The languages whose code is read, and which front end reads it."""

from collections.abc import Callable
from typing import Final

from stockade.analysis.code.ir import Module
from stockade.analysis.code.modules import Modules
from stockade.analysis.code.python import parse_python
from stockade.model import Function, SourceFile, Unknown, Unseen

LANGUAGES: Final = frozenset({"javascript", "python"})
"""The languages that have a front end."""


def is_analysed(function: Function) -> bool:
    """Tell whether the function's code was read, so that its calls are known."""
    handler = function.handler
    return not isinstance(handler, Unknown) and handler.language in LANGUAGES


def modules_of(language: str) -> type[Modules]:
    """Return what resolves the imports of a language, imported when it is met."""
    if language == "python":
        return Modules
    from stockade.analysis.code.javascript.modules import JavaScriptModules  # noqa: PLC0415

    return JavaScriptModules


def parser_of(language: str) -> Callable[[SourceFile], Module | Unseen]:
    """Return what parses a file of a language, imported when it is met."""
    if language == "python":
        return parse_python
    from stockade.analysis.code.javascript import parse_javascript  # noqa: PLC0415

    return parse_javascript
