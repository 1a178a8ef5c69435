"""What is done with texts: joined, formatted, split, and tested."""

import re
from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.interpreter.hosts import HOST_IS_SET
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Anything,
    Const,
    Environment,
    Event,
    HeapObject,
    Node,
    Number,
    Shape,
    Text,
    Truth,
    Val,
    const,
    constant_text,
    only_constant,
    settled,
    text_of,
)

_PERCENT: Final = pattern(r"%(?:\((?P<name>[^)]*)\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[hlL]?(?P<as>.)")

_OF_NUMBERS: Final = pattern(r"(?:.?[<>=^])?[-+ ]?z?#?0?\d{0,9}[,_]?(?:\.\d{1,9})?[bdeEfFgGnoxX%]")
"""Matches the format specifications that nothing but a number may have."""

MOST_LENGTH: Final = 4096
"""Constant texts beyond this are not computed with."""

SAME: Final = frozenset(
    [
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "upper",
        "title",
        "capitalize",
        "swapcase",
        "casefold",
        "expandtabs",
        "encode",
        "decode",
        "removeprefix",
        "removesuffix",
    ]
)
"""Methods whose result is worth computing where everything is constant."""

METHODS: Final = SAME | frozenset(
    [
        "format",
        "join",
        "split",
        "rsplit",
        "splitlines",
        "partition",
        "rpartition",
        "replace",
        "startswith",
        "endswith",
        "find",
        "rfind",
        "count",
        "zfill",
        "ljust",
        "rjust",
        "center",
        "translate",
    ]
)
"""Methods that texts have, and hardly anything else."""

SAFE_IN: Final = frozenset({"filter"})
"""The kinds of sinks that a text cannot harm: it is no map, and holds no operators."""

_SAFE_WITHOUT: Final = {"/": frozenset({"path"})}
"""What a text cannot harm once it was split at this, or this was replaced in it."""

_MOST_SPLITS: Final = 16

TESTS: Final = frozenset(
    ["isdigit", "isdecimal", "isnumeric", "isalnum", "isalpha", "isidentifier"]
)
"""Methods that, where true, leave no character that any sink could be harmed by."""


def tells(shape: Shape) -> bool:
    """Tell whether it is known what a text of unknown wording says: JSON of an object."""
    return isinstance(shape, Anything) and shape.of is not None


def is_method(name: str) -> bool:
    """Tell whether texts have a method of this name."""
    return name in METHODS or name in TESTS


def is_text(value: Val) -> bool:
    """Tell whether the value is surely a text."""
    return all(
        isinstance(shape, (Text, Environment))
        or (isinstance(shape, Const) and isinstance(shape.value, str))
        for shape in value.shapes
    )


def _part(machine: Machine, value: Val, site: Site) -> Val:
    """Return a value as a part of a text."""
    whole = machine.inside(value)
    if not whole.taints:
        return value
    shapes = tuple(
        shape if isinstance(shape, (Text, Const, Event)) else Anything("it is a text")
        for shape in value.shapes
    )
    return Val(shapes, machine.derive(site, whole, note="becomes part of a text"))


def percent(machine: Machine, template: Val, values: Val, site: Site) -> Val:
    """Return `template % values`."""
    text = constant_text(template)
    if text is None:
        whole = machine.inside(values)
        return Val(
            (Anything("it is a text"),),
            machine.derive(site, template, whole, note="becomes part of a text"),
        )
    parts: list[Val] = []
    position, end = 0, 0
    for found in _PERCENT.finditer(text):
        parts.append(const(text[end : found.start()]))
        end = found.end()
        if found["as"] == "%":
            parts.append(const("%"))
            continue
        value = _argument(machine, values, found["name"], position, site)
        position += 1
        parts.append(
            Val((Number(),)) if found["as"] in "diouxXeEfFgG" else _part(machine, value, site)
        )
    parts.append(const(text[end:]))
    return text_of(parts)


def _argument(machine: Machine, values: Val, name: str | None, position: int, site: Site) -> Val:
    if name is not None:
        return machine.index(values, const(name), site)
    if any(found.kind == "tuple" for _, found in machine.objects(values)):
        return machine.index(values, const(position), site)
    return values


def format_text(machine: Machine, template: Val, arguments: Arguments, site: Site) -> Val:
    """Return `template.format(...)`."""
    text = constant_text(template)
    fields = _fields(text) if text is not None else None
    if fields is None:
        values = [machine.inside(value) for value in arguments.all()]
        return Val(
            (Anything("it is a text"),),
            machine.derive(site, template, *values, note="becomes part of a text"),
        )
    parts: list[Val] = []
    position = 0
    for literal, name, how in fields:
        parts.append(const(literal))
        if name is None:
            continue
        if is_of_number(how):
            position += name == ""
            parts.append(Val((Number(),)))
            continue
        first = re.split(r"[.\[]", name, maxsplit=1)[0]
        if first == "":
            value = arguments.get(position, None)
            position += 1
        elif first.isdigit():
            value = arguments.get(int(first), None)
        else:
            value = arguments.get(None, first)
        parts.append(_part(machine, value or UNKNOWN, site))
    return text_of(parts)


def _fields(text: str) -> list[tuple[str, str | None, str | None]] | None:
    import string  # noqa: PLC0415 - rarely used, and it compiles patterns

    try:
        return [(literal, name, how) for literal, name, how, _ in string.Formatter().parse(text)]
    except ValueError:
        return None


def is_of_number(specification: str | None) -> bool:
    """Tell whether a value that is formatted so is a number: of all others, Python raises.

    Follows "Format Specification Mini-Language" in the Python Library Reference.
    """
    return specification is not None and _OF_NUMBERS.fullmatch(specification) is not None


def join_text(machine: Machine, separator: Val, items: Val, site: Site) -> Val:
    """Return `separator.join(items)`: in order where the items are known."""
    found = [each for _, each in machine.objects(items)]
    if len(found) == 1 and found[0].rest is None and found[0].kind in ("list", "tuple"):
        parts: list[Val] = []
        for position, value in enumerate(found[0].entries.values()):
            if position:
                parts.append(separator)
            parts.append(_part(machine, value, site))
        return text_of(parts)
    item = machine.item(items, site)
    whole = machine.inside(item)
    taints = machine.derive(site, separator, whole, note="becomes part of a text")
    put_back = _SAFE_WITHOUT.get(constant_text(separator) or "", frozenset())
    unsafe = tuple(taint._replace(safe=taint.safe - put_back) for taint in taints)
    return Val((Anything("it is a text"),), unsafe)


def _set_by(beginnings: list[str]) -> tuple[str, ...]:
    """Return what is settled of an address that begins with one of these texts."""
    if not beginnings:
        return ()
    if all(HOST_IS_SET.match(one) for one in beginnings):
        return ("host", "scheme")
    if all(one.startswith("/") for one in beginnings):
        return (BELOW,) if "/" in beginnings else ("redirect",)
    return ("scheme",) if all(one.startswith("http") for one in beginnings) else ()


def begins_with(machine: Machine, text: Val, beginning: Val) -> Val | None:
    """Return what it shows that a text begins with another; None where it shows nothing."""
    beginnings = list(_texts(machine, beginning))
    if beginnings and all(one in _OTHER_HOST for one in beginnings):
        # It is the answer no that shows something.
        shown = tuple((taint.node, OF_ONE_SLASH) for taint in text.taints)
        return Val((Truth((), shown),))
    if_so, if_not = _way(machine, text, beginnings)
    settled = _set_by(beginnings)
    if not settled and not if_so and not if_not:
        return None
    pairs = ((taint.node, kind) for taint in text.taints for kind in settled)
    return Val((Truth((*pairs, *if_so), if_not),))


def _way(
    machine: Machine, text: Val, beginnings: list[str]
) -> tuple[tuple[tuple[Node, str], ...], tuple[tuple[Node, str], ...]]:
    """Return what it shows of which way an event came that its path begins with a text."""
    if len(beginnings) != 1 or len(text.shapes) != 1 or not isinstance(text.shapes[0], Event):
        return (), ()
    return machine.came_by(text.shapes[0].path, beginnings, begins=True)


BETWEEN_QUOTES: Final = "sql between quotes"
"""What a text cannot harm whose quotes are doubled, where it stands between quotes."""
BELOW: Final = "redirect that begins with a slash"
OF_ONE_SLASH: Final = "redirect that does not begin with two"
"""Where both are shown, an address stays on its own host: `//host` names another."""
_OTHER_HOST: Final = frozenset({"//", "/\\"})


def _texts(machine: Machine, value: Val) -> Iterator[str]:
    """Yield the constant that `value` is, or those that it holds; nothing if one is unknown."""
    text = constant_text(value)
    if text is not None:
        yield text
        return
    held = [one for _, found in machine.objects(value) for one in found.entries.values()]
    texts = [constant_text(one) for one in held]
    if None not in texts:
        yield from (one for one in texts if one is not None)


def text_method(machine: Machine, call: Invocation) -> Val:
    """Return what a method of a text gives; the invocation's callee is the method's name."""
    name, receiver, site = call.callee, call.receiver, call.site
    values = list(call.arguments.all())
    if name == "format":
        return format_text(machine, receiver, call.arguments, site)
    if name == "join" and values:
        return join_text(machine, receiver, values[0], site)
    if name == "startswith" and values:
        shown = begins_with(machine, receiver, values[0])
        if shown is not None:
            return shown
    if (known := _known(receiver, name, values)) is not None:
        return known
    if name in ("startswith", "endswith", "find", "index", "count", "rfind", "__len__"):
        return Val((Number(),))
    if name in TESTS and receiver.taints:
        return Val((Truth(machine.check(receiver), ()),))
    computed = _computed(receiver, name, values)
    if computed is not None:
        return computed
    without = _SAFE_WITHOUT.get(constant_text(values[0]) or "") if values else None
    if name in ("split", "rsplit", "splitlines", "partition", "rpartition"):
        return _parts(machine, call, without or frozenset())
    kinds = without if name == "replace" and without else frozenset[str]()
    if name == "replace" and _is_escaped(values):
        kinds = frozenset({"page"})
    if name == "replace" and doubles_quotes(*map(constant_text, values[:2])):
        kinds = frozenset({BETWEEN_QUOTES})
    if name == "replace":
        in_parts = replaced_in_parts(machine, call, values, kinds)
        if in_parts is not None:
            return in_parts
    taints = machine.derive(site, receiver, *map(machine.inside, values), kinds=kinds)
    if name in ("encode", "decode", "strip", "rstrip", "lstrip", "read") and any(
        isinstance(shape, (Event, Text, Environment)) for shape in receiver.shapes
    ):
        return Val(receiver.shapes, taints)
    return Val((Anything("it is a text"),), taints)


def replaced_in_parts(
    machine: Machine, call: Invocation, values: list[Val], kinds: frozenset[str]
) -> Val | None:
    """Replace one constant by another in a text of several parts, which stay where they are.

    None where the text is no such one, or where the author's own parts would change.
    """
    shape = call.receiver.shapes[0]
    if len(call.receiver.shapes) != 1 or not isinstance(shape, Text) or len(values) < 2:  # noqa: PLR2004
        return None
    old, new = (constant_text(value) for value in values[:2])
    if not old or new is None:
        return None
    parts = []
    for part in shape.parts:
        constant = constant_text(part)
        if constant is not None and old in constant:
            return None
        if constant is None and part.taints:
            taints = machine.derive(call.site, machine.inside(part), kinds=kinds)
            part = Val((Anything("it is a text"),), taints)  # noqa: PLW2901
        parts.append(part)
    return text_of(parts)


def doubles_quotes(old: str | None = None, new: str | None = None) -> bool:
    """Tell whether what is replaced by what leaves a text that ends no literal of SQL."""
    return (old, new) == ("'", "''")


def _is_escaped(values: list[Val]) -> bool:
    """Tell whether `replace("<", "&lt;")` leaves a text that opens no tag."""
    return [constant_text(value) for value in values[:2]] in (["<", "&lt;"], ["<", "&#60;"])


def _parts(machine: Machine, call: Invocation, without: frozenset[str]) -> Val:
    """Return the parts of a text, which the separator is no longer in.

    Where only so many splits are made, the last part is the rest, separators included; the first
    one where they are made from the right.
    """
    name, receiver, site = call.callee, call.receiver, call.site
    most = call.arguments.get(1, "maxsplit")
    part = Val((Anything("it is part of a text"),), machine.derive(site, receiver))
    rest = Val(part.shapes, machine.derive(site, receiver, kinds=without))
    if name == "rpartition":
        return _three(machine, part, rest, call)
    if name == "partition":
        return _three(machine, rest, part, call)
    if most is None or not without:
        return machine.allocate(site, HeapObject("list", {}, rest), name)
    known = only_constant(most)
    times = known.value if known is not None else None
    if not isinstance(times, int) or not 0 <= times < _MOST_SPLITS:
        return machine.allocate(site, HeapObject("list", {}, part), name)
    entries: dict[str | int, Val] = {
        place: machine.part(rest, place) for place in range(times + 1)
    }
    last = 0 if name == "rsplit" else times
    entries[last] = machine.part(part, last)
    return machine.allocate(site, HeapObject("list", entries), name)


def _three(machine: Machine, first: Val, last: Val, call: Invocation) -> Val:
    parts: dict[str | int, Val] = {
        0: machine.part(first, 0),
        1: UNKNOWN,
        2: machine.part(last, 2),
    }
    return machine.allocate(call.site, HeapObject("tuple", parts), call.callee)


def _known(receiver: Val, name: str, values: list[Val]) -> Val | None:
    """Return what a method gives of the constant that a text, or a variable, is known to be."""
    text = settled(receiver)
    if name in ("startswith", "endswith"):
        first = constant_text(text)
        second = constant_text(settled(values[0])) if len(values) == 1 else None
        if first is None or second is None:
            return None
        return const(first.startswith(second) if name == "startswith" else first.endswith(second))
    if text is receiver:
        return None
    found = _computed(text, name, [settled(value) for value in values])
    return receiver if found is not None and found.shapes == text.shapes else found


def _computed(receiver: Val, name: str, values: list[Val]) -> Val | None:
    """Compute a method of a constant text on constants."""
    known = only_constant(receiver)
    arguments = [only_constant(value) for value in values]
    if known is None or not isinstance(known.value, (str, bytes)) or None in arguments:
        return None
    if len(known.value) > MOST_LENGTH:
        return None
    if name in ("encode", "decode"):
        return receiver
    if name not in SAME and name != "replace":
        return None
    plain = [argument.value for argument in arguments if argument is not None]
    try:
        result = getattr(known.value, name)(*plain)
    except (TypeError, ValueError):
        return None
    if len(result) > MOST_LENGTH:
        return None
    return Val((Const(result),), receiver.taints)
