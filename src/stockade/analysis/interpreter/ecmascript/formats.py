"""What formats keep out of a text: identifiers, dates and patterns, as schemas name them."""

from collections.abc import Sequence
from typing import Final

from stockade.analysis.interpreter.ecmascript import expressions
from stockade.analysis.interpreter.texts import SAFE_IN
from stockade.analysis.interpreter.values import EVERYTHING, Val
from stockade.analysis.libraries.patterns import HARMFUL, keeps_out

Kinds = frozenset[str]

_NONE: Final[Kinds] = frozenset()
ALL: Final[Kinds] = frozenset({EVERYTHING})

_NO_TEXT: Final = frozenset(
    [
        "number",
        "int",
        "integer",
        "int32",
        "uint32",
        "float32",
        "float64",
        "bigint",
        "int64",
        "uint64",
        "boolean",
        "bool",
        "stringbool",
        "date",
        "nan",
        "null",
        "undefined",
        "void",
        "never",
        "literal",
        "enum",
        "nativeEnum",
        "enum_",
        "picklist",
        "valid",
        "equal",
        "oneOf",
        "file",
        "toNumber",
        "toDate",
        "toBoolean",
        "parseBoolean",
        "IsInt",
        "IsNumber",
        "IsBoolean",
        "IsDate",
        "IsEnum",
        "IsIn",
        "Equals",
        "IsPositive",
    ]
)
"""Makers of schemas for what is no text, or one of a few texts that the author chose."""

_TEXTS: Final = frozenset(
    [
        *("string", "str", "text", "email", "url", "uri", "hostname", "httpUrl", "domain", "jwt"),
        *("base64", "e164", "emoji", "IsString", "IsEmail", "IsUrl", "IsJWT", "IsMobilePhone"),
        *("IsPhoneNumber", "IsFQDN", "IsBase64"),
    ]
)
"""Makers of schemas for texts of any kind, which hold no operators of a database."""
_PATTERNS: Final = frozenset({"regex", "pattern", "matches", "Matches"})
_FORMATS: Final[dict[str, str]] = {
    **dict.fromkeys(("uuid", "guid", "uuidv4", "uuidv6", "uuidv7", "IsUUID"), r"^[0-9a-fA-F-]+$"),
    **dict.fromkeys(("cuid", "cuid2", "ulid", "ksuid", "xid"), r"^[0-9A-Za-z]+$"),
    **dict.fromkeys(("alphanum", "alphanumeric", "IsAlphanumeric", "IsAlpha"), r"^[0-9A-Za-z]+$"),
    **dict.fromkeys(("nanoid", "token", "base64url", "slug"), r"^[0-9A-Za-z_=-]+$"),
    **dict.fromkeys(("hex", "hexadecimal", "IsHexadecimal", "IsMongoId"), r"^[0-9a-fA-F]+$"),
    **dict.fromkeys(("ipv4", "IsNumberString", "digits"), r"^[0-9.]+$"),
    **dict.fromkeys(("ip", "ipv6", "IsIP"), r"^[0-9a-fA-F.:]+$"),
    **dict.fromkeys(
        ("datetime", "isoDate", "isoDateTime", "isoTime", "isoTimestamp", "IsISO8601"),
        r"^[0-9TZ:.+-]+$",
    ),
    **dict.fromkeys(("IsDateString", "time", "duration", "isoDuration"), r"^[0-9A-Z:.+-]+$"),
}
"""Formats, and a pattern that whatever has the format matches."""


def of(name: str, arguments: Sequence[Val]) -> Kinds:
    """Return the kinds of sinks that a text of this format cannot harm; `*` for no text at all."""
    if name in _NO_TEXT:
        return ALL
    if name in _TEXTS:
        return SAFE_IN
    if name in _FORMATS:
        return kept_out(_FORMATS[name]) | SAFE_IN
    if name in _PATTERNS and arguments:
        known = expressions.pattern_of(arguments[0])
        if known is not None and "m" not in known[1]:
            return kept_out(known[0]) | SAFE_IN
    return _NONE


def kept_out(written: str) -> Kinds:
    """Return the kinds of sinks that a text which matches a pattern cannot harm."""
    return frozenset(
        kind
        for kind, harmful in HARMFUL.items()
        if keeps_out(written, harmful, start=False, end=False)
    )


def common(several: Sequence[Kinds]) -> Kinds:
    """Return what holds for every one of several; nothing where there are none."""
    result: Kinds | None = None
    for kinds in several:
        if result is None or EVERYTHING in result:
            result = kinds
        elif EVERYTHING not in kinds:
            result &= kinds
    return result or _NONE
