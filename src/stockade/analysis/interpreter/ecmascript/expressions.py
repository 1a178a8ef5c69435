"""Regular expressions: what a match shows of a text, and what a replacement leaves of it."""

import re
from typing import Final

from stockade._late import pattern
from stockade.analysis.events import name_of
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site
from stockade.analysis.interpreter.texts import BETWEEN_QUOTES, MOST_LENGTH, doubles_quotes
from stockade.analysis.interpreter.values import (
    NUMBER,
    Anything,
    Const,
    Event,
    External,
    Shape,
    Truth,
    Val,
    constant_text,
)
from stockade.analysis.libraries.matching import MATCH
from stockade.analysis.libraries.patterns import HARMFUL, keeps_out, leaves_none, parts

REGEXP: Final = "ecmascript.RegExp"
_ENTITY: Final = pattern(r"&(?:#\w+|\w+);$")
_ONE_CHARACTER: Final = pattern(r"(?!.*--)(?:\[[^\[\]\\&|~]+\]|\\[sdwSDW/]|[\w \"',/:;=-])\+?")
_ESCAPED: Final = "\\$&"
"""Puts a backslash before what was matched."""
_NAMED: Final = pattern(r"\(\?<(?![=!])")


def pattern_of(value: Val) -> tuple[str, str] | None:
    """Return what a regular expression says, as Python writes it, and its flags."""
    for shape in value.shapes:
        if (
            isinstance(shape, External)
            and shape.name.startswith(REGEXP)
            and len(value.shapes) == 1
        ):
            made = dict(shape.made_of)
            pattern = constant_text(made["0"]) if "0" in made else None
            flags = constant_text(made["1"]) if "1" in made else ""
            if pattern is None or flags is None:
                return None
            return _NAMED.sub("(?P<", pattern), flags
    return None


def is_one(shape: Shape) -> bool:
    """Tell whether a value is a regular expression."""
    return isinstance(shape, External) and shape.name.startswith(REGEXP)


def runs(machine: ScriptMachine, pattern: Val, text: Val, site: Site) -> None:
    """Note the harm of matching a text with a pattern: it may stall, and others may write it."""
    for shape in pattern.shapes:
        made_of = shape.made_of if isinstance(shape, External) and is_one(shape) else ()
        written = dict(made_of).get("0")
        if written is not None and (text.taints or written.taints):
            machine.harmed(Invocation(MATCH, pattern, Arguments([text, written]), site))


def shown(machine: Machine, pattern: Val, text: Val) -> Val | None:
    """Return the outcome of a match, if it shows that the text can do no harm of some kind."""
    known = pattern_of(pattern)
    if known is None or "m" in known[1] or not text.taints:
        return None
    kinds = [
        kind
        for kind, harmful in HARMFUL.items()
        if keeps_out(known[0], harmful, start=False, end=False)
    ]
    nodes = [taint.node for taint in machine.inside(text).taints]
    nodes += [
        machine.field_node(name_of(shape.path))
        for shape in text.shapes
        if isinstance(shape, Event)
    ]
    pairs = tuple((node, kind) for node in nodes for kind in kinds)
    return Val((Truth(pairs, ()),)) if pairs else None


def tested(machine: ScriptMachine, pattern: Val, text: Val, site: Site) -> Val:
    """Return what `pattern.test(text)` gives."""
    runs(machine, pattern, text, site)
    return shown(machine, pattern, text) or NUMBER


def matched(
    machine: ScriptMachine, pattern: Val, text: Val, site: Site, *, at_once: bool = False
) -> Val:
    """Return what `text.match(pattern)` gives: parts of the text, and what the match shows.

    Where the pattern is global these are all matches, unless they are asked for one `at_once`.
    """
    runs(machine, pattern, text, site)
    taints = machine.derive(site, machine.inside(text))
    found = shown(machine, pattern, text)
    known = pattern_of(pattern)
    held = parts(known[0]) if known is not None else ()
    if known is not None and "g" in known[1] and held and not at_once:
        kinds = frozenset.intersection(*(safe for _, safe in held))
        shapes = found.shapes if found is not None else (Anything("these are matches"),)
        return Val(shapes, machine.derive(site, machine.inside(text), kinds=kinds))
    if found is not None or held:
        pairs = found.shapes[0].when_true if found and isinstance(found.shapes[0], Truth) else ()
        return Val((Truth(pairs, (), held),), taints)
    return Val((Anything("it is a match"),), taints)


def replaced(pattern: Val, put: Val, text: Val) -> Val | None:
    """Compute `text.replace(pattern, put)` of constants, if the pattern matches characters."""
    known, found, new = pattern_of(pattern), constant_text(text), constant_text(put)
    if known is None or found is None or new is None or len(found) > MOST_LENGTH:
        return None
    if known[1] not in ("", "g") or "$" in new or not _ONE_CHARACTER.fullmatch(known[0]):
        return None
    times = 0 if "g" in known[1] else 1
    try:
        result = re.sub(known[0], lambda _: new, found, count=times)
    except re.error:
        return None
    return Val((Const(result),), text.taints)


def _escapes(pattern: Val, put: Val, *, everywhere: bool) -> bool:
    """Tell whether every `<` becomes an entity: `&lt;`, or what a map of entities says."""
    entities = [
        shape.value
        for shape in put.shapes
        if isinstance(shape, Const) and isinstance(shape.value, str) and _ENTITY.match(shape.value)
    ]
    if not entities:
        return False
    known = pattern_of(pattern)
    if known is None:
        return constant_text(pattern) == "<" and everywhere
    return "g" in known[1] and leaves_none(known[0], "<")


def cleaned(pattern: Val, put: Val, *, everywhere: bool) -> frozenset[str]:
    """Return the kinds of sinks that a text cannot harm once every match was replaced."""
    replacement = constant_text(put)
    if replacement == _ESCAPED:
        known = pattern_of(pattern)
        is_whole = known is not None and "g" in known[1] and leaves_none(known[0], "(*+")
        return frozenset({"pattern"}) if is_whole else frozenset()
    if _escapes(pattern, put, everywhere=everywhere):
        return frozenset({"page"})
    if replacement is None or "$" in replacement:
        return frozenset()
    known = pattern_of(pattern)
    if known is None:
        replaced = constant_text(pattern) if everywhere else None
        if doubles_quotes(replaced, replacement):
            return frozenset({BETWEEN_QUOTES})
        return frozenset({"path"}) if replaced == "/" else frozenset()
    if "g" not in known[1]:
        return frozenset()
    if doubles_quotes(known[0], replacement):
        return frozenset({BETWEEN_QUOTES})
    return frozenset(
        kind
        for kind, harmful in HARMFUL.items()
        if leaves_none(known[0], harmful) and not set(replacement) & set(harmful)
    )
