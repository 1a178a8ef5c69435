"""Functions that encode and decode, and hashes."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import quote_plus

from stockade.load.terraform.documents import document
from stockade.load.terraform.functions.kinds import Function, of_texts
from stockade.load.terraform.scope import Failed, Scope
from stockade.load.terraform.values import as_json, at_deployment, known
from stockade.model import Location, Parameter, Unknown, Value


def _encode(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    return as_json(arguments[0], at)


def _decode(*, yaml: bool) -> Function:
    def function(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
        given = known(arguments[0])
        if isinstance(given, Parameter):
            return at_deployment(given.name, at, secret=given.no_echo)
        found = document(arguments[0], scope, yaml=yaml)
        if isinstance(found, Unknown) and found.why.startswith("it is not valid"):
            raise Failed(found.why, at)
        return found

    return function


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError from error


def _hash(name: str, shown: Callable[[bytes], str] = bytes.hex) -> Function:
    return of_texts(lambda text: shown(hashlib.new(name, text.encode()).digest()))


def _shown(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


ENCODINGS: Final[Mapping[str, Function]] = {
    "jsonencode": _encode,
    "yamlencode": _encode,  # every text of JSON is one of YAML
    "jsondecode": _decode(yaml=False),
    "yamldecode": _decode(yaml=True),
    "base64encode": of_texts(_base64),
    "base64decode": of_texts(_decoded),
    "urlencode": of_texts(quote_plus),
    "md5": _hash("md5"),
    "sha1": _hash("sha1"),
    "sha256": _hash("sha256"),
    "sha512": _hash("sha512"),
    "base64sha256": _hash("sha256", _shown),
    "base64sha512": _hash("sha512", _shown),
}
