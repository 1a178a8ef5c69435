"""Python: `ast` to the intermediate form."""

import ast
import sys

from stockade._python import parse
from stockade.analysis.code import ir
from stockade.analysis.code.ir import Module
from stockade.analysis.code.python.scopes import Scope
from stockade.analysis.code.python.statements import block
from stockade.analysis.code.python.text import Text
from stockade.model import SourceFile, Unseen

__all__ = ["Module", "parse_python"]


def parse_python(file: SourceFile) -> Module | Unseen:
    """Parse a file; its functions' bodies are lowered when they are asked for.

    Never raises: code that this Python does not parse, or that is nested beyond all
    reason, is `Unseen` with the line at fault.
    """
    try:
        tree = parse(file.text)
    except SyntaxError as error:
        version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        why = f"it is not valid {version}: {error.msg.partition(';')[0]}"
        return _unseen(file, error.lineno or 1, error.offset or 1, why)
    except (RecursionError, MemoryError):
        return _unseen(file, 1, 1, "its code is nested too deeply")
    except ValueError:
        return _unseen(file, 1, 1, "it holds characters that Python does not read")
    return Module(file, _module_code(tree, Text(file.text.removeprefix("\ufeff")), file), "python")


def _module_code(tree: ast.Module, text: Text, file: SourceFile) -> ir.Code:
    span = ir.place_of(file, text.whole())

    def lower() -> ir.Body:
        scope = Scope(text)
        statements = block(tree.body, scope)
        scope.globals.clear()  # here `global` says nothing new
        return scope.body(statements)

    return ir.Code(
        name="<module>",
        parameters=(),
        is_async=False,
        span=span,
        lowering=text.bodies.lazily(lower, span),
    )


def _unseen(file: SourceFile, line: int, column: int, why: str) -> Unseen:
    line = min(max(line, 1), Text(file.text).whole().end_line)
    column = max(column, 1)
    return Unseen(file.at(line, column, line, column), "code", why)
