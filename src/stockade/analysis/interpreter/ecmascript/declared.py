"""Schemas that a route declares: Fastify checks requests against them before it runs a function.

`app.get("/:id", { schema: { params } }, run)`, `app.route({ schema, handler })`. What does not
suit is refused, and texts become the numbers that a schema asks for. Follows "Validation and
Serialization" of Fastify's reference.
"""

from typing import Final

from stockade.analysis.interpreter.checks import outcomes
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation
from stockade.analysis.interpreter.values import Val, external

_VALIDATE: Final = external("npm:ajv.Ajv.validate")
_PARTS: Final = {
    "body": ("body",),
    "params": ("pathParameters",),
    "query": ("queryStringParameters",),
    "querystring": ("queryStringParameters",),
}
"""What a schema calls the parts of a request, and where the event holds them."""


def validate(machine: ScriptMachine, call: Invocation) -> None:
    """Take it that a request suits the schemas among what is put on a route."""
    for value in call.arguments.positional:
        for _, options in machine.objects(value):
            schema = options.entries.get("schema")
            if schema is not None:
                _check(machine, schema, call)


def _check(machine: ScriptMachine, schema: Val, call: Invocation) -> None:
    for _, parts in machine.objects(schema):
        for name, path in _PARTS.items():
            wanted = parts.entries.get(name)
            if wanted is not None:
                part = machine.event(path, call.site)
                valid = machine.call(_VALIDATE, Arguments([wanted, part]), call.site)
                machine.trust(outcomes(valid)[0])
