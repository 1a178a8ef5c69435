"""The interpreter: walks the intermediate form and computes abstract values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from stockade.analysis.code import ir
from stockade.analysis.code.modules import ExternalModule, Found, Modules
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import builtins, checks, files, secrets, texts
from stockade.analysis.interpreter.externals import Externals
from stockade.analysis.interpreter.protocol import Arguments, Dead, Site
from stockade.analysis.interpreter.state import Content, Key, State, meet
from stockade.analysis.interpreter.values import (
    EVERYTHING,
    NONE,
    NUMBER,
    UNKNOWN,
    Anything,
    Bound,
    Const,
    Data,
    Environment,
    Event,
    External,
    Function,
    HeapObject,
    Method,
    ModuleShape,
    Node,
    Number,
    Ref,
    Shape,
    Special,
    Taint,
    Text,
    Val,
    const,
    external,
    join,
    join_all,
    join_objects,
    join_taints,
    only_constant,
    text_of,
)
from stockade.model import SourceFile
from stockade.model.record import record, replace

MOST_STEPS: Final = 100_000
"""Expressions evaluated for one handler; a real handler needs some thousands."""
MOST_DEPTH: Final = 48
MOST_PASSES: Final = 4
"""Over one loop's body: what three passes did not settle is as good as unknown."""
MOST_DEEP: Final = 4
"""How deep the contents of an object are looked into."""
MOST_RECURSION: Final = 2


MOST_RUNS: Final = 24
"""Of one function with different arguments, before calls that are alike count as the same."""


class OutOfBudgetError(Exception):
    """The handler needs more steps than are given to one handler."""


@dataclass(slots=True, eq=False)
class Frame:
    """One activation of a function."""

    code: ir.Code
    file: SourceFile
    number: int
    scopes: tuple[int, ...]
    """Its own scope, then those around it, the module's last."""
    base: State
    exits: list[tuple[Val, dict[Key, Content]]] = field(default_factory=list)
    loops: list[tuple[State, list[dict[Key, Content]]]] = field(default_factory=list)
    yields: Val | None = None
    call_site: Site | None = None
    defines: int | None = None
    """The class whose body this is."""
    owner: int | None = None
    """The class whose method this is."""
    receiver: Val | None = None


@record
class Summary:
    """What a call gave and wrote, kept for the same call again."""

    result: Val
    writes: dict[Key, Content]
    kept: tuple[HeapObject, ...] = ()
    """What the call's key names by identity, which must therefore live as long as the key."""


class Interpreter:
    """Runs code of one Lambda function; `protocol.Machine` is what its models see of it."""

    def __init__(self, modules: Modules, externals: Externals) -> None:
        self.state = State()
        self.modules = modules
        self.externals = externals
        self.frames: list[Frame] = []
        self.unread: list[ir.Opaque] = []
        self.responders: set[ir.Code] = set()
        """The functions whose result goes to the caller: the handler, and routes."""
        self._steps = 0
        self._nodes: dict[tuple[object, ...], Node] = {}
        self._checked_fields: dict[str, Node] = {}
        self._addresses: dict[tuple[object, ...], int] = {}
        self._scopes: dict[str, int] = {}
        self._activations = 0
        self._runs: dict[ir.Code, int] = {}
        self._summaries: dict[tuple[object, ...], Summary] = {}
        self._wrote_event = False
        self._here: Site
        self._evaluators: dict[type, Callable[..., Val]] = {
            ir.Const: lambda e: Val((Const(e.value),)),
            ir.Name: self._name,
            ir.Attribute: lambda e: self.attribute(self.evaluate(e.object), e.name, self.site(e)),
            ir.Index: lambda e: self.index(
                self.evaluate(e.object), self.evaluate(e.key), self.site(e)
            ),
            ir.Slice: self._slice,
            ir.Call: self._call,
            ir.Format: self._format,
            ir.Binary: self._binary,
            ir.Unary: self._unary,
            ir.Compare: self._compare,
            ir.Logical: self._logical,
            ir.Conditional: self._conditional,
            ir.ListLiteral: self._list_literal,
            ir.MapLiteral: self._map_literal,
            ir.Comprehension: self._comprehension,
            ir.Closure: self._closure,
            ir.Assignment: self._assignment,
            ir.Await: lambda e: self.evaluate(e.value),
            ir.Yield: self._yield,
            ir.Opaque: self._opaque,
        }
        self._executors: dict[type, Callable[..., bool]] = {
            ir.Assign: self._assign,
            ir.Declare: self._declare,
            ir.Update: self._update,
            ir.Evaluate: self._evaluate_statement,
            ir.Branch: self._branch,
            ir.ForEach: self._for_each,
            ir.While: self._while,
            ir.Try: self._try,
            ir.Using: self._using,
            ir.Return: self._return,
            ir.Raise: self._raise,
            ir.Assert: self._assert,
            ir.Leave: self._leave,
            ir.Delete: lambda _s: True,
            ir.Import: self._import,
            ir.DefineClass: self._define_class,
        }

    # --- places, steps and objects -------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The activation that runs now."""
        return self.frames[-1]

    def site(self, node: ir.Expression | ir.Statement | ir.Target) -> Site:
        """Return the place of a piece of code of the running function."""
        return Site(self.frames[-1].file, node.span)

    def step(
        self, site: Site, parent: Node | None, note: str, *, exact: Node | None = None
    ) -> Node:
        """Return the step of data at this place: the same one however often it is made."""
        key = (parent.id if parent else -1, site.file.path, site.span, note)
        node = self._nodes.get(key)
        if node is None:
            number = len(self._nodes)
            node = Node(number, parent, site.file, site.span, note, shown=bool(note), exact=exact)
            self._nodes[key] = node
        return node

    def start(self, site: Site, data: Data, note: str) -> Taint:
        """Begin the way of data that enters here; the same field read twice is the same data."""
        key = ("data", data)
        origin = self._nodes.get(key)
        if origin is None:
            number = len(self._nodes)
            origin = Node(number, None, site.file, site.span, "", shown=False)
            self._nodes[key] = origin
        return Taint(data, self.step(site, origin, note, exact=origin))

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
        self, site: Site, *values: Val, note: str = "", kinds: frozenset[str] = frozenset()
    ) -> tuple[Taint, ...]:
        """Return the taints of `values`, one step further; `kinds` are safe from here on."""
        taints = join_taints(*values)
        if not taints:
            return ()
        if not note and not kinds and len(values) == 1:
            # Without a word to say, the step only tells derived data from what it came from.
            note = ""
        return tuple(
            Taint(taint.data, self.step(site, taint.node, note), taint.safe | kinds)
            for taint in taints
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
        if not any(isinstance(shape, (Ref, External)) for shape in value.shapes):
            return value
        found = list(self._contained(value, MOST_DEEP, set()))
        return Val(value.shapes, join_taints(value, *found))

    def _contained(self, value: Val, depth: int, seen: set[int]) -> Iterator[Val]:
        for shape in value.shapes:
            if isinstance(shape, External):
                yield from self.externals.held(self, shape)
        for address, found in self.objects(value):
            if address in seen or depth == 0 or found.kind == "class":
                continue
            seen.add(address)
            for content in (*found.entries.values(), found.rest):
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

    def trust(self, checked: tuple[tuple[Node, str], ...]) -> None:
        """Note that data was checked: from here on it is safe for the named kinds."""
        for step, kind in checked:
            node = step.exact
            kinds = self.state.checked(node.id)
            if kind not in kinds:
                self.state.writes["safe", node.id] = kinds | {kind}

    def harmful(self, taint: Taint, kind: str) -> bool:
        """Tell whether this data was neither made safe nor checked for sinks of this kind."""
        if kind in taint.safe or EVERYTHING in taint.safe:
            return False
        node: Node | None = taint.node
        while node is not None:
            checked = self.state.checked(node.id)
            if checked and (kind in checked or EVERYTHING in checked):
                return False
            node = node.parent
        return not self._is_checked_above(taint.data, kind)

    def field_node(self, field: str) -> Node:
        """Return what stands for a field of the event and all below it, to check it as a whole."""
        node = self._checked_fields.get(field)
        if node is None:
            number = _NOWAY.id - 1 - len(self._checked_fields)
            node = Node(number, None, None, _NOWAY.span, "", shown=False)
            self._checked_fields[field] = node
        return node

    def _is_checked_above(self, data: Data, kind: str) -> bool:
        """Tell whether a check of the event, or of a part that holds this field, covers it."""
        for field, node in self._checked_fields.items():
            if (
                not field
                or data.field == field
                or data.field.startswith((f"{field}.", f"{field}["))
            ):
                checked = self.state.checked(node.id)
                if data.kind is OriginKind.EVENT and (kind in checked or EVERYTHING in checked):
                    return True
        return False

    # --- names ---------------------------------------------------------------------------

    def module_scope(self, path: str) -> int:
        """Return the scope that holds the names of the module in this file."""
        return self._scopes.setdefault(path, -1 - len(self._scopes))

    def enter(self, module: ir.Module) -> None:
        """Stand at the module's end, where Lambda calls the handler from."""
        scope = self.module_scope(module.file.path)
        self.frames.append(Frame(module.code, module.file, 0, (scope,), self.state))

    def load(self, module: ir.Module) -> Val:
        """Run a module's own code once, and return the module."""
        known = module.file.path in self._scopes
        scope = self.module_scope(module.file.path)
        value = Val((ModuleShape(scope, module.file.path),))
        if known:
            return value
        frame = Frame(module.code, module.file, 0, (scope,), self.state)
        self._activations += 1
        frame.number = -self._activations
        self.state.writes[scope, "__name__"] = const(module.file.path)
        self.frames.append(frame)
        try:
            self.run(module.code.body)
        finally:
            self.frames.pop()
        return value

    def _name(self, expression: ir.Name) -> Val:
        return self._look_up(expression.name)

    def _look_up(self, name: str) -> Val:
        for scope in self.frames[-1].scopes:
            value = self.state.variable((scope, name))
            if value is not None:
                return value
        return external(f"builtins.{name}")

    def _scope_for(self, name: str) -> int:
        """Return the scope that an assignment to `name` writes to."""
        frame = self.frames[-1]
        if name in frame.code.globals:
            return frame.scopes[-1]
        if name in frame.code.locals or len(frame.scopes) == 1:
            return frame.scopes[0]
        for scope in frame.scopes[1:]:
            if self.state.variable((scope, name)) is not None:
                return scope
        return frame.scopes[0]

    def _import(self, statement: ir.Import) -> bool:
        found = self.modules.resolve(statement.module, statement.level, self.frame.file)
        value = self._found(found, statement.module)
        if statement.member == "*":
            self._import_all(value)
            return True
        if statement.member is not None:
            value = self.attribute(value, statement.member, self.site(statement))
        elif statement.bind_top and "." in statement.module:
            top = statement.module.partition(".")[0]
            library = isinstance(found, ExternalModule)
            value = external(top) if library else self._import_top(statement, value)
        self._bind(statement.name, value)
        return True

    def _import_all(self, value: Val) -> None:
        """`from module import *`: bind every name that is bound there so far."""
        for shape in value.shapes:
            if isinstance(shape, ModuleShape):
                for key, content in self.state.since(State()).items():
                    if isinstance(key, tuple) and key[0] == shape.scope:
                        if isinstance(content, Val) and not str(key[1]).startswith("_"):
                            self._bind(str(key[1]), content)

    def _import_top(self, statement: ir.Import, inner: Val) -> Val:
        """`import a.b` binds `a`, in which `b` is found."""
        names = statement.module.split(".")
        value = inner
        for end in range(len(names) - 1, 0, -1):
            package = ".".join(names[:end])
            outer = self.modules.resolve(package, 0, self.frame.file)
            holder = self._found(outer, package)
            for shape in holder.shapes:
                if isinstance(shape, ModuleShape):
                    self.state.writes[shape.scope, names[end]] = value
            value = holder
        return value

    def _bind(self, name: str, value: Val) -> None:
        self.state.writes[self._scope_for(name), name] = value

    # --- statements ----------------------------------------------------------------------

    def run(self, block: ir.Block) -> bool:
        """Run statements in order. Return whether the end of the block is reached."""
        for statement in block:
            state = self.state
            try:
                alive = self._executors[type(statement)](statement)
            except Dead:
                self.state = state
                return False
            if not alive:
                return False
        return True

    def _run_over(
        self, block: ir.Block, checked: tuple[tuple[Node, str], ...] = ()
    ) -> tuple[bool, dict[Key, Content]]:
        """Run a block on a sheet of its own. Return whether it ends, and what it wrote."""
        base = self.state
        self.state = State(base)
        sheet = self.state
        self.trust(checked)
        alive = self.run(block)
        self.state = base
        return alive, sheet.writes

    def _assign(self, statement: ir.Assign) -> bool:
        value = self.evaluate(statement.value)
        for target in statement.targets:
            self.assign(target, value)
        return True

    def _declare(self, statement: ir.Declare) -> bool:
        """Keep the types of a class's fields: records are made by them."""
        frame = self.frame
        if frame.defines is not None and isinstance(statement.target, ir.NameTarget):
            annotation = self.evaluate(statement.annotation)
            self.state.writes["field", frame.defines, statement.target.name] = annotation
        return True

    def _update(self, statement: ir.Update) -> bool:
        before = self._read_target(statement.target)
        value = self.evaluate(statement.value)
        site = self.site(statement)
        self.assign(statement.target, self._operate(statement.operator, before, value, site))
        return True

    def _read_target(self, target: ir.Target) -> Val:
        match target:
            case ir.NameTarget():
                return self._look_up(target.name)
            case ir.AttributeTarget():
                return self.attribute(self.evaluate(target.object), target.name, self.site(target))
            case ir.IndexTarget(key=ir_key) if ir_key is not None:
                return self.index(
                    self.evaluate(target.object), self.evaluate(ir_key), self.site(target)
                )
            case _:
                return UNKNOWN

    def _evaluate_statement(self, statement: ir.Evaluate) -> bool:
        self.evaluate(statement.value)
        return True

    def _branch(self, statement: ir.Branch) -> bool:
        test = self.evaluate(statement.test)
        when_true, when_false = checks.outcomes(test)
        known = checks.decided(test)
        ways = []
        if known is not False:
            ways.append(self._run_over(statement.then, when_true))
        if known is not True:
            ways.append(self._run_over(statement.otherwise, when_false))
        alive = [writes for reaches, writes in ways if reaches]
        if not alive:
            return False
        meet(self.state, alive)
        return True

    def _loop(self, block: ir.Block, otherwise: ir.Block, before_each: Callable[[], bool]) -> bool:
        """Run a loop's body until it changes nothing more; `before_each` binds and tests."""
        base = self.state
        leaving: list[dict[Key, Content]] = []
        self.frame.loops.append((base, leaving))
        for _ in range(MOST_PASSES):
            self.state = State(base)
            sheet = self.state
            leaving.clear()
            alive = False
            try:
                alive = before_each() and self.run(block)
            except Dead:
                pass
            self.state = base
            ends = [*leaving, *([sheet.writes] if alive else [])]
            if not meet(base, [{}, *ends]):
                break
        self.frame.loops.pop()
        alive, writes = self._run_over(otherwise)
        if alive:
            base.writes.update(writes)
        return alive or bool(leaving)

    def _for_each(self, statement: ir.ForEach) -> bool:
        iterable = self.evaluate(statement.iterable)
        site = self.site(statement)

        def bind() -> bool:
            self.assign(statement.target, self.item(iterable, site))
            return True

        return self._loop(statement.body, statement.otherwise, bind)

    def _while(self, statement: ir.While) -> bool:
        endless = False

        def test() -> bool:
            nonlocal endless
            value = self.evaluate(statement.test)
            endless = checks.decided(value) is True
            self.trust(checks.outcomes(value)[0])
            return checks.decided(value) is not False

        return self._loop(statement.body, statement.otherwise, test)

    def _leave(self, _statement: ir.Leave) -> bool:
        if self.frame.loops:
            base, leaving = self.frame.loops[-1]
            writes = self.state.since(base)
            leaving.append({k: v for k, v in writes.items() if base.writes.get(k) is not v})
        return False

    def _try(self, statement: ir.Try) -> bool:
        base = self.state
        loops = list(self.frame.loops)
        alive, writes = self._run_over(statement.body)
        ends: list[dict[Key, Content]] = []
        if alive:
            base_over = State(base)
            base_over.writes.update(writes)
            self.state = base_over
            if self.run(statement.otherwise):
                ends.append(base_over.writes)
            self.state = base
        raised = State(base)
        meet(raised, [{}, writes])
        for catch in statement.catches:
            self.state = State(raised)
            if catch.target is not None:
                self.assign(catch.target, self._caught(catch))
            if self.run(catch.body):
                ends.append(self.state.since(raised))
            self.state = base
        self.frame.loops[:] = loops
        if not ends:
            self._run_over(statement.final)
            return False
        meet(base, ends)
        return self.run(statement.final)

    def _caught(self, catch: ir.Catch) -> Val:
        site = Site(self.frame.file, catch.span)
        data = Data(OriginKind.ERROR, "the exception")
        return Val((Anything("it is an exception"),), (self.start(site, data, "is caught here"),))

    def _using(self, statement: ir.Using) -> bool:
        value = self.evaluate(statement.value)
        site = self.site(statement)
        entered = value
        for _, found in self.objects(value):
            if found.kind == "instance":
                enter = self.attribute(value, "__enter__", site)
                entered = self.call(enter, Arguments(), site)
        if statement.target is not None:
            self.assign(statement.target, entered)
        return self.run(statement.body)

    def _return(self, statement: ir.Return) -> bool:
        value = NONE if statement.value is None else self.evaluate(statement.value)
        frame = self.frame
        if frame.code in self.responders:
            self.externals.responds(self, value, self.site(statement))
        frame.exits.append((value, self.state.since(frame.base)))
        return False

    def _raise(self, statement: ir.Raise) -> bool:
        if statement.value is not None:
            self.evaluate(statement.value)
        return False

    def _assert(self, statement: ir.Assert) -> bool:
        test = self.evaluate(statement.test)
        self.trust(checks.outcomes(test)[0])
        return checks.decided(test) is not False

    # --- targets -------------------------------------------------------------------------

    def assign(self, target: ir.Target, value: Val) -> None:
        """Write a value to a target, taking it apart as the target says."""
        match target:
            case ir.NameTarget():
                self._bind(target.name, value)
            case ir.AttributeTarget():
                self._assign_attribute(self.evaluate(target.object), target.name, value)
            case ir.IndexTarget():
                key = None if target.key is None else self.evaluate(target.key)
                self.store(self.evaluate(target.object), key, value)
            case ir.ItemsTarget():
                self._assign_items(target, value)
            case ir.FieldsTarget():
                self._assign_fields(target, value)

    def _assign_attribute(self, holder: Val, name: str, value: Val) -> None:
        for address, found in self.objects(holder):
            self.change(holder, address, found.having(name, value))
        for shape in holder.shapes:
            if isinstance(shape, ModuleShape):
                self.state.writes[shape.scope, name] = value
            elif isinstance(shape, External):
                self.externals.hold(self, shape, value)

    def store(self, holder: Val, key: Val | None, value: Val) -> None:
        """Write an item of a list, map or event."""
        known = only_constant(key) if key is not None else None
        place = known.value if known is not None else None
        for address, found in self.objects(holder):
            if isinstance(place, (str, int)) and found.kind in ("map", "list", "instance"):
                self.change(holder, address, found.having(place, value))
            else:
                self.change(holder, address, found.holding(value))
        for shape in holder.shapes:
            if isinstance(shape, Event) and isinstance(place, str):
                self._wrote_event = True
                self.state.writes["event", (*shape.path, place)] = value
            elif isinstance(shape, External):
                self.externals.hold(self, shape, value)

    def _assign_items(self, target: ir.ItemsTarget, value: Val) -> None:
        site = self.site(target)
        for position, each in enumerate(target.targets):
            if target.rest == position:
                items = self.item(value, site)
                self.assign(each, self.allocate(site, HeapObject("list", {}, items), "rest"))
            elif target.rest is None or position < target.rest:
                self.assign(each, self.index(value, const(position), site))
            else:
                self.assign(each, self.item(value, site))

    def _assign_fields(self, target: ir.FieldsTarget, value: Val) -> None:
        site = self.site(target)
        for each in target.fields:
            key = self.evaluate(each.key)
            name = only_constant(key)
            if target.attributes and name is not None:
                found = self.attribute(value, str(name.value), site)
            else:
                found = self.index(value, key, site)
            if each.default is not None:
                found = join(found, self.evaluate(each.default))
            self.assign(each.target, found)
        if target.rest is not None:
            self.assign(target.rest, value)

    # --- expressions ---------------------------------------------------------------------

    def evaluate(self, expression: ir.Expression) -> Val:
        """Return what an expression may be."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise OutOfBudgetError
        return self._evaluators[type(expression)](expression)

    def _slice(self, expression: ir.Slice) -> Val:
        value = self.evaluate(expression.object)
        for bound in (expression.lower, expression.upper):
            if bound is not None:
                self.evaluate(bound)
        shapes = tuple(
            shape if isinstance(shape, (Ref, Event, External)) else Anything("it is a slice")
            for shape in value.shapes
        )
        return Val(shapes, self.derive(self.site(expression), value))

    def _format(self, expression: ir.Format) -> Val:
        site = self.site(expression)
        parts = [self._as_text(self.evaluate(part), site) for part in expression.parts]
        return text_of(parts)

    def _as_text(self, value: Val, site: Site) -> Val:
        """Return the text that a value becomes within another."""
        whole = self.inside(value)
        if not whole.taints:
            return value
        shapes = tuple(
            shape if isinstance(shape, (Text, Const, Event)) else Anything("it is a text")
            for shape in value.shapes
        )
        taints = self.derive(site, whole, note="becomes part of a text", kinds=texts.SAFE_IN)
        return Val(shapes, taints)

    def _binary(self, expression: ir.Binary) -> Val:
        left = self.evaluate(expression.left)
        right = self.evaluate(expression.right)
        return self._operate(expression.operator, left, right, self.site(expression))

    def _operate(self, operator: str, left: Val, right: Val, site: Site) -> Val:
        if operator == "+":
            return self._add(left, right, site)
        if operator == "%" and texts.is_text(left):
            return texts.percent(self, left, right, site)
        if operator == "/" and self._is_path(left):
            return self.externals.call(
                self, "pathlib.Path.joinpath", left, Arguments([right]), site
            )
        if operator == "|" and any(True for _ in self.objects(left)):
            return builtins.merged(self, site, left, right)
        if operator == "*" and (texts.is_text(left) or texts.is_text(right)):
            return Val((Anything("it is a text"),), self.derive(site, left, right))
        if operator in ("+", "*", "|", "&", "-") and (left.taints or right.taints):
            if any(isinstance(shape, Number) for shape in (*left.shapes, *right.shapes)):
                return NUMBER
            return Val((Anything(),), self.derive(site, left, right))
        return NUMBER

    def _is_path(self, value: Val) -> bool:
        return any(
            isinstance(shape, External) and shape.name.startswith("pathlib.")
            for shape in value.shapes
        )

    def _add(self, left: Val, right: Val, site: Site) -> Val:
        lists = [found for _, found in (*self.objects(left), *self.objects(right))]
        if lists:
            items = join_all(
                content for found in lists if (content := found.contents()) is not None
            )
            return self.allocate(site, HeapObject("list", {}, items), "sum")
        first, second = only_constant(left), only_constant(right)
        if (
            first is not None
            and second is not None
            and isinstance(first.value, (int, float))
            and isinstance(second.value, (int, float))
        ):
            return const(first.value + second.value)
        if isinstance(left.shapes[0], Number) and isinstance(right.shapes[0], Number):
            return NUMBER
        return text_of((self._as_text(left, site), self._as_text(right, site)))

    def _unary(self, expression: ir.Unary) -> Val:
        value = self.evaluate(expression.operand)
        if expression.operator == "not":
            return checks.negation(value)
        known = only_constant(value)
        if known is not None and expression.operator == "-" and isinstance(known.value, int):
            return const(-known.value)
        return NUMBER

    def _compare(self, expression: ir.Compare) -> Val:
        left = self.evaluate(expression.left)
        right = self.evaluate(expression.right)
        return checks.comparison(self, expression.operator, left, right)

    def _logical(self, expression: ir.Logical) -> Val:
        values: list[Val] = []
        base = self.state
        for operand in expression.operands:
            values.append(self.evaluate(operand))
            when_true, when_false = checks.outcomes(values[-1])
            # What the next operand sees was checked by those before it.
            self.state = State(self.state)
            self.trust(when_true if expression.operator == "and" else when_false)
        writes = {
            key: content
            for key, content in self.state.since(base).items()
            if not (isinstance(key, tuple) and key[0] == "safe")
            and base.writes.get(key) is not content
        }
        self.state = base
        if writes:
            meet(base, [{}, writes])
        return checks.combination(expression.operator, values)

    def _conditional(self, expression: ir.Conditional) -> Val:
        test = self.evaluate(expression.test)
        when_true, when_false = checks.outcomes(test)
        known = checks.decided(test)
        results = []
        base = self.state
        writes = []
        for wanted, branch, checked in (
            (True, expression.then, when_true),
            (False, expression.otherwise, when_false),
        ):
            if known is (not wanted):
                continue
            self.state = State(base)
            self.trust(checked)
            value = self.evaluate(branch)
            results.append(self._trusted(value))
            writes.append({k: v for k, v in self.state.writes.items() if not _is_check(k)})
            self.state = base
        meet(base, writes)
        return join_all(results) or UNKNOWN

    def _trusted(self, value: Val) -> Val:
        """Return `value` with what was checked written into its taints, to outlive the branch."""
        if not value.taints:
            return value
        taints = []
        for taint in value.taints:
            kinds = set(taint.safe)
            node: Node | None = taint.node
            while node is not None:
                kinds |= self.state.checked(node.id)
                node = node.parent
            taints.append(Taint(taint.data, taint.node, frozenset(kinds)))
        return Val(value.shapes, tuple(taints))

    def _list_literal(self, expression: ir.ListLiteral) -> Val:
        site = self.site(expression)
        entries: dict[str | int, Val] = {}
        rest: Val | None = None
        for element in expression.elements:
            value = self.evaluate(element.value)
            if element.spread is not ir.Spread.NO:
                item = self.item(value, site)
                rest = item if rest is None else join(rest, item)
            elif rest is None and expression.kind != "set":
                entries[len(entries)] = value
            else:
                rest = value if rest is None else join(rest, value)
        return self.allocate(site, HeapObject(expression.kind, entries, rest))

    def _map_literal(self, expression: ir.MapLiteral) -> Val:
        site = self.site(expression)
        made = HeapObject("map")
        entries: dict[str | int, Val] = {}
        rest: Val | None = None
        for entry in expression.entries:
            value = self.evaluate(entry.value)
            if entry.key is None:
                for _, found in self.objects(value):
                    entries.update(found.entries)
                    if found.rest is not None:
                        rest = found.rest if rest is None else join(rest, found.rest)
                if not any(True for _ in self.objects(value)):
                    content = self.item(value, site)
                    rest = content if rest is None else join(rest, content)
                continue
            key = only_constant(self.evaluate(entry.key))
            if key is not None and isinstance(key.value, (str, int)):
                entries[key.value] = value
            else:
                rest = value if rest is None else join(rest, value)
        made = HeapObject("map", entries, rest)
        return self.allocate(site, made)

    def _comprehension(self, expression: ir.Comprehension) -> Val:
        site = self.site(expression)
        collected: list[Val] = []

        def inner(clauses: tuple[ir.Clause, ...]) -> None:
            if not clauses:
                if expression.key is not None:
                    self.evaluate(expression.key)
                collected.append(self._trusted(self.evaluate(expression.element)))
                return
            iterable = self.evaluate(clauses[0].iterable)
            self.assign(clauses[0].target, self.item(iterable, site))
            for condition in clauses[0].conditions:
                self.trust(checks.outcomes(self.evaluate(condition))[0])
            inner(clauses[1:])

        base = self.state
        self.state = State(base)
        try:
            inner(expression.clauses)
        finally:
            writes = {k: v for k, v in self.state.writes.items() if not _is_check(k)}
            self.state = base
        meet(base, [{}, writes])
        kind = "iterator" if expression.kind == "generator" else expression.kind
        return self.allocate(site, HeapObject(kind, {}, join_all(collected)))

    def _closure(self, expression: ir.Closure) -> Val:
        frame = self.frame
        defaults = tuple(
            (parameter.name, self.evaluate(parameter.default))
            for parameter in expression.code.parameters
            if parameter.default is not None
        )
        scopes = frame.scopes[1:] if frame.defines is not None else frame.scopes
        return Val((Function(expression.code, frame.file, scopes, defaults, frame.defines),))

    def _assignment(self, expression: ir.Assignment) -> Val:
        value = self.evaluate(expression.value)
        self.assign(expression.target, value)
        return value

    def _yield(self, expression: ir.Yield) -> Val:
        value = NONE if expression.value is None else self.evaluate(expression.value)
        if expression.each:
            value = self.item(value, self.site(expression))
        frame = self.frame
        frame.yields = value if frame.yields is None else join(frame.yields, value)
        return UNKNOWN

    def _opaque(self, expression: ir.Opaque) -> Val:
        self.unread.append(expression)
        values = [self.inside(self.evaluate(part)) for part in expression.inputs]
        return Val((Anything(expression.what),), self.derive(self.site(expression), *values))

    # --- reading -------------------------------------------------------------------------

    def attribute(self, value: Val, name: str, site: Site) -> Val:
        """Read an attribute of whatever `value` may be."""
        found = [self._attribute_of(shape, value, name, site) for shape in value.shapes]
        return join_all(found) or UNKNOWN

    def _attribute_of(self, shape: Shape, value: Val, name: str, site: Site) -> Val:
        match shape:
            case Ref(address):
                return self._attribute_of_object(address, shape, value, name, site)
            case ModuleShape(scope, path):
                known = self.state.variable((scope, name))
                return known if known is not None else self._submodule(path, name)
            case External():
                return self.externals.attribute(self, shape, value, name, site)
            case Event(path):
                if name in builtins.MAP_METHODS or texts.is_method(name):
                    return Val((Method(Val((shape,), value.taints), name),), value.taints)
                return self.externals.event_attribute(self, path, name, site)
            case Special("super", function):
                return self._super(function, name)
            case _:
                return Val((Method(Val((shape,), value.taints), name),), value.taints)

    def _submodule(self, path: str, name: str) -> Val:
        """Find a module of a package of which no statement said `import`."""
        found = self.modules.submodule(path, name)
        return UNKNOWN if found is None else self._found(found, name)

    def _found(self, found: Found, name: str) -> Val:
        """Return the value of what an import found."""
        match found:
            case ir.Module():
                return self.load(found)
            case ExternalModule():
                return external(found.name)
            case _:
                return Val((Anything(f"the module {name} was not read"),))

    def _attribute_of_object(
        self, address: int, shape: Ref, value: Val, name: str, site: Site
    ) -> Val:
        found = self.state.object(address)
        if found is None:
            return UNKNOWN
        if found.kind == "instance":
            known = found.entries.get(name)
            if known is not None:
                return known
            inherited = self._inherited(found.type, Val((shape,), value.taints), name, site)
            return inherited if found.rest is None else join(inherited, found.rest)
        if found.kind == "class":
            member = self._member(address, name)
            if member is None:
                return Val((Method(Val((shape,), value.taints), name),))
            return self._bind_class_member(member, Val((shape,)))
        return Val((Method(Val((shape,), value.taints), name),), value.taints)

    def _member(self, address: int, name: str, depth: int = 0) -> Val | None:
        """Find a member of a class or of the classes it is made from."""
        found = self.state.object(address)
        if found is None or depth > MOST_DEPTH:
            return None
        if name in found.entries:
            return found.entries[name]
        for base in found.bases:
            for shape in base.shapes:
                if isinstance(shape, Ref):
                    member = self._member(shape.address, name, depth + 1)
                    if member is not None:
                        return member
                if isinstance(shape, External) and shape.name != "builtins.object":
                    return Val((External(f"{shape.name}.{name}", instance=True),))
        return None

    def _inherited(self, type_: Val | None, receiver: Val, name: str, site: Site) -> Val:
        results = []
        for shape in type_.shapes if type_ is not None else ():
            if isinstance(shape, Ref):
                member = self._member(shape.address, name)
                if member is not None:
                    results.append(self._bind_member(member, receiver, site))
        return join_all(results) or Val((Method(receiver, name),), receiver.taints)

    def _bind_member(self, member: Val, receiver: Val, site: Site) -> Val:
        results = []
        for shape in member.shapes:
            one = Val((shape,), member.taints)
            match shape:
                case Function():
                    results.append(Val((Bound(one, receiver),)))
                case Special("property", function):
                    results.append(self.call(function, Arguments([receiver]), site))
                case Special("staticmethod", function):
                    results.append(function)
                case Special("classmethod", function):
                    owner = self._type_of(receiver)
                    results.append(Val((Bound(function, owner),)))
                case _:
                    results.append(one)
        return join_all(results) or UNKNOWN

    def _bind_class_member(self, member: Val, owner: Val) -> Val:
        for shape in member.shapes:
            match shape:
                case Special("classmethod", function):
                    return Val((Bound(function, owner),))
                case Special(_, function):
                    return function
                case _:
                    pass
        return member

    def _type_of(self, receiver: Val) -> Val:
        types = [found.type for _, found in self.objects(receiver) if found.type is not None]
        return join_all(types) or UNKNOWN

    def _super(self, receiver: Val, name: str) -> Val:
        owner = self.frame.owner
        if owner is None:
            return UNKNOWN
        found = self.state.object(owner)
        for base in found.bases if found is not None else ():
            for shape in base.shapes:
                if isinstance(shape, Ref):
                    member = self._member(shape.address, name)
                    if member is not None:
                        site = Site(self.frame.file, self.frame.code.span)
                        return self._bind_member(member, receiver, site)
        return Val((Method(receiver, name),))

    def index(self, value: Val, key: Val, site: Site) -> Val:
        """Read an item of whatever `value` may be."""
        found = [self._index_of(shape, value, key, site) for shape in value.shapes]
        return secrets.without_plain_parts(join_all(found) or UNKNOWN, key)

    def _index_of(self, shape: Shape, value: Val, key: Val, site: Site) -> Val:
        match shape:
            case Ref(address):
                found = self.state.object(address)
                return UNKNOWN if found is None else self._index_object(found, key, site)
            case Event(path):
                known = only_constant(key)
                name = known.value if known is not None else None
                return self.event(path + ((name if isinstance(name, str) else "[]"),), site)
            case External():
                return self.externals.index(self, shape, value, key, site)
            case Const(str() | bytes()) | Text() | Anything() | Method() | Environment():
                return Val((Anything("it is an item"),), self.derive(site, value))
            case _:
                return UNKNOWN

    def _index_object(self, found: HeapObject, key: Val, site: Site) -> Val:
        if found.kind == "instance":
            getter = self._inherited(found.type, Val((Anything(),)), "__getitem__", site)
            if any(isinstance(shape, Bound) for shape in getter.shapes):
                return self.call(getter, Arguments([key]), site)
        known = only_constant(key)
        if known is not None and isinstance(known.value, (str, int)):
            place: str | int = known.value
            if isinstance(place, int) and place < 0 and found.rest is None:
                place += len(found.entries)
            exact = found.entries.get(place)
            if exact is not None:
                return (
                    exact
                    if found.kind != "list" or found.rest is None
                    else (join(exact, found.rest))
                )
            if found.rest is not None:
                return found.rest
            return UNKNOWN if found.kind == "map" else (found.contents() or UNKNOWN)
        return found.contents() or UNKNOWN

    def event(self, path: tuple[str, ...], site: Site) -> Val:
        """Read a field of the event: who wrote it depends on where events come from."""
        if self._wrote_event:
            for length in range(len(path), 0, -1):
                content = self.state.variable(("event", path[:length]))
                if content is not None:
                    return content if length == len(path) else self.inside(content)
        return self.externals.event(self, path, site)

    def item(self, value: Val, site: Site) -> Val:
        """Return any item that iterating over `value` gives."""
        found = [self._item_of(shape, value, site) for shape in value.shapes]
        return join_all(found) or UNKNOWN

    def _item_of(self, shape: Shape, value: Val, site: Site) -> Val:
        match shape:
            case Ref(address):
                found = self.state.object(address)
                if found is None:
                    return UNKNOWN
                if found.kind == "map":
                    keys = [const(key) for key in list(found.entries)[: MOST_PASSES * 2]]
                    unknown = [UNKNOWN] if found.rest is not None or not keys else []
                    return join_all([*keys, *unknown]) or UNKNOWN
                if found.kind == "file":
                    return files.read_file(self, found.type or UNKNOWN)
                if found.kind == "instance":
                    return self._iterate_instance(found, value, site)
                return found.contents() or UNKNOWN
            case Event(path):
                return self.event((*path, "[]"), site)
            case External():
                return self.externals.item(self, shape, value, site)
            case _:
                return Val((Anything("it is an item"),), self.derive(site, value))

    def _iterate_instance(self, found: HeapObject, value: Val, site: Site) -> Val:
        iterate = self._inherited(found.type, value, "__iter__", site)
        if any(isinstance(shape, Bound) for shape in iterate.shapes):
            result = self.call(iterate, Arguments(), site)
            inner = [o for _, o in self.objects(result) if o.kind != "instance"]
            return join_all(c for o in inner if (c := o.contents()) is not None) or UNKNOWN
        return Val((Anything(),), self.derive(site, self.inside(value)))

    # --- calls ---------------------------------------------------------------------------

    def _call(self, expression: ir.Call) -> Val:
        callee = self.evaluate(expression.callee)
        arguments = self._arguments(expression)
        self._here = self.site(expression)
        return self.call(callee, arguments, self._here)

    def _arguments(self, expression: ir.Call) -> Arguments:
        arguments = Arguments()
        site = self.site(expression)
        for argument in expression.arguments:
            value = self.evaluate(argument.value)
            if argument.spread is ir.Spread.ITEMS:
                self._spread_items(arguments, value, site)
            elif argument.spread is ir.Spread.ENTRIES:
                self._spread_entries(arguments, value, site)
            elif argument.name is not None:
                arguments.named[argument.name] = value
            elif arguments.more_items is not None:
                arguments.more_items = join(arguments.more_items, value)
            else:
                arguments.positional.append(value)
        return arguments

    def _spread_items(self, arguments: Arguments, value: Val, site: Site) -> None:
        found = [o for _, o in self.objects(value)]
        if len(found) == 1 and len(value.shapes) == 1 and found[0].rest is None:
            whole = found[0].entries
            if found[0].kind != "map" and all(i in whole for i in range(len(whole))):
                arguments.positional.extend(whole[i] for i in range(len(whole)))
                return
        item = self.item(value, site)
        more = arguments.more_items
        arguments.more_items = item if more is None else join(more, item)

    def _spread_entries(self, arguments: Arguments, value: Val, site: Site) -> None:
        found = [o for _, o in self.objects(value)]
        if len(found) == 1 and len(value.shapes) == 1:
            for key, content in found[0].entries.items():
                arguments.named[str(key)] = content
            if found[0].rest is None:
                return
            content = found[0].rest
        else:
            content = self.index(value, UNKNOWN, site)
        more = arguments.more_entries
        arguments.more_entries = content if more is None else join(more, content)

    def call(self, callee: Val, arguments: Arguments, site: Site) -> Val:
        """Call whatever `callee` may be."""
        results = []
        dead = 0
        for shape in callee.shapes:
            try:
                results.append(self._call_shape(shape, callee, arguments, site))
            except Dead:
                dead += 1
        if dead and not results:
            raise Dead
        return join_all(results) or UNKNOWN

    def _call_shape(self, shape: Shape, callee: Val, arguments: Arguments, site: Site) -> Val:
        match shape:
            case Function():
                return self.invoke(shape, arguments, site)
            case Bound(function, receiver):
                bound = Arguments(
                    [receiver, *arguments.positional],
                    arguments.named,
                    arguments.more_items,
                    arguments.more_entries,
                )
                return self.call(function, bound, site)
            case Ref(address):
                return self._call_object(address, shape, arguments, site)
            case Method(receiver, name):
                return builtins.method(self, receiver, name, arguments, site)
            case External(name="builtins.super"):
                receiver = self.frame.receiver or UNKNOWN
                return Val((Special("super", receiver),))
            case External():
                receiver = Val((shape,), callee.taints)
                return self.externals.call(self, shape.name, receiver, arguments, site)
            case Special(_, function):
                return self.call(function, arguments, site)
            case Event():
                return Val((shape,), callee.taints)
            case _:
                return self.externals.unknown_call(self, callee, arguments, site)

    def _call_object(self, address: int, shape: Ref, arguments: Arguments, site: Site) -> Val:
        found = self.state.object(address)
        if found is None:
            return UNKNOWN
        if found.kind == "class":
            return self._construct(address, found, arguments, site)
        if found.kind == "instance":
            method = self._inherited(found.type, Val((shape,)), "__call__", site)
            if any(isinstance(s, Bound) for s in method.shapes):
                return self.call(method, arguments, site)
        return self.externals.unknown_call(self, Val((shape,)), arguments, site)

    def _construct(self, address: int, found: HeapObject, arguments: Arguments, site: Site) -> Val:
        made = HeapObject("instance", {}, None, Val((Ref(address),)), found.name)
        instance = self.allocate(site, made, found.name)
        initializer = self._member(address, "__init__")
        if initializer is not None and any(isinstance(s, Function) for s in initializer.shapes):
            bound = self._bind_member(initializer, instance, site)
            self.call(bound, arguments, site)
            return instance
        return builtins.construct_record(self, found, instance, arguments, site)

    def invoke(self, function: Function, arguments: Arguments, site: Site) -> Val:
        """Run a function of the application on these arguments."""
        active = sum(frame.code is function.code for frame in self.frames)
        if len(self.frames) > MOST_DEPTH or active > MOST_RECURSION:
            values = [self.inside(value) for value in arguments.all()]
            return Val((Anything("it calls itself"),), self.derive(site, *values))
        bound = self._bind_parameters(function, arguments, site)
        kept: list[HeapObject] = []
        key = self._summary_key(function, bound, kept)
        known = self._summaries.get(key)
        if known is not None:
            self.state.writes.update(known.writes)
            return known.result
        summary = self._activate(function, bound, site)
        self._summaries[key] = replace(summary, kept=tuple(kept))
        return summary.result

    def _summary_key(
        self, function: Function, bound: dict[str, Val], kept: list[HeapObject]
    ) -> tuple[object, ...]:
        trusted = [(name, self._trusted(value)) for name, value in bound.items()]
        objects = self._objects_key(bound, kept)
        times = self._runs[function.code] = self._runs.get(function.code, 0) + 1
        if times > MOST_RUNS:
            # So often run, one more way to the same data tells nothing new.
            trusted = [(name, _outline(value)) for name, value in trusted]
        return (function.code, function.scopes, tuple(trusted), objects)

    def _objects_key(self, bound: dict[str, Val], kept: list[HeapObject]) -> tuple[object, ...]:
        """Name the state of the objects that are passed: the same call on others is another."""
        seen: dict[int, int] = {}
        waiting = [(value, MOST_DEEP) for value in bound.values()]
        while waiting:
            value, depth = waiting.pop()
            for address, found in self.objects(value):
                if address in seen or depth == 0:
                    continue
                seen[address] = id(found)
                kept.append(found)
                waiting.extend((v, depth - 1) for v in found.entries.values())
                if found.rest is not None:
                    waiting.append((found.rest, depth - 1))
        return tuple(seen.items())

    def _activate(self, function: Function, bound: dict[str, Val], site: Site) -> Summary:
        caller = self.state
        self._activations += 1
        scope = self._activations
        base = State(caller)
        frame = Frame(
            function.code,
            function.file,
            scope,
            (scope, *function.scopes),
            base,
            call_site=site,
            owner=function.owner,
            receiver=next(iter(bound.values()), None),
        )
        self.frames.append(frame)
        self.state = base
        for name, value in bound.items():
            base.writes[scope, name] = value
        try:
            for parameter in function.code.parameters:
                if parameter.target is not None:
                    self.assign(parameter.target, bound[parameter.name])
            if self.run(function.code.body):
                frame.exits.append((NONE, self.state.since(base)))
        finally:
            self.frames.pop()
            self.state = caller
        return self._leave_function(frame, function, site)

    def _leave_function(self, frame: Frame, function: Function, site: Site) -> Summary:
        if not frame.exits:
            if function.code.is_generator:
                frame.exits.append((NONE, {}))
            else:
                raise Dead
        sheet = State(self.state)
        meet(sheet, [writes for _, writes in frame.exits])
        self.state.writes.update(sheet.writes)
        result = join_all(value for value, _ in frame.exits) or NONE
        if function.code.is_generator:
            result = self.allocate(site, HeapObject("iterator", {}, frame.yields), "generator")
        return Summary(result, sheet.writes)

    def _bind_parameters(
        self, function: Function, arguments: Arguments, site: Site
    ) -> dict[str, Val]:
        bound: dict[str, Val] = {}
        positional = list(arguments.positional)
        named = dict(arguments.named)
        defaults = dict(function.defaults)
        for parameter in function.code.parameters:
            if parameter.spread is ir.Spread.ITEMS:
                entries: dict[str | int, Val] = dict(enumerate(positional))
                positional = []
                made = HeapObject("tuple", entries, arguments.more_items)
                value = self.allocate(site, made, parameter.name)
            elif parameter.spread is ir.Spread.ENTRIES:
                rest_entries: dict[str | int, Val] = dict(named.items())
                made = HeapObject("map", rest_entries, arguments.more_entries)
                value = self.allocate(site, made, parameter.name)
            elif parameter.name in named:
                value = named.pop(parameter.name)
            elif positional and not parameter.keyword_only:
                value = positional.pop(0)
            else:
                value = self._missing(parameter, arguments, defaults)
            bound[parameter.name] = self._passed(value, function, parameter.name, site)
        return bound

    def _missing(
        self, parameter: ir.Parameter, arguments: Arguments, defaults: dict[str, Val]
    ) -> Val:
        spread = [
            value for value in (arguments.more_items, arguments.more_entries) if value is not None
        ]
        if parameter.name in defaults:
            spread.append(defaults[parameter.name])
        return join_all(spread) or UNKNOWN

    def _passed(self, value: Val, function: Function, name: str, site: Site) -> Val:
        if not value.taints or name in ("self", "cls"):
            return value
        note = f"goes into {self._called(function)}() as `{name}`"
        return Val(value.shapes, self.passed_on(site, value, note))

    def _called(self, function: Function) -> str:
        """Return the name by which people call a function: a class's for its `__init__`."""
        if function.code.name == "__init__" and function.owner is not None:
            owner = self.state.object(function.owner)
            return owner.name if owner is not None else function.code.name
        return function.code.name

    # --- classes -------------------------------------------------------------------------

    def _define_class(self, statement: ir.DefineClass) -> bool:
        frame = self.frame
        site = self.site(statement)
        bases = tuple(self.evaluate(base) for base in statement.bases)
        made = HeapObject("class", {}, None, None, statement.name, bases)
        value = self.allocate(site, made, statement.name)
        address = value.shapes[0].address if isinstance(value.shapes[0], Ref) else 0
        self._activations += 1
        scope = self._activations
        names = frozenset(_assigned(statement.body))
        code = ir.Code(
            name=statement.name,
            parameters=(),
            is_async=False,
            span=statement.span,
            lowering=ir.lazily(lambda: ir.Body(statement.body, names)),
        )
        outer = frame.scopes[1:] if frame.defines is not None else frame.scopes
        body = Frame(code, frame.file, scope, (scope, *outer), self.state, defines=address)
        self.frames.append(body)
        try:
            self.run(statement.body)
        finally:
            self.frames.pop()
        entries: dict[str | int, Val] = {}
        for name in _assigned(statement.body):
            member = self.state.variable((scope, name))
            if member is not None:
                entries[name] = member
        self.state.writes[address] = HeapObject(
            "class", entries, None, None, statement.name, bases
        )
        for decorator in reversed(statement.decorators):
            maker = self.evaluate(decorator)
            if not any(isinstance(s, (Function, Bound)) for s in maker.shapes):
                continue
            value = self.call(maker, Arguments([value]), site)
        self._bind(statement.name, value)
        return True


def _assigned(block: ir.Block) -> Iterator[str]:
    """Yield the names that a class body defines."""
    for statement in block:
        match statement:
            case ir.Assign():
                for target in statement.targets:
                    if isinstance(target, ir.NameTarget):
                        yield target.name
            case ir.DefineClass() | ir.Import():
                yield statement.name
            case ir.Branch():
                yield from _assigned(statement.then)
                yield from _assigned(statement.otherwise)
            case ir.Try():
                yield from _assigned(statement.body)
            case _:
                pass


def _outline(value: Val) -> Val:
    """Return what of a value decides a call's outcome, whatever way its data came."""
    shapes = tuple(
        shape
        for shape in value.shapes
        if not isinstance(shape, (Text, Anything, Const, Number, Environment))
    )
    ways = {(taint.data, taint.safe): taint for taint in value.taints}
    outline = sorted(ways, key=lambda way: way[0].field)
    return Val(shapes or (Anything(),), tuple(Taint(data, _NOWAY, safe) for data, safe in outline))


_NOWAY: Final = Node(-1, None, None, ir.Span(1, 1, 1, 1), "", shown=False)


def _is_check(key: Key) -> bool:
    return isinstance(key, tuple) and key[0] == "safe"
