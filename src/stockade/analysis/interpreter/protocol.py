"""What the parts of the interpreter know of each other."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

from stockade.analysis.code.ir import Code, Expression, Span
from stockade.analysis.interpreter.state import Key, State, is_check
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Data,
    External,
    HeapObject,
    Node,
    Taint,
    Val,
    join_all,
)
from stockade.model import Location, SourceFile
from stockade.model.moves import Since
from stockade.model.record import record


@record
class Site:
    """A place in the code."""

    file: SourceFile
    span: Span

    def location(self) -> Location:
        """Return the place in the author's file."""
        return self.file.at(*self.span)

    def is_now(self, now: "Site", since: Since) -> bool:
        """Tell whether another site is this one, where its lines went."""
        return since.is_place(self.location(), now.location())

    def held(self) -> tuple[Location]:
        """Return the place that it is. See `Since`."""
        return (self.location(),)

    def moved_by(self, since: Since, _moved: object) -> "Site":
        """Return the site where its lines went; its file's text is not known any more."""
        before = self.location()
        now = since.place(before)
        return self if now is before else Site(SourceFile(now.path, ""), Span(*now[1:]))


_PLACES: Final = tuple(str(position) for position in range(16))
"""The keys of the first arguments that have no name: of nearly all there are."""

UNKNOWN_CALL: Final = "it is the result of an unknown call"
"""Why nothing is known of what a call gave of which nothing is known."""


@record
class Proof:
    """Where the code found out who calls; `of_role` if that somebody gave them a role, too."""

    site: Site
    of_role: bool = False


def strength(proof: Proof | None) -> int:
    """Return how much is known of whoever calls: the weakest is nothing at all."""
    return 0 if proof is None else 1 + proof.of_role


class Arguments:
    """What a call passes: by position, by name, and spread from what is not known."""

    __slots__ = ("more_entries", "more_items", "named", "positional", "spread_map")

    def __init__(
        self,
        positional: list[Val] | None = None,
        named: dict[str, Val] | None = None,
        more_items: Val | None = None,
        more_entries: Val | None = None,
        spread_map: Val | None = None,
    ) -> None:
        """Begin with what is given; by default nothing is passed."""
        self.positional = [] if positional is None else positional
        self.named = {} if named is None else named
        self.more_items = more_items
        """An item of a spread list whose length is not known."""
        self.more_entries = more_entries
        """A value of a spread map whose keys are not known."""
        self.spread_map = spread_map
        """That map itself, which may be asked for a key."""

    def after(self, *first: Val, named: Mapping[str, Val] | None = None) -> "Arguments":
        """Return these after others that a function was bound to; what both name is these'."""
        return Arguments(
            [*first, *self.positional],
            {**named, **self.named} if named else self.named,
            self.more_items,
            self.more_entries,
            self.spread_map,
        )

    def get(self, position: int | None, name: str | None) -> Val | None:
        """Return the argument at `position` or of that name; what is spread may be any."""
        if name is not None and name in self.named:
            return self.named[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        spread = [value for value in (self.more_items, self.more_entries) if value is not None]
        return join_all(spread)

    def all(self) -> Iterator[Val]:
        """Yield every value that is passed."""
        yield from self.positional
        yield from self.named.values()
        if self.more_items is not None:
            yield self.more_items
        if self.more_entries is not None:
            yield self.more_entries

    def by_key(self) -> Mapping[str, Val]:
        """Return the arguments keyed by name, or by position where they have none."""
        keyed = dict(zip(_PLACES, self.positional, strict=False))
        for position in range(len(_PLACES), len(self.positional)):
            keyed[str(position)] = self.positional[position]
        keyed.update(self.named)
        return keyed

    @property
    def complete(self) -> bool:
        """Whether every argument is known by its place."""
        return self.more_items is None and self.more_entries is None


@record
class Invocation:
    """One call: of what, on what, with which arguments, and where."""

    callee: str
    receiver: Val
    arguments: Arguments
    site: Site


class Dead(Exception):  # noqa: N818 - not an error: the code after it is never reached
    """The way ends here: what was called never returns."""


class Machine(Protocol):
    """What the models of builtins and libraries may ask of the interpreter."""

    state: State
    responders: set[Code]
    begun: int
    """How often something was put for the first time where until then nobody had to look."""
    wrote_file: bool
    whose: Key
    """Where the state says whether it is known who calls."""

    def evaluate(self, expression: Expression) -> Val:
        """Return what an expression may be."""

    def event(self, path: tuple[str, ...], site: Site) -> Val:
        """Read a field of the event."""

    def call(self, callee: Val, arguments: Arguments, site: Site) -> Val:
        """Call a value, and return what it gives."""

    def attribute(self, value: Val, name: str, site: Site) -> Val:
        """Read an attribute."""

    def index(self, value: Val, key: Val, site: Site) -> Val:
        """Read an item by its key."""

    def item(self, value: Val, site: Site) -> Val:
        """Return any item that iterating over `value` gives."""

    def derive(
        self,
        site: Site,
        *values: Val,
        note: str = "",
        through: str = "",
        kinds: frozenset[str] = frozenset(),
    ) -> tuple[Taint, ...]:
        """Return the taints of `values`, one step further; `kinds` are safe from here on.

        `through` names the call that gives them, of code that is not read: its note is made of it.
        """

    def part(self, items: Val, place: str | int) -> Val:
        """Return the item at one place of many of which no more is known."""

    def allocate(self, site: Site, made: HeapObject, tag: str = "") -> Val:
        """Put an object on the heap, at an address of its own for this place."""

    def objects(self, value: Val) -> Iterator[tuple[int, HeapObject]]:
        """Yield the heap objects that `value` may be, with their addresses."""

    def change(self, value: Val, address: int, made: HeapObject) -> None:
        """Replace an object; only add to it where `value` may be several."""

    def inside(self, value: Val) -> Val:
        """Return `value` with the taints of all it contains."""

    def start(self, site: Site, data: Data, note: str) -> Taint:
        """Begin the way of data that enters here."""

    def made(self, theirs: External) -> External:
        """Return a library's object, as it was made before if the same call made the same."""

    def address(self, site: Site, tag: str) -> int:
        """Return the address that things made at this place have."""

    def harmful(self, taint: Taint, kind: str) -> bool:
        """Tell whether this data was neither made safe nor checked for sinks of this kind."""

    def made_safe(self, taint: Taint) -> frozenset[str]:
        """Return the kinds of sinks for which this data was made safe or checked, so far."""

    def field_node(self, field: str) -> Node:
        """Return what stands for a field of the event and all below it, to check it as a whole."""

    def proof(self, found: Proof) -> tuple[tuple[Node, str], ...]:
        """Return what shows that it is known who calls, because of what is checked there."""

    def proved(self) -> Proof | None:
        """Return where the code found out who calls, if it surely did before it got here."""

    def came_by(
        self, field: tuple[str, ...], values: Sequence[str], *, begins: bool = False
    ) -> tuple[tuple[tuple[Node, str], ...], tuple[tuple[Node, str], ...]]:
        """Return what shows which event sources sent the event, where it is so and where not."""

    def left_out(self) -> frozenset[str]:
        """Return the event sources that surely did not send the event, as the code asked it."""

    def narrowed(self, taint: Taint) -> Taint:
        """Return the data without the event sources that the code has left out by here."""

    def looked_at(self, taint: Taint) -> bool:
        """Tell whether anything at all has checked this data, for whatever kind of sink."""

    def named_here(self) -> tuple[str, ...]:
        """Return what the code calls what is being made: nearest first, functions with `()`."""

    def trust(self, checked: tuple[tuple[Node, str], ...]) -> None:
        """Note that data was checked: from here on it is safe for the named kinds."""

    def runs_statement(self, call: "Invocation") -> None:
        """Note the harm that a call of code that was not read does by what it is given."""
        ...

    def decides(self, value: Val) -> None:
        """Note that what a checked token says of its holder is compared with what is fixed."""

    def meets(self, callee: str, left: Val, right: Val, site: Site) -> bool:
        """Note, and tell, whether what was sent is compared with a variable that it names."""

    def variable(self, name: str, *, needed: bool = False) -> Val:
        """Read a variable of the environment; where it is `needed`, code without it stops."""

    def set_variable(self, key: Val, value: Val, *, again: bool = True) -> None:
        """Set a variable of the environment, unless it is there already and not set `again`."""

    def hold(self, holder: Val, value: Val) -> None:
        """Note that a library's object now holds a value too."""

    def here(self) -> Site:
        """Return the place that is being run."""

    def calls_here(self) -> tuple[tuple[Site, str], ...]:
        """Return the calls that lead here: the place, and the name of what is called."""

    def check(self, value: Val) -> tuple[tuple[Node, str], ...]:
        """Return the steps of data in `value` that a check of it makes safe, for every kind."""

    def frozen(self, value: Val) -> bool:
        """Tell whether nothing in `value`, however deep, comes from others."""


def call_apart(machine: Machine, callee: Val, arguments: Arguments, site: Site) -> Val:
    """Call a function that a library runs: where it always raises, the library goes on."""
    try:
        return machine.call(callee, arguments, site)
    except Dead:
        return UNKNOWN


@contextmanager
def on_its_route(machine: Machine, *, kept: bool = False, whose: bool = True) -> Iterator[None]:
    """Run what a framework runs for one route: what is checked there is checked on no other.

    What runs before every route is `kept`: its checks are those of all of them, who calls among
    them unless `whose` is False.
    """
    base = machine.state
    machine.state = State(base)
    try:
        yield
    finally:
        sheet, machine.state = machine.state, base
    dropped = {key for key in sheet.writes if is_check(key)} if not kept else set()
    if not whose:
        dropped.add(machine.whose)
    base.writes.update({key: held for key, held in sheet.writes.items() if key not in dropped})
