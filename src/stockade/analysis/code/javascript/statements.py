"""Lower statements: declarations, branches, loops, and what leaves them."""

from collections.abc import Iterable

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Statement
from stockade.analysis.code.javascript.functions import block, code, reads_this
from stockade.analysis.code.javascript.literals import builtin
from stockade.analysis.code.javascript.lowering import (
    STATEMENTS,
    children,
    expression,
    field,
    maybe,
    opaque,
    statement,
)
from stockade.analysis.code.javascript.scopes import Scope
from stockade.analysis.code.javascript.targets import (
    declared_in,
    names_in,
    property_name,
    target,
)

MAX_CHAIN = 32
"""How many branches in a row are nested in each other; later ones are each asked on its own."""


def body(node: Node | None, scope: Scope) -> ir.Block:
    """Lower a block, or the one statement that stands for it."""
    if node is None:
        return ()
    if node.type in ("statement_block", "else_clause"):
        inner = children(node)
        if node.type == "else_clause":
            return body(inner[0] if inner else None, scope)
        return block(inner, scope)
    return tuple(statement(node, scope))


def _nothing(_node: Node, _scope: Scope) -> list[Statement]:
    return []


def _block(node: Node, scope: Scope) -> Iterable[Statement]:
    return block(children(node), scope)


def _evaluate(node: Node, scope: Scope) -> list[Statement]:
    parts = children(node)
    if not parts or parts[0].type == "string":
        return []
    if parts[0].type == "internal_module":
        return _namespace(parts[0], scope)
    value = expression(parts[0], scope)
    span = scope.span(node)
    if isinstance(value, ir.Assignment):
        return [ir.Assign((value.target,), value.value, span)]
    return [ir.Evaluate(value, span)]


def _declare(node: Node, scope: Scope) -> list[Statement]:
    lowered: list[Statement] = []
    for declarator in children(node):
        name = declarator.child_by_field_name("name")
        if name is None:
            continue
        span = scope.span(declarator)
        written = declarator.child_by_field_name("value")
        is_var = node.type == "variable_declaration"
        if written is None and is_var:
            for each in names_in(name, scope):
                scope.bind(each)
            continue
        value = ir.Const(None, span) if written is None else expression(written, scope)
        lowered.append(ir.Assign((target(name, scope, declares=True),), value, span))
    return lowered


def _function(node: Node, scope: Scope) -> list[Statement]:
    name = node.child_by_field_name("name")
    if name is None:
        return []
    written, place = scope.text.of(name), scope.span(name)
    made = code(node, scope, written, with_this=reads_this(node, scope))
    named = ir.NameTarget(scope.bind(written), place)
    return [ir.Assign((named,), ir.Closure(made, place), place)]


def _return(node: Node, scope: Scope) -> list[Statement]:
    parts = children(node)
    return [ir.Return(expression(parts[0], scope) if parts else None, scope.span(node))]


def _throw(node: Node, scope: Scope) -> list[Statement]:
    parts = children(node)
    return [ir.Raise(expression(parts[0], scope) if parts else None, scope.span(node))]


# --- branches ----------------------------------------------------------------------------


def _if(node: Node, scope: Scope) -> list[Statement]:
    """Lower a chain of `else if` in a loop: it may be thousands long."""
    links: list[ir.Branch] = []
    current: Node | None = node
    otherwise: ir.Block = ()
    while current is not None:
        then = body(current.child_by_field_name("consequence"), scope)
        test = field(current, "condition", scope)
        links.append(ir.Branch(test, then, (), scope.span(current)))
        alternative = current.child_by_field_name("alternative")
        inner = children(alternative) if alternative is not None else []
        if len(inner) == 1 and inner[0].type == "if_statement":
            current = inner[0]
            continue
        otherwise = body(alternative, scope)
        current = None
    return list(chain(links, otherwise))


def chain(links: list[ir.Branch], otherwise: ir.Block) -> ir.Block:
    """Nest branches in each other; what comes after many is asked on its own."""
    for link in links[MAX_CHAIN:]:
        otherwise = (ir.Branch(link.test, link.then, (), link.span), *otherwise)
    for link in reversed(links[:MAX_CHAIN]):
        otherwise = (ir.Branch(link.test, link.then, otherwise, link.span),)
    return otherwise


def _switch(node: Node, scope: Scope) -> list[Statement]:
    """Lower to a chain of branches; a case that does not end falls into the next one."""
    span = scope.span(node)
    subject = field(node, "value", scope)
    first: list[Statement] = []
    if not isinstance(subject, ir.Name):
        name = scope.fresh("subject")
        first = [ir.Assign((ir.NameTarget(name, subject.span),), subject, subject.span)]
        subject = ir.Name(name, subject.span)
    inside = node.child_by_field_name("body")
    cases = [
        each
        for each in (children(inside) if inside is not None else [])
        if each.type in ("switch_case", "switch_default")
    ]
    written = [each for case in cases for each in case.children_by_field_name("body")]
    leaves = any(_leaves_early(each) for each in written)
    with scope.block(declared_in(written, scope)):
        chained = _cases(cases, subject, scope)
    if leaves:
        test = ir.Const(value=True, span=span)
        chained = (ir.While(test, (*chained, ir.Leave("break", span)), (), span),)
    return [*first, *chained]


def _cases(cases: list[Node], subject: Expression, scope: Scope) -> ir.Block:
    bodies = [_case_body(case, scope) for case in cases]
    links: list[ir.Branch] = []
    otherwise: ir.Block = ()
    labels: list[Expression] = []
    for position, case in enumerate(cases):
        value = case.child_by_field_name("value")
        if case.type == "switch_case" and value is not None:
            labels.append(expression(value, scope))
        done, ends = bodies[position]
        after = position + 1
        while not ends and after < len(cases) and after < position + MAX_CHAIN:
            more, ends = bodies[after]
            done, after = (*done, *more), after + 1
        if case.type == "switch_default":
            otherwise, labels = done, []
        elif bodies[position] != ((), False) or position == len(cases) - 1:
            links.append(
                ir.Branch(_is_one(subject, labels, scope, case), done, (), scope.span(case))
            )
            labels = []
    return chain(links, otherwise)


def _is_one(subject: Expression, labels: list[Expression], scope: Scope, case: Node) -> Expression:
    span = scope.span(case)
    if isinstance(subject, ir.Const) and subject.value is True:
        return labels[0] if len(labels) == 1 else ir.Logical("or", tuple(labels), span)
    if len(labels) == 1:
        return ir.Compare("==", subject, labels[0], span)
    elements = tuple(ir.Element(label) for label in labels)
    return ir.Compare("in", subject, ir.ListLiteral("tuple", elements, span), span)


def _case_body(case: Node, scope: Scope) -> tuple[ir.Block, bool]:
    """Lower what a case does, and tell whether it ends there."""
    nodes = case.children_by_field_name("body")
    nodes = [node for node in nodes if node.is_named and node.type != "comment"]
    if len(nodes) == 1 and nodes[0].type == "statement_block":
        nodes = children(nodes[0])
        with scope.block(declared_in(nodes, scope)):
            return _until_break(nodes, scope)
    return _until_break(nodes, scope)


def _until_break(nodes: list[Node], scope: Scope) -> tuple[ir.Block, bool]:
    lowered: list[Statement] = []
    for node in nodes:
        if node.type == "break_statement":
            return tuple(lowered), True
        lowered.extend(statement(node, scope))
        if node.type in ("return_statement", "throw_statement", "continue_statement"):
            return tuple(lowered), True
    return tuple(lowered), False


_LOOPS = frozenset(
    {"for_statement", "for_in_statement", "while_statement", "do_statement", "switch_statement"}
)


def _leaves_early(node: Node) -> bool:
    """Tell whether a `break` stands deeper in a case than at its end."""
    if node.type in ("break_statement", "statement_block"):
        return any(
            _leaves_early(child)
            for child in node.named_children
            if child.type != "break_statement"
        )
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.type in ("break_statement", "continue_statement"):
            return True
        waiting.extend(
            child
            for child in current.named_children
            if child.type not in _LOOPS and not child.type.endswith(("function", "declaration"))
        )
    return False


# --- loops -------------------------------------------------------------------------------


def _for(node: Node, scope: Scope) -> list[Statement]:
    initializer = node.child_by_field_name("initializer")
    names = declared_in([initializer] if initializer is not None else [], scope)
    span = scope.span(node)
    with scope.block(names):
        first = statement(initializer, scope) if initializer is not None else []
        condition = node.child_by_field_name("condition")
        test: Expression = ir.Const(value=True, span=span)
        if condition is not None and condition.type not in ("empty_statement", ";"):
            inner = condition
            if condition.type == "expression_statement":
                parts = children(condition)
                inner = parts[0] if parts else condition
            test = expression(inner, scope)
        done = body(node.child_by_field_name("body"), scope)
        after = maybe(node.child_by_field_name("increment"), scope)
    if after is not None:
        done = (*done, ir.Evaluate(after, after.span))
    return [*first, ir.While(test, done, (), span)]


def _for_in(node: Node, scope: Scope) -> list[Statement]:
    left = node.child_by_field_name("left")
    operator = node.child_by_field_name("operator")
    kind = node.child_by_field_name("kind")
    iterable = field(node, "right", scope)
    if operator is not None and operator.type == "in":
        iterable = builtin("keysOf", iterable.span, iterable)
    if left is None:
        return [ir.Evaluate(opaque("code that does not parse", node, scope), scope.span(node))]
    declares = kind is not None
    names = names_in(left, scope) if declares and kind is not None and kind.type != "var" else ()
    with scope.block(names):
        written = target(left, scope, declares=declares)
        done = body(node.child_by_field_name("body"), scope)
    return [ir.ForEach(written, iterable, done, (), scope.span(node))]


def _while(node: Node, scope: Scope) -> list[Statement]:
    test = field(node, "condition", scope)
    done = body(node.child_by_field_name("body"), scope)
    return [ir.While(test, done, (), scope.span(node))]


def _do(node: Node, scope: Scope) -> list[Statement]:
    span = scope.span(node)
    done = body(node.child_by_field_name("body"), scope)
    test = field(node, "condition", scope)
    inside = node.child_by_field_name("body")
    if inside is None or not _leaves_early(inside):
        return [*done, ir.While(test, done, (), span)]
    last = ir.Branch(test, (), (ir.Leave("break", span),), span)
    return [ir.While(ir.Const(value=True, span=span), (*done, last), (), span)]


def _break(node: Node, scope: Scope) -> list[Statement]:
    return [ir.Leave("break", scope.span(node))]


def _continue(node: Node, scope: Scope) -> list[Statement]:
    return [ir.Leave("continue", scope.span(node))]


def _labelled(node: Node, scope: Scope) -> list[Statement]:
    """Lower a labelled statement: leaving it by its name leaves the innermost loop, at least."""
    inner = node.child_by_field_name("body")
    if inner is None:
        return []
    lowered = statement(inner, scope)
    if inner.type in _LOOPS:
        return lowered
    span = scope.span(node)
    done = (*lowered, ir.Leave("break", span))
    return [ir.While(ir.Const(value=True, span=span), done, (), span)]


# --- errors ------------------------------------------------------------------------------


def _try(node: Node, scope: Scope) -> list[Statement]:
    tried = body(node.child_by_field_name("body"), scope)
    catches: tuple[ir.Catch, ...] = ()
    handler = node.child_by_field_name("handler")
    if handler is not None:
        catches = (_catch(handler, scope),)
    finalizer = node.child_by_field_name("finalizer")
    final = body(finalizer.child_by_field_name("body"), scope) if finalizer is not None else ()
    return [ir.Try(tried, catches, (), final, scope.span(node))]


def _catch(node: Node, scope: Scope) -> ir.Catch:
    parameter = node.child_by_field_name("parameter")
    names = names_in(parameter, scope) if parameter is not None else ()
    with scope.block(names):
        written = target(parameter, scope, declares=True) if parameter is not None else None
        done = body(node.child_by_field_name("body"), scope)
    return ir.Catch((), written, done, scope.span(node))


# --- TypeScript --------------------------------------------------------------------------


def _enum(node: Node, scope: Scope) -> list[Statement]:
    name, inside = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None:
        return []
    entries = []
    for child in children(inside) if inside is not None else ():
        key = child.child_by_field_name("name") or child
        written = child.child_by_field_name("value")
        span = scope.span(child)
        value = maybe(written, scope) or ir.Const(None, span)
        entries.append(ir.Entry(ir.Const(property_name(key, scope), span), value))
    span = scope.span(node)
    made = ir.NameTarget(scope.bind(scope.text.of(name)), scope.span(name))
    return [ir.Assign((made,), ir.MapLiteral(tuple(entries), span), span)]


def _namespace(node: Node, scope: Scope) -> list[Statement]:
    """Lower a namespace: its statements run here, and what it exports is in an object."""
    name, inside = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or inside is None:
        return []
    span = scope.span(node)
    exported = [
        each.child_by_field_name("declaration")
        for each in children(inside)
        if each.type == "export_statement"
    ]
    inner = [
        each.child_by_field_name("declaration") or each
        if each.type == "export_statement"
        else each
        for each in children(inside)
    ]
    names = list(declared_in([each for each in exported if each is not None], scope))
    with scope.block(declared_in(inner, scope)):
        lowered: list[Statement] = []
        for each in inner:
            lowered.extend(statement(each, scope))
        entries = tuple(
            ir.Entry(ir.Const(each, span), ir.Name(scope.name(each), span)) for each in names
        )
    made = ir.NameTarget(scope.bind(scope.text.of(name)), scope.span(name))
    return [*lowered, ir.Assign((made,), ir.MapLiteral(entries, span), span)]


def _alias(node: Node, scope: Scope) -> list[Statement]:
    """Lower `import name = Namespace.member`."""
    parts = children(node)
    if len(parts) != _NAME_AND_VALUE:
        return []
    made = ir.NameTarget(scope.bind(scope.text.of(parts[0])), scope.span(parts[0]))
    span = scope.span(parts[1])
    first, *members = scope.text.of(parts[1]).split(".")
    value: ir.Expression = ir.Name(scope.name(first), span)
    for member in members:
        value = ir.Attribute(value, member.strip(), span)
    return [ir.Assign((made,), value, scope.span(node))]


_NAME_AND_VALUE = 2

STATEMENTS.update(
    {
        "expression_statement": _evaluate,
        "lexical_declaration": _declare,
        "variable_declaration": _declare,
        "function_declaration": _function,
        "generator_function_declaration": _function,
        "return_statement": _return,
        "throw_statement": _throw,
        "statement_block": _block,
        "if_statement": _if,
        "switch_statement": _switch,
        "for_statement": _for,
        "for_in_statement": _for_in,
        "while_statement": _while,
        "do_statement": _do,
        "break_statement": _break,
        "continue_statement": _continue,
        "labeled_statement": _labelled,
        "try_statement": _try,
        "with_statement": lambda node, scope: body(node.child_by_field_name("body"), scope),
        "enum_declaration": _enum,
        "import_alias": _alias,
        "internal_module": _namespace,
        "module": _namespace,
        "else_clause": body,
        **dict.fromkeys(
            (
                "empty_statement",
                "debugger_statement",
                "comment",
                "hash_bang_line",
                "type_alias_declaration",
                "interface_declaration",
                "ambient_declaration",
                "function_signature",
                "decorator",
            ),
            _nothing,
        ),
    }
)
