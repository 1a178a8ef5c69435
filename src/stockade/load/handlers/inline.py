"""Code that stands in the template: `ZipFile`, SAM's `InlineCode`.

Lambda puts it into a file named `index`. Its lines keep their places where a line of the code is
a line of the template.
"""

from stockade.load.handlers.files import split_javascript, split_python
from stockade.model import (
    Concatenation,
    Handler,
    Resource,
    Scalar,
    SourceFile,
    Sources,
    Unknown,
    Value,
    constant,
    expression,
    inside,
)


def inline_code(
    function: Resource, written: Value, language: str, sources: Sources
) -> Handler | Unknown:
    """Return the handler in inline code. Parts that are put in at deployment stay `${Name}`."""
    name = constant(function.properties.get("Handler"))
    if not isinstance(name, str):
        return name or Unknown("no handler is written", function.at)
    split = split_python(name) if language == "python" else split_javascript(name)
    if split is None:
        at = function.properties.key_at("Handler")
        return Unknown(f"the handler {name} names no function in a file", at)
    for way in inside(written):
        if isinstance(way, Scalar | Concatenation):
            text = expression(way)
            file = _placed(way, text, sources)
            return Handler(file=file, symbol=split[1], language=language)
    return Unknown("the code cannot be known before deployment", written.at)


def _placed(value: Value, text: str, sources: Sources) -> SourceFile:
    """Return the code with the line and column in the template of its first character.

    A block scalar begins on the line after its `|`, indented. The code's first line that is
    not blank is looked for there, in the template itself; code that is written in another way
    (quoted, a list of lines that is joined) is wherever its value is.
    """
    first = value.at
    template = sources.read(first.path)
    if not isinstance(template, SourceFile):
        return SourceFile(first.path, text, first.line, first.column, first)
    lines = template.text.split("\n", first.line + 50)
    code = text.split("\n", 50)
    for offset, line in enumerate(code[:50]):
        if not line.strip():
            continue
        for start in range(first.line - 1, min(first.line + 4, len(lines))):
            shown = lines[start + offset] if start + offset < len(lines) else ""
            stripped = shown.rstrip()
            if stripped.endswith(line.rstrip()) and stripped.lstrip() == line.strip():
                column = len(stripped) - len(line.rstrip()) + 1
                return SourceFile(first.path, text, start + 1, column)
        break
    is_one_line = "\n" not in text.strip()
    folded = None if is_one_line else first
    return SourceFile(first.path, text, first.line, first.column, folded)
