"""Documents of JSON and YAML within texts: what an author wrote out, with values put in between.

`PolicyDocument: !Sub '{"Statement": ...}'` in a template, `policy = <<EOF` in Terraform.
"""

from collections.abc import Iterator
from typing import Final, TypeGuard

from stockade._late import pattern
from stockade.load.document import parse
from stockade.load.scope import Counting
from stockade.load.texts import concatenate
from stockade.model import (
    Concatenation,
    List,
    Location,
    Map,
    Scalar,
    SourceFile,
    Unknown,
    Unseen,
    Value,
    expression,
)

_FIRST_MARK: Final = 0xE000
"""Characters of private use stand for the values that are put in while a text is parsed."""
_LAST_MARK: Final = 0xF8FF
_MARKED = pattern(f"[{chr(_FIRST_MARK)}-{chr(_LAST_MARK)}]")


def read_text(value: "Scalar | Concatenation", scope: Counting, *, yaml: bool = False) -> Value:
    """Return what a text of JSON (or YAML) says; Unknown if it is none.

    Values that are put into the text are put into what it says.
    """
    if isinstance(value, Concatenation):
        return _parsed(_marked(value, yaml=yaml), value.at, value.parts, scope, yaml=yaml)
    return _parsed(str(value.value), value.at, (), scope, yaml=yaml)


_POLICIES: Final = frozenset(
    {
        "AccessPolicies",
        "AccessPolicy",
        "AssumeRolePolicyDocument",
        "FileSystemPolicy",
        "InlinePolicy",
        "KeyPolicy",
        "Policy",
        "PolicyDocument",
        "PolicyInJson",
        "RepositoryPolicyText",
        "ResourcePolicy",
    }
)
"""Properties that hold a policy, which may be given as a text of JSON."""
_DEEPEST: Final = 3


def with_policies(properties: Map, scope: Counting, deep: int = _DEEPEST) -> Map:
    """Return the properties of a resource with the policies that are texts as what they say."""
    read = {}
    for key, value in properties:
        found: Value = value
        if key in _POLICIES and _is_json(value):
            parsed = read_text(value, scope)
            found = value if isinstance(parsed, Unknown) else parsed
        elif key == "Policies" and isinstance(value, List) and deep:
            found = _within(value, scope, deep - 1)
        elif key == "ResourcePolicy" and isinstance(value, Map) and deep:
            found = with_policies(value, scope, deep - 1)
        if found is not value:
            read[key] = found
    return (
        Map({**properties.entries, **read}, properties.at, properties.keys) if read else properties
    )


def _within(policies: List, scope: Counting, deep: int) -> List:
    items = tuple(
        with_policies(one, scope, deep) if isinstance(one, Map) else one for one in policies.items
    )
    same = all(one is before for one, before in zip(items, policies.items, strict=True))
    return policies if same else List(items, policies.at)


def _is_json(value: Value) -> TypeGuard["Scalar | Concatenation"]:
    first = value.parts[0] if isinstance(value, Concatenation) and value.parts else value
    text = first.value if isinstance(first, Scalar) else None
    return (
        isinstance(text, str)
        and text.lstrip().startswith("{")
        and isinstance(value, (Scalar, Concatenation))
    )


def _marked(found: Concatenation, *, yaml: bool) -> str:
    """Return the text with a mark for each value that is put in, quoted where JSON asks for it."""
    pieces: list[str] = []
    quoted = False
    for number, part in enumerate(found.parts):
        if isinstance(part, Scalar):
            text = _MARKED.sub("", str(part.value))
            quoted = quoted != _quotes(text)
            pieces.append(text)
        else:
            mark = chr(_FIRST_MARK + number % (_LAST_MARK - _FIRST_MARK))
            pieces.append(mark if quoted or yaml else f'"{mark}"')
    return "".join(pieces)


def _quotes(text: str) -> bool:
    """Tell whether a piece of JSON holds an odd number of quotes that are not escaped."""
    return text.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 1


def _parsed(
    text: str, at: Location, parts: tuple[Value, ...], scope: Counting, *, yaml: bool
) -> Value:
    # Line ends before the text give each value in it the line of the author's file.
    above = at.line if at.end_line > at.line else at.line - 1
    form = "yaml" if yaml and not text.lstrip().startswith(("{", "[")) else "json"
    parsed = parse(SourceFile(f"{at.path}.{form}", "\n" * above + text))
    if isinstance(parsed, Unseen):
        return Unknown(parsed.why, Location(at.path, parsed.at.line, parsed.at.column))
    return _placed(parsed.root, at.path, parts, scope)


def _placed(value: Value, path: str, parts: tuple[Value, ...], scope: Counting) -> Value:
    """Return a parsed value with its place in the author's file and the marks replaced."""
    at = value.at._replace(path=path)
    match value:
        case Scalar(value=str(text)) if parts and _MARKED.search(text):
            return concatenate(_unmarked(text, at, parts), at, scope)
        case Scalar():
            return Scalar(value.value, at)
        case List():
            return List(tuple(_placed(item, path, parts, scope) for item in value.items), at)
        case Map():
            names = {key: _name(key, at, parts) for key in value.entries}
            return Map(
                {names[key]: _placed(entry, path, parts, scope) for key, entry in value},
                at,
                {names[key]: place._replace(path=path) for key, place in value.keys.items()},
            )
        case _:
            return value


def _name(key: str, at: Location, parts: tuple[Value, ...]) -> str:
    if not parts or not _MARKED.search(key):
        return key
    return "".join(expression(part) for part in _unmarked(key, at, parts))


def _unmarked(text: str, at: Location, parts: tuple[Value, ...]) -> Iterator[Value]:
    last = 0
    for mark in _MARKED.finditer(text):
        yield Scalar(text[last : mark.start()], at)
        number = ord(mark[0]) - _FIRST_MARK
        yield parts[number] if number < len(parts) else Scalar("", at)
        last = mark.end()
    yield Scalar(text[last:], at)
