"""Classes of the author, as far as their constructors and methods are read like functions."""

from stockade.load.javascript import Node
from stockade.load.sst.expressions import evaluate
from stockade.load.sst.running import Frame, Program
from stockade.load.sst.things import Class, Closure, Native, Object, Scope, Thing, nothing
from stockade.model import Location

_MODIFIERS = frozenset({"accessibility_modifier", "readonly", "override_modifier"})


def instance(program: Program, class_: Class, given: list[Thing], at: Location) -> Object:
    """Return what `new` makes of a class of the author."""
    made = Object({}, at)
    _construct(program, class_, made, given, at)
    return made


def static(class_: Class, name: str) -> Closure | None:
    """Return a static method of a class, None if it has none of that name."""
    for one in _members(class_):
        words = {child.type for child in one.children}
        is_named = class_.script.word(one.child_by_field_name("name")) == name
        if one.type == "method_definition" and "static" in words and is_named:
            return Closure(one, class_.script, class_.scope, class_.at)
    return None


def _members(class_: Class) -> list[Node]:
    body = class_.node.child_by_field_name("body")
    return list(body.named_children) if body is not None else []


def _construct(
    program: Program, class_: Class, made: Object, given: list[Thing], at: Location
) -> None:
    """Give an object the methods and fields of a class, and run its constructor."""
    if program.enter(at) is not None:
        return
    scope = Scope(class_.scope)
    scope.names["this"] = made
    base = class_.base

    def parent(arguments: list[Thing], place: Location) -> Thing:
        if base is not None:
            _construct(program, base, made, arguments, place)
        return nothing(place)

    scope.names["super"] = Native(parent, at)
    constructor = None
    getters: dict[str, Closure] = {}
    for one in _members(class_):
        words = {child.type for child in one.children}
        name = class_.script.word(one.child_by_field_name("name"))
        if "static" in words or not name:
            continue
        if one.type == "method_definition":
            method = Closure(one, class_.script, scope, class_.script.at(one))
            if name == "constructor":
                constructor = method
            elif "get" in words:
                getters[name] = method
            else:
                made.put(name, method)
        elif one.child_by_field_name("value") is not None:
            frame = Frame(class_.script, scope, program)
            made.put(name, evaluate(one.child_by_field_name("value"), frame))
    if constructor is not None:
        _properties(class_, constructor, made, given)
        program.closure(constructor, given, at)
    elif base is not None:
        parent(given, at)
    for name, getter in getters.items():
        made.put(name, program.closure(getter, [], at))
    program.leave()


def _properties(class_: Class, constructor: Closure, made: Object, given: list[Thing]) -> None:
    """Make fields of the parameters that say so: `constructor(private readonly name: string)`."""
    written = constructor.node.child_by_field_name("parameters")
    for number, one in enumerate(written.named_children if written is not None else ()):
        is_field = any(child.type in _MODIFIERS for child in one.children)
        if is_field and number < len(given):
            made.put(class_.script.word(one.child_by_field_name("pattern")), given[number])
