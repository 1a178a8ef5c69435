"""Calls of what the application does not hold itself: builtins, the standard library, packages."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import islice
from typing import Final

from stockade._late import pattern
from stockade.analysis.events import ASKS, EventFields
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import (
    builtins,
    chosen,
    frameworks,
    language,
    models,
    places,
    selecting,
    texts,
)
from stockade.analysis.interpreter.convert import Converter, location
from stockade.analysis.interpreter.deployed import ENVIRONMENT, Deployed
from stockade.analysis.interpreter.harms import Harms
from stockade.analysis.interpreter.journal import Call, Journal
from stockade.analysis.interpreter.objects import Objects
from stockade.analysis.interpreter.protocol import (
    UNKNOWN_CALL,
    Arguments,
    Invocation,
    Machine,
    Site,
)
from stockade.analysis.interpreter.reached import is_reached, others
from stockade.analysis.interpreter.reader import EventReader
from stockade.analysis.interpreter.results import MOST_NAME, Results, derived
from stockade.analysis.interpreter.selecting import Told, Way
from stockade.analysis.interpreter.sends import Sends
from stockade.analysis.interpreter.sinks import is_host_chosen
from stockade.analysis.interpreter.stored import Stored
from stockade.analysis.interpreter.values import (
    Anything,
    Data,
    Environment,
    Event,
    External,
    Shape,
    Val,
    const,
    constant_text,
    join,
    only_constant,
)
from stockade.analysis.libraries import Catalogue
from stockade.analysis.libraries.model import Passes, Sanitizer
from stockade.analysis.libraries.renamed import MEMBERS
from stockade.model import Names, Unknown
from stockade.model.naming import LINKED
from stockade.model.record import record, replace

_BEHAVIOURS: Final = {
    **language.BEHAVIOURS,
    **frameworks.BEHAVIOURS,
}

_META: Final = pattern(r"aws\.[\w-]+\.\w+\.meta")
_GENERIC: Final = ("typing.", "typing_extensions.", "builtins.", "collections.abc.")
_LINKED: Final = (f"sst.{LINKED}", f"npm:sst.{LINKED}")
"""What SST links a function to, in the code's words: `Resource.Orders.name` of the package."""
_ENVIRONMENT: Final = frozenset({ENVIRONMENT, "os.environ.copy()", "os.environb"})


@record(kw_only=True)
class Given:
    """What a handler's calls hang on in the application around it.

    `callers` are the event sources that hand what the handler gives back to whoever sent the
    event; `is_asked` tells whether anything in the application is given it. `routes` are the
    event sources that a decorator of the code makes, by the decorator's file and line,
    `ways` those that are ways of an API.
    """

    names: Names
    deployed: Deployed
    callers: tuple[str, ...]
    is_asked: bool
    routes: Mapping[tuple[str, int], tuple[str, ...]]
    ways: Mapping[str, Way]
    has_paths_only: bool
    """Whether nothing sends events but ways of an API of which the paths are known."""


class Externals:
    """What libraries do, by their tables, and what was seen of it: the journal."""

    def __init__(
        self, catalogue: Catalogue, fields: EventFields, converter: Converter, given: Given
    ) -> None:
        self.journal = Journal()
        self.deployed = given.deployed
        self._holding: set[int] = set()
        """The addresses of the libraries' objects that hold something that was put into them."""
        self._parts: dict[int, dict[str, None]] = {}
        """The parts of a library's object that were written, by its address."""
        self.events = EventReader(fields, self.journal)
        self.harms = Harms(converter, self.journal)
        self._results = Results(converter, given.names)
        self._is_asked = given.is_asked
        self._paths = {source: way.path for source, way in given.ways.items()}
        self._ways = given.ways if len(given.ways) > 1 else {}
        self._has_paths_only = given.has_paths_only
        self._stored = Stored(converter, given.names)
        self._objects = Objects(converter, given.names)
        self._sends = Sends(converter, self.journal, given.callers)
        self._catalogue = catalogue
        self._converter = converter
        self._routes = frameworks.Routes(self.events, given.routes)

    def reached_by(self, written: str | None) -> AbstractContextManager[None]:
        """Read, for a while, the event that a route of a framework is reached with."""
        return self.events.without({*self.events.others, *others(self._paths, written)})

    def equal(self, field: tuple[str, ...], values: Iterable[str]) -> Told | None:
        """Return what it tells that a field of the event is one of several texts."""
        known = self._ways and selecting.is_asked(field)
        return selecting.equal(self._ways, field, values) if known else None

    def begins(self, field: tuple[str, ...], beginning: str) -> Told | None:
        """Return what it tells that a field of the event begins with a text."""
        return selecting.begins(self._ways, field, beginning) if self._ways else None

    def is_reached(self, written: str | None) -> bool:
        """Tell whether anything may lead to a route of a framework."""
        return written is None or not self._has_paths_only or is_reached(self._paths, written)

    # --- objects of libraries ------------------------------------------------------------

    def attribute(
        self, machine: Machine, shape: External, value: Val, name: str, site: Site
    ) -> Val:
        """Return an attribute of something of a library: `a.b` of `a`."""
        if len(shape.name) > MOST_NAME:
            return Val((External("...", instance=True),), value.taints)
        whole = f"{shape.name}.{name}"
        whole = MEMBERS.get(whole, whole)
        if whole in _CONSTANTS:
            return const(_CONSTANTS[whole])
        if shape.name.startswith(_LINKED):
            return machine.variable(whole.partition("sst.")[2], needed=True)
        shown = frameworks.field_of(whole) if frameworks.is_one(whole) else None
        if shown is not None:
            return self.events.field(machine, shown, site)
        if name == "client" and _META.fullmatch(shape.name):
            # The client beneath a resource: `boto3.resource("s3").meta.client`.
            service = shape.name.split(".")[1]
            return Val((External(f"aws.{service}.Client", True, shape.made_of, shape.address),))  # noqa: FBT003
        made = External(whole, shape.instance, shape.made_of, shape.address)
        if whole in _OF_HOSTS and value.taints and shape.made_of:
            _, address = shape.made_of[0]
            if not is_host_chosen(machine, address):
                return Val((made,))
        for line in self._catalogue.lines(whole) if shape.instance and value.taints else ():
            if isinstance(line, Sanitizer) and line.argument == "self":
                kinds = frozenset(line.kinds)
                return Val((made,), machine.derive(site, machine.inside(value), kinds=kinds))
        return Val((made,), value.taints)

    def index(self, machine: Machine, shape: External, value: Val, key: Val, site: Site) -> Val:
        """Return an item of a library's object."""
        known = only_constant(key)
        if shape.name == ENVIRONMENT:
            if known is not None and isinstance(known.value, str):
                return machine.variable(known.value, needed=True)
            return chosen.variable(machine, key, site)
        if not shape.instance and shape.name.startswith(_GENERIC):
            # A type: what stands between its brackets is part of it.
            return Val((External(f"{shape.name}[]", instance=True, made_of=(("[]", key),)),))
        name = known.value if known is not None and isinstance(known.value, str) else ""
        return self.item(machine, shape, value, site, name)

    def item(
        self, machine: Machine, shape: External, value: Val, site: Site, key: str = ""
    ) -> Val:
        """Return what iterating over a library's object gives, or its item under a key."""
        if key and shape.address in self._parts:
            # What was written under one key is not under the others.
            part = External(f"{shape.name}.{key}", shape.instance, shape.made_of, shape.address)
            whole = machine.inside(Val((part,), value.taints))
            return Val((part,), machine.derive(site, whole))
        whole = machine.inside(value)
        name = shape.name if shape.name.endswith("[]") else f"{shape.name}[]"
        made = External(name, instance=True, made_of=shape.made_of, address=shape.address)
        return Val((made,), machine.derive(site, whole))

    def put(self, machine: Machine, shape: External, key: Val | None, value: Val) -> None:
        """Note that the code writes an item or attribute of a library's object.

        Where a table speaks of that, it is noted as a call of `requests.Session.verify=`, with the
        value as its argument.
        """
        name = constant_text(key) if key is not None else None
        callee = f"{shape.name}.{name}=" if name is not None else ""
        if callee and self._catalogue.description(callee).is_noted:
            site = machine.here()
            self.note(machine, Invocation(callee, Val((shape,)), Arguments([value]), site))
        if shape.name == ENVIRONMENT:
            self.deployed.write(machine.state, key, value)
        name = None if key is None else constant_text(key)
        self.hold(machine, shape, value, "" if name is None else f"{shape.name}.{name}")

    def hold(self, machine: Machine, shape: External, value: Val, part: str = "") -> None:
        """Note that a library's object now holds a value too, or a `part` of it does."""
        whole = machine.inside(value)
        if not whole.taints or not shape.address:
            return
        if part:
            self._parts.setdefault(shape.address, {})[part] = None
        if shape.address not in self._holding:
            self._holding.add(shape.address)
            machine.begun += 1
        key = ("held", shape.address, part)
        before = machine.state.variable(key)
        machine.state.writes[key] = whole if before is None else join(before, whole)

    def held(self, machine: Machine, shape: External) -> Iterator[Val]:
        """Yield what a library's object holds."""
        if shape.name in _ENVIRONMENT:
            data = Data(OriginKind.ENVIRONMENT, "the environment")
            taint = machine.start(machine.here(), data, "reads the whole environment")
            yield Val((Anything(),), (taint,))
        if shape.address not in self._holding:
            return
        for part in ("", *self._parts.get(shape.address, ())):
            # What one part holds is in the whole and in its own parts, and in no other part.
            if shape.name.startswith(part) or part.startswith(shape.name):
                found = machine.state.variable(("held", shape.address, part))
                if found is not None:
                    yield found

    def responds(self, machine: Machine, value: Val, site: Site) -> None:
        """Look at what a handler gives its caller."""
        self.harms.responds(machine, value, site)
        if self._is_asked:
            self._sends.answer(machine, value, site)

    # --- calls ---------------------------------------------------------------------------

    def call(self, machine: Machine, call: Invocation) -> Val:
        """Call something external by its qualified name."""
        framework = self._framework(machine, call)
        if framework is not None:
            return framework
        told = self._catalogue.description(call.callee)
        if told.harms:
            self.harms.note(machine, told, call)
        elif not told.lines:
            self.harms.unread(machine, call)
            self._may_ask(machine, call)
        if not told.lines and _is_text_method(call):
            name = call.callee.rpartition(".")[2]
            unnamed = Val((Anything("a library gave it"),), machine.inside(call.receiver).taints)
            return builtins.method(machine, replace(call, callee=name, receiver=unnamed))
        if _may_be_noted(call.callee) and (
            told.lines or call.callee.startswith(_CALLING_AWS) or _is_trusted(machine, call)
        ):
            self.note(machine, call)
        if call.callee.startswith("aws."):
            self._sends.note(machine, call)
        behaviour = _BEHAVIOURS.get(call.callee)
        result = behaviour(machine, call) if behaviour is not None else None
        if result is None and call.callee.startswith(("aws.dynamodb.", "aws.sqs.")):
            result = self._stored.read(machine, call)
        elif result is None and call.callee.startswith("aws.s3."):
            result = self._objects.read(machine, call)
        if result is None:
            result = self._results.of(machine, told, call)
        return self.harms.checked(machine, told, call, result) if told.harms else result

    def harmed(self, machine: Machine, call: Invocation) -> None:
        """Note the harm that a call does, whatever it gives."""
        self.harms.note(machine, self._catalogue.description(call.callee), call)

    def unknown_call(self, machine: Machine, callee: Val, arguments: Arguments, site: Site) -> Val:
        """Call something of which nothing is known: the result may hold what went in."""
        self._may_ask(machine, Invocation("", callee, arguments, site))
        result = derived(machine, Invocation("", callee, arguments, site))
        shapes = tuple(
            Anything(UNKNOWN_CALL) if isinstance(shape, External) else shape
            for shape in result.shapes
        )
        return Val(shapes, result.taints)

    def _may_ask(self, machine: Machine, call: Invocation) -> None:
        """Note that code which was not read may ask who calls: it is given the event."""
        if any(
            isinstance(shape, Event) and shape.path in _WHOLE
            for value in call.arguments.all()
            for shape in value.shapes
        ) and not _DECIDES_NOTHING.search(call.callee):
            found = Call(ASKS, {}, {}, call.site, machine.calls_here(), complete=True)
            self.journal.asks(found)

    def describes(self, callee: str) -> bool:
        """Tell whether a table says more of the callee than that it gives what it is called on."""
        return any(
            not (isinstance(line, Passes) and (line.argument, line.to) == ("self", "result"))
            for line in self._catalogue.lines(callee)
        )

    def describes_below(self, theirs: Val) -> bool:
        """Tell whether a table describes something of a library, or what is below it."""
        return any(
            isinstance(shape, External) and self._catalogue.names(shape.name)
            for shape in theirs.shapes
        )

    def takes_functions(self, callee: str) -> bool:
        """Tell whether a table says how the callee calls the functions that it is given."""
        told = self._catalogue.description(callee)
        return bool(told.calls) or told.decorates is not None

    def hands_over(self, callee: str) -> bool:
        """Tell whether a call of a framework runs the functions that are on its routes."""
        return self._routes.dispatches(callee)

    def _framework(self, machine: Machine, call: Invocation) -> Val | None:
        """Do what web frameworks do: note routes, run them, show the event."""
        if not frameworks.is_one(call.callee):
            return None
        noted = self._routes.note(call)
        if noted is not None:
            machine.responders.update(self._routes.codes())
            return noted
        put = self._routes.put(machine, call)
        if put is not None:
            return put
        if self._routes.dispatches(call.callee):
            return self._routes.run(machine, call.site, self.harms.page)
        made = models.BEHAVIOURS.get(call.callee)
        parsed = made(machine, call) if made is not None else None
        if parsed is not None:
            return parsed
        if frameworks.wraps_event(call.callee):
            return call.arguments.get(0, "event") or call.arguments.get(0, "data")
        shown = frameworks.field_of(call.callee)
        return None if shown is None else self.events.field(machine, shown, call.site)

    def note(self, machine: Machine, call: Invocation) -> None:
        """Note the call, with its arguments as they are now."""
        if not _may_be_noted(call.callee):
            return
        way, proved, left_out = machine.calls_here(), machine.proved(), machine.left_out()
        if self.journal.knows(call, way, proved, left_out):
            return
        arguments = self._converter.values(machine, call.arguments.by_key(), call.site)
        receiver = dict(places.made_of(call.receiver))
        made_of = self._converter.values(machine, receiver, call.site)
        if call.callee.startswith("aws.") and places.signs_itself(machine, call.receiver):
            made_of[places.CREDENTIALS] = Unknown("the code gives them", location(call.site))
        complete = call.arguments.complete
        named = machine.named_here()
        self.journal.call(
            call,
            Call(
                callee=call.callee,
                arguments=arguments,
                receiver=made_of,
                site=call.site,
                way=way,
                complete=complete,
                named=named,
                proved=proved,
                left_out=left_out,
            ),
        )


_WHOLE: Final = ((), ("requestContext",), ("headers",), ("multiValueHeaders",))
"""The event, and the parts of it in which it stands who calls."""
_DECIDES_NOTHING: Final = pattern(
    r"(?i)\blog|stringify|\.(?:info|debug|warn|error|trace|log|dumps)$|"
    r"serverless|mangum|[aw]sgi|fastify"
)
"""Calls that write what they are given, or hand it to the author's routes, by their names."""
_CONSTANTS: Final = {"sys.executable": "/var/lang/bin/python3"}
"""What is the same in every function: where the runtime of Lambda lies."""
_OF_HOSTS: Final = frozenset(
    [
        *("node:url.URL().hostname", "node:url.URL().host", "node:url.URL().origin"),
        *("node:url.URL().protocol", "node:url.parse().hostname", "node:url.parse().host"),
        *("node:url.parse().protocol", "urllib.parse.Parsed.hostname"),
        *("urllib.parse.Parsed.netloc", "urllib.parse.Parsed.scheme"),
    ]
)
"""The parts of an address that data further behind in it does not reach."""
_LANGUAGE: Final = ("builtins.", "ecmascript.")
_NOTED: Final = frozenset(
    {"builtins.==", "ecmascript.atob", "ecmascript.fetch", "ecmascript.Math.random"}
)
"""What of the language itself rules ask about."""


def _may_be_noted(callee: str) -> bool:
    """Tell whether rules may ask about calls of it."""
    return not callee.startswith(_LANGUAGE) or callee in _NOTED


_CALLING_AWS: Final = ("aws.", "aws_lambda_powertools.utilities.", "aws_secretsmanager_caching.")
"""What calls AWS: each call is noted, described by a table or not."""


def _is_trusted(machine: Machine, call: Invocation) -> bool:
    """Tell whether a call is given a client of AWS or a setting, as it is or in its options.

    With a client it may do what it likes, and a setting may name what it does that to.
    """
    return any(
        isinstance(shape, Environment) or _is_client(shape)
        for value in call.arguments.all()
        for shape in _with_options(machine, value)
    )


def _is_client(shape: Shape) -> bool:
    return (
        isinstance(shape, External)
        and shape.instance
        and shape.name.startswith("aws.")
        and shape.name.endswith((".Client", ".ServiceResource"))
    )


def _with_options(machine: Machine, value: Val) -> Iterator[Shape]:
    """Yield what a value may be, and what stands in it under a name."""
    yield from value.shapes
    for _, found in machine.objects(value):
        if found.kind == "map":
            for one in islice(found.entries.values(), _MOST_OPTIONS):
                yield from one.shapes


_MOST_OPTIONS: Final = 50


def _is_text_method(call: Invocation) -> bool:
    """Tell whether an object of unknown type is used as a text, a list or a map."""
    owner, _, name = call.callee.rpartition(".")
    is_map_method = call.receiver.taints and name in builtins.MAP_METHODS
    if name not in texts.METHODS and not is_map_method:
        return False
    made = owner.endswith((")", "]"))
    return made and any(isinstance(s, External) and s.instance for s in call.receiver.shapes)
