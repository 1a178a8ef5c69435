"""The intermediate form as text: for tests, and for those who ask what stockade understood."""

from collections.abc import Iterable, Iterator

from stockade.analysis.code import ir
from stockade.model.record import fields as fields_of

_BRACKETS = {"list": "[]", "tuple": "()", "set": "{}", "map": "{}", "generator": "()"}
_STARS = {ir.Spread.NO: "", ir.Spread.ITEMS: "*", ir.Spread.ENTRIES: "**"}


def dump(code: ir.Code) -> str:
    """Return the code and the functions that it makes, one statement a line."""
    return "\n".join(_code(code, "")) + "\n"


def _code(code: ir.Code, indent: str) -> Iterator[str]:
    kind = ("async " if code.is_async else "") + ("generator " if code.is_generator else "")
    yield f"{indent}{kind}{code.name}({', '.join(map(_parameter, code.parameters))})"
    if code.locals:
        yield f"{indent}  locals {' '.join(sorted(code.locals))}"
    if code.globals:
        yield f"{indent}  globals {' '.join(sorted(code.globals))}"
    yield from _block(code.body, indent + "  ")


def _parameter(parameter: ir.Parameter) -> str:
    name = _STARS[parameter.spread] + parameter.name
    if parameter.keyword_only:
        name = f"keyword {name}"
    if parameter.annotation is not None:
        name += f": {text(parameter.annotation)}"
    if parameter.default is not None:
        name += f" = {text(parameter.default)}"
    return name


def _block(block: ir.Block, indent: str) -> Iterator[str]:
    for statement in block:
        yield from _statement(statement, indent)


def _statement(statement: ir.Statement, indent: str) -> Iterator[str]:
    yield indent + _head(statement)
    inner = indent + "  "
    for code in _codes(statement):
        yield from _code(code, inner)
    match statement:
        case ir.Branch():
            yield from _block(statement.then, inner)
            yield from _part("else", statement.otherwise, indent)
        case ir.ForEach() | ir.While():
            yield from _block(statement.body, inner)
            yield from _part("else", statement.otherwise, indent)
        case ir.Using():
            yield from _block(statement.body, inner)
        case ir.Try():
            yield from _block(statement.body, inner)
            for catch in statement.catches:
                types = f" {_commas(catch.types)}" if catch.types else ""
                name = f" as {_target(catch.target)}" if catch.target else ""
                yield f"{indent}catch{types}{name}"
                yield from _block(catch.body, inner)
            yield from _part("else", statement.otherwise, indent)
            yield from _part("finally", statement.final, indent)
        case _:
            pass


def _part(name: str, block: ir.Block, indent: str) -> Iterator[str]:
    if block:
        yield indent + name
        yield from _block(block, indent + "  ")


def _head(statement: ir.Statement) -> str:
    match statement:
        case ir.Assign(targets, value):
            return " = ".join([*map(_target, targets), text(value)])
        case ir.Declare(target, annotation):
            return f"declare {_target(target)}: {text(annotation)}"
        case ir.Update(target, operator, value):
            return f"{_target(target)} {operator}= {text(value)}"
        case ir.Evaluate(value):
            return text(value)
        case ir.Branch(test):
            return f"if {text(test)}"
        case ir.ForEach(target, iterable):
            return f"for {_target(target)} in {text(iterable)}"
        case ir.While(test):
            return f"while {text(test)}"
        case ir.Try():
            return "try"
        case ir.Using(value, target):
            return f"using {text(value)}" + (f" as {_target(target)}" if target else "")
        case ir.Return(value):
            return f"return {text(value)}" if value else "return"
        case ir.Raise(value):
            return f"raise {text(value)}" if value else "raise"
        case ir.Assert(test, _, message):
            return f"assert {text(test)}" + (f", {text(message)}" if message else "")
        case ir.Leave(kind):
            return kind
        case ir.Delete(target):
            return f"delete {_target(target)}"
        case ir.Import():
            return _import(statement)
        case ir.DefineClass():
            decorators = "".join(f"@{text(each)} " for each in statement.decorators)
            given = [*map(text, statement.bases), *map(_argument, statement.arguments)]
            return f"{decorators}class {statement.name}({', '.join(given)})"


def _import(statement: ir.Import) -> str:
    module = "." * statement.level + statement.module
    member = f" member {statement.member}" if statement.member else ""
    top = " top" if statement.bind_top else ""
    return f"import {module}{member} as {statement.name}{top}"


def text(value: ir.Expression) -> str:
    """Return an expression as text, close to Python."""
    match value:
        case ir.Const(constant):
            return repr(constant)
        case ir.Name(name):
            return name
        case ir.Attribute(inner, name):
            return f"{text(inner)}.{name}"
        case ir.Index(inner, key):
            return f"{text(inner)}[{text(key)}]"
        case ir.Slice(inner, lower, upper):
            return f"{text(inner)}[{text(lower) if lower else ''}:{text(upper) if upper else ''}]"
        case ir.Call(callee, arguments, _, new):
            return f"{'new ' * new}{text(callee)}({', '.join(map(_argument, arguments))})"
        case ir.Format(parts):
            return f"format{{{_commas(parts)}}}"
        case ir.Binary(operator, left, right) | ir.Compare(operator, left, right):
            return f"({text(left)} {operator} {text(right)})"
        case ir.Unary(operator, operand):
            return f"({operator} {text(operand)})"
        case ir.Logical(operator, operands):
            return f"({f' {operator} '.join(map(text, operands))})"
        case ir.Conditional(test, then, otherwise):
            return f"({text(then)} if {text(test)} else {text(otherwise)})"
        case ir.ListLiteral(kind, elements):
            inside = ", ".join(_STARS[each.spread] + text(each.value) for each in elements)
            return inside.join(_BRACKETS[kind])
        case ir.MapLiteral(entries):
            return "{" + ", ".join(map(_entry, entries)) + "}"
        case ir.Comprehension():
            return _comprehension(value)
        case ir.Closure(code):
            return f"<{code.name}>"
        case ir.Assignment(target, inner):
            return f"({_target(target)} := {text(inner)})"
        case ir.Await(inner):
            return f"(await {text(inner)})"
        case ir.Yield(inner, each):
            return f"(yield{'*' * each}{f' {text(inner)}' if inner else ''})"
        case ir.Opaque(what, inputs):
            return f"opaque({', '.join([repr(what), *map(text, inputs)])})"


def _commas(values: Iterable[ir.Expression]) -> str:
    return ", ".join(map(text, values))


def _argument(argument: ir.Argument) -> str:
    name = f"{argument.name}=" if argument.name else ""
    return f"{name}{_STARS[argument.spread]}{text(argument.value)}"


def _entry(entry: ir.Entry) -> str:
    return f"**{text(entry.value)}" if entry.key is None else _pair(entry.key, entry.value)


def _pair(key: ir.Expression, value: ir.Expression) -> str:
    return f"{text(key)}: {text(value)}"


def _comprehension(value: ir.Comprehension) -> str:
    parts = [_pair(value.key, value.element) if value.key else text(value.element)]
    for clause in value.clauses:
        parts.append(f"for {_target(clause.target)} in {text(clause.iterable)}")
        parts += [f"if {text(test)}" for test in clause.conditions]
    return " ".join(parts).join(_BRACKETS[value.kind])


def _target(target: ir.Target) -> str:
    match target:
        case ir.NameTarget(name):
            return name
        case ir.AttributeTarget(inner, name):
            return f"{text(inner)}.{name}"
        case ir.IndexTarget(inner, key):
            return f"{text(inner)}[{text(key) if key else ':'}]"
        case ir.ItemsTarget(targets, rest):
            items = ("*" * (i == rest) + _target(each) for i, each in enumerate(targets))
            return f"[{', '.join(items)}]"
        case ir.FieldsTarget(fields, rest, attributes):
            inside = [f"{text(field.key)}: {_target(field.target)}" for field in fields]
            inside += [f"**{_target(rest)}"] if rest else []
            return f"{'.' * attributes}{{{', '.join(inside)}}}"


def _codes(statement: ir.Statement) -> Iterator[ir.Code]:
    """Yield the functions that a statement makes, and a class statement's body."""
    if isinstance(statement, ir.DefineClass):
        yield statement.code
    waiting: list[object] = [
        getattr(statement, name)
        for name in fields_of(statement)
        if name not in {"then", "otherwise", "body", "final", "code"}
    ]
    while waiting:
        current = waiting.pop(0)
        match current:
            case ir.Closure():
                yield current.code
            case tuple():
                waiting[:0] = current
            case ir.Span() | str() | None:
                pass
            case _ if hasattr(current, "__slots__"):
                waiting[:0] = [getattr(current, name) for name in current.__slots__]
            case _:
                pass
