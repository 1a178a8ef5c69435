"""Middlewares of middy that check the event before the handler sees it.

`middy(handler).use(validator({ eventSchema }))` is the handler with a check before it, and so is
`middy().use(...).handler(handler)`. Follows the documentation of `@middy/validator` and of the
parser of Powertools for TypeScript.
"""

from collections.abc import Iterator
from typing import Final

from stockade.analysis.code.ir import Code
from stockade.analysis.interpreter.checks import outcomes
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    External,
    Function,
    Shape,
    Val,
    external,
    join_all,
)

PREFIX: Final = "checked by a middleware"
"""The name of a function with a check before it, and how those of its methods begin."""
_VALIDATOR: Final = "npm:@middy/validator()"
_PARSER: Final = "npm:@aws-lambda-powertools/parser/middleware.parser()"
_VALIDATE: Final = "npm:ajv.Ajv.validate"
_MIDDY: Final = ("npm:@middy/core()", "npm:middy()")


def wrapped(machine: ScriptMachine, function: Val, arguments: Arguments) -> Val:
    """Return a function with the check of a middleware before it, if the middleware checks."""
    given = arguments.get(0, None) or UNKNOWN
    each = [given, *(v for _, o in machine.objects(given) for v in o.entries.values())]
    for shape in (shape for value in each for shape in value.shapes):
        if isinstance(shape, External) and shape.name in (_VALIDATOR, _PARSER):
            return _layer(function, Val((shape,)))
    return function


def _layer(function: Val, by: Val) -> Val:
    return Val((External(PREFIX, made_of=(("function", function), ("by", by))),))


def called(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Call a checked function: check its event, and call it. Put middlewares on none yet."""
    shape = call.receiver.shapes[0]
    if call.callee == PREFIX and isinstance(shape, External):
        made_of = dict(shape.made_of)
        if not machine.responders:
            # It is the handler itself: what it gives goes to the caller.
            machine.responders.update(_codes(made_of["function"]))
        arguments = _checked(machine, made_of["by"].shapes[0], call)
        return machine.call(made_of["function"], arguments, call.site)
    owner, _, method = call.callee.rpartition(".")
    if method == "use" and owner in _MIDDY and isinstance(shape, External):
        begun = Val((External(owner, instance=True),))
        return wrapped(machine, begun, call.arguments)
    if call.callee == f"{PREFIX}.use" and isinstance(shape, External):
        begun = Val((External(PREFIX, made_of=shape.made_of),))
        return wrapped(machine, begun, call.arguments)
    if call.callee == f"{PREFIX}.handler" and isinstance(shape, External):
        return _around(Val((External(PREFIX, made_of=shape.made_of),)), call)
    if call.callee.startswith(f"{PREFIX}."):
        return Val((External(PREFIX, made_of=getattr(shape, "made_of", ())),))
    return None


def _around(begun: Val, call: Invocation) -> Val:
    """Put the middlewares that were used so far around the handler that is given at last."""
    function = call.arguments.get(0, None) or UNKNOWN
    layers: list[Val] = []
    current = begun
    while isinstance(shape := current.shapes[0], External) and shape.name == PREFIX:
        made_of = dict(shape.made_of)
        layers.append(made_of["by"])
        current = made_of["function"]
    for by in reversed(layers):
        function = _layer(function, by)
    return function


def _codes(function: Val) -> Iterator[Code]:
    for shape in function.shapes:
        if isinstance(shape, Function):
            yield shape.code
        elif isinstance(shape, External) and shape.name == PREFIX:
            yield from _codes(dict(shape.made_of)["function"])


def _checked(machine: ScriptMachine, by: Shape, call: Invocation) -> Arguments:
    """Check the event as a middleware does, and return what the handler is given."""
    event = call.arguments.get(0, None) or UNKNOWN
    others = call.arguments.positional[1:]
    options = dict(by.made_of).get("0", UNKNOWN) if isinstance(by, External) else UNKNOWN
    if isinstance(by, External) and by.name == _PARSER:
        schema = machine.attribute(options, "schema", call.site)
        envelope = machine.attribute(options, "envelope", call.site)
        if not any(isinstance(shape, External) for shape in envelope.shapes):
            parse = Invocation("parse", schema, Arguments([event]), call.site)
            return Arguments([machine.call_method(parse), *others])
        return call.arguments
    schema = machine.attribute(options, "eventSchema", call.site)
    schema = _written(schema)
    valid = machine.call(external(_VALIDATE), Arguments([schema, event]), call.site)
    machine.trust(outcomes(valid)[0])
    return call.arguments


def _written(schema: Val) -> Val:
    """Return the JSON schema that `transpileSchema` was given, or the schema itself."""
    found = [
        dict(shape.made_of).get("0", UNKNOWN)
        for shape in schema.shapes
        if isinstance(shape, External) and shape.name.endswith("transpileSchema()")
    ]
    return join_all(found) or schema
