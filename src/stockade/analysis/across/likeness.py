"""Whether a value may be what a filter asks for: no only where that is sure."""

from collections.abc import Iterator

from stockade.analysis.events import ANY_NAME
from stockade.analysis.interpreter.documents import Document
from stockade.model import (
    Concatenation,
    Reference,
    Scalar,
    Value,
    alternatives,
    constant,
)
from stockade.model.record import record

_KEY = ("key",)
"""Where the name of an object stands in what is put into a bucket."""


@record
class Spelling:
    """How a text begins and ends, as far as that is known; `whole` where it is all of it."""

    head: str
    tail: str
    whole: bool


def may_begin(value: Value, prefix: str) -> bool:
    """Tell whether a text may begin with `prefix`."""
    return any(
        one.head.startswith(prefix) or (not one.whole and prefix.startswith(one.head))
        for one in _spellings(value)
    )


def may_end(value: Value, suffix: str) -> bool:
    """Tell whether a text may end with `suffix`."""
    return any(
        one.tail.endswith(suffix) or (not one.whole and suffix.endswith(one.tail))
        for one in _spellings(value)
    )


def may_be(value: Value, wanted: Value) -> bool:
    """Tell whether a value may be the one that is wanted."""
    return any(
        _may_be(one, other) for one in alternatives(value) for other in alternatives(wanted)
    )


def is_named(document: Document, name: str) -> bool:
    """Tell whether an object that is stored may have a name, with `*` for what is not known of it.

    A name that is known to the letter is meant: only who writes that name, or lets others choose
    one, may have stored it. One that the code makes up is another.
    """
    key = next((part for part in document if part.path == _KEY), None) if name else None
    if key is None:
        return True
    head, more, tail = name.partition(ANY_NAME)
    if more:
        return may_begin(key.value, head) and may_end(key.value, tail.rpartition(ANY_NAME)[2])
    is_known = bool(key.carried) or known_texts(key.value) is not None
    return is_known and may_be(key.value, Scalar(name, key.value.at))


def known_texts(value: Value) -> tuple[str, ...] | None:
    """Return every text that a value may be, None where one of them is not known."""
    found = [constant(one) for one in alternatives(value)]
    texts = tuple(one for one in found if isinstance(one, str))
    return texts if len(texts) == len(found) else None


def _may_be(value: Value, wanted: Value) -> bool:
    if isinstance(value, Reference) and isinstance(wanted, Reference):
        return value.resource == wanted.resource
    text = constant(wanted)
    if not isinstance(text, str):
        return True
    return any(
        one.head == text if one.whole else text.startswith(one.head) and text.endswith(one.tail)
        for one in _spellings(value)
    )


def _spellings(value: Value) -> Iterator[Spelling]:
    for one in alternatives(value):
        text = constant(one)
        if isinstance(text, str):
            yield Spelling(text, text, whole=True)
        elif isinstance(one, Concatenation):
            yield Spelling(_run(one.parts), _run(one.parts[::-1], ending=True), whole=False)
        elif isinstance(one, Scalar):
            yield Spelling("", "", whole=True)
        else:
            yield Spelling("", "", whole=False)


def _run(parts: tuple[Value, ...], *, ending: bool = False) -> str:
    """Return the texts that stand before the first part that is not known."""
    texts: list[str] = []
    for part in parts:
        text = constant(part)
        if not isinstance(text, str):
            break
        texts.append(text)
    return "".join(reversed(texts) if ending else texts)
