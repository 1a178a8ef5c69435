"""Which parts of a secret are secret: its user name and its host are not."""

from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.protocol import Machine
from stockade.analysis.interpreter.values import (
    Const,
    Environment,
    Taint,
    Text,
    Val,
    only_constant,
)
from stockade.analysis.stores.secrets import is_reference, is_value

_PLAIN: Final = frozenset(
    [
        "address",
        "arn",
        "arns",
        "at",
        "cluster",
        "database",
        "date",
        "db",
        "dbname",
        "domain",
        "email",
        "enabled",
        "endpoint",
        "engine",
        "expiration",
        "expires",
        "expiry",
        "host",
        "hostname",
        "hosts",
        "id",
        "identifier",
        "ids",
        "ip",
        "issuer",
        "kid",
        "login",
        "name",
        "port",
        "proxy",
        "region",
        "schema",
        "scheme",
        "server",
        "size",
        "stage",
        "stages",
        "status",
        "svm",
        "time",
        "timestamp",
        "type",
        "uri",
        "url",
        "user",
        "username",
        "uuid",
        "version",
    ]
)
"""The last words of keys whose values are told to everyone who connects."""

_WORDS: Final = pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


_DEEPEST: Final = 3
_SIGNING: Final = pattern(r"(?i)(?:jwt|session|cookie|app|hmac|signing|webhook)_?secret\Z")
"""Names under which the secret itself stands, not the name of one."""


def variables(machine: Machine, value: Val, deep: int = _DEEPEST) -> Iterator[str]:
    """Yield the names of the environment's variables in a value that hold secrets by their names.

    What is known to be an ARN, a path or a name of one is none.
    """
    for shape in value.shapes:
        if isinstance(shape, Environment):
            known = [one.value for one in shape.may_be if isinstance(one, Const)]
            held = [one for one in known if not isinstance(one, str) or is_reference(one)]
            if not held and (is_value(shape.name) or _SIGNING.match(shape.name)):
                yield shape.name
        elif isinstance(shape, Text):
            for part in shape.parts:
                yield from variables(machine, part, deep)
    if deep:
        for _, found in machine.objects(value):
            for inner in found.entries.values():
                yield from variables(machine, inner, deep - 1)


_SETTINGS: Final = frozenset(["env", "environment", "origin", "origins", "table", "bucket"])


def is_public(name: str) -> bool:
    """Tell whether a variable's name says that everyone may know what it holds."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return bool(words) and (words[-1] in _PLAIN or words[-1] in _SETTINGS)


def without_plain_parts(value: Val, key: Val) -> Val:
    """Return an item of a secret: clean if its key names what is no secret."""
    if not value.taints:
        return value
    if not any(taint.data.kind is OriginKind.SECRET for taint in value.taints):
        return value
    known = only_constant(key)
    if known is None or not isinstance(known.value, str):
        return value
    words = [word.lower() for word in _WORDS.findall(known.value)]
    if not words or words[-1] not in _PLAIN:
        return value
    kept = tuple(taint for taint in value.taints if taint.data.kind is not OriginKind.SECRET)
    return Val(value.shapes, kept)


_READERS: Final = frozenset(
    [
        "ast",
        "base64",
        "binascii",
        "builtins",
        "bz2",
        "codecs",
        "collections",
        "configparser",
        "copy",
        "csv",
        "dataclasses",
        "ecmascript",
        "functools",
        "gzip",
        "html",
        "io",
        "itertools",
        "json",
        "node:buffer",
        "node:querystring",
        "node:util",
        "node:zlib",
        "npm:js-yaml",
        "npm:lodash",
        "operator",
        "orjson",
        "pprint",
        "re",
        "ruamel",
        "simplejson",
        "string",
        "textwrap",
        "tomllib",
        "types",
        "typing",
        "ujson",
        "urllib",
        "yaml",
        "zlib",
    ]
)
"""Modules whose functions give back what they are given, in another form."""


def kept_to_itself(callee: str, values: list[Val]) -> list[Val]:
    """Leave out the secrets among what a library was given: a client does not tell its key.

    What reads or rewrites texts does; what only used a secret gives something else.
    """
    if callee.partition(".")[0] in _READERS:
        return values
    return [Val(value.shapes, _without_secrets(value.taints)) for value in values]


def _without_secrets(taints: tuple[Taint, ...]) -> tuple[Taint, ...]:
    secret = (OriginKind.SECRET, OriginKind.ENVIRONMENT)
    return tuple(taint for taint in taints if taint.data.kind not in secret)
