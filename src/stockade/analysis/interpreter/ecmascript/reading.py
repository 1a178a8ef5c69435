"""Modules of JavaScript and what they export; properties, which are entries of objects."""

from typing import Final

from stockade._late import pattern
from stockade.analysis.code import ir
from stockade.analysis.interpreter import matches, secrets
from stockade.analysis.interpreter.core import Frame
from stockade.analysis.interpreter.deployed import ENVIRONMENT
from stockade.analysis.interpreter.ecmascript import errors, given, maps, validated, web
from stockade.analysis.interpreter.ecmascript.functions import OF_FUNCTION, PROTOTYPE
from stockade.analysis.interpreter.language import asks_by_verb
from stockade.analysis.interpreter.machine import Interpreter
from stockade.analysis.interpreter.protocol import Arguments, Site
from stockade.analysis.interpreter.values import (
    NUMBER,
    UNKNOWN,
    Anything,
    Bound,
    Const,
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


CHOSEN: Final = "chosen'"
"""The name of a function that data chooses among all that there are: `global[name]`."""
OPERATION: Final = "operation'"
"""The name of an operation of AWS that data chooses: `dynamodb[name]`."""
_CLIENT: Final = pattern(r"aws\.[\w-]+\.(?:Client|DocumentClient)")
_POWERFUL: Final = frozenset(
    {"ecmascript", "node:child_process", "node:fs", "node:process", "node:vm"}
)
"""Modules of which each function that is chosen does harm."""
_ADDRESS: Final = "node:url.URL()"
_BESIDE_THE_HOST: Final = frozenset(
    {"hash", "password", "pathname", "port", "protocol", "search", "username"}
)


def is_beside_the_host(holder: Val, name: str) -> bool:
    """Tell whether a property is a part of an address that says nothing of its host."""
    return name in _BESIDE_THE_HOST and any(
        isinstance(shape, External) and shape.name == _ADDRESS for shape in holder.shapes
    )


class ScriptReading(Interpreter):
    """Loads modules, and reads properties of whatever a value may be."""

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
        value = self._bound(name)
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
            errors_ = validated.length(shape) if isinstance(shape, External) else None
            return errors_ or NUMBER
        match shape:
            case Ref():
                return self._property(shape, value, name, site)
            case Event(path):
                return self.event((*path, name), site)
            case External():
                return self._external_property(shape, value, name, site)
            case Truth(parts=parts) if parts:
                if name == "groups":
                    return Val((shape,), value.taints)
                return matches.group(self, shape, value, const(name), site)
            case Const() | Text() | Environment() | Anything() | Method() | Truth():
                return errors.part(self, value, name, site)
            case Special("super", function):
                return self._super(function, name)
            case Function() | Bound() | Special():
                return self._of_function(shape, name, site)
            case _:
                return UNKNOWN

    def _of_function(self, shape: Function | Bound | Special, name: str, site: Site) -> Val:
        """Read a property of a function: what was written to it, what all that it makes share."""
        if name == "constructor":
            return external("ecmascript.Function")  # Made of a text, as by `new Function`.
        known = self.state.variable((OF_FUNCTION, shape, name))
        if known is not None:
            return self._of(known, Val((shape,)), site)
        if name != PROTOTYPE:
            return UNKNOWN
        made = self.allocate(site, HeapObject("class"), PROTOTYPE)
        self.state.writes[OF_FUNCTION, shape, name] = made
        return made

    def _bind_member(self, member: Val, receiver: Val, name: str, site: Site) -> Val:
        """Bind what the prototype of a function holds: those alone that say `this` want it."""
        results = []
        for shape in member.shapes:
            one = Val((shape,), member.taints)
            match shape:
                case Special("method", function):
                    results.append(Val((Bound(function, receiver),)))
                case Function(code=code) if not _says_this(code):
                    results.append(one)
                case _:
                    results.append(super()._bind_member(one, receiver, name, site))
        return join_all(results) or UNKNOWN

    def _property(self, shape: Ref, value: Val, name: str, site: Site) -> Val:
        found = self.state.object(shape.address)
        one = Val((shape,), value.taints)
        if found is None:
            return UNKNOWN
        known = found.entries.get(name)
        if known is not None:
            return self._of(known, one, site)
        if found.spread and found.kind == "instance" and not self._has_method(found, name):
            return join_all(self.attribute(each, name, site) for each in found.spread) or UNKNOWN
        if name == PROTOTYPE and found.kind == "class":
            return one
        if found.kind in ("instance", "class"):
            result = self._attribute_of_object(shape.address, shape, value, name, site)
            return result if found.rest is None else join(result, found.rest)
        if found.spread:
            return join_all(self.attribute(each, name, site) for each in found.spread) or UNKNOWN
        if name == "constructor" and found.kind == "list":
            return external("ecmascript.Array")
        return found.rest or UNKNOWN

    def _has_method(self, found: HeapObject, name: str) -> bool:
        """Tell whether the class of an object that was made of data defines a method itself."""
        for _, class_ in self.objects(found.type or UNKNOWN):
            member = class_.entries.get(name)
            if member is not None and any(isinstance(s, (Special, Bound)) for s in member.shapes):
                return True
        return False

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
        if shape.name == ENVIRONMENT:
            return self.variable(name)
        if shape.name in ("node:process", "ecmascript.process") and name == "env":
            return external(ENVIRONMENT)
        if name == "default" and not shape.instance:
            return value
        if name == "constructor" and shape.name.startswith("ecmascript."):
            return external("ecmascript.Function")
        shown = web.of_request(self, shape, name, site)
        if shown is not None:
            return shown
        if shape.name == _ADDRESS and name in _BESIDE_THE_HOST:
            # A check of this part tells nothing of the host.
            value = Val(value.shapes, self.derive(site, value))
        return self.externals.attribute(self, shape, value, name, site)

    def _index_of(self, shape: Shape, value: Val, key: Val, site: Site) -> Val:
        name = constant_text(key)
        if isinstance(shape, Truth) and shape.parts and name != "groups":
            return matches.group(self, shape, value, key, site)
        if name is not None:
            return self._attribute_of(shape, value, name, site)
        if isinstance(shape, Truth):
            return Val((Anything("it is an item"),), self.derive(site, value))
        if isinstance(shape, External) and key.taints and shape.name in _POWERFUL:
            return Val((External(f"ecmascript.{CHOSEN}"),), key.taints)
        if isinstance(shape, External) and key.taints and _CLIENT.fullmatch(shape.name):
            return Val((External(f"ecmascript.{OPERATION}"),), key.taints)
        if asks_by_verb(Val((shape,))):
            return self._attribute_of(shape, value, "get", site)
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
        for shape in holder.shapes:
            if isinstance(shape, (Function, Special)):
                kept = self._shared(value) if name == PROTOTYPE else value
                self.state.writes[OF_FUNCTION, shape, name] = kept
        self.store(holder, const(name), value)

    def _shared(self, value: Val) -> Val:
        """Return an object as what the objects share that a function makes."""
        for _, found in self.objects(value):
            if found.kind == "map":
                made = HeapObject("class", found.entries, found.rest)
                return self.allocate(self._here, made, PROTOTYPE)
        return value


def _says_this(code: ir.Code) -> bool:
    return bool(code.parameters) and code.parameters[0].name == "this"
