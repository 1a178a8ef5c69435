"""The short sentences in which the catalogue says what a call needs.

- `s3:GetObject on object(Bucket, Key) if not VersionId`
- `kms:GenerateDataKey on kms:key(SSEKMSKeyId) if SSEKMSKeyId via s3`
- `sns:Publish on * if PhoneNumber because a message to a telephone number has no topic`
- `partiql Statements[].Statement`
"""

import re
from collections.abc import Callable
from typing import Final

from stockade._late import pattern
from stockade.catalogue.records import Authorization

_NEED: Final = pattern(
    r"(?P<action>[\w-]+:\w+) on (?P<resource>\*|[\w :/.-]+\([^()]*\)|'[^']*')"
    r"(?: if (?P<when>.*?))?(?: via (?P<via>[\w-]+))?(?: because (?P<why>.+))?"
)
NO_TYPE: Final = "the action has no resource type"


def statement(need: str) -> str | None:
    """Return the parameter that holds PartiQL, if it is that which tells what is needed."""
    return need.removeprefix("partiql ") if need.startswith("partiql ") else None


def authorization(need: str, format_of: Callable[[str, str], str | None]) -> Authorization | None:
    """Read one need; None if it is none, or names a resource type without a format.

    `format_of` gives the ARN format of a service's resource type.
    """
    match = _NEED.fullmatch(need)
    if match is None:
        return None
    action, resource = match["action"], match["resource"]
    type_ = ""
    arguments: tuple[tuple[str, ...], ...] = ()
    if resource.startswith("'"):
        resource, arguments = _path(resource[1:-1])
        type_ = "apigateway:path"
    elif resource != "*":
        type_, _, rest = resource.partition("(")
        _, colon, name = type_.rpartition(":")
        type_ = type_ if colon else f"{action.partition(':')[0]}:{name}"
        found = format_of(*type_.split(":", 1))
        if found is None:
            return None
        resource, arguments = found, _arguments(rest.removesuffix(")"))
    return Authorization(
        action=action,
        resource=resource,
        type=type_,
        arguments=arguments,
        when=tuple(match["when"].split(" and ")) if match["when"] else (),
        via=match["via"],
        why=match["why"] or (NO_TYPE if resource == "*" else ""),
    )


def _arguments(text: str) -> tuple[tuple[str, ...], ...]:
    if not text.strip():
        return ()
    return tuple(tuple(way.strip() for way in one.split(" or ")) for one in text.split(","))


def _path(text: str) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """Turn `/restapis/{restApiId}` into a format with a placeholder for each parameter."""
    names = re.findall(r"(?<!\$)\{(\w+)\}", text)
    return re.sub(r"(?<!\$)\{(\w+)\}", r"${\1}", text), tuple((name,) for name in names)
