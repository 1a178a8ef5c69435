"""Which data in an argument does harm there: for some kinds the place within the text matters."""

from collections.abc import Callable, Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.events import PATHS
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.hosts import HOST_IS_SET
from stockade.analysis.interpreter.protocol import Machine
from stockade.analysis.interpreter.texts import BELOW, BETWEEN_QUOTES, OF_ONE_SLASH
from stockade.analysis.interpreter.values import (
    Const,
    Event,
    External,
    Number,
    Ref,
    Shape,
    Taint,
    Text,
    Val,
    constant_text,
)

_BELOW_A_HOST: Final = pattern(r"^/[^/]")
"""Matches a path, which a client of one's own asks its own host for."""
_MADE_ANEW: Final = pattern(
    r"uuid|nanoid|ulid|cuid|ksuid|Date\b|\btime\b|datetime|moment|dayjs|random|secrets\."
)
"""Calls of libraries that give another text each time, by their names."""
_BACKSLASHES: Final = pattern(r"(?i)mysql|maria")
"""Matches the calls of databases in whose literals a backslash quotes the quote after it."""
_ORIGIN_FOLLOWS: Final = pattern(r"^[A-Za-z][\w+.-]*://[^/?#]*$")


def reaching(machine: Machine, kind: str, value: Val, callee: str = "") -> tuple[Taint, ...]:
    """Return the data in `value` that can do harm in a sink of this kind, a call of `callee`."""
    select = _SELECT.get(kind)
    whole = machine.inside(value)
    if not whole.taints:
        return ()
    if kind == "sql" and (_BACKSLASHES.search(callee) or not any(map(_is_doubled, whole.taints))):
        select = None
    if kind == "filter":
        taints = list(_operators(machine, value, _DEEPEST))
    else:
        taints = list(whole.taints) if select is None else list(_selected(machine, value, select))
    if kind == "redirect":
        # An address that a table holds was put there to be gone to: so short links work.
        taints = [
            taint
            for taint in taints
            if taint.data.kind is OriginKind.EVENT
            and machine.harmful(taint, "host")
            and any(machine.harmful(taint, shown) for shown in (BELOW, OF_ONE_SLASH))
        ]
    unique = {(taint.data, taint.node.id): taint for taint in taints}
    return tuple(taint for taint in unique.values() if machine.harmful(taint, kind))


_COMPARED: Final = frozenset({"$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin"})
"""Operators of MongoDB that take what stands under them as a value, whatever it looks like."""
_DEEPEST: Final = 6


def _operators(machine: Machine, value: Val, depth: int) -> Iterator[Taint]:
    """Yield the data that a filter of MongoDB would read operators from."""
    yield from value.taints
    if not depth or any(not isinstance(shape, (Ref, Const)) for shape in value.shapes):
        yield from machine.inside(value).taints
        return
    for _, found in machine.objects(value):
        for key, held in found.entries.items():
            if key not in _COMPARED:
                yield from _operators(machine, held, depth - 1)
        for spread in (*found.spread, *([found.rest] if found.rest is not None else [])):
            yield from _operators(machine, spread, depth - 1)


def _selected(
    machine: Machine, value: Val, select: Callable[[Text], Iterator[Val]]
) -> Iterator[Taint]:
    texts = [shape for shape in value.shapes if isinstance(shape, Text)]
    others = [shape for shape in value.shapes if not isinstance(shape, (Text, Const))]
    if not texts or others:
        yield from machine.inside(value).taints
        return
    for text in texts:
        for part in select(text):
            yield from machine.inside(part).taints


def is_host_chosen(machine: Machine, address: Val) -> bool:
    """Tell whether data is in the host of an address, or before it."""
    return any(True for _ in _selected(machine, address, _host))


def _host(text: Text) -> Iterator[Val]:
    """Yield the parts that are in the host of an address, or before it."""
    before = ""
    for part in text.parts:
        if HOST_IS_SET.match(before) or _BELOW_A_HOST.match(before):
            return
        constant = constant_text(part)
        if constant is not None:
            before += constant
        elif _is_path(part) and HOST_IS_SET.match(f"{before}/"):
            return
        elif any(taint.data.kind is not OriginKind.SECRET for taint in part.taints):
            yield part
            before += "x"
        elif not before or _ORIGIN_FOLLOWS.match(before):
            # What the author or the deployment chose stands where the host is.
            if not before:
                return
            before += "x"
        else:
            before += "x"


def _is_path(part: Val) -> bool:
    """Tell whether it is the path of a request, which begins with a slash."""
    return all(
        (isinstance(shape, Event) and shape.path in PATHS)
        or (isinstance(shape, Const) and str(shape.value).startswith("/"))
        for shape in part.shapes
    )


def _redirect(text: Text) -> Iterator[Val]:
    """Yield the parts that are in the host of an address that a browser is sent to."""
    if not (constant_text(text.parts[0]) or "").startswith("/"):
        yield from _host(text)


def _scheme(text: Text) -> Iterator[Val]:
    """Yield the part that the text begins with: what it says before the first colon counts."""
    for part in text.parts:
        if constant_text(part) == "":
            continue
        if part.taints:
            yield part
        return


def _end(text: Text) -> Iterator[Val]:
    """Yield the part that the text ends with: what a constant end leaves is not any name."""
    for part in reversed(text.parts):
        if constant_text(part) == "":
            continue
        if part.taints:
            yield part
        return


def _beginning(text: Text) -> Iterator[Val]:
    """Yield the part that the text begins with, if nothing of the author's stands before it."""
    for part in text.parts:
        constant = constant_text(part)
        if constant is not None and constant.strip("/."):
            return
        if constant is None and not part.taints:
            return
        if part.taints:
            yield part
            return


def _object_key(text: Text) -> Iterator[Val]:
    """Yield the part that a key begins with, unless the key is a new one each time.

    No object that there is bears the name of a moment to come, or of chance: `${id}-${uuid()}`.
    """
    if not any(not part.taints and any(map(_is_new, part.shapes)) for part in text.parts):
        yield from _beginning(text)


def _is_new(shape: Shape) -> bool:
    return isinstance(shape, External) and shape.instance and bool(_MADE_ANEW.search(shape.name))


def _name(text: Text) -> Iterator[Val]:
    """Yield the parts that may lead elsewhere, through folders that there are.

    In the last name, what follows letters of the author's cannot: `/tmp/photo-../../etc/x` asks
    for a folder `photo-..`. It can where a folder of its own is made for it.
    """
    after = 0
    for place, part in enumerate(text.parts):
        if "/" in (constant_text(part) or ""):
            after = place
    for place, part in enumerate(text.parts):
        before = constant_text(text.parts[place - 1]) if place else None
        is_begun = place > after and before is not None and before[-1:] not in ("", "/", "\\", ".")
        if part.taints and not is_begun:
            yield part


def _statement(text: Text) -> Iterator[Val]:
    """Yield the parts that may end the literal that they stand in, or stand in none."""
    is_quoted = False
    for part in text.parts:
        constant = constant_text(part)
        if constant is not None:
            is_quoted ^= constant.count("'") % 2 == 1
        elif not is_quoted:
            yield from _outside_quotes(part)
        else:
            yield Val(part.shapes, tuple(one for one in part.taints if not _is_doubled(one)))


def _is_doubled(taint: Taint) -> bool:
    """Tell whether the quotes in this data were doubled."""
    return BETWEEN_QUOTES in taint.safe


def _outside_quotes(part: Val) -> Iterator[Val]:
    """Yield what may change a statement that this is a part of: a literal of its own cannot."""
    if all(isinstance(shape, (Text, Const, Number)) for shape in part.shapes):
        for shape in part.shapes:
            if isinstance(shape, Text):
                yield from _statement(shape)
    else:
        yield part


_SELECT: Final[dict[str, Callable[[Text], Iterator[Val]]]] = {
    "host": _host,
    "redirect": _redirect,
    "object-key": _object_key,
    "scheme": _scheme,
    "any-file": _end,
    "path": _name,
    "sql": _statement,
}

PLACED: Final = frozenset(_SELECT) - {"sql"}
"""The kinds of sinks for which the place within a text matters that is sent on as it is."""
