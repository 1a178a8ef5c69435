"""What JavaScript's own functions do that a table cannot say: they look at values, not only data.

A behaviour gives the call's result, or None where the table says enough.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.analysis.interpreter import checks, overlay, texts
from stockade.analysis.interpreter.defaults import or_default
from stockade.analysis.interpreter.deployed import ENVIRONMENT
from stockade.analysis.interpreter.ecmascript import expressions, schemas, strings, waterfalls
from stockade.analysis.interpreter.ecmascript.functions import PROTOTYPE, is_function
from stockade.analysis.interpreter.ecmascript.maps import pair_of
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.ecmascript.web import STREAMED
from stockade.analysis.interpreter.language import (
    IDENTITY,
    add_variables,
    number_of,
    parsed,
    truth_of,
)
from stockade.analysis.interpreter.protocol import Arguments, Invocation
from stockade.analysis.interpreter.values import (
    EVERYTHING,
    NONE,
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
    Node,
    Number,
    Ref,
    Shape,
    Special,
    Text,
    Truth,
    Val,
    const,
    constant_text,
    external,
    join_all,
    only_constant,
    text_of,
)
from stockade.model.record import replace

Behaviour: TypeAlias = Callable[[ScriptMachine, Invocation], Val | None]


def _first(call: Invocation) -> Val:
    return call.arguments.get(0, None) or UNKNOWN


def _same(_machine: ScriptMachine, call: Invocation) -> Val:
    return _first(call)


def _number(_machine: ScriptMachine, _call: Invocation) -> Val:
    return NUMBER


def _parsed(machine: ScriptMachine, call: Invocation) -> Val:
    return number_of(machine, call) or NUMBER


def _flag(machine: ScriptMachine, call: Invocation) -> Val:
    return truth_of(machine, call) or NUMBER


# --- texts -------------------------------------------------------------------------------


def _text(machine: ScriptMachine, call: Invocation) -> Val:
    value = _first(call)
    known = only_constant(value)
    if known is not None:
        return value if isinstance(known.value, str) else const(str(known.value))
    shapes = tuple(
        shape
        if isinstance(shape, (Text, Event, Environment)) or texts.tells(shape)
        else Anything("it is a text")
        for shape in value.shapes
    )
    return Val(shapes, machine.derive(call.site, machine.inside(value), kinds=texts.SAFE_IN))


def _decoded(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Decode a text: what it says can be looked into further, and is still the same data."""
    value = _first(call)
    if constant_text(value) is not None:
        return Val((Anything("it is decoded"),))
    known = [shape for shape in value.shapes if isinstance(shape, (Event, Ref))]
    # What the author gives in place of nothing (`?? "{}"`) holds nobody's data.
    others = [shape for shape in value.shapes if not isinstance(shape, (Event, Ref, Const))]
    shapes = (*known, *(Anything("it is decoded") for _ in others[:1]))
    note = parsed(call, value)
    return Val(shapes, machine.derive(call.site, machine.inside(value), note=note))


def _reflected(machine: ScriptMachine, call: Invocation) -> Val | None:
    """`Reflect.construct(f, items)` and `Reflect.apply(f, it, items)`: call `f` with the items."""
    function, items = _first(call), call.arguments.positional[-1:]
    if len(call.arguments.positional) < _WITH_ITEMS:
        return None
    item = machine.item(items[0], call.site)
    return machine.call(function, Arguments(more_items=item), call.site)


_WITH_ITEMS: Final = 2


def _encoded(machine: ScriptMachine, call: Invocation) -> Val:
    whole = [machine.inside(value) for value in call.arguments.all()]
    return Val((Anything("it is encoded"),), machine.derive(call.site, *whole))


def _written(machine: ScriptMachine, call: Invocation) -> Val:
    """Write an object as JSON: what the text says is known."""
    value = _first(call)
    taints = machine.derive(call.site, machine.inside(value))
    return Val((Anything("it is encoded", value),), taints)


def _buffer(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Make bytes of a text; None where it is a part of a token, of which rules are to know."""
    value = _first(call)
    if constant_text(value) is not None or texts.tells(value.shapes[0]):
        return value
    encoding = constant_text(call.arguments.get(1, None) or UNKNOWN)
    is_token = strings.BETWEEN_DOTS in value.shapes
    if encoding == "base64url" or (is_token and encoding == "base64"):
        return None
    return _decoded(machine, call)


def _from_base64(machine: ScriptMachine, call: Invocation) -> Val | None:
    return None if strings.BETWEEN_DOTS in _first(call).shapes else _decoded(machine, call)


def _formatted(machine: ScriptMachine, call: Invocation) -> Val:
    return text_of([Val(v.shapes, machine.inside(v).taints) for v in call.arguments.all()])


def _address(_machine: ScriptMachine, call: Invocation) -> Val | None:
    """Return `new URL(path, base)` where the path stays on the base's host."""
    path, base = call.arguments.get(0, None), call.arguments.get(1, None)
    if path is None or base is None:
        return None
    start = path.shapes[0]
    first = constant_text(start.parts[0]) if isinstance(start, Text) else constant_text(path)
    if first is None or not first.startswith("/") or first.startswith("//"):
        return None
    return text_of([base, path])


def _path(machine: ScriptMachine, call: Invocation) -> Val:
    """Join the parts of a path: `..` is resolved, so that its beginning tells the folder."""
    parts = list(call.arguments.all())
    known = [constant_text(part) for part in parts]
    if parts and all(each is not None for each in known):
        return const("/".join(each or "" for each in known).replace("//", "/"))
    whole = [machine.inside(part) for part in parts]
    name = "node:path.Normal"
    made_of = tuple((str(place), part) for place, part in enumerate(parts))
    shape = External(name, True, made_of, machine.address(call.site, name))  # noqa: FBT003
    return Val((shape,), machine.derive(call.site, *whole))


def _leads_out(machine: ScriptMachine, call: Invocation) -> Val:
    """Ask if the way from a folder to a path leads out: `path.relative(a, b).startsWith("..")`.

    Where it does not, the path and what it was made of are below that folder.
    """
    if not (constant_text(_first(call)) or "").startswith(".."):
        return NUMBER
    safe: list[tuple[Node, str]] = []
    for taint in machine.inside(call.receiver).taints:
        node: Node | None = taint.node
        while node is not None and len(safe) < _MOST_ABOVE:
            safe.append((node, "path"))
            node = node.parent
    return Val((Truth((), tuple(safe)),))


_MOST_ABOVE: Final = 24

# --- questions ---------------------------------------------------------------------------


def _is_number(machine: ScriptMachine, call: Invocation) -> Val:
    checked = machine.check(_first(call))
    return Val((Truth(checked, ()),)) if checked else NUMBER


def _is_no_number(machine: ScriptMachine, call: Invocation) -> Val:
    checked = machine.check(_first(call))
    return Val((Truth((), checked),)) if checked else NUMBER


def _is_function(machine: ScriptMachine, call: Invocation) -> Val:
    """Tell whether a value is a function, where it surely is one, or surely none."""
    found = {_may_be_called(machine, shape) for shape in _first(call).shapes}
    return Val((Const(found.pop()),)) if len(found) == 1 and None not in found else NUMBER


def _may_be_called(machine: ScriptMachine, shape: Shape) -> bool | None:
    match shape:
        case Function() | Bound() | Special() | Method():
            return True
        case Const() | Text() | Number() | Event():
            return False  # What an event says was JSON, which holds no functions.
        case External(name=name, instance=True) if name.startswith(schemas.PREFIX):
            return False
        case Ref():
            held = {found.kind for _, found in machine.objects(Val((shape,)))}
            return False if held and held <= {"map", "list", "set"} else None
        case _:
            return None


def _is_text(machine: ScriptMachine, call: Invocation) -> Val:
    pairs = tuple(
        (node, kind)
        for node, every in machine.check(_first(call))
        if every == EVERYTHING
        for kind in texts.SAFE_IN
    )
    return Val((Truth(pairs, ()),)) if pairs else NUMBER


def _has(machine: ScriptMachine, call: Invocation) -> Val:
    holder, key = call.arguments.get(0, None), call.arguments.get(1, None)
    return checks.comparison(machine, "in", key or UNKNOWN, holder or UNKNOWN)


def _tested(machine: ScriptMachine, call: Invocation) -> Val:
    return expressions.tested(machine, call.receiver, _first(call), call.site)


def _executed(machine: ScriptMachine, call: Invocation) -> Val:
    return expressions.matched(machine, call.receiver, _first(call), call.site, at_once=True)


def _expression(machine: ScriptMachine, call: Invocation) -> Val:
    made_of = tuple(
        (str(place), value) for place, value in enumerate(call.arguments.positional[:2])
    )
    address = machine.address(call.site, expressions.REGEXP)
    return Val((External(expressions.REGEXP, True, made_of, address),))  # noqa: FBT003


# --- objects and arrays ------------------------------------------------------------------


def _list(machine: ScriptMachine, call: Invocation, item: Val | None) -> Val:
    return machine.allocate(call.site, HeapObject("list", {}, item), call.callee)


def _array(machine: ScriptMachine, call: Invocation) -> Val:
    entries: dict[str | int, Val] = dict(enumerate(call.arguments.positional))
    if len(entries) == 1:
        entries = {}
    made = HeapObject("list", entries, call.arguments.more_items)
    return machine.allocate(call.site, made, "array")


def _array_of(machine: ScriptMachine, call: Invocation) -> Val:
    entries: dict[str | int, Val] = dict(enumerate(call.arguments.positional))
    made = HeapObject("list", entries, call.arguments.more_items)
    return machine.allocate(call.site, made, "array")


def _array_from(machine: ScriptMachine, call: Invocation) -> Val:
    item = machine.item(_first(call), call.site)
    function = call.arguments.get(1, None)
    if function is not None and is_function(function):
        item = machine.call(function, Arguments([item, NUMBER]), call.site)
    return _list(machine, call, item)


def _keys(machine: ScriptMachine, call: Invocation) -> Val:
    value = _first(call)
    names: list[Val] = []
    for _, found in machine.objects(value):
        if found.kind in ("list", "tuple"):
            names.append(NUMBER)
            continue
        names.extend(const(key) for key in list(found.entries)[:16])
        if found.rest is not None:
            names.append(found.unknown_key())
    if not any(isinstance(shape, Ref) for shape in value.shapes):
        names.append(Val((Anything("it is a key"),), machine.derive(call.site, value)))
    return _list(machine, call, join_all(names))


def _values(machine: ScriptMachine, call: Invocation) -> Val:
    value = _first(call)
    found = [c for _, o in machine.objects(value) if (c := o.contents()) is not None]
    if not any(isinstance(shape, Ref) for shape in value.shapes):
        found.append(machine.item(value, call.site))
    return _list(machine, call, join_all(found))


def _entries(machine: ScriptMachine, call: Invocation) -> Val:
    value = _first(call)
    pairs: dict[str | int, Val] = {}
    rest: list[Val] = []
    for _, found in machine.objects(value):
        if found.rest is not None or found.kind in ("list", "tuple"):
            rest.append(pair_of(machine, found, call.site))
            continue
        for name, content in list(found.entries.items())[:32]:
            pair = HeapObject("tuple", {0: const(name), 1: content})
            pairs[len(pairs)] = machine.allocate(call.site, pair, f"pair {name}")
    if not any(isinstance(shape, Ref) for shape in value.shapes):
        item = machine.item(value, call.site)
        # A check of the key tells nothing of what stands under it.
        key = Val(
            (Anything("it is a key"),), machine.derive(call.site, item, note="is a key of it")
        )
        whole = HeapObject("tuple", {0: key, 1: item})
        rest.append(machine.allocate(call.site, whole, "pair"))
    return machine.allocate(call.site, HeapObject("list", pairs, join_all(rest)), "entries")


def _assign(machine: ScriptMachine, call: Invocation) -> Val:
    target = _first(call)
    if target.shapes == (External(ENVIRONMENT),):
        add_variables(machine, replace(call, arguments=Arguments(call.arguments.positional[1:])))
    for value in call.arguments.positional[1:]:
        for address, found in machine.objects(target):
            machine.change(target, address, overlay.laid_over(machine, found, value, call.site))
    return target


def _defined(machine: ScriptMachine, call: Invocation) -> Val:
    """Define a property by a value or getter: so bundlers export what a module exports."""
    target, name, how = (call.arguments.get(place, None) or UNKNOWN for place in range(3))
    known = constant_text(name)
    getter = machine.attribute(how, "get", call.site)
    value = machine.attribute(how, "value", call.site)
    if is_function(getter):
        made = Val((Special("property", getter),))
        value = made if known is not None else machine.call(getter, Arguments(), call.site)
    for address, found in machine.objects(target):
        changed = found.holding(value) if known is None else found.having(known, value)
        machine.change(target, address, changed)
    return target


def _from_entries(machine: ScriptMachine, call: Invocation) -> Val:
    pair = machine.item(_first(call), call.site)
    made = HeapObject("map", {}, machine.index(pair, const(1), call.site))
    return machine.allocate(call.site, made, "object")


def _map(machine: ScriptMachine, call: Invocation) -> Val:
    made = HeapObject("map", {}, None, None, "Map")
    for _, found in machine.objects(_first(call)):
        for pair in (*found.entries.values(), *([found.rest] if found.rest else [])):
            key = only_constant(machine.index(pair, const(0), call.site))
            value = machine.index(pair, const(1), call.site)
            if key is not None and isinstance(key.value, (str, int)):
                made = made.having(key.value, value)
            else:
                made = made.holding(value)
    return machine.allocate(call.site, made, "map")


def _set(machine: ScriptMachine, call: Invocation) -> Val:
    value = call.arguments.get(0, None)
    item = None if value is None else machine.item(value, call.site)
    return machine.allocate(call.site, HeapObject("set", {}, item), "set")


def _object(machine: ScriptMachine, call: Invocation) -> Val:
    """Make an object that has what another has, if that is shared by what a function makes."""
    given = _first(call)
    if any(found.kind == "class" for _, found in machine.objects(given)):
        return machine.allocate(call.site, HeapObject("class", bases=(given,)), "object")
    return machine.allocate(call.site, HeapObject("map"), "object")


def _given_prototype(machine: ScriptMachine, call: Invocation) -> Val:
    """Have what a function makes share what others share, too."""
    own, shared = _first(call), call.arguments.get(1, None) or UNKNOWN
    _share(machine, own, shared)
    return own


def _inherits(machine: ScriptMachine, call: Invocation) -> Val:
    """Have one function make what another makes: Node's way before there were classes."""
    others = call.arguments.get(1, None) or UNKNOWN
    own, shared = (machine.attribute(one, PROTOTYPE, call.site) for one in (_first(call), others))
    _share(machine, own, shared)
    return NONE


def _share(machine: ScriptMachine, own: Val, shared: Val) -> None:
    if any(found.kind == "class" for _, found in machine.objects(shared)):
        for address, found in machine.objects(own):
            if found.kind == "class" and shared not in found.bases:
                machine.change(own, address, replace(found, bases=(*found.bases, shared)))


# --- promises, callbacks -----------------------------------------------------------------

_RESOLVE: Final = "ecmascript.resolve'"


def _promise(machine: ScriptMachine, call: Invocation) -> Val:
    """Make a promise: what its function hands to `resolve` is what it gives."""
    box = machine.allocate(call.site, HeapObject("list"), "promise")
    resolve = Val((Bound(external(_RESOLVE), box),))
    machine.call(_first(call), Arguments([resolve, external("ecmascript.reject'")]), call.site)
    found = next((each for _, each in machine.objects(box)), None)
    return (found.contents() if found is not None else None) or UNKNOWN


def _resolved(machine: ScriptMachine, call: Invocation) -> Val:
    box, value = _first(call), call.arguments.get(1, None) or NONE
    for address, found in machine.objects(box):
        machine.change(box, address, found.holding(value))
    return NONE


def _settled(machine: ScriptMachine, call: Invocation) -> Val:
    item = machine.item(_first(call), call.site)
    made = HeapObject("map", {"value": item, "status": UNKNOWN, "reason": UNKNOWN})
    return _list(machine, call, machine.allocate(call.site, made, "settled"))


def _raced(machine: ScriptMachine, call: Invocation) -> Val:
    return machine.item(_first(call), call.site)


def _decorated(machine: ScriptMachine, call: Invocation) -> Val:
    from stockade.analysis.interpreter.ecmascript import controllers  # noqa: PLC0415 - rarely used

    return controllers.noted(machine, call)


def _later(machine: ScriptMachine, call: Invocation) -> Val:
    function = _first(call)
    machine.harmed(call)  # A text is run as code.
    if is_function(function) or any(isinstance(s, (External, Bound)) for s in function.shapes):
        rest = call.arguments.positional[2:]
        machine.call(function, Arguments(list(rest)), call.site)
    return NUMBER


def _answered(machine: ScriptMachine, call: Invocation) -> Val:
    value = call.arguments.get(1, None)
    if value is not None:
        machine.answer(value, call.site)
    return NONE


def _succeeded(machine: ScriptMachine, call: Invocation) -> Val:
    machine.answer(_first(call), call.site)
    return NONE


def _role(role: str) -> Behaviour:
    def make(_machine: ScriptMachine, call: Invocation) -> Val:
        return Val((Special(role, _first(call)),))

    return make


def _nothing(_machine: ScriptMachine, _call: Invocation) -> Val:
    return NONE


def _either(machine: ScriptMachine, call: Invocation) -> Val:
    """Return an item of a list or map by its path, or the default: lodash's `get`."""
    holder, path = _first(call), constant_text(call.arguments.get(1, None) or UNKNOWN)
    value = holder
    for name in (path or "").replace("[", ".").replace("]", "").split("."):
        value = machine.attribute(value, name, call.site) if path else machine.inside(holder)
    default = call.arguments.get(2, None)
    return value if default is None else or_default(machine, value, default)


_E: Final = "ecmascript"

BEHAVIOURS: Final[dict[str, Behaviour]] = {
    IDENTITY: _same,
    f"{_E}.JSON.parse": _decoded,
    f"{_E}.Reflect.construct": _reflected,
    f"{_E}.Reflect.apply": _reflected,
    f"{_E}.JSON.stringify": _written,
    f"{_E}.String": _text,
    f"{_E}.String.raw": _formatted,
    f"{_E}.decodeURIComponent": _decoded,
    f"{_E}.decodeURI": _decoded,
    f"{_E}.unescape": _decoded,
    f"{_E}.atob": _from_base64,
    f"{_E}.btoa": _encoded,
    f"{_E}.structuredClone": _same,
    f"{_E}.isNaN": _is_no_number,
    f"{_E}.isFinite": _is_number,
    f"{_E}.Number.isInteger": _is_number,
    f"{_E}.Number.isSafeInteger": _is_number,
    f"{_E}.Number.isFinite": _is_number,
    f"{_E}.isNumber'": _is_number,
    f"{_E}.isText'": _is_text,
    f"{_E}.isFunction'": _is_function,
    f"{_E}.Boolean": _flag,
    f"{_E}.Number": _parsed,
    f"{_E}.parseInt": _parsed,
    f"{_E}.Number.parseInt": _parsed,
    **{
        f"{_E}.{name}": _number
        for name in [
            "parseFloat",
            "BigInt",
            "Symbol",
            "Date",
            "Date.now",
            "Date.parse",
            "Date.UTC",
            "Number.parseFloat",
            "Number.isNaN",
            "Array.isArray",
            "Object.is",
            "performance.now",
            "clearTimeout",
            "clearInterval",
        ]
    },
    f"{_E}.RegExp'": _expression,
    f"{_E}.RegExp": _expression,
    f"{expressions.REGEXP}.test": _tested,
    f"{expressions.REGEXP}.exec": _executed,
    f"{_E}.Array": _array,
    f"{_E}.Array.of": _array_of,
    f"{_E}.Array.from": _array_from,
    f"{_E}.Object": _same,
    f"{_E}.Object.keys": _keys,
    f"{_E}.Object.getOwnPropertyNames": _keys,
    f"{_E}.keysOf'": _keys,
    f"{_E}.Object.values": _values,
    f"{_E}.Object.entries": _entries,
    f"{_E}.Object.assign": _assign,
    f"{_E}.Object.fromEntries": _from_entries,
    f"{_E}.Object.freeze": _same,
    f"{_E}.Object.seal": _same,
    f"{_E}.Object.create": _object,
    f"{_E}.Object.defineProperty": _defined,
    f"{_E}.Object.setPrototypeOf": _given_prototype,
    f"{_E}.Object.getPrototypeOf": _same,
    f"{_E}.Object.hasOwn": _has,
    f"{_E}.Object.prototype.hasOwnProperty": _has,
    f"{_E}.Map": _map,
    f"{_E}.WeakMap": _map,
    f"{_E}.Set": _set,
    f"{_E}.WeakSet": _set,
    f"{_E}.Promise": _promise,
    f"{_E}.Promise.all": _same,
    f"{_E}.Promise.allSettled": _settled,
    f"{_E}.Promise.race": _raced,
    f"{_E}.Promise.any": _raced,
    f"{_E}.Promise.resolve": _same,
    f"{_E}.Promise.reject": _nothing,
    f"{_E}.reject'": _nothing,
    _RESOLVE: _resolved,
    f"{_E}.property'": _role("property"),
    f"{_E}.classmethod'": _role("classmethod"),
    f"{_E}.awslambda.streamifyResponse": _role(STREAMED),
    f"{_E}.decorated'": _decorated,
    waterfalls.NEXT: waterfalls.passed,
    f"{_E}.callback'": _answered,
    "aws.lambda.Context.succeed": _succeeded,
    "aws.lambda.Context.done": _answered,
    f"{_E}.setTimeout": _later,
    f"{_E}.setImmediate": _later,
    f"{_E}.setInterval": _later,
    f"{_E}.queueMicrotask": _later,
    "node:process.nextTick": _later,
    "node:buffer.Buffer.from": _buffer,
    "node:buffer.Buffer.concat": _encoded,
    "node:util.inherits": _inherits,
    "node:util.promisify": _same,
    "node:util.callbackify": _same,
    "node:util.format": _formatted,
    "node:util.inspect": _encoded,
    "node:path.join": _path,
    "node:path.resolve": _path,
    "node:path.normalize": _path,
    **{
        f"node:path.{kind}relative().{method}": _leads_out
        for kind in ("", "posix.")
        for method in ("startsWith", "includes")
    },
    "node:path.posix.join": _path,
    "node:path.posix.normalize": _path,
    "node:url.URL": _address,
    "node:url.fileURLToPath": _same,
    "ecmascript.Request": _same,
    "npm:@aws-sdk/protocol-http.HttpRequest": _same,
    "npm:@smithy/protocol-http.HttpRequest": _same,
    "npm:node-fetch.Request": _same,
    "node:querystring.unescape": _decoded,
    "npm:@aws-sdk/util-dynamodb.marshall": _same,
    "npm:@aws-sdk/util-dynamodb.unmarshall": _same,
    "npm:aws-sdk.DynamoDB.Converter.unmarshall": _same,
    "npm:aws-sdk.DynamoDB.Converter.marshall": _same,
    "npm:aws-xray-sdk.captureAWS": _same,
    "npm:aws-xray-sdk-core.captureAWS": _same,
    "npm:aws-xray-sdk.captureAWSClient": _same,
    "npm:aws-xray-sdk-core.captureAWSClient": _same,
    "npm:aws-xray-sdk.captureAWSv3Client": _same,
    "npm:aws-xray-sdk-core.captureAWSv3Client": _same,
    "npm:aws-xray-sdk.captureHTTPs": _same,
    "npm:aws-xray-sdk-core.captureHTTPs": _same,
    "npm:bluebird.promisify": _same,
    "npm:lodash.get": _either,
    "npm:lodash/get": _either,
    "npm:lodash.cloneDeep": _same,
}
