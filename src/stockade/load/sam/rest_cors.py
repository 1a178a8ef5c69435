"""Answers to a browser's preflight requests, which a REST API gives by mock integrations.

Follows "CorsConfiguration" of AWS::Serverless::Api.
"""

from stockade.load.building import Plain, entry, is_true, write
from stockade.load.sam.openapi import INTEGRATION, extended, in_each_map
from stockade.model import Location, Map, Value

_ALL = "OPTIONS,GET,HEAD,POST,PUT,DELETE,PATCH"
_EVERYONE = "'*'"
_JSON = "application/json"


def add_cors(paths: Map, cors: Value | None) -> Map:
    """Return `paths` with an `options` method wherever there is none, if `cors` is set."""
    if cors is None:
        return paths
    seen: set[str] = set()
    changed: dict[str, Value] = {}
    for path, item in paths:
        normal = path.rstrip("/") if path != "/" else path
        if normal in seen:
            continue
        seen.add(normal)
        changed[path] = in_each_map(item, lambda found: _with_options(found, cors))
    return extended(paths, changed)


def _with_options(item: Map, cors: Value) -> Map:
    if "options" in item:
        return item
    at = cors.at
    return extended(item, {"options": _options(cors, _methods(item), at)}, at)


def _methods(item: Map) -> str:
    """List the methods that a browser may use: those that the path has."""
    if "x-amazon-apigateway-any-method" in item:
        return ",".join(sorted(_ALL.split(",")))
    return ",".join(sorted({"OPTIONS", *(key.upper() for key in item.entries)}))


def _options(cors: Value, methods: str, at: Location) -> Value:
    settings = cors if isinstance(cors, Map) else None
    origin: Plain = entry(settings, "AllowOrigin") or _EVERYONE if settings else cors
    credentials = "'true'" if is_true(entry(settings, "AllowCredentials")) else None
    headers: dict[str, tuple[Plain, str]] = {
        "Access-Control-Allow-Origin": (origin, "string"),
        "Access-Control-Allow-Headers": (entry(settings, "AllowHeaders"), "string"),
        "Access-Control-Allow-Methods": (
            entry(settings, "AllowMethods") or f"'{methods}'",
            "string",
        ),
        "Access-Control-Max-Age": (entry(settings, "MaxAge"), "integer"),
        "Access-Control-Allow-Credentials": (credentials, "string"),
    }
    sent = {name: value for name, value in headers.items() if value[0] is not None}
    parameters = {f"method.response.header.{name}": given for name, (given, _) in sent.items()}
    default: Plain = {
        "statusCode": "200",
        "responseParameters": parameters,
        "responseTemplates": {_JSON: "{}\n"},
    }
    integration: Plain = {
        "type": "mock",
        "requestTemplates": {_JSON: '{\n  "statusCode" : 200\n}\n'},
        "responses": {"default": default},
    }
    return write(
        {
            "summary": "CORS support",
            "consumes": [_JSON],
            "produces": [_JSON],
            INTEGRATION: integration,
            "responses": {
                "200": {
                    "description": "Default response for CORS method",
                    "headers": {name: {"type": kind} for name, (_, kind) in sent.items()},
                }
            },
        },
        at,
    )
