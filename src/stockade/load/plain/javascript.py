"""The handlers of a JavaScript or TypeScript file, read and never run."""

from collections.abc import Iterator

from stockade.load.javascript import Node, bare, tree_of
from stockade.load.plain.events import EVENTS, FIELDS, SHORT, declared_of, events_of, is_handler
from stockade.load.plain.exports import Names, says, text_of
from stockade.load.plain.found import Found, is_usual
from stockade.load.plain.functions import Functions
from stockade.model import Location, SourceFile


def handlers(file: SourceFile, folder: str) -> Iterator[Found]:
    """Yield the handlers that a file exports. `folder` is its own."""
    text = file.text.encode()
    root = tree_of(text, file.path)
    names = Names(root)
    functions = Functions(names)
    kept: dict[str, Node] = {}
    for name, value in names.exported(root):
        found = (one for one in names.meant(value) if is_handler(name, one, functions))
        kept.update((name, one) for one in list(found)[:1])
    kept = _once_each(kept)
    if not kept:
        return
    # What one handler asks for says nothing of the others.
    others = {_statement(node).id for node in kept.values()} if len(kept) > 1 else set()
    events = frozenset[str]().union(*(events_of(node, functions) for node in kept.values()))
    shared = frozenset(
        word for one in root.named_children if one.id not in others for word in _words(one, events)
    )
    for name, node in kept.items():
        own = frozenset(_words(declared_of(node), events)) if others else shared
        around = shared | own
        line = node.start_point[0] + 1
        # Columns count characters, tree-sitter's bytes.
        start = text.rfind(b"\n", 0, node.start_byte) + 1
        column = len(text[start : node.start_byte].decode(errors="replace")) + 1
        at = Location(file.path, line, column, line, column)
        hands_on = not any(word.startswith("event.") for word in own)
        yield Found(file.path, folder, name, at, own, around, hands_on)


def _once_each(kept: dict[str, Node]) -> dict[str, Node]:
    """Return each handler under one of the names that it is exported by, the usual one first."""
    named: dict[int, str] = {}
    for name, node in kept.items():
        if node.id not in named or (is_usual(name) and not is_usual(named[node.id])):
            named[node.id] = name
    return {name: node for name, node in kept.items() if named[node.id] == name}


def _statement(node: Node) -> Node:
    """Return the statement at the top of the file that a function stands in."""
    while node.parent is not None and node.parent.parent is not None:
        node = node.parent
    return node


def _words(root: Node, events: frozenset[str]) -> Iterator[str]:
    """Yield the properties and types that the file uses; `event.body` for those of an event.

    `events` are the names that its handlers give theirs.
    """
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.named_children)
        match node.type:
            case "type_identifier":
                yield text_of(node)
            case "member_expression" | "subscript_expression":
                held = node.child_by_field_name("property") or node.child_by_field_name("index")
                if text_of(held) == "statusCode" and not _is_written(node):
                    continue  # What another machine answered.
                yield from _asked(
                    text_of(held).strip("'\"`"), node.child_by_field_name("object"), events
                )
            case "shorthand_property_identifier_pattern" | "pair_pattern":
                key = node.child_by_field_name("key") or node
                above = node.parent.parent
                yield from _asked(
                    text_of(key), above and above.child_by_field_name("value"), events
                )
            case "import_statement":
                yield text_of(node.child_by_field_name("source")).strip("'\"")
            case "call_expression" if says(node.child_by_field_name("function"), "require"):
                yield text_of(node.child_by_field_name("arguments")).strip("'\"()")
            case "pair" if text_of(node.child_by_field_name("key")) == "statusCode":
                yield "statusCode"  # Only the answer of a handler behind an API has such a key.


def _is_written(node: Node) -> bool:
    above = node.parent
    is_assigned = above is not None and above.type == "assignment_expression"
    return is_assigned and bool(above.child_by_field_name("left") == node)


def _asked(word: str, of: Node | None, events: frozenset[str]) -> Iterator[str]:
    yield word
    # What is longer than a name is none.
    named = "" if of is None else text_of(of := bare(of)) if of.type == "identifier" else "?"
    if not named or named in EVENTS or (named in SHORT | events and word in FIELDS):
        yield f"event.{word}"
