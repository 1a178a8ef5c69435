"""The interpreter for code in JavaScript: functions may have a `this`, and libraries call back."""

from contextlib import AbstractContextManager
from typing import Final

from stockade.analysis.code import ir
from stockade.analysis.code.modules import Modules
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import arithmetic
from stockade.analysis.interpreter.builtins import keep, met
from stockade.analysis.interpreter.ecmascript import (
    callers,
    chains,
    documents,
    given,
    globals_,
    guards,
    listeners,
    methods,
    middlewares,
    schemas,
    sdk,
    validated,
    waterfalls,
    web,
)
from stockade.analysis.interpreter.ecmascript import functions as functions_
from stockade.analysis.interpreter.ecmascript.functions import OF_FUNCTION, PROTOTYPE
from stockade.analysis.interpreter.ecmascript.protocol import Guards, ScriptMachine
from stockade.analysis.interpreter.ecmascript.reading import (
    ScriptReading,
    is_beside_the_host,
)
from stockade.analysis.interpreter.externals import Externals
from stockade.analysis.interpreter.protocol import Arguments, Dead, Invocation, Site
from stockade.analysis.interpreter.state import State, meet
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Anything,
    Bound,
    Const,
    Data,
    External,
    Function,
    HeapObject,
    Method,
    Ref,
    Shape,
    Special,
    Val,
    constant_text,
    external,
    join,
    join_all,
)
from stockade.model.record import replace

ANONYMOUS: Final = "<function>"
"""The name of a function to which the code gives none."""


def _begun(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Run what a framework puts on routes by decorators, when its application is made."""
    if not call.callee.startswith("npm:@nestjs/core."):
        return None
    from stockade.analysis.interpreter.ecmascript import controllers  # noqa: PLC0415 - rarely used

    return controllers.started(machine, call)


_PARTS: Final = (
    web.routed,
    web.answered,
    web.told,
    guards.called,
    _begun,
    waterfalls.called,
    callers.called,
    listeners.called,
    middlewares.called,
    schemas.called,
    validated.called,
    chains.called,
    documents.called,
)
"""What frameworks and schemas do, asked one after the other."""
_SPECIAL: Final = (
    "npm:",
    "node:",
    "web.",
    "ecmascript.awslambda.",
    schemas.PREFIX,
    chains.CHAIN,
    chains.RESULT,
    middlewares.PREFIX,
)
"""How the names of what they do begin."""

_PIPE: Final = ".pipe"
_PROMISE: Final = frozenset({"then", "catch", "finally"})


class EcmaScript(ScriptReading):
    """Runs code of one Lambda function that is written in JavaScript or TypeScript."""

    def __init__(self, modules: Modules, externals: Externals) -> None:
        super().__init__(modules, externals)
        self.guards = Guards()

    # --- functions -----------------------------------------------------------------------

    def _closure(self, expression: ir.Closure) -> Val:
        made = super()._closure(expression)
        parameters = expression.code.parameters
        if self.frame.defines is None and parameters and parameters[0].name == "this":
            return Val((Special("method", made),))
        return made

    def _call(self, expression: ir.Call) -> Val:
        if expression.new:
            return self._new(expression)
        callee = expression.callee
        if not isinstance(callee, ir.Attribute):
            return super()._call(expression)
        receiver = self.evaluate(callee.object)
        arguments = self._arguments(expression)
        self._here = self.site(expression)
        return self.call_method(Invocation(callee.name, receiver, arguments, self._here))

    def _new(self, expression: ir.Call) -> Val:
        callee = self.evaluate(expression.callee)
        arguments = self._arguments(expression)
        site = self._here = self.site(expression)
        results = []
        for shape in callee.shapes:
            shared = self.state.variable((OF_FUNCTION, shape, PROTOTYPE))
            is_method = isinstance(shape, Special) and shape.role == "method"
            if is_method or shared is not None:
                instance = HeapObject("instance", type=shared, name="object")
                made = self.allocate(site, instance, "new")
                passed = arguments.after(made) if is_method else arguments
                function = shape.function if isinstance(shape, Special) else Val((shape,))
                self.call(function, passed, site)
                results.append(made)
            else:
                results.append(self.call(Val((shape,), callee.taints), arguments, site))
        return join_all(results) or UNKNOWN

    def call_method(self, call: Invocation) -> Val:
        """Call a method, by its name, of whatever the receiver may be."""
        results = []
        made: dict[int, HeapObject] = {}
        dead = 0
        shapes = call.receiver.shapes
        if len(shapes) > 1:
            # Nothing has no methods: where one is called there is something.
            shapes = tuple(shape for shape in shapes if shape != _NOTHING) or shapes
        for shape in shapes:
            one = replace(call, receiver=Val((shape,), call.receiver.taints))
            try:
                result = self._call_method_of(shape, one)
            except Dead:
                dead += 1
                continue
            keep(self, made, result)
            results.append(result)
        if dead and not results:
            raise Dead
        return met(results)

    def _call_method_of(self, shape: Shape, call: Invocation) -> Val:
        name, site = call.callee, call.site
        if isinstance(shape, Ref):
            own = self._own_method(shape, call)
            if own is not None:
                return self.call(own, call.arguments, site)
            listeners.called(self, call)
        if isinstance(shape, Special) and shape.role == "super":
            return self.call(self._super(shape.function, name), call.arguments, site)
        if name in _PROMISE:
            return methods.promise(self, call)
        if isinstance(shape, (Function, Bound, Special)):
            return self._call_function_method(call)
        if isinstance(shape, External):
            return self._call_external_method(shape, call)
        return methods.method(self, call)

    def _own_method(self, shape: Ref, call: Invocation) -> Val | None:
        found = self.state.object(shape.address)
        if found is None:
            return None
        if call.callee in found.entries:
            return self._of(found.entries[call.callee], call.receiver, call.site)
        if found.kind in ("instance", "class"):
            member = self._property(shape, call.receiver, call.callee, call.site)
            if not all(isinstance(each, (Method, Anything)) for each in member.shapes):
                return member
        return None

    def _call_function_method(self, call: Invocation) -> Val:
        """Call a method of a function: `bind`, `call`, `apply`, and those of middy's wrappers."""
        arguments, function = call.arguments, call.receiver
        own = self.state.variable((OF_FUNCTION, function.shapes[0], call.callee))
        if own is not None:
            return self.call(self._of(own, function, call.site), arguments, call.site)
        match call.callee:
            case "bind":
                return given.bound(function, arguments)
            case "call":
                if any(isinstance(s, Special) and s.role == "method" for s in function.shapes):
                    inner = join_all(s.function for s in function.shapes if isinstance(s, Special))
                    return self.call(inner or UNKNOWN, arguments, call.site)
                rest = Arguments(arguments.positional[1:], {}, arguments.more_items)
                return self.call(function, rest, call.site)
            case "apply":
                passed = Arguments([])
                if len(arguments.positional) > 1:
                    self._spread_items(passed, arguments.positional[1], call.site)
                return self.call(function, passed, call.site)
            case "constructor":
                return self.call(external("ecmascript.Function"), arguments, call.site)
            case "handler":
                return arguments.get(0, None) or UNKNOWN
            case "use":
                return middlewares.wrapped(self, function, arguments)
            case "before" | "after" | "onError":
                return function
            case _:
                return self.externals.unknown_call(self, function, arguments, call.site)

    def _call_external_method(self, shape: External, call: Invocation) -> Val:
        name = call.callee
        if name == "promise" or (name == "bind" and not shape.instance):
            return call.receiver
        if name == "done" and shape.name.startswith("aws.s3.") and shape.name.endswith(")"):
            return call.receiver
        if name in ("call", "apply") and not shape.instance:
            rest = Arguments(call.arguments.positional[1:], {}, call.arguments.more_items)
            return self._call_external(shape, call.receiver, rest, call.site)
        whole = f"{shape.name}.{name}"
        if shape.instance and ("(" in shape.name or "[" in shape.name):
            used = methods.of_result(self, whole, call)
            if used is not None:
                return used
        callee = self._external_property(shape, call.receiver, name, call.site)
        if callee.shapes[0] == shape:
            return methods.method(self, call)
        return self.call(callee, call.arguments, call.site)

    def _call_shape(self, shape: Shape, callee: Val, arguments: Arguments, site: Site) -> Val:
        match shape:
            case Special("method", function):
                return self.call(function, arguments.after(UNKNOWN), site)
            case Special(web.STREAMED, function):
                return self.call(function, web.streamed(self, arguments, site), site)
            case External():
                return self._call_external(shape, callee, arguments, site)
            case _:
                return super()._call_shape(shape, callee, arguments, site)

    def _call_external(
        self, shape: External, callee: Val, arguments: Arguments, site: Site
    ) -> Val:
        name = shape.name
        receiver = Val((shape,), callee.taints)
        if name == "ecmascript.super'":
            return Val((Special("super", self.frame.receiver or UNKNOWN),))
        if name in ("ecmascript.require", "ecmascript.import'"):
            wanted = constant_text(arguments.get(0, None) or UNKNOWN)
            if wanted is not None:
                return self._required(wanted)
        call = Invocation(name, receiver, arguments, site)
        made = sdk.made(self, call)
        if made is not None:
            self.harmed(replace(call, callee=sdk.CLIENT))
            return made
        normal = sdk.normal(self, call)
        if normal is not None:
            return self._with_callbacks(normal)
        if name.startswith(_SPECIAL) or name.endswith(_PIPE):
            done = next(
                (found for part in _PARTS if (found := part(self, call)) is not None), None
            )
            if done is not None:
                return done
        behaviour = globals_.BEHAVIOURS.get(name)
        result = behaviour(self, call) if behaviour is not None else None
        return result if result is not None else self._with_callbacks(call)

    def _with_callbacks(self, call: Invocation) -> Val:
        """Call something external; the functions that it is given are called with its result."""
        functions = [value for value in call.arguments.positional if functions_.is_function(value)]
        if call.callee.startswith("aws.lambda.Context."):
            # A step of a durable function gives what its function gives.
            passed = Arguments([call.receiver])
            given_back = [self.call(function, passed, call.site) for function in functions]
            return join_all(given_back) or UNKNOWN
        if self.externals.takes_functions(call.callee):
            return self.externals.call(self, call)
        for value in call.arguments.positional:
            self._run_inside(value, call.site)
        if not functions:
            return self.externals.call(self, call)
        if _is_all(call.arguments) and not self.externals.describes(call.callee):
            # A wrapper gives back what it wraps.
            return functions[0]
        plain = [value for value in call.arguments.positional if value not in functions]
        told = call.arguments
        passed = Arguments(plain, told.named, told.more_items, told.more_entries, told.spread_map)
        result = self.externals.call(self, replace(call, arguments=passed))
        for function in functions:
            if listeners.is_listened(call):
                self._perhaps_called_back(function, result, call.site)
            else:
                functions_.call_back(self, function, result, call.site)
        if told.positional[0] is functions[0]:
            return join(functions[0], result)
        return result

    def _perhaps_called_back(self, function: Val, result: Val, site: Site) -> None:
        """Call a function that waits for something to happen: what it changes may stay as it was.

        `pool.on("error", () => { pool = null; })` leaves a pool.
        """
        base = self.state
        sheet = self.state = State(base)
        try:
            functions_.call_back(self, function, result, site)
        finally:
            self.state = base
        meet(base, [sheet.writes, {}])

    def _run_inside(self, value: Val, site: Site) -> None:
        """Run the functions in an array or object that a library is given."""
        for _, found in self.objects(value):
            if found.kind in ("list", "map"):
                for inner in (*found.entries.values(), found.rest):
                    if inner is not None and functions_.is_function(inner):
                        self.call(inner, Arguments([], {}, UNKNOWN), site)

    def _assign_attribute(self, holder: Val, name: str, value: Val) -> None:
        web.assigned(self, holder, name, value)
        documents.assigned(self, holder, name, value)
        if value.taints and is_beside_the_host(holder, name):
            kinds = frozenset({"host", "scheme"})
            value = Val(value.shapes, self.derive(self._here, value, kinds=kinds))
        super()._assign_attribute(holder, name, value)

    # --- operators -----------------------------------------------------------------------

    def _operate(self, operator: str, left: Val, right: Val, site: Site) -> Val:
        if operator != "+":
            return arithmetic.computed(operator, left, right)
        return self._add(left, right, site)

    def _construct(self, address: int, found: HeapObject, arguments: Arguments, site: Site) -> Val:
        if self._member(address, "__init__") is not None:
            return super()._construct(address, found, arguments, site)
        made = HeapObject("instance", {}, None, Val((Ref(address),)), found.name)
        return self.allocate(site, made, found.name)

    def _passed(self, value: Val, function: Function, name: str, site: Site) -> Val:
        if name == "this" or not value.taints:
            return value
        if function.code.name == ANONYMOUS:
            return Val(value.shapes, self.passed_on(site, value, f"becomes `{name}`"))
        return super()._passed(value, function, name, site)

    def caught(self, site: Site) -> Val:
        """Return the error that a handler of errors is given."""
        data = Data(OriginKind.ERROR, "the exception")
        return Val((Anything("it is an exception"),), (self.start(site, data, "is caught here"),))

    def describes(self, callee: str) -> bool:
        """Tell whether a table describes the callee."""
        return self.externals.describes(callee)

    def page(self, value: Val, site: Site) -> None:
        """Note what is sent as a page."""
        self.externals.harms.page(self, value, site)

    def chooses(self, target: ir.IndexTarget, key: Val) -> None:
        """Note where the event chooses an entry of an entry: of what all objects share, too."""
        from stockade.analysis.interpreter.ecmascript import prototypes  # noqa: PLC0415 - rarely

        for hit in prototypes.written(self, self.frames, target, key, self.site(target)):
            self.externals.journal.hit(hit)

    def harmed(self, call: Invocation) -> None:
        """Note the harm that a call does, whatever it gives."""
        self.externals.harmed(self, call)

    def is_reached(self, written: str | None) -> bool:
        """Tell whether anything may lead to a route of a framework."""
        return self.externals.is_reached(written)

    def reached_by(self, written: str | None) -> AbstractContextManager[None]:
        """Read, for a while, the event that a route of a framework is reached with."""
        return self.externals.reached_by(written)

    def noted(self, call: Invocation) -> None:
        """Note a call for those who ask what was called."""
        self.externals.note(self, call)

    def answer(self, value: Val, site: Site) -> None:
        """Note what the handler gives its caller through a callback."""
        if self.frames and self.responders:
            self.externals.responds(self, value, site)

    def handler_arguments(self) -> tuple[Val, ...]:
        """Return what a handler is called with besides the event and the context."""
        return (external("ecmascript.callback'"),)


_NOTHING: Final = Const(None)


def _is_all(arguments: Arguments) -> bool:
    """Tell whether a function is all that a call is given, as a wrapper is."""
    return len(arguments.positional) == 1 and not arguments.named and arguments.complete
