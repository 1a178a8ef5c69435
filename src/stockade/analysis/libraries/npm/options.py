"""Tests of the objects of options that packages of npm are given."""

from stockade.analysis.libraries.conditions import Arguments, entry, given, text_of, truth
from stockade.analysis.libraries.model import Named, Test
from stockade.model import EventData, Map, Unknown


def option(position: int, key: str) -> Test:
    """Test that an entry of an object of options is true; not passed counts as false."""

    def test(arguments: Arguments) -> bool | None:
        options = given(arguments, "", position)
        if options is None:
            return False
        return truth(options.get(key), unset=False) if isinstance(options, Map) else None

    return test


def holds_itself(argument: str) -> Test:
    """Test that an argument, or an entry of one, is data of the event as it came.

    A map of the code's that holds some is another thing: its keys are the author's.
    """
    whole, _, key = argument.removeprefix("@").partition(".")

    def test(arguments: Arguments) -> bool | None:
        options = given(arguments, "", int(whole))
        held = options.get(key) if key and isinstance(options, Map) else options
        match held:
            case EventData():
                return not (key and held is options)
            case Unknown():
                return None
            case _:
                return False

    return test


def is_under(position: int, way: str) -> Test:
    """Test that a text stands at the end of a way through maps of the code's, in an argument."""

    def test(arguments: Arguments) -> bool | None:
        held = given(arguments, "", position)
        for key in way.split("."):
            if not isinstance(held, Map):
                return False
            held = held.get(key)
        return held is not None and not isinstance(held, Map)

    return test


def names_entry(position: int, key: str, *parts: str) -> Test:
    """Test that an entry is something of a library with one of `parts` in its qualified name.

    Not passed counts as false, and so does another thing of the library's.
    """

    def test(arguments: Arguments) -> bool | None:
        match entry(arguments, position, key):
            case None:
                return False
            case Named(name=name):
                return any(part in name for part in parts)
            case _:
                return None

    return test


def escapes(template: str, raw: tuple[str, ...], *, unless: str | None = None) -> Test:
    """Test that a template escapes what is put into it: it holds none of the `raw` marks.

    A template that is not known here, read from a file, is taken to be the author's care;
    `unless` is an option of the maker that switches escaping off.
    """

    def test(arguments: Arguments) -> bool | None:
        name, _, position = template.partition("@")
        text = text_of(given(arguments, name, int(position)))
        if text is not None and any(mark in text for mark in raw):
            return False
        options = given(arguments, name, int(position) + 1)
        off = options.get(unless) if unless and isinstance(options, Map) else None
        return not truth(off, unset=False)

    return test
