"""Texts that are made of parts, some of which are known at deployment only."""

from stockade.load.serverless.syntax import MAX_TEXT
from stockade.model import List, Location, Map, Scalar, Unknown, Value

_MAX_PARTS = 500
"""Parts of one text that are known at deployment only."""


def reference(name: str, at: Location) -> Value:
    """Refer to a parameter, to one of AWS or to a resource."""
    return Map({"Ref": Scalar(name, at)}, at, {})


def is_text(value: Map) -> bool:
    """Tell whether a map is an intrinsic function, which may give a text."""
    return len(value.entries) == 1 and any(
        key == "Ref" or key.startswith("Fn::") for key in value.entries
    )


def parts_of(value: Value) -> list[Value]:
    """Return the parts of a text that was made here, or the value as its one part."""
    match value:
        case Map(entries={"Fn::Join": List(items=(Scalar(value=""), List(items=items)))}):
            return list(items)
        case _:
            return [value]


def text_of(parts: list[Value], at: Location) -> Value:
    """Return the text that parts make: a scalar if all of them are known."""
    merged: list[Value] = []
    length = 0
    for part in parts:
        if isinstance(part, Scalar):
            if part.value is None:
                continue
            text = str(part.value).lower() if isinstance(part.value, bool) else str(part.value)
            length += len(text)
            if merged and isinstance(last := merged[-1], Scalar):
                merged[-1] = Scalar(f"{last.value}{text}", at)
            else:
                merged.append(Scalar(text, at))
        else:
            merged.append(part)
    if length > MAX_TEXT or len(merged) > _MAX_PARTS:
        return Unknown("its variables make too long a text", at)
    if not merged:
        return Scalar("", at)
    if len(merged) == 1:
        return merged[0]
    return Map({"Fn::Join": List((Scalar("", at), List(tuple(merged), at)), at)}, at, {})
