"""What a call of something external gives, and where else it puts what it is given."""

import re
from typing import Final

from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import files, language, places
from stockade.analysis.interpreter.convert import Converter, Tests
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, call_apart
from stockade.analysis.interpreter.secrets import kept_to_itself
from stockade.analysis.interpreter.values import (
    NONE,
    UNKNOWN,
    Anything,
    Data,
    External,
    Taint,
    Text,
    Val,
    constant_text,
    external,
    join_all,
    join_taints,
    only_constant,
    without_itself,
)
from stockade.analysis.libraries.description import Description, Gives
from stockade.analysis.libraries.model import (
    Calls,
    Clean,
    Decorates,
    Passes,
    Returns,
    Sanitizer,
    Source,
)
from stockade.analysis.stores import secrets
from stockade.model import PLAIN_PARAMETER, Names
from stockade.model.record import replace

MOST_NAME: Final = 160
"""A qualified name longer than this leads nowhere that a table knows."""

_OF_PATHS: Final = ("os.", "posixpath.", "ntpath.", "pathlib.", "node:", "ecmascript.")
"""What looks at paths as texts, or is described where it reads what they name."""

_FILLS: Final = frozenset(
    ["load", "feed", "update", "append", "add", "extend", "parse", "parsestr", "read_string"]
)
"""Methods after which an object, whoever made its class, holds what they were given."""

_NOTES: Final = {
    OriginKind.SECRET: "reads the secret {}",
    OriginKind.ENVIRONMENT: "reads the whole environment",
    OriginKind.ERROR: "takes the text of the error",
    OriginKind.EVENT: "reads {}",
}


_GETS_PARAMETER: Final = "aws.ssm.Client.get_parameter"


class Results:
    """Gives the results of calls by the lines of the tables."""

    def __init__(self, converter: Converter, names: Names) -> None:
        self._converter = converter
        self._names = names

    def of(self, machine: Machine, told: Description, call: Invocation) -> Val:
        """Return what the call gives; where no line says it, what went in may be in it."""
        if not told.lines:
            return derived(machine, call)
        if told.decorates is not None:
            return _decorated(told.decorates, call.arguments)
        called = [
            given
            for line in told.calls
            if (given := _called(machine, line, call)) is not None and line.result is not None
        ]
        for fill in told.fills:
            _pass_on(machine, fill, call)
        result = self._told(machine, told.gives, call) if told.gives else None
        if told.passes:
            values = [places.at(machine, line.argument, call) for line in told.passes]
            whole = [machine.inside(value) for value in values if value is not None]
            taints = machine.derive(call.site, *whole, through=_name(call.callee))
            if result is None:
                result = instance(machine, call, taints)
            else:
                result = Val(result.shapes, join_taints(result, Val((), taints)))
        if result is None:
            result = derived(machine, call)
        return (join_all([*called, result]) or result) if called else result

    def _told(self, machine: Machine, lines: tuple[Gives, ...], call: Invocation) -> Val | None:
        """Return what a line says that the call gives, or None where no line says it."""
        tests = Tests(machine, self._converter, call)
        result: Val | None = None
        made_safe: Val | None = None
        safe: frozenset[str] = frozenset()
        for line in lines:
            match line:
                case Returns() if result is None and tests.holds(line.when):
                    result = _made(machine, line, call)
                case Clean() if result is None and tests.holds(line.when):
                    result = NONE if line.nothing else instance(machine, call, ())
                case Source() if tests.holds(line.when):
                    made_safe = None
                    if self._is_plain(machine, call):
                        result = instance(machine, call, ())
                    else:
                        result = self._source(machine, line, call)
                case Sanitizer() if tests.holds(line.when) is True:
                    value = places.at(machine, line.argument, call)
                    if value is not None:
                        safe |= frozenset(line.kinds)
                        result = made_safe = value
                case _:
                    pass
        if made_safe is None:
            return result
        taints = machine.derive(call.site, machine.inside(made_safe), kinds=safe)
        return Val((Anything("it was made safe"),), taints)

    def _is_plain(self, machine: Machine, call: Invocation) -> bool:
        """Tell whether it reads a parameter that is no secret.

        The application itself keeps it in plain text, or its name says that it is none.
        """
        if call.callee != _GETS_PARAMETER:
            return False
        name = places.at(machine, "Name", call)
        if name is None:
            return False
        if secrets.is_plain(_end_of(name)):
            return True  # Whatever reads every parameter asks to decrypt those in plain text too.
        value = self._converter.value(machine, name, call.site)
        return self._names.find(value, PLAIN_PARAMETER) is not None

    def _source(self, machine: Machine, line: Source, call: Invocation) -> Val:
        def argument(found: re.Match[str]) -> str:
            value = places.at(machine, found[1], call)
            return "..." if value is None else self._converter.words(machine, value, call.site)

        field = re.sub(r"\{([^}]+)\}", argument, line.field)
        note = _NOTES[line.kind].format(field)
        taint = machine.start(call.site, Data(line.kind, field), note)
        return instance(machine, call, (taint,))


def _end_of(name: Val) -> str:
    """Return what a text ends with, as far as that is known."""
    while len(name.shapes) == 1 and isinstance(name.shapes[0], Text) and name.shapes[0].parts:
        name = name.shapes[0].parts[-1]
    return constant_text(name) or ""


def instance(machine: Machine, call: Invocation, taints: tuple[Taint, ...]) -> Val:
    """Return the result as an object of which only the call that gave it is known."""
    name = f"{call.callee}()"
    if len(name) > MOST_NAME:
        return Val((Anything("it comes from a library"),), taints)
    made_of = tuple(call.arguments.by_key().items())
    if call.callee.startswith("aws.") and ".Client." not in call.callee:
        made_of = _after(places.made_of(call.receiver), made_of)
    address = machine.address(call.site, name)
    made_of = without_itself(made_of, address)
    made = External(name, instance=True, made_of=made_of, address=address)
    return Val((machine.made(made),), taints)


def derived(machine: Machine, call: Invocation) -> Val:
    """Return the result of a call that no line describes: what went in may be in it.

    A function that is all the call was given is what it gives: so decorators do. Other functions
    that it is given may be called with anything.
    """
    own = places.given_function(call.arguments)
    if own is not None:
        return own
    for value in call.arguments.all():
        if places.is_function(value):
            call_apart(machine, value, Arguments(more_items=UNKNOWN), call.site)
    asked = _may_come_back(call)
    whole = [machine.inside(value) for value in (call.receiver, *asked)]
    if not call.callee.startswith(_OF_PATHS):
        whole.extend(files.written_at(machine, one) for one in call.arguments.positional[:1])
    if call.callee.rpartition(".")[2] in _FILLS:
        for value in call.arguments.all():
            machine.hold(call.receiver, value)
    told = kept_to_itself(call.callee, whole)
    return instance(machine, call, machine.derive(call.site, *told, through=_name(call.callee)))


def _may_come_back(call: Invocation) -> tuple[Val, ...]:
    """Return the arguments that a call of a library may give back: what is asked for is not."""
    method = call.callee.rpartition(".")[2]
    if method in places.LOOKUPS:
        return ()
    given = call.arguments
    if method == "get" and given.more_items is None and given.more_entries is None:
        default = given.named.get("default")
        return (*given.positional[1:], *(() if default is None else (default,)))
    return tuple(given.all())


def _made(machine: Machine, line: Returns, call: Invocation) -> Val:
    """Return an object of a library's type; what it was made of is part of it."""

    def argument(found: re.Match[str]) -> str:
        value = places.at(machine, found[1], call)
        known = only_constant(value) if value is not None else None
        return str(known.value) if known is not None else "?"

    type_ = re.sub(r"\{([^}]+)\}", argument, line.type) if "{" in line.type else line.type
    made_of = _after(places.made_of(call.receiver), tuple(call.arguments.by_key().items()))
    address = machine.address(call.site, type_)
    made_of = without_itself(made_of, address)
    shape = machine.made(External(type_, instance=True, made_of=made_of, address=address))
    if line.clean:
        return Val((shape,))
    whole = [machine.inside(value) for value in (call.receiver, *call.arguments.all())]
    return Val((shape,), machine.derive(call.site, *whole))


def _after(
    earlier: tuple[tuple[str, Val], ...], own: tuple[tuple[str, Val], ...]
) -> tuple[tuple[str, Val], ...]:
    """Return the arguments of a call after those of the calls that led to it.

    Where both have an argument of one name, the earlier ones have `self.` before theirs:
    `Bucket("b").Object("k")` was made of `self.0`, the bucket's name, and `0`, the key.
    """
    names = {name for name, _ in own}
    if any(name in names for name, _ in earlier):
        earlier = tuple((f"self.{name}", value) for name, value in earlier)
    return (*earlier, *own)


def _pass_on(machine: Machine, line: Passes, call: Invocation) -> None:
    """Put what is at one place of the call into what is at another."""
    value = places.at(machine, line.argument, call)
    if value is None:
        return
    if line.to.startswith("contents of "):
        path = places.at(machine, line.to.removeprefix("contents of "), call)
        if path is not None:
            files.write_file(machine, path, value)
        return
    target = places.at(machine, line.to, call)
    if target is None:
        return
    whole = machine.inside(value)
    for address, found in machine.objects(target):
        machine.change(target, address, found.holding(whole))
    machine.hold(target, whole)


_ENTRIES = "entries of "


def _called(machine: Machine, line: Calls, call: Invocation) -> Val | None:
    """Call the function that the call is given, and return what it gives."""
    function = places.at(machine, line.function, call)
    if function is None or not places.is_function(function):
        return None
    named: dict[str, Val] = {}
    given = []
    for name in line.given:
        if name.startswith(_ENTRIES):
            entries = call.arguments.get(None, name.removeprefix(_ENTRIES)) or UNKNOWN
            for _, found in machine.objects(entries):
                named.update({str(key): value for key, value in found.entries.items()})
        else:
            own = name == "self"
            given.append(_owner(call) if own else places.at(machine, name, call) or UNKNOWN)
    passed = Arguments(given, named) if given else Arguments(more_items=UNKNOWN)
    result = machine.call(function, passed, call.site)
    if line.result == "items":
        return language.list_of(machine, result, call.site, "called")
    return result


def _owner(call: Invocation) -> Val:
    """Return the object whose method is called: `session` of `session.execute_read`."""
    owner = call.callee.rpartition(".")[0]
    shapes = tuple(
        replace(shape, name=owner)
        if isinstance(shape, External) and shape.name == call.callee
        else shape
        for shape in call.receiver.shapes
    )
    return Val(shapes, call.receiver.taints)


def _decorated(line: Decorates, arguments: Arguments) -> Val:
    own = places.given_function(arguments)
    if own is None and line.made:
        return external(language.IDENTITY)
    return own or arguments.get(0, None) or UNKNOWN


def _name(callee: str) -> str:
    """Return the name of what data went through, as the code calls it."""
    return callee.rpartition(".")[2].removesuffix("()")
