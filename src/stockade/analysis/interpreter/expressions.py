"""Expressions: what each of them may be."""

from typing import TYPE_CHECKING, Final

from stockade.analysis.code import ir
from stockade.analysis.code.modules import Modules
from stockade.analysis.interpreter import (
    annotations,
    arithmetic,
    builtins,
    checks,
    overlay,
    sequences,
    texts,
)
from stockade.analysis.interpreter.calling import Calling
from stockade.analysis.interpreter.defaults import of_fields
from stockade.analysis.interpreter.externals import Externals
from stockade.analysis.interpreter.pace import PACES
from stockade.analysis.interpreter.protocol import Arguments, Dead, Invocation, Site
from stockade.analysis.interpreter.state import State, is_check, meet
from stockade.analysis.interpreter.values import (
    NONE,
    NUMBER,
    UNKNOWN,
    Anything,
    Const,
    Event,
    External,
    Function,
    HeapObject,
    Number,
    Ref,
    Text,
    Val,
    const,
    is_number,
    join,
    join_all,
    only_constant,
    text_of,
)
from stockade.model.record import replace

if TYPE_CHECKING:
    from collections.abc import Callable

EQUALITY: Final = "builtins.=="
"""A comparison, where it is noted as a call."""


_MOST_ONE_BY_ONE: Final = 24
"""Things that a comprehension goes over one by one; of more, any of them stands for all."""


class OutOfBudgetError(Exception):
    """The handler needs more steps than are given to one handler."""


class Expressions(Calling):
    """Evaluates expressions."""

    def __init__(self, modules: Modules, externals: Externals) -> None:
        super().__init__(modules, externals)
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

    def evaluate(self, expression: ir.Expression) -> Val:
        """Return what an expression may be."""
        self._steps += 1
        if self._steps > self._pace.steps:
            self._hurry()
        return self._evaluators[type(expression)](expression)

    def _hurry(self) -> None:
        """Tell less apart from here on, or stop where nothing is left to give up."""
        following = PACES.index(self._pace) + 1
        if following == len(PACES):
            raise OutOfBudgetError
        self._pace = PACES[following]

    def _slice(self, expression: ir.Slice) -> Val:
        value = self.evaluate(expression.object)
        left_out = only_constant(self.evaluate(expression.lower)) if expression.lower else None
        if expression.upper is not None:
            self.evaluate(expression.upper)
        if left_out is not None and isinstance(left_out.value, int) and left_out.value > 0:
            listed = [found for _, found in self.objects(value)]
            if len(listed) == len(value.shapes) == 1 and listed[0].kind in sequences.IN_ORDER:
                return self._following(listed[0], left_out.value, self.site(expression))
        shapes = tuple(
            shape if isinstance(shape, (Ref, Event, External)) else Anything("it is a slice")
            for shape in value.shapes
        )
        return Val(shapes, self.derive(self.site(expression), value))

    def _following(self, found: HeapObject, place: int, site: Site) -> Val:
        """Return the items of a list from a place on: a check of those before is none of them."""
        entries: dict[str | int, Val] = {
            at - place: value
            for at, value in found.entries.items()
            if isinstance(at, int) and at >= place
        }
        rest = found.rest
        if rest is not None:
            rest = Val(rest.shapes, self.derive(site, rest))
        return self.allocate(site, replace(found, entries=entries, rest=rest), "slice")

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
            if is_number(left) is not is_number(right):
                return NUMBER  # Nothing else is added to a number, but for what counts as one.
            return self._add(left, right, site)
        if operator == "%" and texts.is_text(left):
            return texts.percent(self, left, right, site)
        if operator == "/" and self._is_path(left):
            return self.externals.call(
                self, Invocation("pathlib.Path.joinpath", left, Arguments([right]), site)
            )
        if operator == "|" and (either := annotations.union(self, left, right)) is not None:
            return either
        if operator == "|" and any(True for _ in self.objects(left)):
            return builtins.merged(self, site, left, right)
        if operator == "*" and (texts.is_text(left) or texts.is_text(right)):
            return Val((Anything("it is a text"),), self.derive(site, left, right))
        if operator in ("+", "*", "|", "&", "-") and (left.taints or right.taints):
            if any(isinstance(shape, Number) for shape in (*left.shapes, *right.shapes)):
                return NUMBER
            return Val((Anything(),), self.derive(site, left, right))
        return arithmetic.computed(operator, left, right)

    def _is_path(self, value: Val) -> bool:
        return any(
            isinstance(shape, External) and shape.name.startswith("pathlib.")
            for shape in value.shapes
        )

    def _add(self, left: Val, right: Val, site: Site) -> Val:
        lists = [found for _, found in (*self.objects(left), *self.objects(right))]
        if lists:
            return self.allocate(site, self._list_of_both(left, right, site), "sum")
        first, second = only_constant(left), only_constant(right)
        if (
            first is not None
            and second is not None
            and isinstance(first.value, (int, float))
            and isinstance(second.value, (int, float))
        ):
            return const(first.value + second.value)
        if is_number(left) and is_number(right):
            return NUMBER
        return text_of((self._as_text(left, site), self._as_text(right, site)))

    def _list_of_both(self, left: Val, right: Val, site: Site) -> HeapObject:
        """Return the items of one list and those of another after them."""
        made = HeapObject("list")
        for value in (left, right):
            known = list(self.objects(value))
            if len(known) == len(value.shapes) == 1:
                made = sequences.followed(made, known[0][1])
            else:
                made = made.holding(self.item(value, site))
        return made

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
        if expression.operator in ("==", "!="):
            self.meets(expression.operator, left, right, self.site(expression))
        if expression.operator in ("==", "!=") and checks.of_passwords(left, right):
            compared = Invocation(
                EQUALITY, UNKNOWN, Arguments([left, right]), self.site(expression)
            )
            self.externals.note(self, compared)
        self._here = self.site(expression)
        return checks.comparison(self, expression.operator, left, right)

    def _logical(self, expression: ir.Logical) -> Val:
        values: list[Val] = []
        base = self.state
        for operand in expression.operands:
            try:
                values.append(self.evaluate(operand))
            except Dead:
                # "Or stop": what is left is that it was there, whoever has set it.
                if not values or not checks.asks_for_absent(values[-1]):
                    raise
                break
            if checks.is_last(expression.operator, values[-1]):
                break
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
        if expression.operator != "and":
            values = of_fields(self, values)
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
            writes.append({k: v for k, v in self.state.writes.items() if not is_check(k)})
            self.state = base
        meet(base, writes)
        return join_all(results) or UNKNOWN

    def _list_literal(self, expression: ir.ListLiteral) -> Val:
        site = self.site(expression)
        entries: dict[str | int, Val] = {}
        rest: Val | None = None
        for element in expression.elements:
            value = self.evaluate(element.value)
            if element.spread is not ir.Spread.NO:
                known = self._items_in_order(value) if rest is None else None
                if known is not None:
                    entries.update(enumerate(known, start=len(entries)))
                    continue
                item = self.item(value, site)
                rest = item if rest is None else join(rest, item)
            elif rest is None and expression.kind != "set":
                entries[len(entries)] = value
            else:
                rest = value if rest is None else join(rest, value)
        return self.allocate(site, HeapObject(expression.kind, entries, rest))

    def _items_in_order(self, value: Val) -> "list[Val] | None":
        """Return the items of a list of which every place is known, None for any other."""
        if len(value.shapes) != 1:
            return None
        for _, found in self.objects(value):
            if found.kind in sequences.IN_ORDER and found.rest is None:
                return list(found.entries.values())
        return None

    def _map_literal(self, expression: ir.MapLiteral) -> Val:
        site = self.site(expression)
        made = HeapObject("map")
        entries: dict[str | int, Val] = {}
        for entry in expression.entries:
            key_text = entry.key.value if isinstance(entry.key, ir.Const) else None
            name = key_text if isinstance(key_text, str) else None
            value = self._named(name, entry.value)
            if entry.key is None:
                whole = replace(made, entries={**made.entries, **entries})
                made, entries = overlay.laid_over(self, whole, value, site), {}
                continue
            key = self.evaluate(entry.key)
            known = only_constant(key)
            if known is not None and isinstance(known.value, (str, int)):
                entries[known.value] = value
            else:
                made = made.holding(value, key)
        return self.allocate(site, replace(made, entries={**made.entries, **entries}))

    def _comprehension(self, expression: ir.Comprehension) -> Val:
        site = self.site(expression)
        collected: list[Val] = []
        keys: list[Val] = []

        def inner(clauses: tuple[ir.Clause, ...]) -> None:
            if not clauses:
                if expression.key is not None:
                    keys.append(self._trusted(self.evaluate(expression.key)))
                collected.append(self._trusted(self.evaluate(expression.element)))
                return
            iterable = self.evaluate(clauses[0].iterable)
            for each in self._each(iterable, clauses[0], site):
                self.assign(clauses[0].target, each)
                tests = [self.evaluate(condition) for condition in clauses[0].conditions]
                if any(checks.decided(test) is False for test in tests):
                    continue
                for test in tests:
                    self.trust(checks.outcomes(test)[0])
                inner(clauses[1:])

        base = self.state
        self.state = State(base)
        try:
            inner(expression.clauses)
        finally:
            writes = {k: v for k, v in self.state.writes.items() if not is_check(k)}
            self.state = base
        meet(base, [{}, writes])
        kind = "iterator" if expression.kind == "generator" else expression.kind
        return self.allocate(site, HeapObject(kind, {}, join_all(collected), keys=join_all(keys)))

    def _each(self, iterable: Val, clause: ir.Clause, site: Site) -> list[Val]:
        """Return what a clause goes over: one by one, where a condition may leave some out.

        `{k: v for k, v in params.items() if k != "password"}` holds what the others hold.
        """
        held = [found for _, found in self.objects(iterable)]
        if clause.conditions and len(held) == len(iterable.shapes) == 1:
            entries = held[0].entries
            if (
                held[0].kind == "list"
                and held[0].rest is None
                and 0 < len(entries) <= _MOST_ONE_BY_ONE
            ):
                return list(entries.values())
        return [self.item(iterable, site)]

    def _closure(self, expression: ir.Closure) -> Val:
        frame = self.frame
        defaults = tuple(
            (parameter.name, self.evaluate(parameter.default))
            for parameter in expression.code.parameters
            if parameter.default is not None
        )
        scopes = frame.scopes[1:] if frame.defines is not None else frame.scopes
        self._closed_over.update(scopes)
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
