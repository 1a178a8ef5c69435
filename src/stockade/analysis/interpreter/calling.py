"""Calls: of functions of the application, of classes, objects and libraries."""

from typing import Final

from stockade.analysis.code import ir
from stockade.analysis.interpreter import answers, builtins, records
from stockade.analysis.interpreter.core import MOST_DEEP, OBJECTS_A_STEP, Frame, Summary
from stockade.analysis.interpreter.pace import FIRST
from stockade.analysis.interpreter.protocol import Arguments, Dead, Invocation, Site
from stockade.analysis.interpreter.reading import MOST_DEPTH, Reading
from stockade.analysis.interpreter.state import Content, Key, State, is_check, meet
from stockade.analysis.interpreter.values import (
    NONE,
    UNKNOWN,
    Anything,
    Bound,
    Event,
    External,
    Function,
    HeapObject,
    Method,
    Partial,
    Ref,
    Shape,
    Special,
    Val,
    const,
    join,
    join_all,
)

_MOST_GLOBALS: Final = 24
"""Functions of a module that are taken to be meant where only the event says which."""


class Calling(Reading):
    """Calls whatever a value may be; runs a function once for calls that are alike."""

    def _call(self, expression: ir.Call) -> Val:
        callee = self.evaluate(expression.callee)
        arguments = self._arguments(expression)
        self._here = self.site(expression)
        return self.call(callee, arguments, self._here)

    def _named(self, name: str | None, expression: ir.Expression) -> Val:
        """Return what an expression may be, which is going to be called `name`."""
        if name is None:
            return self.evaluate(expression)
        frame = self.frames[-1]
        before, frame.naming = frame.naming, name
        try:
            return self.evaluate(expression)
        finally:
            frame.naming = before

    def _arguments(self, expression: ir.Call) -> Arguments:
        arguments = Arguments()
        site = self.site(expression)
        for argument in expression.arguments:
            value = self._named(argument.name, argument.value)
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
            arguments.spread_map = value
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
                return self.call(function, arguments.after(receiver), site)
            case Partial(function, named):
                return self.call(function, arguments.after(named=dict(named)), site)
            case Ref(address):
                return self._call_object(address, shape, arguments, site)
            case Method(receiver, name):
                return builtins.method(self, Invocation(name, receiver, arguments, site))
            case External(name="builtins.super"):
                receiver = self.frame.receiver or UNKNOWN
                return Val((Special("super", receiver),))
            case External(name="builtins.globals"):
                return self._globals(site)
            case External():
                receiver = Val((shape,), callee.taints)
                return self.externals.call(self, Invocation(shape.name, receiver, arguments, site))
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
            bound = self._bind_member(initializer, instance, "__init__", site)
            self.call(bound, arguments, site)
            return instance
        return records.construct(self, found, instance, arguments, site)

    def invoke(self, function: Function, arguments: Arguments, site: Site) -> Val:
        """Run a function of the application on these arguments."""
        active = sum(frame.code is function.code for frame in self.frames)
        pace = self._pace
        too_deep = len(self.frames) > MOST_DEPTH
        if too_deep and self.cut is None:
            self.cut = site
        if too_deep or active > pace.recursion:
            self.is_rough = self.is_rough or FIRST.recursion >= active > 0
            values = [
                self.inside(value) for value in arguments.all() if self._is_new(value, function)
            ]
            return Val((Anything("it calls itself"),), self.derive(site, *values))
        bound = self._bind_parameters(function, arguments, site)
        times = self._runs[function.code] = self._runs.get(function.code, 0) + 1
        if pace is not FIRST and times > pace.runs:
            return self._invoke_roughly(function, bound, site)
        kept = self._kept(self._summary_key(function, bound, times))
        if kept:
            self.state.writes.update(kept[0].writes)
            return kept[0].result
        summary = self._activate(function, bound, site)
        kept[:] = [summary]
        return summary.result

    def _kept(self, key: tuple[object, ...]) -> list[Summary]:
        """Return where the summary of calls like this is kept, and is if there was one.

        The key is looked up once for both: it holds all that a call is given.
        """
        return self._summaries.setdefault(key, [])

    def _is_new(self, value: Val, function: Function) -> bool:
        """Tell whether a function that calls itself is given something else than before.

        What it makes of data without a shape, or of an object that it was given further out, it
        has made of it there.
        """
        known = {
            address
            for frame in self.frames
            if frame.code is function.code
            for given in frame.given
            for address, _ in self.objects(given)
        }
        return any(address not in known for address, _ in self.objects(value))

    def _summary_key(
        self, function: Function, bound: dict[str, Val], times: int
    ) -> tuple[object, ...]:
        trusted = [(name, self._trusted(value)) for name, value in bound.items()]
        objects = self._objects_key(bound)
        if times > FIRST.runs:
            # So often run, one more way to the same data tells nothing new.
            from stockade.analysis.interpreter.alike import outline  # noqa: PLC0415

            trusted = [(name, outline(value)) for name, value in trusted]
        return (function.code, function.scopes, tuple(trusted), objects, *self._around())

    def _around(self) -> tuple[object, ...]:
        """Return what else a call hangs on: senders, what code set, where callers were proved."""
        events, deployed = self.externals.events, self.externals.deployed
        return (events.others, len(deployed.written), self.proved(), self.left_out())

    def _invoke_roughly(self, function: Function, bound: dict[str, Val], site: Site) -> Val:
        """Take it that a call does what one did that was given the same data in the like.

        What that one wrote may be so now, and what it did to its own arguments it does to these.
        """
        from stockade.analysis.interpreter.alike import gist, in_place_of  # noqa: PLC0415

        given = tuple(
            (name, gist(self.state, value, self._trusted(self.inside(value))))
            for name, value in bound.items()
        )
        key = (function.code, function.scopes, given, *self._around())
        kept = self._kept(key)
        if not kept:
            summary = self._activate(function, bound, site)
            kept[:] = [summary]
            return summary.result
        known = kept[0]
        self.is_rough = True
        instead = dict(in_place_of(known.bound, bound))
        writes = dict(known.writes)
        for was, now in instead.items():
            if was.address in writes:
                writes[now.address] = writes[was.address]
        self._perhaps_written(writes)
        shapes = [
            instead.get(shape, shape) if isinstance(shape, Ref) else shape
            for shape in known.result.shapes
        ]
        return Val(tuple(shapes), known.result.taints)

    def _perhaps_written(self, writes: dict[Key, Content]) -> None:
        """Take it that all of this may have been written, and that what is checked in it was."""
        sheet = State(self.state)
        meet(sheet, [{}, {key: one for key, one in writes.items() if not is_check(key)}])
        for key, kinds in writes.items():
            if is_check(key) and isinstance(kinds, frozenset):
                known = self.state.get(key)
                sheet.writes[key] = kinds | known if isinstance(known, frozenset) else kinds
        self.state.writes.update(sheet.writes)

    def _objects_key(self, bound: dict[str, Val]) -> tuple[object, ...]:
        """Name the state of the objects that are passed: the same call on others is another.

        Objects that hold the same are named alike, however often they were made.
        """
        seen: dict[int, int] = {}
        waiting = [(value, MOST_DEEP) for value in bound.values()]
        while waiting:
            value, depth = waiting.pop()
            for address, found in self.objects(value):
                if address in seen or depth == 0:
                    continue
                seen[address] = self._alike.setdefault(found, len(self._alike))
                waiting.extend((v, depth - 1) for v in found.entries.values())
                if found.rest is not None:
                    waiting.append((found.rest, depth - 1))
        self._steps += len(seen) // OBJECTS_A_STEP
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
            given=tuple(bound.values()),
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
        return self._leave_function(frame, function, bound, site)

    def _leave_function(
        self, frame: Frame, function: Function, bound: dict[str, Val], site: Site
    ) -> Summary:
        if not frame.exits:
            if function.code.is_generator:
                frame.exits.append((NONE, {}))
            else:
                raise Dead
        if frame.number not in self._closed_over:
            for _, writes in frame.exits:
                frame.forget_locals(writes)
        sheet = State(self.state)
        meet(sheet, [writes for _, writes in frame.exits])
        self.state.writes.update(sheet.writes)
        result = answers.told(frame.exits, self.checked_nodes, self._is_there)
        if result is None:
            result = join_all(value for value, _ in frame.exits) or NONE
        if function.code.is_generator:
            result = self.allocate(site, HeapObject("iterator", {}, frame.yields), "generator")
        return Summary(result, sheet.writes, bound)

    def _is_there(self, value: Val) -> bool:
        """Tell whether a value is surely something that counts as true: an object with entries."""
        addresses = [one.address for one in value.shapes if isinstance(one, Ref)]
        held = [self.state.object(address) for address in addresses]
        return len(held) == len(value.shapes) > 0 and all(
            one is not None and one.kind in ("map", "instance") and bool(one.entries)
            for one in held
        )

    def _globals(self, site: Site) -> Val:
        """Return the module's functions by their names: `globals()[event["action"]](event)`."""
        running = {frame.code for frame in self.frames}
        functions: dict[str | int, Val] = {
            name: value
            for name, value in self.state.names_in(self.frame.scopes[-1])
            if any(
                isinstance(shape, Function) and shape.code not in running for shape in value.shapes
            )
        }
        made = HeapObject("map", dict(list(functions.items())[:_MOST_GLOBALS]))
        return self.allocate(site, made, "globals")

    def _bind_parameters(
        self, function: Function, arguments: Arguments, site: Site
    ) -> dict[str, Val]:
        bound: dict[str, Val] = {}
        positional = list(arguments.positional)
        named = dict(arguments.named)
        defaults = dict(function.defaults)
        for place, parameter in enumerate(function.code.parameters):
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
                value = self._missing(place, parameter, arguments, defaults, site)
            bound[parameter.name] = self._passed(value, function, parameter.name, site)
        return bound

    def _missing(
        self,
        place: int,
        parameter: ir.Parameter,
        arguments: Arguments,
        defaults: dict[str, Val],
        site: Site,
    ) -> Val:
        """Return what a parameter may be that no argument is passed for by place or name."""
        more = arguments.more_items
        spread = [] if more is None else [self.part(more, place)]
        if arguments.spread_map is not None:
            spread.append(self.index(arguments.spread_map, const(parameter.name), site))
        elif arguments.more_entries is not None:
            spread.append(arguments.more_entries)
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
