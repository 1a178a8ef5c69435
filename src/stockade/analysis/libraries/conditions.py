"""Tests of a call's arguments, for lines that hold for some calls only."""

from collections.abc import Mapping, Sequence

from stockade._late import pattern
from stockade.analysis.libraries.model import Argument, Named, Test
from stockade.model import Choice, Concatenation, EventData, List, Map, Scalar, Unknown, walk

Arguments = Mapping[str, Argument]

_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
_INTERPRETERS = {
    "python": "-c",
    "python3": "-c",
    "node": "-e",
    "perl": "-e",
    "ruby": "-e",
    "php": "-r",
}
_CLAIMS = ("authorizer", "claims")


def given(arguments: Arguments, name: str, position: int | None = None) -> Argument | None:
    """Return the argument of this name or position, None where it was not passed.

    `"self.name"` is an argument of the call that made the object, `"name.key"` an entry of a map.
    """
    head, dot, key = name.partition(".")
    if dot and head != "self":
        whole = given(arguments, head, position)
        return whole.get(key) if isinstance(whole, Map) else None
    if name in arguments:
        return arguments[name]
    if position is None:
        return None
    return arguments.get(f"self.{position}" if name.startswith("self.") else str(position))


def is_true(name: str, position: int | None = None) -> Test:
    """Test that an argument is true; not passed counts as false."""

    def test(arguments: Arguments) -> bool | None:
        return truth(given(arguments, name, position), unset=False)

    return test


def is_not_false(name: str, position: int | None = None) -> Test:
    """Test that an argument is true or was not passed."""

    def test(arguments: Arguments) -> bool | None:
        return truth(given(arguments, name, position), unset=True)

    return test


def is_false(name: str, position: int | None = None) -> Test:
    """Test that an argument was passed and is false."""

    def test(arguments: Arguments) -> bool | None:
        held = truth(given(arguments, name, position), unset=True)
        return None if held is None else not held

    return test


def is_not_true(name: str, position: int | None = None) -> Test:
    """Test that an argument is false or was not passed."""

    def test(arguments: Arguments) -> bool | None:
        held = truth(given(arguments, name, position), unset=False)
        return None if held is None else not held

    return test


def not_given(name: str, position: int | None = None) -> Test:
    """Test that an argument was not passed."""

    def test(arguments: Arguments) -> bool | None:
        return given(arguments, name, position) is None

    return test


def is_given(name: str, position: int | None = None) -> Test:
    """Test that an argument was passed."""

    def test(arguments: Arguments) -> bool | None:
        return given(arguments, name, position) is not None

    return test


def names(name: str, position: int | None, *qualified: str, unset: bool = False) -> Test:
    """Test that an argument is one of the named things of a library, or of that type."""

    def test(arguments: Arguments) -> bool | None:
        match given(arguments, name, position):
            case None:
                return unset
            case Named(name=found):
                return found in qualified
            case _:
                return None

    return test


def has_text(name: str, position: int | None, *parts: str) -> Test:
    """Test that an argument is a text that contains one of `parts`, in any case."""

    def test(arguments: Arguments) -> bool | None:
        text = text_of(given(arguments, name, position))
        return None if text is None else any(part in text.lower() for part in parts)

    return test


def either(*tests: Test) -> Test:
    """Test that one of the tests holds."""

    def test(arguments: Arguments) -> bool | None:
        answers = [one(arguments) for one in tests]
        if True in answers:
            return True
        return None if None in answers else False

    return test


def both(*tests: Test) -> Test:
    """Test that all of the tests hold."""

    def test(arguments: Arguments) -> bool | None:
        answers = [one(arguments) for one in tests]
        if False in answers:
            return False
        return None if None in answers else True

    return test


def truth(value: Argument | None, *, unset: bool) -> bool | None:
    """Tell whether `value` counts as true in a condition; None where it is not known."""
    match value:
        case None:
            return unset
        case Scalar(value=held):
            return bool(held)
        case List(items=held):
            return bool(held)
        case Map(entries=entries):
            return bool(entries)
        case Named():
            return True
        case _:
            return None


def text_of(value: Argument | None) -> str | None:
    """Return the text that `value` surely is."""
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return value.value
    return None


def option(name: str, position: int | None, key: str) -> Test:
    """Test that an entry of a map that is passed is written and false."""

    def test(arguments: Arguments) -> bool | None:
        match given(arguments, name, position):
            case None:
                return False
            case Map() as options:
                held = options.get(key)
                if held is None:
                    return False
                known = truth(held, unset=True)
                return None if known is None else not known
            case _:
                return None

    return test


def runs_a_script(name: str, position: int) -> Test:
    """Test that a list of arguments hands a script to a shell or interpreter.

    `["sh", "-c", text]` runs `text`; what follows the script is data to it and is not run.
    """

    def test(arguments: Arguments) -> bool | None:
        words = given(arguments, name, position)
        return script_varies(words.items) if isinstance(words, List) else False

    return test


def runs_a_script_of_many(arguments: Arguments) -> bool | None:
    """Test the same where the words are the call's own arguments: `exec("sh", "-c", text)`."""
    words = [arguments[key] for key in sorted(arguments, key=_place) if key.isdigit()]
    return script_varies(words)


def script_varies(words: "list[Argument] | tuple[Argument, ...]") -> bool | None:
    """Tell whether a command line hands a script to an interpreter that is not constant."""
    texts = [text_of(word) for word in words]
    for index, program in enumerate(texts[:-2]):
        name = (program or "").rpartition("/")[2]
        flag = texts[index + 1] or ""
        starts = (
            flag.startswith("-") and flag.endswith("c")
            if name in _SHELLS
            else flag == _INTERPRETERS.get(name)
        )
        if starts:
            script = words[index + 2]
            return False if text_of(script) is not None else holds_event(script)
    return False


def holds_event(value: Argument | None) -> bool | None:
    """Tell whether event data is anywhere in `value`; None where that is not known."""
    if value is None or isinstance(value, Named):
        return False
    parts = tuple(walk(value))
    if any(isinstance(part, EventData) for part in parts):
        return True
    return None if any(isinstance(part, Unknown) for part in parts) else False


def is_itself(name: str, position: int | None = None) -> Test:
    """Test that an argument is data of the event as it came, not a map that holds some."""

    def test(arguments: Arguments) -> bool | None:
        match given(arguments, name, position):
            case EventData():
                return True
            case Unknown():
                return None
            case _:
                return False

    return test


def entry(arguments: Arguments, position: int, key: str) -> Argument | None:
    """Return an entry of a map that the code writes, None where it writes none of this name.

    Unlike what a `Map` holds it may be something of a library, and what is spread into the map
    is asked for it too.
    """
    return arguments.get(f"{position}.{key}")


def has_entry(position: int, key: str, *, unless: str | None = None) -> Test:
    """Test that an argument is a map of the code's with an entry of this name, perhaps spread.

    One that is only spread in does not count where the code writes `unless` itself, which says
    the same: `{...signed, host: "api.example.com"}` names a host, whatever `signed` holds.
    """

    def test(arguments: Arguments) -> bool | None:
        written = given(arguments, "", position)
        if isinstance(written, Map) and unless in written.entries and key not in written.entries:
            return False
        return entry(arguments, position, key) is not None

    return test


def is_text(position: int) -> Test:
    """Test that an argument is no map: the text itself, not an object of options."""

    def test(arguments: Arguments) -> bool | None:
        return not isinstance(given(arguments, "", position), Map)

    return test


def is_file_name(name: str, position: int | None = None) -> Test:
    """Test that an argument is the path of a file: no open file, no bytes, no address.

    What reads a file by its path often takes an open one, or an address, as well.
    """

    def test(arguments: Arguments) -> bool | None:
        begin = _beginning(given(arguments, name, position))
        return None if begin is None else bool(begin) and "://" not in begin

    return test


def is_file_below(name: str, position: int | None = None) -> Test:
    """Test the same of what opens addresses too: only the author's beginning makes it a path."""

    def test(arguments: Arguments) -> bool | None:
        begin = _beginning(given(arguments, name, position))
        return None if begin is None else begin[:1] not in ("", "?") and "://" not in begin

    return test


def is_address(name: str, position: int | None = None) -> Test:
    """Test that an argument is the address of a document, not its path or its text."""

    def test(arguments: Arguments) -> bool | None:
        begin = _beginning(given(arguments, name, position))
        return None if begin is None else begin.startswith(("?", "http", "ftp", "//"))

    return test


def _beginning(value: object) -> str | None:
    """Return how a text begins, with `?` for what others write; empty for what is no text."""
    match value:
        case Concatenation(parts=parts):
            return "".join(_beginning(part) or "" for part in parts[:2])
        case Scalar(value=str() as text):
            return text
        case EventData():
            return "?"
        case Choice(then=then, otherwise=otherwise):
            return _beginning(then) or _beginning(otherwise)
        case Unknown():
            return None
        case _:
            return ""


def whole_is_chosen(name: str, position: int | None) -> Test:
    """Test that event data stands at the beginning of a text, so that no constant confines it.

    An object key or a name that begins with a constant, or with a claim of a verified token,
    stays below it: nothing in S3 or DynamoDB climbs out of a prefix.
    """

    def test(arguments: Arguments) -> bool | None:
        value = given(arguments, name, position)
        # What is not passed by its name arrived in a map that the event spreads.
        return True if value is None else _begins_open(value)

    return test


def _begins_open(value: object) -> bool | None:
    match value:
        case Concatenation(parts=parts):
            return _begins_open(_named_by(parts)) if parts else False
        case EventData(field=field):
            return not any(word in field for word in _CLAIMS)
        case Choice(then=then, otherwise=otherwise):
            answers = {_begins_open(then), _begins_open(otherwise)}
            return True if True in answers else (None if None in answers else False)
        case Unknown():
            return None
        case Named(name=name) if name.endswith("[]"):
            return True  # An item of what a library read: a name in an archive, a cell of a row.
        case _:
            return False


def _named_by(parts: Sequence[object]) -> object:
    """Return the part of a text that begins the name in it.

    That is the first, but for an ARN and for the address of a queue, which begin with what is the
    same for every name: `arn:aws:iam::123456789012:role/` and a name.
    """
    before = ""
    for part in parts:
        text = text_of(part) if isinstance(part, Scalar) else None
        if text is None and (not before or _NAME_FOLLOWS.fullmatch(before)):
            return part
        before += "?" if text is None else text
    return parts[0]


_NAME_FOLLOWS = pattern(
    r"arn:[\w?-]+:[\w?-]+:[\w?-]*:[\w?-]*:(?:(?:role|user|policy|function|stateMachine|table|"
    r"secret|project|job|task-definition|job-definition|cluster|parameter)[:/])?|"
    r"https://(?:sqs\.[\w?.-]+|queue\.amazonaws\.com)/[\w?]+/"
)


def _place(key: str) -> int:
    return int(key) if key.isdigit() else 0


def reads_a_file(arguments: Arguments) -> bool | None:
    """Tell whether a call of `open` opens a file to read it, by its mode."""
    mode = given(arguments, "mode", 1)
    if mode is None:
        return True
    text = text_of(mode)
    return None if text is None else not set(text) & set("wax")
