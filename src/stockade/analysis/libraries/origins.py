"""Packages that answer which origins may read what is answered.

`ANY_WITH_COOKIES` says of each with which options it shows answers to every origin, cookies sent
along: it then repeats the origin of the request, since browsers take no `*` with cookies. Follows
"Configuration Options" of cors, "http-cors" of Middy, "Configuration" of Flask-CORS and
"CORSMiddleware" of Starlette.
"""

from collections.abc import Mapping
from typing import Final

from stockade.analysis.libraries.conditions import given
from stockade.analysis.libraries.model import Argument, Model, Noted, every
from stockade.model import List, Map, Scalar, Value

_CORS: Final = "npm:cors"
_MIDDY: Final = ("npm:@middy/http-cors", "npm:@middy/http-cors.default")
_FLASK: Final = ("flask_cors.CORS", "flask_cors.cross_origin", "flask_cors.CORS.init_app")
_ADDS: Final = tuple(every("{fastapi.FastAPI,starlette.applications.Starlette}.add_middleware"))

CALLS: Final = frozenset({_CORS, *_MIDDY, *_FLASK, *_ADDS})
MODELS: tuple[Model, ...] = tuple(Noted(name) for name in sorted(CALLS))


def shows_everyone(callee: str, arguments: Mapping[str, Value]) -> bool:
    """Tell whether a call lets every origin read what is answered, cookies sent along."""
    if callee in (_CORS, *_MIDDY):
        options = arguments.get("0")
        if not isinstance(options, Map) or not _is_true(options.get("credentials")):
            return False
        if callee == _CORS:
            return _is_true(options.get("origin"))
        return any(_is_any(options.get(name)) for name in ("origin", "origins"))
    if callee in _ADDS:
        return _is_true(arguments.get("allow_credentials")) and _is_any(
            arguments.get("allow_origins")
        )
    origins = given(arguments, "origins")
    is_plain = "resources" not in arguments and "send_wildcard" not in arguments
    return (
        is_plain
        and _is_true(arguments.get("supports_credentials"))
        and (origins is None or _is_any(origins))
    )


def _is_true(value: Argument | None) -> bool:
    return isinstance(value, Scalar) and value.value is True


def _is_any(value: Argument | None) -> bool:
    listed = value.items if isinstance(value, List) else (value,)
    return any(isinstance(one, Scalar) and one.value == "*" for one in listed)
