"""Places: every node of the intermediate form stands where the author wrote it."""

import ast

import pytest
from intermediate import everything, functions, lower

from stockade.analysis.code import ir
from stockade.analysis.code.python import parse_python
from stockade.model import Location, SourceFile

SAMPLE = '''
import os, boto3.session as s
from ärger import größe as g


@app.get("/ü", k=[1, 2])
def händler(event, context: "Context" = None):
    name = event["Ärger"]["größe"].get("x", 'é') ; b = name[1:2]
    sql = f"""é select {name} from
        {b.c(name)!r:>{breite}} where {os.environ['é']}""" + "x"
    lines = ("é" f"{name}"
             f"é{b}" 'z')
    try:
        return [zähler for zähler in name if zähler], {"é": lambda é: é + 1}
    except (KeyError, s.Ü) as fehler:
        del b; raise fehler
    match name:
        case {"ä": ö}: print(ö)
'''


MADE = frozenset(("repr", "format", "len", "isinstance", "dict"))
"""What the front end calls where the author did not."""


def at(text: str, span: ir.Span) -> str:
    """Return the text that a span covers, line ends as the newline character."""
    lines = text.replace("\r\n", "\n").split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_names_stand_where_they_are_written(end: str) -> None:
    """Columns count characters, whatever the line's end and letters are."""
    text = SAMPLE.replace("\n", end)
    named = (ir.Name, ir.NameTarget)
    for node in everything(lower(text)):
        if isinstance(node, named) and node.name not in MADE and node.name != "ö":
            assert at(text.replace("\r", "\n") if end == "\r" else text, node.span) == (
                node.name.rstrip("'")
            )


def test_expressions_cover_what_the_parser_says() -> None:
    """The text at a call, index, text or literal is the one that Python's parser gives."""
    kinds = ast.Call | ast.Subscript | ast.JoinedStr | ast.Constant | ast.Dict
    expected = {
        ast.get_source_segment(SAMPLE, node)
        for node in ast.walk(ast.parse(SAMPLE))
        if isinstance(node, kinds)
    }
    found = set()
    for node in everything(lower(SAMPLE)):
        match node:
            case ir.Call(callee=ir.Name(name)) if name in MADE:
                pass
            case ir.Call() | ir.Index() | ir.Slice() | ir.Format() | ir.MapLiteral():
                found.add(at(SAMPLE, node.span))
            case _:
                pass
    assert {'event["Ärger"]["größe"].get("x", \'é\')', "name[1:2]", "os.environ['é']"} <= found
    assert found <= expected | {'name["ä"]', '"ä": ö', "ö"}


def test_functions_and_decorators_are_shown_by_their_names() -> None:
    """A function's own place is its whole text; where it is made, that is its name."""
    text = "@deco(1)\nasync def f(f, fg):\n    pass\nclass Class(f): pass\n"
    code = lower(text)
    made, cls = code.body
    assert isinstance(made, ir.Assign)
    assert isinstance(made.value, ir.Call)
    assert isinstance(cls, ir.DefineClass)
    assert at(text, made.value.span) == "deco(1)"
    assert made.span == made.targets[0].span == ir.Span(2, 11, 2, 12)
    assert at(text, functions(code)["f"].span) == "async def f(f, fg):\n    pass"
    assert at(text, cls.span) == "Class"


def test_imports_are_shown_by_what_they_import() -> None:
    """Each name of an import statement has its own place."""
    text = "from a import (b as c,\n  d)\n"
    assert [at(text, node.span) for node in lower(text).body] == ["b as c", "d"]


def test_inline_code_points_into_its_template() -> None:
    """A line of code inside a template is a line of the template's file."""
    file = SourceFile("template.yaml", "import os\nx = os.environ\n", 12, 9)
    module = parse_python(file)
    assert isinstance(module, ir.Module)
    assert file.at(*module.code.body[1].span) == Location("template.yaml", 13, 9, 13, 23)


def test_code_of_another_python_has_the_places_of_the_authors_text() -> None:
    """What is written anew to be read moves nothing, not even behind it on the line."""
    text = (
        "if é:\n\tprint 'é', f(`a`, 0777), g(lambda (b, c): h(b))\n"
        "try: i()\nexcept E, e: j(e)\n"
        "x = f'{k(y['é'])} {'\\n'.join(l(\n  z))}' + m(n)\ntype T[U] = o(p)\n"
    )
    calls = {at(text, node.span) for node in everything(lower(text)) if isinstance(node, ir.Call)}
    assert {
        *("f(`a`, 0777)", "g(lambda (b, c): h(b))", "h(b)", "i()", "j(e)", "k(y['é'])"),
        *("'\\n'.join(l(\n  z))", "l(\n  z)", "m(n)", "o(p)"),
    } <= calls
