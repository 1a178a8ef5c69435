"""Statements: what each of them changes, and whether what follows is reached."""

import contextlib
from collections.abc import Callable

from stockade.analysis.code import ir
from stockade.analysis.code.modules import Modules
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import checks
from stockade.analysis.interpreter.classes import Classes
from stockade.analysis.interpreter.defaults import or_default
from stockade.analysis.interpreter.deployed import with_default
from stockade.analysis.interpreter.externals import Externals
from stockade.analysis.interpreter.protocol import Arguments, Dead, Proof, Site
from stockade.analysis.interpreter.refusals import (
    asks_for_role,
    asks_who_calls,
    calls_others,
    refuses,
)
from stockade.analysis.interpreter.settled import covers
from stockade.analysis.interpreter.state import Content, Key, State, is_check, meet
from stockade.analysis.interpreter.values import (
    NONE,
    UNKNOWN,
    Anything,
    Data,
    Event,
    External,
    HeapObject,
    ModuleShape,
    Node,
    Val,
    const,
    only_constant,
    possible,
)
from stockade.model.record import replace

_LARGE = 256
"""Of an object with more entries, those that a branch left alone stay as they were."""
_MOST_KEPT = 4
"""Ways of data in a value whose checks are kept: of more, what each has passed is lost."""


class Statements(Classes):
    """Runs statements."""

    def __init__(self, modules: Modules, externals: Externals) -> None:
        super().__init__(modules, externals)
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
        value = self._named(_name_of(statement.targets[0]), statement.value)
        for target in statement.targets:
            self.assign(target, value)
        return True

    def _update(self, statement: ir.Update) -> bool:
        before = self._read_target(statement.target)
        value = self._named(_name_of(statement.target), statement.value)
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
        if known is None:
            when_true += self._shown_by_refusal(statement, statement.otherwise)
            when_false += self._shown_by_refusal(statement, statement.then)
        sides = ((True, statement.then, when_true), (False, statement.otherwise, when_false))
        ways = [self._run_over(block, safe) for way, block, safe in sides if known in (None, way)]
        if known is not None and not ways[0][0] and checks.asks_for_absent(test):
            # "It is not set: stop." Code that is deployed does not: somebody else sets it.
            untaken = next(side for side in sides if side[0] is not known)
            ways += [] if untaken[1] else [self._run_over((), untaken[2])]
        alive = [writes for reaches, writes in ways if reaches]
        if not alive:
            return False
        self._keep_checks(alive)
        meet(self.state, alive)
        return True

    def _shown_by_refusal(self, statement: ir.Branch, other: ir.Block) -> checks.Checked:
        """Return what one side of a branch shows if the other sends callers away."""
        if not refuses(other, self.frame.file.text):
            return ()
        asks = asks_who_calls(self, statement.test)
        of_role = (asks or self.proved() is not None) and asks_for_role(self, statement.test)
        return self.proof(Proof(self.site(statement), of_role)) if asks or of_role else ()

    def _keep_checks(self, ways: list[dict[Key, Content]]) -> None:
        """Let what each way checked outlive it in what one of the ways writes.

        `if lang not in KNOWN: lang = "en"`: what the other way leaves in `lang` is one of them.
        `if sort in COLUMNS: parts.append(sort)`: so is what the list holds.
        """
        if len(ways) < 2 or not any(is_check(key) for writes in ways for key in writes):  # noqa: PLR2004
            return
        written = {key for writes in ways for key in writes if not is_check(key)}
        base = self.state
        for writes in ways:
            self.state = State(base)
            self.state.writes = writes
            for key in written:
                match self.state.get(key):
                    case Val() as value if 0 < len(value.taints) <= _MOST_KEPT:
                        writes[key] = self._trusted(value)
                    case HeapObject(kind="list" | "map" | "set" | "instance") as held:
                        writes[key] = self._trusted_within(held, base.get(key))
                    case _:
                        pass
        self.state = base

    def _trusted_within(self, held: HeapObject, before: Content | None = None) -> HeapObject:
        """Return an object with what was checked written into the taints of what it holds.

        Of a large one only into those of what it did not hold `before`.
        """
        changed = {}
        entries = held.entries
        if len(entries) > _LARGE and isinstance(before, HeapObject):
            if held is before:
                return held
            old = before.entries
            entries = {name: one for name, one in entries.items() if old.get(name) is not one}
        for name, value in entries.items():
            if 0 < len(value.taints) <= _MOST_KEPT:
                trusted = self._trusted(value)
                if trusted is not value:
                    changed[name] = trusted
        rest = held.rest
        if rest is not None and 0 < len(rest.taints) <= _MOST_KEPT:
            rest = self._trusted(rest)
        if not changed and rest is held.rest:
            return held
        return replace(held, entries={**held.entries, **changed}, rest=rest)

    def _loop(self, block: ir.Block, otherwise: ir.Block, before_each: Callable[[], bool]) -> bool:
        """Run a loop's body until what it reads is settled; `before_each` binds and tests.

        Once more on the same would give the same, and so would one more way of data that is
        there already.
        """
        base = self.state
        leaving: list[dict[Key, Content]] = []
        self.frame.loops.append((base, leaving))
        for _ in range(self._pace.passes):
            self.state = State(base)
            sheet = self.state
            leaving.clear()
            begun = self.begun
            alive = False
            with contextlib.suppress(Dead):
                alive = before_each() and self.run(block)
            self.state = base
            ways = [{}, *leaving, *([sheet.writes] if alive else [])]
            self._keep_checks(ways)
            changed = meet(base, ways)
            if self.begun == begun and not any(
                key in sheet.read and not covers(before, base.writes[key])
                for key, before in changed.items()
            ):
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
        if (
            alive
            and len(ends) == 1
            and any(refuses(catch.body, self.frame.file.text) for catch in statement.catches)
            and calls_others(statement.body)
        ):
            self.trust(self.proof(Proof(self.site(statement))))
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
        value = self._as_checked(value)
        frame = self.frame
        if frame.code in self.responders:
            self.externals.responds(self, value, self.site(statement))
        frame.exits.append((value, self.state.since(frame.base)))
        return False

    def _as_checked(self, value: Val) -> Val:
        """Return what a function gives back with what was checked of it on this way out.

        `if not id.isdigit(): return error` shows nothing of the other ways out, and much of this.
        """
        if not self.checked_nodes:
            return value
        for address, found in self.objects(value):
            if found.kind in ("list", "map", "set"):
                kept = self._trusted_within(found)
                if kept is not found:
                    self.state.writes[address] = kept
        return self._trusted(value) if 0 < len(value.taints) <= _MOST_KEPT else value

    def _raise(self, statement: ir.Raise) -> bool:
        if statement.value is not None:
            self.evaluate(statement.value)
        return False

    def _assert(self, statement: ir.Assert) -> bool:
        test = self.evaluate(statement.test)
        self.trust(checks.outcomes(test)[0])
        return checks.decided(test) is not False or checks.asks_for_absent(test)

    # --- targets ---

    def assign(self, target: ir.Target, value: Val) -> None:
        """Write a value to a target, taking it apart as the target says."""
        match target:
            case ir.NameTarget():
                self._bind(target.name, value)
            case ir.AttributeTarget():
                holder = self.evaluate(target.object)
                self._here = self.site(target)
                self._assign_attribute(holder, target.name, value)
            case ir.IndexTarget():
                key = None if target.key is None else self.evaluate(target.key)
                holder = self.evaluate(target.object)
                self._here = self.site(target)
                if key is not None and key.taints:
                    self.chooses(target, key)
                self.store(holder, key, value)
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
                self.externals.put(self, shape, const(name), value)

    def chooses(self, target: ir.IndexTarget, key: Val) -> None:
        """Note the harm of writing under a key that others chose: in Python there is none."""

    def store(self, holder: Val, key: Val | None, value: Val) -> None:
        """Write an item of a list, map or event."""
        known = only_constant(key) if key is not None else None
        place = known.value if known is not None else None
        for address, found in self.objects(holder):
            if isinstance(place, (str, int)) and found.kind in ("map", "list", "instance"):
                self.change(holder, address, found.having(place, value))
            else:
                self.change(holder, address, found.holding(value, key))
        for shape in holder.shapes:
            if isinstance(shape, Event) and isinstance(place, str):
                if not self._wrote_event:
                    self._wrote_event = True
                    self.begun += 1
                self.state.writes["event", (*shape.path, place)] = value
            elif isinstance(shape, External):
                self.externals.put(self, shape, key, value)

    def _or_default(self, found: Val, default: ir.Expression) -> Val:
        """Return what a field is, or its default where it surely or maybe has no value."""
        known = possible(found)
        if known and const(None).shapes[0] not in known:
            return found
        value = self.evaluate(default)
        return with_default(found, value) if known else or_default(self, found, value)

    def _assign_items(self, target: ir.ItemsTarget, value: Val) -> None:
        site = self.site(target)
        for position, each in enumerate(target.targets):
            if target.rest == position:
                items = self.item(value, site)
                items = Val(items.shapes, self.derive(site, items))
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
                found = self._or_default(found, each.default)
            self.assign(each.target, found)
        if target.rest is not None:
            self.assign(target.rest, self._without(value, target))

    def _without(self, value: Val, target: ir.FieldsTarget) -> Val:
        """Return what is left of an object without the fields that were taken out of it.

        Of anything else than a map whose entries are known, that is the whole value.
        """
        held = [found for _, found in self.objects(value)]
        names = [only_constant(self.evaluate(each.key)) for each in target.fields]
        if len(held) != 1 or len(value.shapes) != 1 or held[0].kind != "map":
            return value
        taken = {name.value for name in names if name is not None}
        left = {key: each for key, each in held[0].entries.items() if key not in taken}
        if len(left) == len(held[0].entries):
            return value
        made = self.allocate(self.site(target), replace(held[0], entries=left), "rest")
        return Val(made.shapes, value.taints)


def _name_of(target: ir.Target) -> str | None:
    """Return the name under which a target keeps what is assigned to it."""
    match target:
        case ir.NameTarget() | ir.AttributeTarget():
            return target.name
        case ir.IndexTarget(key=ir.Const(value=str() as key)):
            return key
        case _:
            return None
