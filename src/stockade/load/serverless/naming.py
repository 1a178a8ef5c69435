"""The names that the framework gives to what it generates.

Serverless: "AWS CloudFormation Resource Reference" of the page "Resources".
"""

from stockade._late import pattern

_OTHER = pattern(r"[^0-9A-Za-z]")
_WORD = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ROUTE = {"$": "S", "/": "Slash", "-": "Dash", "_": "Underscore", ".": "Period"}


def upper_first(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def normalized(name: str) -> str:
    """Return the name of a function or resource as it begins a logical id."""
    return upper_first(name.replace("-", "Dash").replace("_", "Underscore"))


def alphanumeric(name: str) -> str:
    """Return a name without all that a logical id may not hold."""
    return upper_first(_OTHER.sub("", name))


def camel(text: str) -> str:
    """Return the words of a text, each with its first letter in upper case."""
    return "".join(upper_first(word.lower()) for word in _WORD.findall(text))


def path_part(part: str) -> str:
    """Return one part of a path: `{id}` is `IdVar`."""
    part = part.capitalize().replace("-", "Dash")
    start, end = part.find("{"), part.rfind("}")
    if 0 <= start < end:
        part = f"{part[:start]}{part[start + 1 : end]}Var{part[end + 1 :]}"
    return upper_first(_OTHER.sub("", part))


def path_name(path: str) -> str:
    """Return a path as the end of a logical id."""
    return "".join(path_part(part) for part in path.split("/"))


def route_name(route: str) -> str:
    """Return the key of a WebSocket route as the beginning of a logical id."""
    for character, word in _ROUTE.items():
        route = route.replace(character, word)
    return route
