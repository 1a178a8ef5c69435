"""What a file of JavaScript or TypeScript exports, and what its names are bound to."""

from collections.abc import Iterator
from typing import Final

from stockade.load.javascript import Node, bare

_DEEPEST: Final = 6
"""Names that lead to names."""
_CLASSES: Final = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_DECLARED: Final = _CLASSES | {"function_declaration", "generator_function_declaration"}


class Names:
    """The names at the top of a file."""

    def __init__(self, root: Node) -> None:
        self._bound = dict(_bound(root))
        self._packages = dict(_imported(root))
        self._entries: dict[int, dict[str, Node | None]] = {}

    def exported(self, root: Node) -> Iterator[tuple[str, Node]]:
        """Yield the names that the file exports, each with the expression that is its value."""
        for statement in root.named_children:
            if statement.type == "export_statement":
                yield from self._by_export(statement)
            elif statement.type == "expression_statement" and statement.named_children:
                yield from _by_assignment(statement.named_children[0])

    def meant(self, node: Node | None, depth: int = _DEEPEST) -> Iterator[Node]:
        """Yield what an expression may be: names, members and choices are followed in the file.

        What leads out of the file is yielded as it stands.
        """
        if node is None:
            return
        node = bare(node)
        followed: Iterator[Node] = iter(())
        if depth > 0:
            match node.type:
                case "identifier" | "shorthand_property_identifier":
                    followed = self.meant(self._bound.get(text_of(node)), depth - 1)
                case "ternary_expression":
                    followed = self._either(node, depth)
                case "member_expression":
                    name = text_of(node.child_by_field_name("property"))
                    followed = self._member(node.child_by_field_name("object"), name, depth)
                case "shorthand_property_identifier_pattern" | "pair_pattern":
                    name = text_of(node.child_by_field_name("key") or node)
                    node = bare(node.parent.parent.child_by_field_name("value"))
                    followed = self._member(node, name, depth)
                case "call_expression":
                    followed = self._tied(node, depth)
        first = next(followed, None)
        yield node if first is None else first
        yield from followed

    def package_of(self, node: Node) -> str:
        """Return what the first name of an expression is imported from: of `a` in `a.b(c).d`."""
        node = bare(node)
        while node.type in {"member_expression", "call_expression"}:
            inner = node.child_by_field_name("object") or node.child_by_field_name("function")
            node = bare(inner)
        return self._packages.get(text_of(node), "") if node.type == "identifier" else ""

    def _either(self, choice: Node, depth: int) -> Iterator[Node]:
        for side in ("consequence", "alternative"):
            yield from self.meant(choice.child_by_field_name(side), depth - 1)

    def _tied(self, call: Node, depth: int) -> Iterator[Node]:
        """Yield the method that `object.method.bind(object)` gives."""
        callee = call.child_by_field_name("function")
        if says(callee.child_by_field_name("property"), "bind"):
            yield from self.meant(callee.child_by_field_name("object"), depth - 1)

    def _member(self, held: Node, name: str, depth: int) -> Iterator[Node]:
        """Yield what an object or a class of the file has under a name."""
        for owner in self.meant(held, depth - 1):
            made = owner.child_by_field_name("constructor")
            for one in (owner,) if made is None else self.meant(made, depth - 1):
                yield from self.meant(self._entries_of(one).get(name), depth - 1)

    def _entries_of(self, owner: Node) -> dict[str, Node | None]:
        """Return the entries of an object, the members of a class, by their names."""
        known = self._entries.get(owner.id)
        if known is None:
            held = owner.child_by_field_name("body") if owner.type in _CLASSES else owner
            parts = held.named_children if owner.type in {*_CLASSES, "object"} else ()
            known = self._entries[owner.id] = dict(map(_entry, parts))
        return known

    def _by_export(self, statement: Node) -> Iterator[tuple[str, Node]]:
        declaration = statement.child_by_field_name("declaration")
        kinds = {one.type for one in statement.children}
        if "default" in kinds:
            value = statement.child_by_field_name("value") or declaration
            if value is not None:
                yield "default", value
                yield from ((f"default.{name}", one) for name, one in _exports_of(value))
        elif declaration is not None:
            yield from _declared(declaration)
        elif "=" in kinds:
            yield from _exports_of(statement.named_children[0])
        for clause in statement.named_children:
            for one in clause.named_children if clause.type == "export_clause" else ():
                name = text_of(one.child_by_field_name("name"))
                alias = text_of(one.child_by_field_name("alias")) or name
                if name in self._bound:
                    yield alias, self._bound[name]


def _imported(root: Node) -> Iterator[tuple[str, str]]:
    """Yield the names that are imported at the top of a file, each with what it is from."""
    for statement in root.named_children:
        if statement.type == "import_statement":
            source = text_of(statement.child_by_field_name("source")).strip("'\"")
            for clause in statement.named_children:
                if clause.type == "import_clause":
                    yield from ((name, source) for name in _imports(clause))
        elif statement.type in {"lexical_declaration", "variable_declaration"}:
            for one in statement.named_children:
                value = bare(one.child_by_field_name("value") or one)
                if says(value.child_by_field_name("function"), "require"):
                    source = text_of(value.child_by_field_name("arguments")).strip("'\"()")
                    yield from ((name, source) for name in _names_in(one))


def _imports(clause: Node) -> Iterator[str]:
    """Yield the names that an import binds: `a`, `{ b as c }`, `* as d`."""
    for part in clause.named_children:
        if part.type == "identifier":
            yield text_of(part)
        elif part.type == "namespace_import":
            yield text_of(part.named_children[0])
        elif part.type == "named_imports":
            for one in part.named_children:
                yield text_of(one.child_by_field_name("alias") or one.child_by_field_name("name"))


def _names_in(declarator: Node) -> Iterator[str]:
    """Yield the names that a declaration binds: `a`, `{ b, c: d }`."""
    target = declarator.child_by_field_name("name")
    if target.type == "identifier":
        yield text_of(target)
    for one in target.named_children:
        yield text_of(one.child_by_field_name("value") or one)


def _bound(root: Node) -> Iterator[tuple[str, Node]]:
    for statement in root.named_children:
        node = statement
        if node.type == "export_statement":
            node = node.child_by_field_name("declaration") or node
        yield from _declared(node)


def _declared(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the names that a declaration binds: functions, classes, variables with a value."""
    if node.type in {"lexical_declaration", "variable_declaration"}:
        for one in node.named_children:
            value = one.child_by_field_name("value")
            if one.type == "variable_declarator" and value is not None:
                yield from _targets(one)
    elif node.type in _DECLARED:
        yield text_of(node.child_by_field_name("name")), node


def _targets(declarator: Node) -> Iterator[tuple[str, Node]]:
    """Yield the names that are bound: those of `const { handler, other } = make()`, too.

    What is taken out of another file is that file's.
    """
    target = declarator.child_by_field_name("name")
    if target.type != "object_pattern":
        yield text_of(target), declarator.child_by_field_name("value")
        return
    value = bare(declarator.child_by_field_name("value"))
    taken_from = value.child_by_field_name("function")
    if not says(taken_from, "require", "import"):
        for one in target.named_children:
            if one.type in {"shorthand_property_identifier_pattern", "pair_pattern"}:
                yield text_of(one.child_by_field_name("value") or one), one


def _by_assignment(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield what `exports.name = ...`, and `module.exports = {...}` export."""
    targets = []
    while node.type == "assignment_expression":  # `exports.handler = module.exports.x = ...`
        targets.append(text_of(node.child_by_field_name("left")))
        node = node.child_by_field_name("right")
    for target in targets:
        owner, _, name = target.rpartition(".")
        if owner in {"exports", "module.exports"}:
            yield name, node
        elif target == "module.exports":
            yield from _exports_of(node)


def _exports_of(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the entries of the object that is all that a file exports."""
    node = bare(node)
    for one in node.named_children if node.type == "object" else ():
        name, value = _entry(one)
        if value is not None:
            yield name, value


def _entry(part: Node) -> tuple[str, Node | None]:
    """Return an entry of an object or a member of a class: its name, and what it holds."""
    match part.type:
        case "pair":
            return text_of(part.child_by_field_name("key")), part.child_by_field_name("value")
        case "shorthand_property_identifier":
            return text_of(part), part
        case "method_definition":
            return text_of(part.child_by_field_name("name")), part
        case "public_field_definition" | "field_definition":
            named = part.child_by_field_name("name") or part.child_by_field_name("property")
            return text_of(named), part.child_by_field_name("value")
    return "", None


def text_of(node: Node | None) -> str:
    """Return what is written at a node."""
    return "" if node is None else node.text.decode(errors="replace")


def says(node: Node | None, *words: str) -> bool:
    """Tell whether one of these short words is written at a node, however much stands there."""
    if node is None:
        return False
    length = node.end_byte - node.start_byte
    return any(length == len(word) for word in words) and text_of(node) in words
