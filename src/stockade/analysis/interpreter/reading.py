"""Reading of attributes and items, of whatever a value may be."""

from typing import Final

from stockade.analysis.interpreter import builtins, files, matches, secrets, sequences, texts
from stockade.analysis.interpreter.names import Names
from stockade.analysis.interpreter.protocol import Arguments, Site
from stockade.analysis.interpreter.values import (
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
    ModuleShape,
    Ref,
    Shape,
    Special,
    Taint,
    Text,
    Truth,
    Val,
    const,
    external,
    join,
    join_all,
    only_constant,
    something,
)
from stockade.model.record import replace

MOST_DEPTH: Final = 48
_MOST_KEYS: Final = 8
"""Of a map, where its keys are what is iterated over."""


def _is_own_method(member: Val) -> bool:
    """Tell whether a class defines it as a function: data put under unknown names is none."""
    return bool(member.shapes) and all(isinstance(shape, Bound) for shape in member.shapes)


class Reading(Names):
    """Reads attributes, items by their keys, and whatever iterating gives."""

    def attribute(self, value: Val, name: str, site: Site) -> Val:
        """Read an attribute of whatever `value` may be."""
        found = [self._attribute_of(shape, value, name, site) for shape in something(value)]
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
                return self.externals.events.attribute(self, path, name, site)
            case Special("super", function):
                return self._super(function, name)
            case _:
                return Val((Method(Val((shape,), value.taints), name),), value.taints)

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
            if found.rest is None or _is_own_method(inherited):
                return inherited
            return join(inherited, found.rest)
        if found.kind == "class":
            member = self._member(address, name)
            if member is None:
                return Val((Method(Val((shape,), value.taints), name),))
            return self._bind_class_member(member, Val((shape,)), name)
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
                    return Val((Special("inherited", external(f"{shape.name}.{name}")),))
        return None

    def _inherited(self, type_: Val | None, receiver: Val, name: str, site: Site) -> Val:
        results = []
        for shape in type_.shapes if type_ is not None else ():
            if isinstance(shape, Ref):
                member = self._member(shape.address, name)
                if member is not None:
                    results.append(self._bind_member(member, receiver, name, site))
        return join_all(results) or Val((Method(receiver, name),), receiver.taints)

    def _bind_member(self, member: Val, receiver: Val, name: str, site: Site) -> Val:
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
                case Special("inherited", theirs) if self.externals.describes_below(theirs):
                    results.append(self._object_of(theirs, self.inside(receiver).taints))
                case Special("inherited", _):
                    # What the object has of a library's class works on this object.
                    results.append(Val((Method(receiver, name),), receiver.taints))
                case _:
                    results.append(one)
        return join_all(results) or UNKNOWN

    def _bind_class_member(self, member: Val, owner: Val, name: str) -> Val:
        for shape in member.shapes:
            match shape:
                case Special("classmethod", function):
                    return Val((Bound(function, owner),))
                case Special("inherited", theirs):
                    if self.externals.describes_below(theirs):
                        return self._object_of(theirs)
                    # What the class has of a library's class works on this class.
                    return Val((Method(owner, name),))
                case Special(_, function):
                    return function
                case _:
                    pass
        return member

    def _object_of(self, theirs: Val, taints: tuple[Taint, ...] = ()) -> Val:
        """Return what a library's class gives its heirs, as something that tables describe."""
        return Val(
            tuple(
                replace(shape, instance=True) if isinstance(shape, External) else shape
                for shape in theirs.shapes
            ),
            taints,
        )

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
                        return self._bind_member(member, receiver, name, site)
        return Val((Method(receiver, name),))

    def index(self, value: Val, key: Val, site: Site) -> Val:
        """Read an item of whatever `value` may be."""
        found = [self._index_of(shape, value, key, site) for shape in something(value)]
        return secrets.without_plain_parts(join_all(found) or UNKNOWN, key)

    def _index_of(self, shape: Shape, value: Val, key: Val, site: Site) -> Val:
        match shape:
            case Ref(address):
                found = self.state.object(address)
                return UNKNOWN if found is None else self._index_object(shape, found, key, site)
            case Event(path):
                known = only_constant(key)
                name = known.value if known is not None else None
                return self.event((*path, name if isinstance(name, str) else "[]"), site)
            case External():
                return self.externals.index(self, shape, value, key, site)
            case Const(str() | bytes()) | Text() | Anything() | Method() | Environment():
                known = only_constant(key)
                if known is not None and isinstance(known.value, (str, int)):
                    item = self.part(Val((), value.taints), known.value)
                    return Val((Anything("it is an item"),), item.taints)
                return Val((Anything("it is an item"),), self.derive(site, value))
            case Truth(parts=parts) if parts:
                return matches.group(self, shape, value, key, site)
            case _:
                return UNKNOWN

    def _index_object(self, shape: Ref, found: HeapObject, key: Val, site: Site) -> Val:
        if found.kind == "instance":
            getter = self._inherited(found.type, Val((shape,)), "__getitem__", site)
            if any(isinstance(shape, Bound) for shape in getter.shapes):
                return self.call(getter, Arguments([key]), site)
        known = only_constant(key)
        if known is not None and isinstance(known.value, (str, int)):
            place: str | int = known.value
            if isinstance(place, int) and place < 0 and found.rest is None:
                place += len(found.entries)
            exact = found.entries.get(place)
            if exact is not None:
                return exact
            if found.spread:
                return join_all(self.index(each, key, site) for each in found.spread) or UNKNOWN
            if found.rest is not None:
                if isinstance(place, int) and found.kind in sequences.IN_ORDER:
                    return self.part(found.rest, place)
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
        return self.externals.events.field(self, path, site)

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
                    keys = [const(key) for key in list(found.entries)[:_MOST_KEYS]]
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
