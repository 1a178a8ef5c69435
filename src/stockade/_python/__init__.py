"""Python's syntax trees of code that was written for another Python than the one that runs."""

import ast
import gc
import warnings

__all__ = ["parse"]


def parse(text: str) -> ast.Module:
    """Parse code of Python 2.7 up to 3.14; every place in the tree is one in `text`.

    What the running Python refuses is read again with the syntax of others written as its own.
    Raises what `ast.parse` raises, with the place that the running Python refuses.
    """
    collecting = gc.isenabled()
    # The collector would walk the growing tree again and again.
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _parse(text.removeprefix("\ufeff"))
    finally:
        if collecting:
            gc.enable()


def _parse(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:
        from stockade._python.translation import translated  # noqa: PLC0415 - few files need it

        tree = translated(text)
        if tree is None:
            raise
        return tree
