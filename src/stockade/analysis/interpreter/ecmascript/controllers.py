"""Classes whose methods a framework puts on routes by their decorators: NestJS.

What a controller asks for in its constructor is made and given to it; each method is called with
what the decorators of its parameters name. Follows "Controllers" and "Providers" of the NestJS
documentation.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from stockade._late import pattern
from stockade.analysis.code import ir
from stockade.analysis.handler_code import within
from stockade.analysis.interpreter.ecmascript import validated, web
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import (
    Arguments,
    Invocation,
    Proof,
    Site,
    call_apart,
    on_its_route,
)
from stockade.analysis.interpreter.values import (
    NONE,
    UNKNOWN,
    External,
    Ref,
    Shape,
    Val,
    constant_text,
    own_function,
)

_COMMON: Final = ("npm:@nestjs/common.", "npm:@nestjs/graphql.", "npm:@nestjs/microservices.")
_STARTS: Final = frozenset(
    f"npm:@nestjs/core.NestFactory.{name}" for name in ("create", "createMicroservice")
)
_CLASSES: Final = frozenset({"Controller", "Resolver"})
_VERBS: Final = frozenset(
    [
        *("Get", "Post", "Put", "Delete", "Patch", "All", "Options", "Head", "Query", "Mutation"),
        *("MessagePattern", "EventPattern"),
    ]
)
_SHOWS: Final = frozenset({"Get", "All"})
"""What browsers ask for of their own, to show it."""
_GIVES: Final = {
    "Query": ("queryStringParameters",),
    "Param": ("pathParameters",),
    "Body": ("body",),
    "Headers": ("headers",),
    "RawBody": ("body",),
    "UploadedFile": ("body",),
    "UploadedFiles": ("body",),
    "Payload": ("body",),
    "Args": ("arguments",),
}
"""What the decorator of a parameter gives it of the event."""
_REQUESTS: Final = frozenset({"Req", "Request"})
_ANSWERS: Final = frozenset({"Res", "Response"})
_PIPES: Final = (
    "ParseIntPipe",
    "ParseFloatPipe",
    "ParseBoolPipe",
    "ParseUUIDPipe",
    "ParseDatePipe",
)
"""Pipes that leave no room for text."""
_MOST: Final = 100
"""Controllers that are run, and objects that are made, at most: each may ask for the next."""
_VALIDATES: Final = "ValidationPipe"
"""The pipe that refuses what is not as the decorators of its class say."""
_PIPE_OF_ALL: Final = "npm:@nestjs/core.APP_PIPE"
_VALIDATED: Final = ("validated", 0)
_HAS_STARTED: Final = ("started", 0)
_GUARDED: Final = ("guarded", 0)
_GUARD_OF_ALL: Final = "npm:@nestjs/core.APP_GUARD"
_BOUNDS: Final = "throttl"
"""What a guard is called that only bounds how often somebody may call."""
_LETS_IN: Final = pattern(r"public|anonym|skip|bypass|no_?auth|without_?auth", re.IGNORECASE)
"""The key of what a route says of itself that stands open behind a guard of all."""


def noted(machine: ScriptMachine, call: Invocation) -> Val:
    """Remember what the decorators of a class say."""
    class_, told = call.arguments.positional
    for shape in class_.shapes:
        if isinstance(shape, Ref):
            machine.state.writes[_key(shape)] = told
            own = list(_names(machine, _parts(machine, told)[0]))
            for module in (one for name, one in own if name == "Module"):
                if any(
                    map(partial(_identifies, machine), _provided(machine, module, _GUARD_OF_ALL))
                ):
                    machine.state.writes[_GUARDED] = NONE
                if any(map(_validates, _provided(machine, module, _PIPE_OF_ALL))):
                    machine.state.writes[_VALIDATED] = NONE
            if any(name in _CLASSES for name, _ in own):
                place = sum(1 for _ in _controllers(machine))
                machine.state.writes["controller", place] = Val((shape,))
    return NONE


def started(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Run every controller that was read, when the application is made."""
    if call.callee not in _STARTS or machine.state.variable(_HAS_STARTED) is not None:
        return None
    machine.state.writes[_HAS_STARTED] = NONE
    if any(map(_puts_pipe, within(machine.running()))):
        machine.state.writes[_VALIDATED] = NONE
    held: dict[Shape, Val] = {}
    everywhere = machine.state.variable(_GUARDED) is not None
    for controller in list(_controllers(machine)):
        _run(machine, controller, call.site, held, guarded=everywhere)
    return None


def _controllers(machine: ScriptMachine) -> Iterator[Ref]:
    """Yield the controllers that were read so far."""
    for place in range(_MOST):
        noted_ = machine.state.variable(("controller", place))
        if noted_ is None:
            return
        yield from (shape for shape in noted_.shapes if isinstance(shape, Ref))


def _key(shape: Ref) -> tuple[str, int]:
    return ("decorated", shape.address)


def _run(
    machine: ScriptMachine, class_: Ref, site: Site, held: dict[Shape, Val], *, guarded: bool
) -> None:
    """Run the methods of one controller; `guarded` if a guard stands before every controller."""
    own, methods, _ = _parts(machine, machine.state.variable(_key(class_)) or UNKNOWN)
    on_class = list(_names(machine, own))
    instance = _made(machine, Val((class_,)), site, held)
    for method in _items(machine, methods):
        name, put, parameters = _parts(machine, method)
        on_route = dict(_names(machine, put))
        written = constant_text(name)
        if written is None or _VERBS.isdisjoint(on_route):
            continue
        function = machine.attribute(instance, written, site)
        with on_its_route(machine):
            on_both = [*on_class, *_names(machine, put)]
            if (guarded or _has_guard(machine, on_both)) and not _is_public(on_both):
                machine.trust(machine.proof(Proof(_place(function) or site)))
            pipes = [
                one for name, put_on in on_both if name == "UsePipes" for one in put_on.made_of
            ]
            validated_ = machine.state.variable(_VALIDATED) is not None or any(
                _validates(pipe) for _, pipe in pipes
            )
            given = list(_items(machine, parameters))
            _call(machine, function, on_route, given, validates=validated_)


def _puts_pipe(node: object) -> bool:
    """Tell whether code puts the pipe before every route: `app.useGlobalPipes(...)`."""
    return (
        isinstance(node, ir.Call)
        and isinstance(node.callee, ir.Attribute)
        and node.callee.name == "useGlobalPipes"
        and any(
            isinstance(one, ir.Name) and one.name == _VALIDATES for one in within(node.arguments)
        )
    )


def _validates(pipe: Val) -> bool:
    return any(
        isinstance(shape, External) and shape.name.removesuffix("()").endswith(f".{_VALIDATES}")
        for shape in pipe.shapes
    )


def _provided(machine: ScriptMachine, module: External, token: str) -> Iterator[Val]:
    """Yield what a module provides to stand before every route."""
    options = dict(module.made_of).get("0", UNKNOWN)
    for _, told in machine.objects(options):
        for provider in _items(machine, told.entries.get("providers", UNKNOWN)):
            for _, one in machine.objects(provider):
                provided = one.entries.get("provide", UNKNOWN).shapes
                if any(isinstance(s, External) and s.name == token for s in provided):
                    for key in ("useClass", "useExisting", "useValue"):
                        yield one.entries.get(key, UNKNOWN)


def _has_guard(machine: ScriptMachine, decorators: list[tuple[str, External]]) -> bool:
    """Tell whether decorators put a guard before a route that asks who calls."""
    return any(
        name == "UseGuards" and any(_identifies(machine, one) for _, one in decorator.made_of)
        for name, decorator in decorators
    )


def _identifies(machine: ScriptMachine, guard: Val) -> bool:
    names = [shape.name for shape in guard.shapes if isinstance(shape, External)]
    names += [found.name for _, found in machine.objects(guard)]
    return any(_BOUNDS not in name.lower() for name in names)


def _is_public(decorators: list[tuple[str, External]]) -> bool:
    """Tell whether a route says of itself that guards let everyone in: `SetMetadata`."""
    return any(
        name == "SetMetadata"
        and _LETS_IN.search(constant_text(dict(decorator.made_of).get("0", UNKNOWN)) or "")
        for name, decorator in decorators
    )


def _place(function: Val) -> Site | None:
    own = own_function(function)
    return None if own is None else Site(own.file, own.code.span)


def _call(
    machine: ScriptMachine,
    function: Val,
    on_route: dict[str, External],
    parameters: list[Val],
    *,
    validates: bool,
) -> None:
    """Call a method that is on a route, and look at what it gives back."""
    own = own_function(function)
    if own is None:
        return
    place = Site(own.file, own.code.span)
    address = machine.address(place, "web.Response")
    machine.state.writes[web.type_of(address)] = _type(on_route)
    given = [_given(machine, one, address, place) for one in parameters]
    for one in parameters:
        _check(machine, one, place, validates=validates)
    machine.responders.add(own.code)
    result = call_apart(machine, function, Arguments(given), place)
    machine.answer(result, place)
    if on_route.keys() & _SHOWS:
        web.returned(machine, result, address, web.NEST, place)


def _type(on_route: dict[str, External]) -> Val:
    """Return the type that `@Header("Content-Type", "text/html")` tells, if it does."""
    header = on_route.get("Header")
    given = dict(header.made_of) if header is not None else {}
    name = constant_text(given.get("0", UNKNOWN)) or ""
    return given.get("1", UNKNOWN) if name.lower() == "content-type" else NONE


def _given(machine: ScriptMachine, decorators: Val, address: int, site: Site) -> Val:
    """Return what a parameter is given, by its decorators."""
    for name, decorator in _names(machine, decorators):
        if name in _REQUESTS:
            return Val((External("web.Request", instance=True),))
        if name in _ANSWERS:
            return web.response_of(address, web.NEST)
        if name in _GIVES:
            made_of = dict(decorator.made_of)
            if any(_is_pipe(value) for value in made_of.values()):
                return UNKNOWN
            key = constant_text(made_of.get("0", UNKNOWN))
            return machine.event((*_GIVES[name], *([key] if key else ())), site)
    return UNKNOWN


def _check(machine: ScriptMachine, parameter: Val, site: Site, *, validates: bool) -> None:
    """Check what a parameter is given as a whole by the decorators of its class."""
    for name, decorator in _names(machine, parameter):
        given = [one for _, one in decorator.made_of]
        if name not in _GIVES or any(constant_text(one) for one in given):
            continue
        if not validates and not any(map(_validates, given)):
            continue
        class_ = list(_items(machine, parameter))[-1]
        for field, kinds in validated.fields(machine, class_):
            held = machine.event((*_GIVES[name], field), site)
            # Of the field itself, which is read anew wherever the code asks for it.
            nodes = [machine.field_node(taint.data.field) for taint in held.taints]
            machine.trust(tuple((node, kind) for node in nodes for kind in kinds))


def _is_pipe(value: Val) -> bool:
    return any(
        isinstance(shape, External) and shape.name.removesuffix("()").endswith(_PIPES)
        for shape in value.shapes
    )


def _made(machine: ScriptMachine, class_: Val, site: Site, held: dict[Shape, Val]) -> Val:
    """Return the one object of a class, made with those of the classes that it asks for.

    `held` are the objects that were made, or are being made, by their classes.
    """
    shape = class_.shapes[0]
    if shape in held or len(held) > _MOST:
        return held.get(shape, UNKNOWN)
    held[shape] = UNKNOWN
    told = machine.state.variable(_key(shape)) if isinstance(shape, Ref) else None
    types = list(_items(machine, _parts(machine, told)[2])) if told is not None else []
    made = [_made(machine, one, site, held) if _is_class(one) else UNKNOWN for one in types]
    held[shape] = call_apart(machine, class_, Arguments(made), site)
    return held[shape]


def _is_class(value: Val) -> bool:
    return any(isinstance(shape, (Ref, External)) for shape in value.shapes)


def _names(machine: ScriptMachine, decorators: Val) -> Iterator[tuple[str, External]]:
    """Yield the decorators of the framework by their own names."""
    for value in _items(machine, decorators):
        for shape in value.shapes:
            if isinstance(shape, External) and shape.name.startswith(_COMMON):
                yield shape.name.rpartition(".")[2].removesuffix("()"), shape


def _items(machine: ScriptMachine, listed: Val) -> Iterator[Val]:
    for _, found in machine.objects(listed):
        yield from found.entries.values()


def _parts(machine: ScriptMachine, listed: Val) -> tuple[Val, Val, Val]:
    """Return the three parts of a list as the lowering writes them."""
    first, second, third = [*_items(machine, listed), UNKNOWN, UNKNOWN, UNKNOWN][:3]
    return first, second, third
