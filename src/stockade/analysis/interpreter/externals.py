"""Calls of what the application does not hold itself: builtins, the standard library, packages."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from stockade.analysis.events import EventFields, name_of
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import (
    builtins,
    checks,
    files,
    frameworks,
    language,
    objects,
    sinks,
    texts,
)
from stockade.analysis.interpreter.convert import Converted, Converter
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site
from stockade.analysis.interpreter.secrets import kept_to_itself
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Anything,
    Bound,
    Data,
    Environment,
    Event,
    External,
    Function,
    HeapObject,
    Node,
    Taint,
    Truth,
    Val,
    const,
    constant_text,
    external,
    join,
    join_all,
    join_taints,
    only_constant,
)
from stockade.analysis.libraries import HARMS, Catalogue
from stockade.analysis.libraries.model import (
    Argument,
    Calls,
    Clean,
    Decorates,
    Guard,
    Model,
    Passes,
    Returns,
    Sanitizer,
    Sink,
    Source,
)
from stockade.model import Confidence, Value
from stockade.model.record import record

MOST_NAME: Final = 160
"""A qualified name longer than this leads nowhere that a table knows."""


@record
class Hit:
    """Data of others in an argument where it does harm."""

    kind: str
    callee: str
    argument: str
    taint: Taint
    site: Site
    confidence: Confidence


@record
class Call:
    """One call of something external, with its arguments as far as they are known."""

    callee: str
    arguments: Mapping[str, Value]
    receiver: Mapping[str, Value]
    site: Site
    way: tuple[tuple[Site, str], ...]
    complete: bool


class Place(NamedTuple):
    """An argument as tables name it: see `libraries.model`."""

    name: str | None
    position: int | None
    path: tuple[str, ...]
    whole: str = ""
    """`"self"`, `"*"` or `"result"`."""
    prefix: str = ""
    """`"items of"` or `"contents of"`."""


class Externals:
    """What libraries do, by their tables; notes the calls, and where data of others arrives."""

    def __init__(self, catalogue: Catalogue, fields: EventFields, converter: Converter) -> None:
        self.hits: dict[tuple[object, ...], Hit] = {}
        self.calls: dict[tuple[object, ...], Call] = {}
        self._catalogue = catalogue
        self._fields = fields
        self._converter = converter
        self._event_site: Site | None = None
        self._routes = frameworks.Routes()

    # --- the event -----------------------------------------------------------------------

    def arrives(self, machine: Machine, site: Site) -> Val:
        """Return the event as the handler's parameter, which stands at `site`."""
        self._event_site = site
        return self.event(machine, (), site)

    def event(self, machine: Machine, path: tuple[str, ...], site: Site) -> Val:
        """Return the field of the event at `path`, tainted if somebody writes it."""
        field = self._fields.field(path)
        if not field.sources:
            return Val((Event(path),))
        name = name_of(path)
        data = Data(OriginKind.EVENT, name, field.sources, field.verified)
        if self._event_site is None or not path:
            taint = machine.start(site, data, "the event arrives")
        else:
            taint = machine.start(site, data, f"reads `{name}` of the event")
        return Val((Event(path),), (taint,))

    def event_attribute(
        self, machine: Machine, path: tuple[str, ...], name: str, site: Site
    ) -> Val:
        """Return an attribute of a class that wraps the event: `event.query_string_parameters`."""
        if name in _EVENT_WRAPPERS:
            return self.event(machine, path, site)
        found = _EVENT_ATTRIBUTES.get(name)
        if self._fields.is_inside(path):
            found = (name,)
        elif found is None:
            found = (re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name),)
        return self.event(machine, path + found, site)

    # --- objects of libraries ------------------------------------------------------------

    def attribute(
        self, machine: Machine, shape: External, value: Val, name: str, site: Site
    ) -> Val:
        """Return an attribute of something of a library: `a.b` of `a`."""
        if len(shape.name) > MOST_NAME:
            return Val((External("...", True),), value.taints)
        whole = f"{shape.name}.{name}"
        shown = frameworks.field_of(whole) if frameworks.is_one(whole) else None
        if shown is not None:
            return self.event(machine, shown, site)
        made = External(whole, shape.instance, shape.made_of, shape.address)
        for line in self._catalogue.lines(whole) if shape.instance and value.taints else ():
            if isinstance(line, Sanitizer) and line.argument == "self":
                kinds = frozenset(line.kinds)
                return Val((made,), machine.derive(site, machine.inside(value), kinds=kinds))
        return Val((made,), value.taints)

    def index(self, machine: Machine, shape: External, value: Val, key: Val, site: Site) -> Val:
        """Return an item of a library's object."""
        known = only_constant(key)
        if shape.name == "os.environ":
            if known is not None and isinstance(known.value, str):
                return Val((Environment(known.value),))
            return UNKNOWN
        return self._part(machine, shape, value, site)

    def item(self, machine: Machine, shape: External, value: Val, site: Site) -> Val:
        """Return what iterating over a library's object gives."""
        return self._part(machine, shape, value, site)

    def _part(self, machine: Machine, shape: External, value: Val, site: Site) -> Val:
        whole = machine.inside(value)
        name = shape.name if shape.name.endswith("[]") else f"{shape.name}[]"
        made = External(name, True, shape.made_of, shape.address)
        return Val((made,), machine.derive(site, whole))

    def hold(self, machine: Machine, shape: External, value: Val) -> None:
        """Note that a library's object now holds a value too."""
        whole = machine.inside(value)
        if not whole.taints or not shape.address:
            return
        key = ("held", shape.address)
        before = machine.state.variable(key)
        machine.state.writes[key] = whole if before is None else join(before, whole)

    def held(self, machine: Machine, shape: External) -> Iterator[Val]:
        """Yield what a library's object holds."""
        if shape.name in _ENVIRONMENT:
            data = Data(OriginKind.ENVIRONMENT, "the environment")
            site = machine.here()
            yield Val((Anything(),), (machine.start(site, data, "reads the whole environment"),))
        if shape.address:
            found = machine.state.variable(("held", shape.address))
            if found is not None:
                yield found

    # --- calls ---------------------------------------------------------------------------

    def call(
        self, machine: Machine, callee: str, receiver: Val, arguments: Arguments, site: Site
    ) -> Val:
        """Call something external by its qualified name; `receiver` is what it is called on."""
        framework = self._framework(machine, callee, receiver, arguments, site)
        if framework is not None:
            return framework
        lines = self._catalogue.lines(callee)
        harms = tuple(line for line in lines if isinstance(line, HARMS))
        if harms:
            self._check(machine, callee, harms, receiver, arguments, site)
        if not lines and _is_text_method(callee, receiver):
            name = callee.rpartition(".")[2]
            unnamed = Val((Anything("a library gave it"),), machine.inside(receiver).taints)
            return builtins.method(machine, Invocation(name, unnamed, arguments, site))
        if lines or callee.startswith("aws."):
            self._note(machine, callee, receiver, arguments, site)
        known = _BEHAVIOURS.get(callee)
        result = None
        if known is not None:
            result = known(machine, Invocation(callee, receiver, arguments, site))
        if result is None:
            result = self._result(machine, callee, lines, receiver, arguments, site)
        return self._guarded(machine, harms, result, receiver, arguments)

    def _framework(
        self, machine: Machine, callee: str, receiver: Val, arguments: Arguments, site: Site
    ) -> Val | None:
        """Do what web frameworks do: note routes, run them, show the event."""
        if not frameworks.is_one(callee):
            return None
        noted = self._routes.note(callee, receiver, arguments)
        if noted is not None:
            machine.responders.update(self._routes.codes())
            return noted
        if self._routes.dispatches(callee):
            return self._routes.run(machine, site)
        if frameworks.wraps_event(callee):
            return arguments.get(0, "event") or arguments.get(0, "data")
        shown = frameworks.field_of(callee)
        return None if shown is None else self.event(machine, shown, site)

    def unknown_call(self, machine: Machine, callee: Val, arguments: Arguments, site: Site) -> Val:
        """Call something of which nothing is known: the result may hold what went in."""
        own = _given_function(arguments)
        if own is not None:
            return own
        for value in arguments.all():
            if _is_function(value):
                machine.call(value, Arguments(more_items=UNKNOWN), site)
        whole = [machine.inside(value) for value in (callee, *arguments.all())]
        told = kept_to_itself("", whole)
        return Val((Anything("it is the result of an unknown call"),), machine.derive(site, *told))

    def _note(
        self, machine: Machine, callee: str, receiver: Val, arguments: Arguments, site: Site
    ) -> None:
        if callee.startswith("builtins."):
            return
        way = machine.calls_here()
        key = (callee, site.file.path, site.span, tuple(each.span for each, _ in way))
        if key in self.calls:
            return
        self.calls[key] = Call(
            callee,
            {
                name: self._converter.value(machine, value, site)
                for name, value in arguments.by_key().items()
            },
            {
                name: self._converter.value(machine, value, site)
                for name, value in _made_of(receiver)
            },
            site,
            way,
            arguments.complete,
        )

    # --- harm ----------------------------------------------------------------------------

    def _check(
        self,
        machine: Machine,
        callee: str,
        harms: tuple[Model, ...],
        receiver: Val,
        arguments: Arguments,
        site: Site,
    ) -> None:
        for harm in harms:
            if not isinstance(harm, Sink):
                continue
            value = self._place(machine, harm.argument, receiver, arguments, site)
            if value is None:
                continue
            taints = sinks.reaching(machine, harm.kind, value)
            if not taints:
                continue
            holds = self._holds(machine, harm.when, receiver, arguments, site)
            if holds is False:
                continue
            confidence = harm.confidence if holds else Confidence.LOW
            for taint in taints:
                self.hit(harm.kind, callee, harm.argument, taint, site, confidence)

    def hit(
        self,
        kind: str,
        callee: str,
        argument: str,
        taint: Taint,
        site: Site,
        confidence: Confidence = Confidence.HIGH,
    ) -> None:
        """Note that data of others arrives where it does harm."""
        key = (kind, callee, site.file.path, site.span, taint.data)
        known = self.hits.get(key)
        if known is None or known.confidence < confidence:
            self.hits[key] = Hit(kind, callee, argument, taint, site, confidence)

    def responds(self, machine: Machine, value: Val, site: Site) -> None:
        """Note what a handler gives its caller, and what it puts into a page."""
        for taint in machine.inside(value).taints:
            if taint.data.kind is not OriginKind.EVENT and machine.harmful(taint, "response"):
                self.hit("response", "response", "*", taint, site)
        for _, response in machine.objects(value):
            body = response.entries.get("body")
            if body is not None and _is_page(machine, response):
                for taint in sinks.reaching(machine, "page", body):
                    self.hit("page", "response", "body", taint, site)

    def _guarded(
        self,
        machine: Machine,
        harms: tuple[Model, ...],
        result: Val,
        receiver: Val,
        arguments: Arguments,
    ) -> Val:
        """Note what the call checks: at once where it raises, in its result where it answers."""
        checked: list[tuple[Node, str]] = []
        for guard in harms:
            if not isinstance(guard, Guard):
                continue
            site = machine.here()
            value = self._place(machine, guard.argument, receiver, arguments, site)
            if value is None:
                continue
            whole = machine.inside(value)
            if not whole.taints:
                continue
            if self._holds(machine, guard.when, receiver, arguments, site) is not True:
                continue
            nodes = [taint.node for taint in whole.taints]
            nodes += [
                machine.field_node(name_of(shape.path))
                for shape in value.shapes
                if isinstance(shape, Event)
            ]
            pairs = tuple((node, kind) for node in nodes for kind in guard.kinds)
            if "host" in guard.kinds:
                pairs += checks.addresses_of(value)
            if guard.raises:
                machine.trust(pairs)
            else:
                checked.extend(pairs)
        if not checked:
            return result
        return Val((Truth(tuple(checked), ()),), result.taints)

    def _holds(
        self,
        machine: Machine,
        test: Callable[[Mapping[str, Argument]], bool | None] | None,
        receiver: Val,
        arguments: Arguments,
        site: Site,
    ) -> bool | None:
        if test is None:
            return True
        given = dict(arguments.by_key())
        given["self"] = receiver
        given.update((f"self.{name}", value) for name, value in _made_of(receiver))
        return test(Converted(machine, self._converter, given, site))

    # --- results -------------------------------------------------------------------------

    def _result(
        self,
        machine: Machine,
        callee: str,
        models: tuple[Model, ...],
        receiver: Val,
        arguments: Arguments,
        site: Site,
    ) -> Val:
        result: Val | None = None
        narrowed: list[Val] = []
        is_narrowed = False
        called: list[Val] = []
        safe: frozenset[str] = frozenset()
        for model in models:
            match model:
                case Returns() if result is None:
                    if self._holds(machine, model.when, receiver, arguments, site):
                        result = self._made(machine, model, receiver, arguments, site)
                case Clean() if result is None:
                    if self._holds(machine, model.when, receiver, arguments, site):
                        result = self._instance(machine, f"{callee}()", arguments, site, ())
                case Sanitizer():
                    value = self._place(machine, model.argument, receiver, arguments, site)
                    holds = self._holds(machine, model.when, receiver, arguments, site)
                    if value is not None and holds is True:
                        safe |= frozenset(model.kinds)
                        taints = machine.derive(site, machine.inside(value), kinds=safe)
                        result = Val((Anything("it was made safe"),), taints)
                case Source():
                    if self._holds(machine, model.when, receiver, arguments, site):
                        result = self._source(machine, callee, model, arguments, site)
                case Passes(to="result"):
                    is_narrowed = True
                    value = self._place(machine, model.argument, receiver, arguments, site)
                    if value is not None:
                        narrowed.append(value)
                case Passes():
                    self._pass_on(machine, model, receiver, arguments, site)
                case Calls():
                    given = self._call_given(machine, model, receiver, arguments, site)
                    if given is not None and model.result is not None:
                        called.append(given)
                case Decorates():
                    return self._decorated(model, arguments)
                case _:
                    pass
        if result is None and is_narrowed:
            taints = machine.derive(site, *map(machine.inside, narrowed), note=_through(callee))
            result = self._instance(machine, f"{callee}()", arguments, site, taints)
        elif result is not None and is_narrowed:
            taints = machine.derive(site, *map(machine.inside, narrowed), note=_through(callee))
            result = Val(result.shapes, join_taints(result, Val((), taints)))
        if result is None:
            result = self._default(machine, callee, receiver, arguments, site)
        return join_all([*called, result]) or result

    def _default(
        self, machine: Machine, callee: str, receiver: Val, arguments: Arguments, site: Site
    ) -> Val:
        own = _given_function(arguments)
        if own is not None:
            return own
        for value in arguments.all():
            if _is_function(value):
                machine.call(value, Arguments(more_items=UNKNOWN), site)
        whole = [machine.inside(value) for value in (receiver, *arguments.all())]
        told = kept_to_itself(callee, whole)
        taints = machine.derive(site, *told, note=_through(callee))
        return self._instance(machine, f"{callee}()", arguments, site, taints)

    def _instance(
        self,
        machine: Machine,
        name: str,
        arguments: Arguments,
        site: Site,
        taints: tuple[Taint, ...],
    ) -> Val:
        if len(name) > MOST_NAME:
            return Val((Anything("it comes from a library"),), taints)
        made_of = tuple(arguments.by_key().items())
        return Val((External(name, True, made_of, machine.address(site, name)),), taints)

    def _made(
        self, machine: Machine, model: Returns, receiver: Val, arguments: Arguments, site: Site
    ) -> Val:
        """Return an object of a library's type; what it was made of is part of it."""

        def argument(found: re.Match[str]) -> str:
            value = self._place(machine, found[1], receiver, arguments, site)
            known = only_constant(value) if value is not None else None
            return str(known.value) if known is not None else "?"

        type_ = re.sub(r"\{([^}]+)\}", argument, model.type)
        whole = [machine.inside(value) for value in (receiver, *arguments.all())]
        made_of = (*_made_of(receiver), *arguments.by_key().items())
        shape = External(type_, True, made_of, machine.address(site, type_))
        return Val((shape,), () if model.clean else machine.derive(site, *whole))

    def _source(
        self, machine: Machine, callee: str, model: Source, arguments: Arguments, site: Site
    ) -> Val:
        def argument(found: re.Match[str]) -> str:
            value = self._place(machine, found[1], UNKNOWN, arguments, site)
            if value is None:
                return "..."
            return self._converter.words(machine, value, site)

        field = re.sub(r"\{([^}]+)\}", argument, model.field)
        notes = {
            OriginKind.SECRET: f"reads the secret {field}",
            OriginKind.ENVIRONMENT: "reads the whole environment",
            OriginKind.ERROR: "takes the text of the error",
        }
        note = notes.get(model.kind, f"reads {field}")
        taint = machine.start(site, Data(model.kind, field), note)
        return self._instance(machine, f"{callee}()", arguments, site, (taint,))

    def _pass_on(
        self, machine: Machine, model: Passes, receiver: Val, arguments: Arguments, site: Site
    ) -> None:
        value = self._place(machine, model.argument, receiver, arguments, site)
        if value is None:
            return
        place = _place(model.to)
        if place.prefix == "contents of":
            path = self._place(
                machine, model.to.removeprefix("contents of "), receiver, arguments, site
            )
            if path is not None:
                files.write_file(machine, path, value)
            return
        target = self._place(machine, model.to, receiver, arguments, site)
        if target is None:
            return
        whole = machine.inside(value)
        for address, found in machine.objects(target):
            machine.change(target, address, found.holding(whole))
        for shape in target.shapes:
            if isinstance(shape, External):
                self.hold(machine, shape, whole)

    def _call_given(
        self, machine: Machine, model: Calls, receiver: Val, arguments: Arguments, site: Site
    ) -> Val | None:
        function = self._place(machine, model.function, receiver, arguments, site)
        if function is None or not _is_function(function):
            return None
        given = [
            self._place(machine, name, receiver, arguments, site) or UNKNOWN
            for name in model.given
        ]
        passed = Arguments(given) if model.given else Arguments(more_items=UNKNOWN)
        result = machine.call(function, passed, site)
        if model.result == "items":
            return language.list_of(machine, result, site, "called")
        return result

    def _decorated(self, model: Decorates, arguments: Arguments) -> Val:
        if model.made and _given_function(arguments) is None:
            return external(language.IDENTITY)
        return _given_function(arguments) or arguments.get(0, None) or UNKNOWN

    # --- arguments as tables name them ---------------------------------------------------

    def _place(
        self, machine: Machine, text: str, receiver: Val, arguments: Arguments, site: Site
    ) -> Val | None:
        place = _place(text)
        if place.whole == "self":
            value: Val | None = receiver
        elif place.whole == "*":
            value = join_all(arguments.all())
            if value is not None:
                whole = [machine.inside(each) for each in arguments.all()]
                value = Val(value.shapes, join_taints(*whole))
        else:
            value = arguments.get(place.position, place.name)
        for part in place.path:
            if value is None:
                return None
            value = self._inner(machine, part, value, site)
        if value is None:
            return None
        if place.prefix == "items of":
            return machine.item(value, site)
        if place.prefix == "contents of":
            return files.read_file(machine, value)
        return value

    def _inner(self, machine: Machine, part: str, value: Val, site: Site) -> Val | None:
        """Return a part of an argument; None where the argument surely has no such part."""
        containers = [found for _, found in machine.objects(value)]
        if part == "[]":
            return machine.item(value, site) if containers or value.taints else None
        if part.startswith("["):
            key = int(part[1:-1])
            if not any(found.kind in ("list", "tuple") for found in containers):
                return None
            return machine.index(value, const(key), site)
        if not containers and not value.taints:
            return None
        if containers and not any(
            part in found.entries or found.rest is not None for found in containers
        ):
            return None
        return machine.index(value, const(part), site)


def _is_text_method(callee: str, receiver: Val) -> bool:
    """Tell whether an object of unknown type is used as a text, a list or a map."""
    owner, _, name = callee.rpartition(".")
    if name not in texts.METHODS and not (receiver.taints and name in builtins.MAP_METHODS):
        return False
    made = owner.endswith((")", "]"))
    return made and any(isinstance(s, External) and s.instance for s in receiver.shapes)


def _is_page(machine: Machine, response: HeapObject) -> bool:
    """Tell whether a response says that its body is HTML."""
    headers = [response.entries.get(name) for name in ("headers", "multiValueHeaders")]
    for value in headers:
        for _, found in machine.objects(value) if value is not None else ():
            for name, content in found.entries.items():
                if str(name).lower() == "content-type":
                    text = constant_text(content)
                    return text is not None and "html" in text.lower()
    return False


@lru_cache(maxsize=4096)
def _place(text: str) -> Place:
    """Parse an argument's name: see `libraries.model`."""
    prefix = ""
    for words in ("items of ", "contents of "):
        if text.startswith(words):
            prefix, text = words.strip(), text.removeprefix(words)
    parts = re.findall(r"\[\d*\]|\.[^.\[\]]+|^[^.\[\]]+", text)
    head, path = parts[0], tuple(part.removeprefix(".") for part in parts[1:])
    if head in ("self", "*", "result"):
        return Place(None, None, path, head, prefix)
    name, _, position = head.partition("@")
    return Place(name or None, int(position) if position else None, path, "", prefix)


def _made_of(receiver: Val) -> tuple[tuple[str, Val], ...]:
    for shape in receiver.shapes:
        if isinstance(shape, External):
            return shape.made_of
    return ()


def _is_function(value: Val) -> bool:
    return any(isinstance(shape, (Function, Bound)) for shape in value.shapes)


def _given_function(arguments: Arguments) -> Val | None:
    """Return the one function or class that a call is given, as a decorator is."""
    if len(arguments.positional) != 1 or arguments.named or not arguments.complete:
        return None
    value = arguments.positional[0]
    if _is_function(value):
        return value
    return None


def _through(callee: str) -> str:
    """Say what data went through, for the report's steps."""
    name = callee.rpartition(".")[2].removesuffix("()")
    return f"goes through {name}()"


_BEHAVIOURS: Final = {
    **language.BEHAVIOURS,
    **objects.BEHAVIOURS,
    **frameworks.BEHAVIOURS,
}

_ENVIRONMENT: Final = frozenset({"os.environ", "os.environ.copy()", "os.environb"})

_EVENT_WRAPPERS: Final = frozenset({"raw_event", "_data"})
_EVENT_ATTRIBUTES: Final[dict[str, tuple[str, ...]]] = {
    "json_body": ("body",),
    "decoded_body": ("body",),
    "records": ("Records", "[]"),
    "record": ("Records", "[]"),
    "get_object": ("object",),
    "sns": ("Sns",),
    "sns_message": ("Records", "[]", "Sns", "Message"),
    "message": ("Message",),
    "object_key": ("Records", "[]", "s3", "object", "key"),
    "raw_query_string": ("rawQueryString",),
    "get_query_string_value": ("queryStringParameters",),
    "resolved_query_string_parameters": ("queryStringParameters",),
    "get_multi_value_query_string_values": ("multiValueQueryStringParameters",),
    "get_header_value": ("headers",),
    "resolved_headers_field": ("headers",),
}
