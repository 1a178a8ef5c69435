"""What every part of the interpreter stands on: the state, the steps of data, the heap."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Final

from stockade.analysis.code import ir
from stockade.analysis.code.modules import Modules
from stockade.analysis.events import OWN_CLAIM
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import chosen, files
from stockade.analysis.interpreter.externals import Externals
from stockade.analysis.interpreter.journal import Hit
from stockade.analysis.interpreter.pace import FIRST
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Proof, Site
from stockade.analysis.interpreter.state import Content, Key, Kinds, State
from stockade.analysis.interpreter.values import (
    CALLER,
    EVERYTHING,
    MOST_TAINTS,
    ROLE,
    Data,
    External,
    HeapObject,
    Node,
    Ref,
    Taint,
    Text,
    Val,
    join_objects,
    join_taints,
)
from stockade.model import Confidence, SourceFile
from stockade.model.record import record, replace

MOST_DEEP: Final = 4
"""How deep the contents of an object are looked into."""
_NAMING_FRAMES: Final = 4
"""How many functions outwards something made is given a name by."""
_NOT_BY: Final = "not by "
"""Begins what is shown where the code has left out an event source, whose id follows."""
_NO_SOURCES: Final = frozenset[str]()
OBJECTS_A_STEP: Final = 8
"""Objects that are looked into for their contents, for one step of what a handler is given."""


class Frame:
    """One activation of a function."""

    def __init__(  # noqa: PLR0913 - made at three places, each with names
        self,
        code: ir.Code,
        file: SourceFile,
        number: int,
        scopes: tuple[int, ...],
        base: State,
        *,
        call_site: Site | None = None,
        defines: int | None = None,
        owner: int | None = None,
        given: tuple[Val, ...] = (),
    ) -> None:
        """Begin with the function's own scope, then those around it, the module's last."""
        self.code = code
        self.body = code.lowering.body()
        self.file = file
        self.number = number
        self.scopes = scopes
        self.base = base
        self.call_site = call_site
        self.exits: list[tuple[Val, dict[Key, Content]]] = []
        self.loops: list[tuple[State, list[dict[Key, Content]]]] = []
        self.yields: Val | None = None
        self.naming: str | None = None
        """The variable, entry or argument that what is being evaluated goes into."""
        self.defines = defines
        """The class whose body this is."""
        self.owner = owner
        """The class whose method this is."""
        self.given = given
        """The arguments that it was called with."""
        self.receiver = given[0] if given else None
        self.also_bound: set[str] = set()
        """The names in its own scope that are not among the locals of its code."""

    def forget_locals(self, writes: dict[Key, Content]) -> None:
        """Take out of what was written the variables that end with the activation."""
        for names in (self.body.locals, self.also_bound):
            for name in names:
                writes.pop((self.number, name), None)


@record
class Summary:
    """What a call gave and wrote, kept for the same call again."""

    result: Val
    writes: dict[Key, Content]
    bound: dict[str, Val]
    """What the parameters were."""


class Core(ABC):
    """The state of a run, and the steps by which data came."""

    def __init__(self, modules: Modules, externals: Externals) -> None:
        self.state = State()
        externals.deployed.begin(self.state)
        self.modules = modules
        self.externals = externals
        self.frames: list[Frame] = []
        self.unread: list[ir.Opaque] = []
        self.responders: set[ir.Code] = set()
        """The functions whose result goes to the caller: the handler, and routes."""
        self._steps = 0
        self._pace = FIRST
        self.is_rough = False
        """Whether a call was taken to do what another did that is like it, to get on."""
        self._nodes: dict[tuple[object, ...], Node] = {}
        self._checked_fields: dict[str, Node] = {}
        self.checked_nodes: dict[int, Node] = {}
        """The nodes that were checked somewhere: of others the state need not be asked."""
        self._caller = self.field_node(_WHO_CALLS)
        self.whose: Key = ("safe", self._caller.id)
        self._proofs: list[Site] = []
        """Where the code finds out who calls: each by its place in this list."""
        self._addresses: dict[tuple[object, ...], int] = {}
        self._made: dict[External, External] = {}
        self._scopes: dict[str, int] = {}
        self._activations = 0
        self._closed_over: set[int] = set()
        """The scopes that functions see which were made in them: those outlive the activation."""
        self._runs: dict[ir.Code, int] = {}
        self.cut: Site | None = None
        """The first call that was not followed because it was too deep."""
        self._summaries: dict[tuple[object, ...], list[Summary]] = {}
        self._alike: dict[HeapObject, int] = {}
        """A number for each state of an object that a function was called with."""
        self._wrote_event = False
        self.wrote_file = False
        self.begun = 0
        self._here: Site

    @property
    def frame(self) -> Frame:
        """The activation that runs now."""
        return self.frames[-1]

    def running(self) -> ir.Block:
        """Return the statements of the function that runs now."""
        return self.frames[-1].code.body

    def site(self, node: ir.Expression | ir.Statement | ir.Target) -> Site:
        """Return the place of a piece of code of the running function."""
        return Site(self.frames[-1].file, node.span)

    def step(  # noqa: PLR0913 - what makes it the same step, each by its name
        self,
        site: Site,
        parent: Node | None,
        note: str,
        *,
        exact: Node | None = None,
        part: str | int | None = None,
        through: str = "",
    ) -> Node:
        """Return the step of data at this place: the same one however often it is made."""
        key = (parent.id if parent else -1, site.file.path, site.span, note, part)
        node = self._nodes.get(key)
        if node is None:
            number = len(self._nodes)
            node = Node(number, parent, site.file, site.span, note, through=through)
            self._nodes[key] = node
            node.exact = exact or node
        return node

    def start(self, site: Site, data: Data, note: str) -> Taint:
        """Begin the way of data that enters here; the same field read twice is the same data."""
        key = ("data", data)
        origin = self._nodes.get(key)
        if origin is None:
            number = len(self._nodes)
            origin = Node(number, None, site.file, site.span, "")
            self._nodes[key] = origin
        return Taint(data, self.step(site, origin, note, exact=origin))

    def part(self, items: Val, place: str | int) -> Val:
        """Return the item at one place, or under one key, of many of which no more is known.

        Read again it is the same item, and a check of it is none of the others.
        """
        taints = []
        for taint in items.taints:
            node = taint.node
            file = node.file or self.frame.file
            step = self.step(Site(file, node.span), node, "", part=place)
            taints.append(Taint(taint.data, step, taint.safe))
        return Val(items.shapes, tuple(taints)) if taints else items

    def passed_on(self, site: Site, value: Val, note: str) -> tuple[Taint, ...]:
        """Return the taints of a value that is passed on as it is."""
        return tuple(
            Taint(
                taint.data,
                self.step(site, taint.node, note, exact=taint.node.exact),
                taint.safe,
            )
            for taint in value.taints
        )

    def derive(
        self,
        site: Site,
        *values: Val,
        note: str = "",
        through: str = "",
        kinds: frozenset[str] = frozenset(),
    ) -> tuple[Taint, ...]:
        """Return the taints of `values`, one step further; `kinds` are safe from here on."""
        taints = join_taints(*values)
        if not taints:
            return ()
        note = f"goes through {through}()" if through else note
        return tuple(
            [
                Taint(
                    taint.data,
                    self.step(site, taint.node, note, through=through),
                    taint.safe | kinds,
                )
                for taint in taints
            ]
        )

    def allocate(self, site: Site, made: HeapObject, tag: str = "") -> Val:
        """Put an object on the heap, at an address of its own for this place."""
        address = self.address(site, f"{made.kind} {tag}")
        self.state.writes[address] = made
        return Val((Ref(address),))

    def address(self, site: Site, tag: str) -> int:
        """Return the address that things made at this place have, in this activation."""
        activation = self.frames[-1].number if self.frames else 0
        key = (activation, site.file.path, site.span, tag)
        return self._addresses.setdefault(key, len(self._addresses) + 1)

    def made(self, theirs: External) -> External:
        """Return a library's object, as it was made before if the same call made the same.

        Objects made of objects are then told apart at a glance, however deep they go.
        """
        return self._made.setdefault(theirs, theirs)

    def runs_statement(self, call: Invocation) -> None:
        """Note the harm that a call of code that was not read does by what it is given."""
        self.externals.harms.unread(self, call)

    def decides(self, value: Val) -> None:
        """Note that what a checked token says of its holder is compared with what is fixed."""
        for taint in value.taints:
            if taint.data.verified and OWN_CLAIM in taint.data.field:
                hit = Hit("claim", "", "", taint, self.here(), Confidence.MEDIUM)
                self.externals.journal.hit(hit)

    def meets(self, callee: str, left: Val, right: Val, site: Site) -> bool:
        """Note, and tell, whether what was sent is compared with a variable that it names."""
        taints = chosen.met(left, right)
        for taint in taints:
            hit = Hit(chosen.VARIABLE, callee, "", taint, site, Confidence.HIGH)
            self.externals.journal.hit(replace(hit, proved=self.proved()))
        return bool(taints)

    def variable(self, name: str, *, needed: bool = False) -> Val:
        """Read a variable of the environment; where it is `needed`, code without it stops."""
        return self.externals.deployed.read(self.state, name, needed=needed)

    def set_variable(self, key: Val, value: Val, *, again: bool = True) -> None:
        """Set a variable of the environment, unless it is there already and not set `again`."""
        if again:
            self.externals.deployed.write(self.state, key, value)
        else:
            self.externals.deployed.add(self.state, key, value)

    def hold(self, holder: Val, value: Val) -> None:
        """Note that a library's object now holds a value too."""
        for shape in holder.shapes:
            if isinstance(shape, External):
                self.externals.hold(self, shape, value)

    def here(self) -> Site:
        """Return the place that is being run."""
        return self._here

    def calls_here(self) -> tuple[tuple[Site, str], ...]:
        """Return the calls that lead here: the place, and the name of what is called."""
        return tuple(
            (frame.call_site, frame.code.name)
            for frame in self.frames
            if frame.call_site is not None
        )

    def named_here(self) -> tuple[str, ...]:
        """Return what the code calls what is being made: nearest first, functions with `()`."""
        names: list[str] = []
        for frame in reversed(self.frames[-_NAMING_FRAMES:]):
            if frame.naming is not None:
                names.append(frame.naming)
            if frame.code.name and frame.call_site is not None and len(self.frames) > 1:
                names.append(f"{frame.code.name}()")
        return tuple(names)

    def objects(self, value: Val) -> Iterator[tuple[int, HeapObject]]:
        """Yield the heap objects that `value` may be, with their addresses."""
        for shape in value.shapes:
            if isinstance(shape, Ref):
                found = self.state.object(shape.address)
                if found is not None:
                    yield shape.address, found

    def change(self, value: Val, address: int, made: HeapObject) -> None:
        """Replace an object; only add to it where `value` may be several."""
        if len(value.shapes) > 1:
            before = self.state.object(address)
            made = made if before is None else join_objects(before, made)
        self.state.writes[address] = made

    def inside(self, value: Val) -> Val:
        """Return `value` with the taints of all it contains."""
        for shape in value.shapes:
            if isinstance(shape, (Ref, External)):
                break
        else:
            return value
        found = [value]
        ways = {taint.node for taint in value.taints}
        seen: set[int] = set()
        for content in self._contained(value, MOST_DEEP, seen):
            found.append(content)
            ways.update(taint.node for taint in content.taints)
            if len(ways) >= MOST_TAINTS:
                # A value keeps no more than these.
                break
        self._steps += len(seen) // OBJECTS_A_STEP
        return Val(value.shapes, join_taints(*found))

    def _contained(self, value: Val, depth: int, seen: set[int]) -> Iterator[Val]:
        for shape in value.shapes:
            if isinstance(shape, External):
                yield from self.externals.held(self, shape)
        for address, found in self.objects(value):
            if address in seen or depth == 0 or found.kind == "class":
                continue
            seen.add(address)
            if found.kind == "file" and found.type is not None:
                yield files.read_file(self, found.type)
            for content in (*found.entries.values(), found.rest, *found.spread):
                if content is not None:
                    if content.taints:
                        yield content
                    yield from self._contained(content, depth - 1, seen)

    def frozen(self, value: Val) -> bool:
        """Tell whether nothing in `value`, however deep, comes from others."""
        return not self.inside(value).taints

    def check(self, value: Val) -> tuple[tuple[Node, str], ...]:
        """Return the steps of data in `value` that a check of it makes safe, for every kind."""
        return tuple((taint.node, EVERYTHING) for taint in value.taints)

    def made_safe(self, taint: Taint) -> frozenset[str]:
        """Return the kinds of sinks for which this data was made safe or checked, so far."""
        if not self.checked_nodes:
            return frozenset(taint.safe)  # Where nothing is checked, the way is not walked again.
        kinds = self._checked_on_the_way(taint)
        for whole, node in self._checked_fields.items():
            if _is_within(taint.data.field, whole):
                kinds |= self._checked(node)
        return frozenset(kinds)

    def _checked_on_the_way(self, taint: Taint) -> set[str]:
        """Return the kinds for which data was made safe, or checked where it came through."""
        kinds = set(taint.safe)
        ever = self.checked_nodes
        node: Node | None = taint.node
        while node is not None:
            if node.id in ever:
                kinds |= self.state.checked(node.id)
            node = node.parent
        return kinds

    def _checked(self, node: Node) -> Kinds:
        """Return the kinds of sinks for which the data of this node was checked by here."""
        return self.state.checked(node.id) if node.id in self.checked_nodes else _NO_KINDS

    def trust(self, checked: tuple[tuple[Node, str], ...]) -> None:
        """Note that data was checked: from here on it is safe for the named kinds."""
        for step, kind in checked:
            node = step.exact
            kinds = self._checked(node)
            if kind not in kinds:
                self.state.writes["safe", node.id] = kinds | {kind}
                self.checked_nodes[node.id] = node

    def harmful(self, taint: Taint, kind: str) -> bool:
        """Tell whether this data was neither made safe nor checked for sinks of this kind."""
        if kind in taint.safe or EVERYTHING in taint.safe:
            return False
        ever = self.checked_nodes
        if not ever:
            return True
        node: Node | None = taint.node
        while node is not None:
            if node.id in ever:
                checked = self.state.checked(node.id)
                if kind in checked or EVERYTHING in checked:
                    return False
            node = node.parent
        return not self._is_checked_above(taint.data, kind)

    def proof(self, found: Proof) -> tuple[tuple[Node, str], ...]:
        """Return what shows that it is known who calls, because of what is checked there."""
        if found.site not in self._proofs:
            self._proofs.append(found.site)
        place = self._proofs.index(found.site)
        kinds = [CALLER, f"{CALLER} {place}"]
        if found.of_role:
            kinds += [ROLE, f"{ROLE} {place}"]
        return tuple((self._caller, kind) for kind in kinds)

    def proved(self) -> Proof | None:
        """Return where the code found out who calls, if it surely did before it got here.

        Where the ways here found out at several places, that is any of these.
        """
        kinds = self._checked(self._caller)
        if CALLER not in kinds:
            return None
        told = ROLE if ROLE in kinds else CALLER
        places = (site for n, site in enumerate(self._proofs) if f"{told} {n}" in kinds)
        return Proof(next(places, self._proofs[0]), of_role=ROLE in kinds)

    def came_by(
        self, field: tuple[str, ...], values: Sequence[str], *, begins: bool = False
    ) -> tuple[tuple[tuple[Node, str], ...], tuple[tuple[Node, str], ...]]:
        """Return what shows which event sources sent the event, where it is so and where not.

        It is so where the field is one of several texts, or begins with the only one.
        """
        told = (
            self.externals.begins(field, values[0])
            if begins
            else self.externals.equal(field, values)
        )
        if told is None:
            return (), ()
        if_so = tuple((self._caller, f"{_NOT_BY}{source}") for source in sorted(told.if_so))
        if_not = tuple((self._caller, f"{_NOT_BY}{source}") for source in sorted(told.if_not))
        return if_so, if_not

    def left_out(self) -> frozenset[str]:
        """Return the event sources that surely did not send the event, as the code asked it."""
        kinds = self._checked(self._caller)
        if not kinds:
            return _NO_SOURCES
        return frozenset(one.removeprefix(_NOT_BY) for one in kinds if one.startswith(_NOT_BY))

    def narrowed(self, taint: Taint) -> Taint:
        """Return the data without the event sources that the code has left out by here."""
        left_out = self.left_out()
        if not left_out or left_out.isdisjoint(taint.data.sources):
            return taint
        kept = tuple(source for source in taint.data.sources if source not in left_out)
        return taint._replace(data=replace(taint.data, sources=kept)) if kept else taint

    def shown(self) -> tuple[tuple[Node, str], ...]:
        """Return what data was checked by here, and for which kinds of sinks; not who calls."""
        return tuple(
            (node, kind)
            for node in self.checked_nodes.values()
            if node is not self._caller
            for kind in sorted(self._checked(node))
        )

    def looked_at(self, taint: Taint) -> bool:
        """Tell whether anything at all has checked this data, for whatever kind of sink."""
        return bool(self.made_safe(taint))

    def field_node(self, field: str) -> Node:
        """Return what stands for a field of the event and all below it, to check it as a whole."""
        node = self._checked_fields.get(field)
        if node is None:
            number = NOWHENCE.id - 1 - len(self._checked_fields)
            node = Node(number, None, None, NOWHENCE.span, "")
            self._checked_fields[field] = node
        return node

    def _is_checked_above(self, data: Data, kind: str) -> bool:
        """Tell whether a check of the event, or of a part that holds this field, covers it."""
        for whole, node in self._checked_fields.items():
            if _is_within(data.field, whole):
                checked = self._checked(node)
                if data.kind in _FIELDS and (kind in checked or EVERYTHING in checked):
                    return True
        return False

    def _trusted(self, value: Val) -> Val:
        """Return `value` with what was checked written into its taints, to outlive the branch."""
        if not value.taints or not self.checked_nodes:
            return value
        taints = []
        more = False
        for taint in value.taints:
            kinds = self._checked_on_the_way(taint)
            if kinds != taint.safe:
                more = True
                taint = Taint(taint.data, taint.node, frozenset(kinds))  # noqa: PLW2901
            taints.append(taint)
        if not more:
            return value
        shapes = tuple(
            replace(shape, parts=tuple(map(self._trusted, shape.parts)))
            if isinstance(shape, Text)
            else shape
            for shape in value.shapes
        )
        return Val(shapes, tuple(taints))

    # --- what the other parts do ---

    @abstractmethod
    def run(self, block: ir.Block) -> bool:
        """Run statements in order. Return whether the end of the block is reached."""

    @abstractmethod
    def evaluate(self, expression: ir.Expression) -> Val:
        """Return what an expression may be."""

    @abstractmethod
    def assign(self, target: ir.Target, value: Val) -> None:
        """Write a value to a target, taking it apart as the target says."""

    @abstractmethod
    def call(self, callee: Val, arguments: Arguments, site: Site) -> Val:
        """Call whatever `callee` may be."""

    @abstractmethod
    def attribute(self, value: Val, name: str, site: Site) -> Val:
        """Read an attribute of whatever `value` may be."""

    @abstractmethod
    def index(self, value: Val, key: Val, site: Site) -> Val:
        """Read an item of whatever `value` may be."""

    @abstractmethod
    def item(self, value: Val, site: Site) -> Val:
        """Return any item that iterating over `value` gives."""

    @abstractmethod
    def event(self, path: tuple[str, ...], site: Site) -> Val:
        """Read a field of the event: who wrote it depends on where events come from."""


_NO_KINDS: Final[Kinds] = frozenset()
_WHO_CALLS: Final = "who calls"
"""No field of an event has this name."""
_FIELDS: Final = (OriginKind.EVENT, OriginKind.STORED)


NOWHENCE: Final = Node(-1, None, None, ir.Span(1, 1, 1, 1), "")
"""A step that stands for any way by which data may have come."""


def _is_within(field: str, whole: str) -> bool:
    """Tell whether a field of the event is `whole` or a part of it; the event is all of it."""
    return not whole or field == whole or field.startswith((f"{whole}.", f"{whole}["))
