"""What Python's own functions do that a table cannot say: they look at values, not only data.

A behaviour gives the call's result, or None where the table of the library says enough.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.analysis.facts import PARSED
from stockade.analysis.interpreter import checks, chosen, overlay, texts
from stockade.analysis.interpreter.deployed import ENVIRONMENT, with_default
from stockade.analysis.interpreter.files import open_file
from stockade.analysis.interpreter.protocol import Arguments, Dead, Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
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
    Partial,
    Ref,
    Special,
    Text,
    Truth,
    Val,
    const,
    constant_text,
    external,
    join,
    join_all,
    only_constant,
    settled,
)
from stockade.model.record import replace

Behaviour: TypeAlias = Callable[[Machine, Invocation], Val | None]

IDENTITY: Final = "builtins.<the same>"
"""A function that gives back what it is given: a decorator that changes nothing we look at."""

CONTEXT: Final = "aws.lambda.Context"


def list_of(machine: Machine, item: Val | None, site: Site, tag: str) -> Val:
    """Return a new list that holds `item` at unknown places."""
    return machine.allocate(site, HeapObject("list", {}, item), tag)


def _first(arguments: Arguments) -> Val | None:
    return arguments.get(0, None)


# --- containers --------------------------------------------------------------------------


def _container(kind: str) -> Behaviour:
    def make(machine: Machine, call: Invocation) -> Val:
        value = _first(call.arguments)
        if value is None:
            return machine.allocate(call.site, HeapObject(kind), "made")
        for _, found in machine.objects(value):
            if found.kind in ("list", "tuple") and len(value.shapes) == 1 and kind != "set":
                return machine.allocate(
                    call.site, HeapObject(kind, found.entries, found.rest), "made"
                )
        if any(isinstance(shape, Event) for shape in value.shapes):
            return value
        item = machine.item(value, call.site)
        return machine.allocate(call.site, HeapObject(kind, {}, item), "made")

    return make


def _dict(machine: Machine, call: Invocation) -> Val:
    entries: dict[str | int, Val] = dict(call.arguments.named.items())
    made = HeapObject("map", entries, call.arguments.more_entries)
    value = _first(call.arguments)
    if value is None:
        return machine.allocate(call.site, made, "made")
    if any(isinstance(shape, (Event, External)) for shape in value.shapes):
        return value
    for _, found in machine.objects(value):
        if found.kind == "map":
            rest = join_all(v for v in (found.rest, made.rest) if v is not None)
            made = replace(found, entries={**found.entries, **made.entries}, rest=rest)
        else:
            pair = machine.item(value, call.site)
            made = made.holding(machine.index(pair, const(1), call.site))
    if not any(True for _ in machine.objects(value)):
        made = made.holding(machine.index(value, UNKNOWN, call.site))
    given = call.arguments.spread_map
    if given is not None:
        made = overlay.laid_over(machine, made, given, call.site)
    return machine.allocate(call.site, made, "made")


def _default_map(machine: Machine, call: Invocation) -> Val:
    """Make a map that gives what its factory makes where it has nothing."""
    factory = _first(call.arguments)
    made = None
    if factory is not None and only_constant(factory) is None:
        made = machine.call(factory, Arguments(), call.site)
    return machine.allocate(call.site, HeapObject("map", {}, made), "made")


def _queue(machine: Machine, call: Invocation) -> Val:
    """Make a queue: what is put into it is what it gives."""
    value = _first(call.arguments)
    item = machine.item(value, call.site) if value is not None else None
    return machine.allocate(call.site, HeapObject("list", {}, item), "queue")


def _cast(_machine: Machine, call: Invocation) -> Val | None:
    return call.arguments.get(1, "val")


def _same(_machine: Machine, call: Invocation) -> Val | None:
    return _first(call.arguments)


def _sorted(machine: Machine, call: Invocation) -> Val | None:
    value = _first(call.arguments)
    if value is None:
        return None
    key = call.arguments.get(None, "key")
    item = machine.item(value, call.site)
    if key is not None and "key" in call.arguments.named:
        machine.call(key, Arguments([item]), call.site)
    return list_of(machine, item, call.site, "sorted")


def _enumerate(machine: Machine, call: Invocation) -> Val:
    item = machine.item(_first(call.arguments) or UNKNOWN, call.site)
    pair = machine.allocate(call.site, HeapObject("tuple", {0: NUMBER, 1: item}), "pair")
    return list_of(machine, pair, call.site, "enumerate")


def _zip(machine: Machine, call: Invocation) -> Val:
    items: dict[str | int, Val] = {
        position: machine.item(value, call.site)
        for position, value in enumerate(call.arguments.positional)
    }
    pair = machine.allocate(call.site, HeapObject("tuple", items), "pair")
    return list_of(machine, pair, call.site, "zip")


def _next(machine: Machine, call: Invocation) -> Val:
    item = machine.item(_first(call.arguments) or UNKNOWN, call.site)
    default = call.arguments.get(1, None)
    return item if default is None else join(item, default)


def _map(machine: Machine, call: Invocation) -> Val | None:
    function = _first(call.arguments)
    if function is None:
        return None
    items = [machine.item(value, call.site) for value in call.arguments.positional[1:]]
    return list_of(machine, machine.call(function, Arguments(items), call.site), call.site, "map")


def _filter(machine: Machine, call: Invocation) -> Val | None:
    function, values = _first(call.arguments), call.arguments.get(1, None)
    if function is None or values is None:
        return None
    item = machine.item(values, call.site)
    if only_constant(function) is None:
        machine.call(function, Arguments([item]), call.site)
    return list_of(machine, item, call.site, "filter")


def _for_each_item(*, every: bool) -> Behaviour:
    """`all(x in KNOWN for x in names)` shows of each what the test of one shows of it."""

    def asked(machine: Machine, call: Invocation) -> Val | None:
        values = _first(call.arguments)
        if values is None:
            return None
        when_true, when_false = checks.outcomes(machine.item(values, call.site))
        shown = Truth(when_true, ()) if every else Truth((), when_false)
        return Val((shown,)) if shown.when_true or shown.when_false else None

    return asked


def _largest(machine: Machine, call: Invocation) -> Val | None:
    values = call.arguments.positional
    if len(values) == 1:
        return machine.item(values[0], call.site)
    return join_all(values)


# --- texts -------------------------------------------------------------------------------


def _text(machine: Machine, call: Invocation) -> Val:
    value = _first(call.arguments)
    if value is None:
        return const("")
    known = only_constant(value)
    if known is not None:
        return const(known.value if isinstance(known.value, (str, bytes)) else str(known.value))
    whole = machine.inside(value)
    shapes = tuple(
        shape
        if isinstance(shape, (Text, Event, Environment)) or texts.tells(shape)
        else Anything("it is a text")
        for shape in value.shapes
    )
    return Val(shapes, machine.derive(call.site, whole, kinds=texts.SAFE_IN))


def _decoded(machine: Machine, call: Invocation) -> Val | None:
    """Decode a text: what it says can be looked into further, and is still the same data."""
    value = _first(call.arguments)
    if value is None:
        return None
    if constant_text(value) is not None:
        return Val((Anything("it is decoded"),))
    # A file is not what it says; what the author gives in place of nothing (`or "{}"`) holds
    # nobody's data.
    of_files = {Ref(address) for address, found in machine.objects(value) if found.kind == "file"}
    known = [one for one in value.shapes if isinstance(one, (Event, Ref)) and one not in of_files]
    others = [one for one in value.shapes if one not in known and not isinstance(one, Const)]
    shapes = (*known, *(Anything("it is decoded") for _ in others[:1]))
    note = parsed(call, value)
    return Val(shapes, machine.derive(call.site, machine.inside(value), note=note))


def parsed(call: Invocation, value: Val) -> str:
    """Return what to say of the way of a text of a request that may be an object from here on."""
    is_json = call.callee.endswith((".loads", ".load", "JSON.parse"))
    of_request = is_json and any(
        isinstance(shape, Event) and shape.path[:1] and shape.path[0] in _TEXTS
        for shape in value.shapes
    )
    return PARSED if of_request else ""


_TEXTS: Final = frozenset(
    {"queryStringParameters", "pathParameters", "headers", "rawQueryString", "cookies"}
)


def _encoded(machine: Machine, call: Invocation) -> Val | None:
    value = _first(call.arguments)
    if value is None:
        return None
    whole = machine.inside(value)
    return Val((Anything("it is encoded", value),), machine.derive(call.site, whole))


# --- attributes and functions ------------------------------------------------------------


_MOST_METHODS: Final = 12
"""Of a class that are taken to be meant where only the event says which."""


def _getattr(machine: Machine, call: Invocation) -> Val | None:
    holder, name = call.arguments.get(0, None), call.arguments.get(1, None)
    text = constant_text(name) if name is not None else None
    if holder is None:
        return None
    found = machine.attribute(holder, text, call.site) if text is not None else None
    if text is None:
        # Any method may be meant: `getattr(self, event["action"])(event)`.
        names = [*_methods(machine, holder), *(["get"] if asks_by_verb(holder) else [])]
        found = join_all(machine.attribute(holder, each, call.site) for each in names)
    if found is None:
        return None
    default = call.arguments.get(2, None)
    return found if default is None else join(found, default)


_VERBS_OF: Final = frozenset(
    [
        "aiohttp.ClientSession",
        "httpx",
        "httpx.AsyncClient",
        "httpx.Client",
        "requests",
        "requests.Session",
        "npm:axios",
        "npm:got",
        "npm:superagent",
    ]
)


def asks_by_verb(holder: Val) -> bool:
    """Tell whether each of an object's methods, by whatever name, asks for an address."""
    return any(isinstance(shape, External) and shape.name in _VERBS_OF for shape in holder.shapes)


def _methods(machine: Machine, holder: Val) -> list[str]:
    """Return the names of the methods that the application's own classes give an object."""
    classes = [found for _, found in machine.objects(holder) if found.kind == "class"]
    for _, found in machine.objects(holder):
        if found.kind == "instance" and found.type is not None:
            classes.extend(each for _, each in machine.objects(found.type))
    for found in tuple(classes):
        classes.extend(each for base in found.bases for _, each in machine.objects(base))
    names = dict.fromkeys(
        str(name)
        for found in classes
        for name, member in found.entries.items()
        if not str(name).startswith("__")
        and any(isinstance(shape, (Function, Special)) for shape in member.shapes)
    )
    return list(names)[:_MOST_METHODS]


def _setattr(machine: Machine, call: Invocation) -> Val | None:
    holder, name, value = (call.arguments.get(position, None) for position in range(3))
    text = constant_text(name) if name is not None else None
    if holder is None or value is None:
        return None
    for address, found in machine.objects(holder):
        made = found.holding(value) if text is None else found.having(text, value)
        machine.change(holder, address, made)
    return NONE


def _role(role: str) -> Behaviour:
    def make(_machine: Machine, call: Invocation) -> Val | None:
        value = _first(call.arguments)
        return None if value is None else Val((Special(role, value),))

    return make


def _partial(_machine: Machine, call: Invocation) -> Val | None:
    function = _first(call.arguments)
    if function is None:
        return None
    result = function
    for value in call.arguments.positional[1:]:
        result = Val(tuple(Bound(Val((shape,)), value) for shape in result.shapes))
    if call.arguments.named:
        result = Val((Partial(result, tuple(call.arguments.named.items())),), result.taints)
    return result


def _decorator(_machine: Machine, call: Invocation) -> Val:
    """Give back the function a decorator is put on, or what will give it back."""
    value = _first(call.arguments)
    if value is not None and any(
        isinstance(shape, (Function, Bound, Partial, Ref, Special)) for shape in value.shapes
    ):
        return value
    return external(IDENTITY)


def _wraps(_machine: Machine, _call: Invocation) -> Val:
    return external(IDENTITY)


def _new_type(machine: Machine, call: Invocation) -> Val | None:
    """`namedtuple(name, fields)`: a class whose records have these fields, in this order."""
    fields = call.arguments.get(1, "field_names")
    text = constant_text(fields) if fields is not None else None
    names: list[str] = text.replace(",", " ").split() if text is not None else []
    for _, found in machine.objects(fields) if fields is not None else ():
        for value in found.entries.values():
            name = constant_text(value)
            # `NamedTuple("Name", [("field", type)])` has pairs.
            for _, pair in machine.objects(value):
                name = constant_text(pair.entries.get(0, UNKNOWN))
            names.append(name or "?")
    entries: dict[str | int, Val] = dict.fromkeys(names, UNKNOWN)
    return machine.allocate(
        call.site, HeapObject("class", entries, name="namedtuple"), "namedtuple"
    )


# --- files -------------------------------------------------------------------------------


def _open(machine: Machine, call: Invocation) -> Val | None:
    path = call.arguments.get(0, "file")
    if path is None:
        path = call.receiver
    return open_file(machine, path, call.site)


def _path_open(machine: Machine, call: Invocation) -> Val:
    return open_file(machine, call.receiver, call.site)


def _environment(machine: Machine, call: Invocation) -> Val | None:
    key = _first(call.arguments) or UNKNOWN
    name = constant_text(key)
    if name is None:
        return chosen.variable(machine, key, call.site)
    default = call.arguments.get(1, "default")
    value = machine.variable(name)
    return value if default is None else with_default(value, default)


def _add_variable(machine: Machine, call: Invocation) -> Val | None:
    """Set a variable of the environment if it is not there."""
    key = call.arguments.get(0, "key") or UNKNOWN
    machine.set_variable(key, call.arguments.get(1, "default") or UNKNOWN, again=False)
    name = constant_text(key)
    return UNKNOWN if name is None else machine.variable(name)


def add_variables(machine: Machine, call: Invocation) -> Val:
    """Set the variables that a map holds."""
    for value in call.arguments.positional:
        known = [found for _, found in machine.objects(value)]
        for name, content in [item for one in known for item in one.entries.items()]:
            machine.set_variable(const(name), content)
        if len(known) < len(value.shapes) or any(one.rest is not None for one in known):
            machine.set_variable(UNKNOWN, value)
    for name, content in call.arguments.named.items():
        machine.set_variable(const(name), content)
    return NONE


_MOST_DIGITS: Final = 15


def truth_of(_machine: Machine, call: Invocation) -> Val | None:
    """Return whether a value is true, if that is certain."""
    return checks.certainty(_first(call.arguments) or const(False))  # noqa: FBT003


def number_of(_machine: Machine, call: Invocation) -> Val | None:
    """Return the number that a text of digits says; None of any other value."""
    text = constant_text(settled(_first(call.arguments) or UNKNOWN))
    is_plain = text is not None and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return const(int(text)) if text is not None and is_plain else None


def _format(_machine: Machine, call: Invocation) -> Val | None:
    """Return a number that is formatted as one; None of any other value."""
    how = call.arguments.get(1, None)
    return NUMBER if how is not None and texts.is_of_number(constant_text(how)) else None


def _isinstance(machine: Machine, call: Invocation) -> Val | None:
    """Tell what a type test shows: where it is a number, it holds no text."""
    value, kind = call.arguments.get(0, None), call.arguments.get(1, None)
    if value is None or kind is None or not value.taints:
        return None
    names = {shape.name for shape in kind.shapes if isinstance(shape, External)}
    for _, found in machine.objects(kind):
        content = found.contents()
        names |= {s.name for s in content.shapes if isinstance(s, External)} if content else set()
    if names and names <= {"builtins.int", "builtins.float", "builtins.bool"}:
        return Val((Truth(machine.check(value), ()),))
    if names and names <= {"builtins.str", "builtins.bytes"}:
        shown = ((taint.node, kind) for taint in value.taints for kind in texts.SAFE_IN)
        return Val((Truth(tuple(shown), ()),))
    return None


def _identity(_machine: Machine, call: Invocation) -> Val:
    return _first(call.arguments) or UNKNOWN


def _exit(_machine: Machine, _call: Invocation) -> Val | None:
    raise Dead


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    IDENTITY: _identity,
    "builtins.list": _container("list"),
    "builtins.tuple": _container("tuple"),
    "builtins.set": _container("set"),
    "builtins.frozenset": _container("set"),
    "collections.deque": _queue,
    **{
        f"{module}.{kind}": _queue
        for module in ("queue", "asyncio", "multiprocessing")
        for kind in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue")
    },
    "collections.OrderedDict": _dict,
    "collections.ChainMap": _dict,
    "builtins.dict": _dict,
    "collections.defaultdict": _default_map,
    "collections.namedtuple": _new_type,
    "typing.NamedTuple": _new_type,
    "builtins.iter": _same,
    "builtins.reversed": _same,
    "builtins.sorted": _sorted,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.next": _next,
    "builtins.anext": _next,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.all": _for_each_item(every=True),
    "builtins.any": _for_each_item(every=False),
    "builtins.min": _largest,
    "builtins.max": _largest,
    "builtins.str": _text,
    "builtins.repr": _text,
    "builtins.bytes": _text,
    "builtins.bytearray": _text,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.isinstance": _isinstance,
    "builtins.property": _role("property"),
    "functools.cached_property": _role("property"),
    "builtins.staticmethod": _role("staticmethod"),
    "builtins.classmethod": _role("classmethod"),
    "functools.partial": _partial,
    "functools.wraps": _wraps,
    "functools.lru_cache": _decorator,
    "functools.cache": _decorator,
    "contextlib.closing": _same,
    "contextlib.aclosing": _same,
    "contextlib.nullcontext": _same,
    "contextlib.ExitStack().enter_context": _same,
    "contextlib.AsyncExitStack().enter_async_context": _same,
    "contextlib.contextmanager": _decorator,
    "contextlib.asynccontextmanager": _decorator,
    "dataclasses.dataclass": _decorator,
    "typing.cast": _cast,
    "copy.copy": _same,
    "copy.deepcopy": _same,
    "asyncio.run": _same,
    "asyncio.ensure_future": _same,
    "asyncio.create_task": _same,
    "json.loads": _decoded,
    "json.load": _decoded,
    "orjson.loads": _decoded,
    "ujson.loads": _decoded,
    "simplejson.loads": _decoded,
    "json.dumps": _encoded,
    "orjson.dumps": _encoded,
    "ujson.dumps": _encoded,
    "simplejson.dumps": _encoded,
    "boto3.dynamodb.types.TypeSerializer().serialize": _same,
    "boto3.dynamodb.types.TypeDeserializer().deserialize": _same,
    "base64.b64decode": _decoded,
    "base64.urlsafe_b64decode": _decoded,
    "urllib.parse.unquote": _decoded,
    "urllib.parse.unquote_plus": _decoded,
    "builtins.open": _open,
    "io.open": _open,
    "codecs.open": _open,
    "pathlib.Path.open": _path_open,
    "os.environ.get": _environment,
    "os.getenv": _environment,
    f"{ENVIRONMENT}.setdefault": _add_variable,
    f"{ENVIRONMENT}.update": add_variables,
    "builtins.bool": truth_of,
    "builtins.int": number_of,
    "builtins.format": _format,
    "sys.exit": _exit,
    "builtins.exit": _exit,
    "builtins.quit": _exit,
    "os._exit": _exit,
    "os.abort": _exit,
}
