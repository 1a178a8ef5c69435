"""The handlers of a JavaScript or TypeScript file, read and never run."""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.load.javascript import Node, tree_of
from stockade.load.plain.found import Found, is_usual
from stockade.model import Location, SourceFile

_EVENTS = frozenset({"event", "evt", "_event"})
_CONTEXTS = frozenset({"context", "ctx", "_context", "callback", "cb", "_ctx", "_"})
_CALLBACKS = frozenset({"callback", "cb"})
_FIELDS = frozenset(
    [
        *("Records", "body", "queryStringParameters", "multiValueQueryStringParameters"),
        *("pathParameters", "requestContext", "rawPath", "rawQueryString", "httpMethod"),
        *("authorizationToken", "methodArn", "isBase64Encoded", "detail", "arguments"),
    ]
)
"""Fields of events, by which a parameter that is taken apart where it stands is known as one."""
_SHORT = frozenset({"e", "ev"})
_UNMISTAKABLE = _FIELDS - {"body", "detail", "arguments"}
"""Fields by which an event is known that goes by one of the short names."""
_FUNCTIONS = frozenset({"arrow_function", "function_expression", "function_declaration"})
_TYPE = pattern(
    r"(?:APIGateway|ALB|LambdaFunctionURL|S3|SNS|SQS|SES|DynamoDBStream|KinesisStream|EventBridge|"
    r"Scheduled|CloudFront|AppSync|Lex|IoT|CloudWatch|Firehose|Connect|CodePipeline|MSK|\w+Trigger|"
    r"CloudFormationCustomResource|SelfManagedKafka|Transfer\w*)\w*(?:Event|Handler)(?:V2)?\w*|"
    r"Handler"
)
"""Matches the types of `@types/aws-lambda` that are events, and handlers of them."""
_STREAMED = "awslambda.streamifyResponse"
_TWO = 2


def handlers(file: SourceFile, folder: str) -> Iterator[Found]:
    """Yield the handlers that a file exports. `folder` is its own."""
    text = file.text.encode()
    root = tree_of(text, file.path)
    functions = _functions(root)
    found = [
        (name, node)
        for name, node in _exported(root, functions)
        if _is_handler(name, node, functions)
    ]
    if not found:
        return
    kept = dict(found)
    # What one handler asks for says nothing of the others.
    others = {_statement(node).id for node in kept.values()} if len(kept) > 1 else set()
    shared = frozenset(
        word for one in root.named_children if one.id not in others for word in _words(one)
    )
    for name, node in kept.items():
        own = frozenset(_words(_declared(node))) if others else shared
        around = shared | own
        line = node.start_point[0] + 1
        # Columns count characters, tree-sitter's bytes.
        start = text.rfind(b"\n", 0, node.start_byte) + 1
        column = len(text[start : node.start_byte].decode(errors="replace")) + 1
        at = Location(file.path, line, column, line, column)
        hands_on = not any(word.startswith("event.") for word in own)
        yield Found(file.path, folder, name, at, own, around, hands_on)


def _statement(node: Node) -> Node:
    """Return the statement at the top of the file that a function stands in."""
    while node.parent is not None and node.parent.parent is not None:
        node = node.parent
    return node


def _declared(node: Node) -> Node:
    """Return what says all of a function: with the type of the name that it is bound to."""
    above = node.parent
    return above if above is not None and above.type == "variable_declarator" else node


def _functions(root: Node) -> dict[str, Node]:
    """Return what the names at the top of the file are bound to."""
    found = {}
    for statement in root.named_children:
        node = statement
        if node.type == "export_statement":
            node = node.child_by_field_name("declaration") or node
        if node.type == "function_declaration":
            found[_text(node.child_by_field_name("name"))] = node
        elif node.type in {"lexical_declaration", "variable_declaration"}:
            for one in node.named_children:
                value = one.child_by_field_name("value")
                if one.type == "variable_declarator" and value is not None:
                    found[_text(one.child_by_field_name("name"))] = value
    return found


def _exported(root: Node, functions: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    """Yield the names that a file exports, each with what is bound to it."""
    for statement in root.named_children:
        if statement.type == "export_statement":
            yield from _by_export(statement, functions)
        elif statement.type == "expression_statement" and statement.named_children:
            yield from _by_assignment(statement.named_children[0], functions)


def _by_export(statement: Node, functions: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    declaration = statement.child_by_field_name("declaration")
    if declaration is not None:
        names = [declaration, *declaration.named_children]
        for one in names:
            name = _text(one.child_by_field_name("name"))
            if name in functions:
                yield name, functions[name]
    for clause in statement.named_children:
        for one in clause.named_children if clause.type == "export_clause" else ():
            name = _text(one.child_by_field_name("name"))
            alias = _text(one.child_by_field_name("alias")) or name
            if name in functions:
                yield alias, functions[name]


def _by_assignment(node: Node, functions: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    """Yield what `exports.name = ...`, and `module.exports = {...}` export."""
    targets = []
    while node.type == "assignment_expression":  # `exports.handler = module.exports.x = ...`
        targets.append(_text(node.child_by_field_name("left")))
        node = node.child_by_field_name("right")
    for target in targets:
        owner, _, name = target.rpartition(".")
        if owner in {"exports", "module.exports"}:
            yield name, functions.get(_text(node), node)
        elif target == "module.exports" and node.type == "object":
            yield from _by_object(node, functions)


def _by_object(node: Node, functions: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    for one in node.named_children:
        if one.type == "shorthand_property_identifier" and _text(one) in functions:
            yield _text(one), functions[_text(one)]
        elif one.type == "method_definition":
            yield _text(one.child_by_field_name("name")), one
        elif one.type == "pair":
            held = one.child_by_field_name("value")
            yield _text(one.child_by_field_name("key")), functions.get(_text(held), held)


def _is_handler(name: str, node: Node, functions: dict[str, Node]) -> bool:
    """Tell whether an export takes an event, as far as the names in it tell."""
    if node.type in {"identifier", "member_expression"}:
        return is_usual(name)
    if node.type == "call_expression":
        return is_usual(name) or _wraps_handler(node, functions)
    if node.type not in _FUNCTIONS and node.type != "method_definition":
        return False
    taken = _parameters(node)
    if taken[:1] and taken[0] in {"req", "request", "_req"} and taken[1:_TWO] != ["context"]:
        return False  # of a web server's
    if is_usual(name):
        return len(taken) < _TWO or taken[1] in _CONTEXTS or _is_event(node, taken[0])
    if not taken:
        return False
    if taken[_TWO:] and taken[_TWO] in _CALLBACKS and taken[0] not in {"err", "error"}:
        return True
    if not _is_event(node, taken[0]):
        return False
    return taken[1] in _CONTEXTS if len(taken) > 1 else _is_async(node)


def _given_back(maker: Node) -> Iterator[Node]:
    """Yield the functions that a function of the file returns: `name => async (event) => ...`."""
    body = maker.child_by_field_name("body") if maker.type in _FUNCTIONS else None
    if body is None:
        return
    written = [body]
    if body.type == "statement_block":
        returned = (one for one in body.named_children if one.type == "return_statement")
        written = [part for one in returned for part in one.named_children[:1]]
    yield from (one for one in written if one.type in _FUNCTIONS)


def _is_event(function: Node, name: str) -> bool:
    """Tell whether a function's first parameter is an event: by its name, fields or type."""
    if name in _EVENTS:
        return True
    if name in _SHORT and not _UNMISTAKABLE.isdisjoint(_read_of(function, name)):
        return True
    if name.startswith("{"):
        return not _FIELDS.isdisjoint(_keys(_first(function)))
    return any(_TYPE.fullmatch(_text(one).partition("<")[0]) for one in _declared_types(function))


def _read_of(function: Node, name: str) -> Iterator[str]:
    """Yield the properties that a function reads of what bears a name."""
    waiting = [function]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.named_children)
        if node.type == "member_expression" and _text(node.child_by_field_name("object")) == name:
            yield _text(node.child_by_field_name("property"))


def _declared_types(function: Node) -> Iterator[Node]:
    """Yield the types written at a function's first parameter, and at the name it is bound to."""
    first = _first(function)
    for one in (first, _declared(function)):
        kind = one.child_by_field_name("type") if one is not None else None
        yield from (kind.named_children[:1] if kind is not None else ())


def _first(function: Node) -> Node | None:
    listed = function.child_by_field_name("parameters")
    return listed.named_children[0] if listed is not None and listed.named_children else None


def _keys(parameter: Node | None) -> Iterator[str]:
    """Yield the names that a parameter is taken apart into, at its top."""
    if parameter is None:
        return
    for one in (parameter.child_by_field_name("pattern") or parameter).named_children:
        yield _text(one.child_by_field_name("key") or one.child_by_field_name("left") or one)


def _wraps_handler(call: Node, functions: dict[str, Node]) -> bool:
    """Tell whether a call is given a function that takes an event: `middy(async (event) => 1)`."""
    if _text(call.child_by_field_name("function")) == _STREAMED:
        return True
    made = functions.get(_text(call.child_by_field_name("function")))
    if made is not None and any(
        _is_event(one, next(iter(_parameters(one)), "")) for one in _given_back(made)
    ):
        return True
    arguments = call.child_by_field_name("arguments")
    for one in arguments.named_children if arguments is not None else ():
        given = functions.get(_text(one), one)
        if given.type in _FUNCTIONS and _parameters(given)[:1]:
            return _is_event(given, _parameters(given)[0])
    return False


def _parameters(function: Node) -> list[str]:
    """Return the names of a function's parameters; one that is taken apart has its whole text."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [_text(single)]
    listed = function.child_by_field_name("parameters")
    names = []
    for one in listed.named_children if listed is not None else ():
        if one.type == "comment":
            continue
        names.append(_text(one.child_by_field_name("pattern") or one))
    return names


def _is_async(function: Node) -> bool:
    return any(one.type == "async" for one in function.children)


def _words(root: Node) -> Iterator[str]:
    """Yield the properties and types that the file uses; `event.body` for those of an event."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.named_children)
        match node.type:
            case "type_identifier":
                yield _text(node)
            case "member_expression" | "subscript_expression":
                held = node.child_by_field_name("property") or node.child_by_field_name("index")
                if _text(held) == "statusCode" and not _is_written(node):
                    continue  # What another machine answered.
                yield from _asked(_text(held).strip("'\"`"), node.child_by_field_name("object"))
            case "shorthand_property_identifier_pattern" | "pair_pattern":
                key = node.child_by_field_name("key") or node
                above = node.parent.parent
                yield from _asked(_text(key), above and above.child_by_field_name("value"))
            case "import_statement":
                yield _text(node.child_by_field_name("source")).strip("'\"")
            case "call_expression" if _text(node.child_by_field_name("function")) == "require":
                yield _text(node.child_by_field_name("arguments")).strip("'\"()")
            case "pair" if _text(node.child_by_field_name("key")) == "statusCode":
                yield "statusCode"  # Only the answer of a handler behind an API has such a key.


def _is_written(node: Node) -> bool:
    above = node.parent
    is_assigned = above is not None and above.type == "assignment_expression"
    return is_assigned and bool(above.child_by_field_name("left") == node)


def _asked(word: str, of: Node | None) -> Iterator[str]:
    yield word
    named = "" if of is None else _text(of)
    if not named or named in _EVENTS or (named in _SHORT and word in _FIELDS):
        yield f"event.{word}"


def _text(node: Node | None) -> str:
    return "" if node is None else node.text.decode(errors="replace")
