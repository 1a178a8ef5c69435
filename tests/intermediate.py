"""Helpers of tests that look at the intermediate form."""

from collections.abc import Iterator

from stockade.analysis.code import ir
from stockade.analysis.code.python import parse_python
from stockade.model import SourceFile


def lower(text: str, path: str = "app.py") -> ir.Code:
    """Lower a text that must parse."""
    module = parse_python(SourceFile(path, text))
    assert isinstance(module, ir.Module)
    return module.code


def everything(code: ir.Code) -> Iterator[object]:
    """Yield every node of the code, of the functions in it, and their codes."""
    waiting: list[object] = [code]
    while waiting:
        current = waiting.pop()
        if isinstance(current, ir.Code):
            yield current
            waiting += [current.parameters, current.body]
        elif isinstance(current, tuple) and not isinstance(current, ir.Span):
            waiting += current
        elif type(current).__module__ == ir.__name__ and hasattr(current, "__slots__"):
            yield current
            waiting += [getattr(current, name) for name in current.__slots__]


def functions(code: ir.Code) -> dict[str, ir.Code]:
    """Return the code and every function in it, by name."""
    return {each.name: each for each in everything(code) if isinstance(each, ir.Code)}
