"""What a mapping template of API Gateway makes of a request: which fields its caller writes.

A custom integration with Lambda (`AWS`, not `AWS_PROXY`) sends what its request template says,
and the body as it is where there is none. Follows "Mapping template transformations for REST
APIs in API Gateway" and "Variables for data transformations for API Gateway" of the API Gateway
Developer Guide. Templates are read as text: nothing of the template language is run.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.events.shapes import EVERYTHING

_KEY: Final = pattern(r'\s*"((?:[^"\\]|\\.){1,200})"\s*:')
_PIECE: Final = pattern(r'"(?:[^"\\]|\\.)*"|[{}\[\],]')
_DIRECTIVE: Final = pattern(
    r"#(?:set|if|elseif)\((?:[^()]|\([^()]*\))*\)|#(?:else|end)\b|##[^\n]*"
)
_VARIABLE: Final = pattern(r"\$!?\{?([A-Za-z]\w*)")
_OF_AWS: Final = frozenset({"context", "stageVariables", "util"})
"""Variables of the template language that hold nothing of the request's own words."""

MOST_TEXT: Final = 100_000


def mapped(templates: Iterable[str | None]) -> tuple[str, ...]:
    """Return the fields that the caller writes of what request templates send, of any of them.

    None stands for a template that is not known. Without templates the body is sent as it is.
    """
    templates = tuple(templates)
    fields: dict[str, None] = {}
    for template in templates:
        own = None if template is None else _fields(template)
        if own is None:
            return EVERYTHING
        fields.update(dict.fromkeys(own))
    return tuple(fields) if templates else EVERYTHING


def _fields(template: str) -> list[str] | None:
    """Return the keys of the object that a template makes, those with data of the request."""
    text = _DIRECTIVE.sub(" ", template[:MOST_TEXT]).strip()
    if not text.startswith("{") or len(template) > MOST_TEXT:
        return None
    found = []
    for entry in _entries(text):
        key = _KEY.match(entry)
        if key is None:
            if _has_request(entry):
                return None
        elif _has_request(entry[key.end() :]):
            found.append(key[1])
    return found


def _entries(text: str) -> Iterator[str]:
    """Yield what stands between the commas of the outermost object."""
    depth, start = 0, 1
    for piece in _PIECE.finditer(text):
        match piece[0]:
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
                if depth == 0:
                    yield text[start : piece.start()]
                    return
            case "," if depth == 1:
                yield text[start : piece.start()]
                start = piece.end()
            case _:
                pass
    yield text[start:]


def _has_request(text: str) -> bool:
    return any(found[1] not in _OF_AWS for found in _VARIABLE.finditer(text))
