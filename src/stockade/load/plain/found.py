"""A handler as it is found in code."""

from stockade._late import pattern
from stockade.model import Location
from stockade.model.record import record


@record
class Found:
    """A handler: its file, the name that Lambda would be given, and its place.

    `root` is the folder that its imports start from. `words` are the keys, attributes and types
    that tell what events it asks for: its file's, or its own where `around` holds the file's. Its
    own may be silent because it `hands_on` the event as it came.
    """

    path: str
    root: str
    symbol: str
    at: Location
    words: frozenset[str]
    around: frozenset[str] = frozenset()
    hands_on: bool = False


BRIDGES = frozenset(
    [
        *("serverless-http", "aws-serverless-express", "hono/aws-lambda", "@fastify/aws-lambda"),
        *("@vendia/serverless-express", "@codegenie/serverless-express"),
    ]
)
"""The packages of JavaScript that make the handler of a web server's program."""

_USUAL = pattern(r"(?:lambda|main)_?[hH]andler(?:_?\d+)?|handler(?:_?\d+)?")


def is_usual(name: str) -> bool:
    """Tell whether a handler is usually called so: `handler`, `lambda_handler`, `handler_2`."""
    return _USUAL.fullmatch(name) is not None
