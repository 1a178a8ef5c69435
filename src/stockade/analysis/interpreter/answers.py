"""What the answer of a function tells that says yes on some ways and no on others."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from stockade.analysis.interpreter.state import Content, Key, is_check
from stockade.analysis.interpreter.values import Node, Truth, Val, join_all, only_constant

_Shown: TypeAlias = frozenset[tuple[int, str]]
"""Numbers of nodes, and the kinds of sinks that they are safe for."""


def told(
    exits: Sequence[tuple[Val, Mapping[Key, Content]]],
    nodes: Mapping[int, Node],
    is_there: Callable[[Val], bool],
) -> Val | None:
    """Return yes or no, with what was checked on every way that says so.

    `exits` are a function's values with what each way wrote, `nodes` all that was ever checked.
    What `is_there` counts as yes: a function that gives an answer or None says so, too. None
    where it gives anything else, or where neither tells anything.
    """
    if len(exits) < 2:  # noqa: PLR2004 - one way out tells nothing of itself
        return None
    known_nodes = dict(nodes)
    sides: dict[bool, list[_Shown]] = {True: [], False: []}
    given: list[Val] = []
    says_no = False
    for value, writes in exits:
        made = _checked(writes)
        known = only_constant(value)
        if known is not None and (known.value is None or isinstance(known.value, bool)):
            sides[bool(known.value)].append(made)
            says_no = says_no or known.value is False
        elif is_there(value):
            sides[True].append(made)
            given.append(value)
        elif len(value.shapes) == 1 and isinstance(value.shapes[0], Truth):
            truth, says_no = value.shapes[0], True
            both = (*truth.when_true, *truth.when_false)
            known_nodes.update((node.exact.id, node.exact) for node, _ in both)
            for side, checked in ((True, truth.when_true), (False, truth.when_false)):
                sides[side].append(made | {(node.exact.id, kind) for node, kind in checked})
        else:
            return None
    if not all(sides.values()) or (given and says_no):
        return None
    when_true, when_false = (
        tuple(
            (known_nodes[number], kind)
            for number, kind in sorted(frozenset.intersection(*sides[side]))
            if number in known_nodes
        )
        for side in (True, False)
    )
    if not when_true and not when_false:
        return None
    more = join_all(given)
    if more is None:
        return Val((Truth(when_true, when_false),))
    return Val((Truth((), when_false, beside=more.shapes), *more.shapes), more.taints)


def _checked(writes: Mapping[Key, Content]) -> _Shown:
    return frozenset(
        (key[1], kind)
        for key, kinds in writes.items()
        if is_check(key) and isinstance(key, tuple) and isinstance(key[1], int)
        if isinstance(kinds, frozenset)
        for kind in kinds
    )
