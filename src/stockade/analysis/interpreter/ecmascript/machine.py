"""The interpreter for code in JavaScript: properties are entries, functions may have a `this`."""

from typing import Final

from stockade.analysis.code import ir
from stockade.analysis.code.modules import ExternalModule
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import secrets
from stockade.analysis.interpreter.core import Frame
from stockade.analysis.interpreter.ecmascript import errors, given, globals_, maps, methods, sdk
from stockade.analysis.interpreter.ecmascript import functions as functions_
from stockade.analysis.interpreter.machine import Interpreter
from stockade.analysis.interpreter.protocol import Arguments, Dead, Invocation, Site
from stockade.analysis.interpreter.values import (
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
    Ref,
    Shape,
    Special,
    Text,
    Truth,
    Val,
    const,
    constant_text,
    external,
    join,
    join_all,
)

_GLOBALS: Final = {
    "Buffer": "node:buffer.Buffer",
    "URL": "node:url.URL",
    "URLSearchParams": "node:url.URLSearchParams",
    "crypto": "node:crypto",
    "global": "ecmascript",
    "globalThis": "ecmascript",
    "process": "node:process",
}
"""Names that are there without an import, and the module that they are of."""

ANONYMOUS: Final = "<function>"
"""The name of a function to which the code gives none."""

_PROMISE: Final = frozenset({"then", "catch", "finally"})


class EcmaScript(Interpreter):
    """Runs code of one Lambda function that is written in JavaScript or TypeScript."""

    # --- modules and names ---------------------------------------------------------------

    def load(self, module: ir.Module) -> Val:
        """Run a module's own code once, and return what it exports."""
        if module.file.path not in self._scopes:
            scope = self.module_scope(module.file.path)
            frame = Frame(module.code, module.file, 0, (scope,), self.state)
            self._activations += 1
            frame.number = -self._activations
            self.frames.append(frame)
            site = Site(module.file, module.code.span)
            exports = self.allocate(site, HeapObject("map"), "exports")
            holder = self.allocate(site, HeapObject("map", {"exports": exports}), "module")
            self.state.writes[scope, "exports"] = exports
            self.state.writes[scope, "module"] = holder
            try:
                self.run(module.code.body)
            finally:
                self.frames.pop()
        return self._exports(module)

    def _exports(self, module: ir.Module) -> Val:
        scope = self.module_scope(module.file.path)
        holder = self.state.variable((scope, "module"))
        for _, found in self.objects(holder) if holder is not None else ():
            return found.entries.get("exports", UNKNOWN)
        return UNKNOWN

    def _look_up(self, name: str) -> Val:
        for scope in self.frames[-1].scopes:
            value = self.state.variable((scope, name))
            if value is not None:
                return value
        return external(_GLOBALS.get(name) or f"ecmascript.{name}")

    def _import(self, statement: ir.Import) -> bool:
        value = self._required(statement.module)
        if statement.member == "*":
            exports = self._look_up("exports")
            for address, found in self.objects(exports):
                for _, other in self.objects(value):
                    self.change(exports, address, given.merged(found, other))
            return True
        if statement.member is not None:
            value = self._member_of(value, statement.member, self.site(statement))
        self._bind(statement.name, value)
        return True

    def _required(self, name: str) -> Val:
        found = self.modules.resolve(name, 0, self.frame.file)
        if isinstance(found, ExternalModule):
            return external(found.name)
        return self._found(found, name)

    def _member_of(self, module: Val, name: str, site: Site) -> Val:
        """Return what `import { name }` binds; a module without a default is its own default."""
        if name == "default":
            if any(isinstance(shape, External) for shape in module.shapes):
                return module
            if not any("default" in found.entries for _, found in self.objects(module)):
                return module
        return self.attribute(module, name, site)

    # --- properties ----------------------------------------------------------------------

    def attribute(self, value: Val, name: str, site: Site) -> Val:
        """Read a property of whatever `value` may be."""
        return secrets.without_plain_parts(super().attribute(value, name, site), const(name))

    def _attribute_of(self, shape: Shape, value: Val, name: str, site: Site) -> Val:
        if name in ("length", "size", "byteLength"):
            return NUMBER
        match shape:
            case Ref():
                return self._property(shape, value, name, site)
            case Event(path):
                return self.event((*path, name), site)
            case External():
                return self._external_property(shape, value, name, site)
            case Const() | Text() | Environment() | Anything() | Method() | Truth():
                return errors.part(self, value, name, site)
            case Special("super", function):
                return self._super(function, name)
            case _:
                return UNKNOWN

    def _property(self, shape: Ref, value: Val, name: str, site: Site) -> Val:
        found = self.state.object(shape.address)
        one = Val((shape,), value.taints)
        if found is None:
            return UNKNOWN
        known = found.entries.get(name)
        if known is not None:
            return self._of(known, one, site)
        if found.kind in ("instance", "class"):
            result = self._attribute_of_object(shape.address, shape, value, name, site)
            return result if found.rest is None else join(result, found.rest)
        return found.rest or UNKNOWN

    def _of(self, member: Val, owner: Val, site: Site) -> Val:
        """Return an entry of an object: getters are run, functions know what they are of."""
        if not any(isinstance(shape, Special) for shape in member.shapes):
            return member
        results = []
        for shape in member.shapes:
            match shape:
                case Special("property", function):
                    results.append(self.call(function, Arguments([owner]), site))
                case Special("method" | "classmethod", function):
                    results.append(Val((Bound(function, owner),)))
                case _:
                    results.append(Val((shape,), member.taints))
        return join_all(results) or UNKNOWN

    def _external_property(self, shape: External, value: Val, name: str, site: Site) -> Val:
        if shape.name == "os.environ":
            return Val((Environment(name),))
        if shape.name in ("node:process", "ecmascript.process") and name == "env":
            return external("os.environ")
        if name == "default" and not shape.instance:
            return value
        shown = given.of_request(self, shape, name, site)
        if shown is not None:
            return shown
        return self.externals.attribute(self, shape, value, name, site)

    def _index_of(self, shape: Shape, value: Val, key: Val, site: Site) -> Val:
        name = constant_text(key)
        if name is not None:
            return self._attribute_of(shape, value, name, site)
        if isinstance(shape, Truth):
            return Val((Anything("it is an item"),), self.derive(site, value))
        return super()._index_of(shape, value, key, site)

    def _item_of(self, shape: Shape, value: Val, site: Site) -> Val:
        if isinstance(shape, Ref):
            found = self.state.object(shape.address)
            if found is not None and found.kind == "map":
                if found.name == "Map":
                    return maps.pair_of(self, found, site)
                return found.contents() or UNKNOWN
        return super()._item_of(shape, value, site)

    def _assign_attribute(self, holder: Val, name: str, value: Val) -> None:
        for address, found in self.objects(holder):
            if found.kind == "class":
                self.change(holder, address, found.having(name, value))
                return
        self.store(holder, const(name), value)

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
            if isinstance(shape, Special) and shape.role == "method":
                made = self.allocate(site, HeapObject("instance", name="object"), "new")
                self.call(shape.function, given.before(made, arguments), site)
                results.append(made)
            else:
                results.append(self.call(Val((shape,), callee.taints), arguments, site))
        return join_all(results) or UNKNOWN

    def call_method(self, call: Invocation) -> Val:
        """Call a method, by its name, of whatever the receiver may be."""
        results = []
        dead = 0
        for shape in call.receiver.shapes:
            one = call._replace(receiver=Val((shape,), call.receiver.taints))
            try:
                results.append(self._call_method_of(shape, one))
            except Dead:
                dead += 1
        if dead and not results:
            raise Dead
        return join_all(results) or UNKNOWN

    def _call_method_of(self, shape: Shape, call: Invocation) -> Val:
        name, site = call.callee, call.site
        if isinstance(shape, Ref):
            own = self._own_method(shape, call)
            if own is not None:
                return self.call(own, call.arguments, site)
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
            case "handler":
                return arguments.get(0, None) or UNKNOWN
            case "use" | "before" | "after" | "onError":
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
                return self.call(function, given.before(UNKNOWN, arguments), site)
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
            return made
        normal = sdk.normal(self, call)
        if normal is not None:
            return self._with_callbacks(normal)
        routed = given.routed(self, call)
        if routed is not None:
            return routed
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
        if _is_all(call.arguments):
            # A wrapper gives back what it wraps.
            return functions[0]
        plain = [value for value in call.arguments.positional if value not in functions]
        passed = Arguments(plain, call.arguments.named, call.arguments.more_items)
        result = self.externals.call(self, call._replace(arguments=passed))
        for function in functions:
            functions_.call_back(self, function, result, call.site)
        if call.arguments.positional[0] is functions[0]:
            return join(functions[0], result)
        return result

    def _run_inside(self, value: Val, site: Site) -> None:
        """Run the functions in an array or object that a library is given."""
        for _, found in self.objects(value):
            if found.kind in ("list", "map"):
                for inner in (*found.entries.values(), found.rest):
                    if inner is not None and functions_.is_function(inner):
                        self.call(inner, Arguments([], {}, UNKNOWN), site)

    # --- operators -----------------------------------------------------------------------

    def _operate(self, operator: str, left: Val, right: Val, site: Site) -> Val:
        if operator != "+":
            return NUMBER
        return super()._operate(operator, left, right, site)

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

    def answer(self, value: Val, site: Site) -> None:
        """Note what the handler gives its caller through a callback."""
        if self.frames and self.responders:
            self.externals.harms.responds(self, value, site)

    def handler_arguments(self) -> tuple[Val, ...]:
        """Return what a handler is called with besides the event and the context."""
        return (external("ecmascript.callback'"),)


def _is_all(arguments: Arguments) -> bool:
    """Tell whether a function is all that a call is given, as a wrapper is."""
    return len(arguments.positional) == 1 and not arguments.named and arguments.complete
