"""JavaScript and TypeScript that is plain data: `serverless.ts`, and the files that it imports.

The file is parsed and read, never run: objects, lists, texts, names of constants, imports of
other files of the folder, spreads of objects. What would have to be computed is Unknown. What
`process.env` says is the framework's own variable `${env:...}`.
"""

import posixpath
from collections.abc import Mapping

from stockade.load.javascript import FUNCTIONS, Node, wrapped
from stockade.load.parsed import MAX_VALUES
from stockade.load.scripts import Imports, Script, unescaped
from stockade.load.sources import Folder
from stockade.model import List, Location, Map, Scalar, SourceFile, Unknown, Value
from stockade.model.record import record

_MAX_FILES = 500
_MAX_LEVELS = 90
"""Values within values and names that lead to names, those of other files included."""

_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "undefined": None}
_HERE = frozenset({"__dirname", "import.meta.dirname"})


def exported(file: SourceFile, sources: Folder, folder: str) -> Value:
    """Return what a file exports by default, or all that it exports as a map.

    `folder` is the service's, from where `__dirname` is told.
    """
    return _Program(sources, folder).module(file.path).exports()


@record
class _Imported:
    """A name that another file exports; `"*"` for all of it, `"default"` for the default."""

    path: str
    name: str


class _Program:
    """The files that are read for one configuration, and the work that is left."""

    def __init__(self, sources: Folder, folder: str) -> None:
        self.sources = sources
        self.folder = folder
        self.imports = Imports(sources, folder)
        self.left = MAX_VALUES
        self.depth = 0
        self.modules: dict[str, _Module] = {}

    def module(self, path: str) -> "_Module":
        if path not in self.modules:
            self.modules[path] = _Module(self, path, len(self.modules) < _MAX_FILES)
        return self.modules[path]


class _Module:
    """One file: the names that stand at its top, and what it exports."""

    def __init__(self, program: _Program, path: str, allowed: bool) -> None:  # noqa: FBT001
        self.program = program
        self.path = path
        self.names: dict[str, Node | _Imported | Value] = {}
        self.own: dict[str, Node | _Imported] = {}
        self.stars: list[str] = []
        self.busy: set[str] = set()
        self.document: Value | None = None
        file = program.sources.read(path)
        if isinstance(file, Unknown) or not allowed:
            self.document = Unknown("it cannot be read", Location(path, 1))
        elif path.endswith(".json"):
            from stockade.load.document import parse  # noqa: PLC0415

            parsed = parse(file)
            root = getattr(parsed, "root", None)
            self.document = root or Unknown("it is no JSON", Location(path, 1))
        else:
            script = Script(file)
            self._word, self._string, self._at = script.word, script.string, script.at
            for statement in script.root.named_children:
                self._statement(statement)

    # --- statements -------------------------------------------------------------------------

    def _statement(self, node: Node) -> None:
        match node.type:
            case "lexical_declaration" | "variable_declaration":
                self._declaration(node, exports=False)
            case "function_declaration":
                self.names[self._word(node.child_by_field_name("name"))] = node
            case "import_statement":
                self._import(node)
            case "export_statement":
                self._export(node)
            case "expression_statement" if node.named_children:
                self._assignment(node.named_children[0])

    def _declaration(self, node: Node, *, exports: bool) -> None:
        for one in node.named_children:
            name, value = one.child_by_field_name("name"), one.child_by_field_name("value")
            if one.type != "variable_declarator" or name is None or value is None:
                continue
            if name.type == "identifier":
                self.names[self._word(name)] = value
                if exports:
                    self.own[self._word(name)] = value
            elif name.type == "object_pattern":
                path = self._required(value)
                is_environment = self._word(value) == "process.env"
                for part in name.named_children:
                    word = self._word(part)
                    if is_environment:
                        self.names[word] = Scalar(f"${{env:{word}}}", self._at(part))
                    elif path is not None:
                        self.names[word] = _Imported(path, word)

    def _import(self, node: Node) -> None:
        path = self._specified(node.child_by_field_name("source"))
        if path is None:
            return
        for clause in node.named_children:
            for part in clause.named_children if clause.type == "import_clause" else ():
                if part.type == "identifier":
                    self.names[self._word(part)] = _Imported(path, "default")
                elif part.type == "namespace_import":
                    self.names[self._word(part.named_children[-1])] = _Imported(path, "*")
                else:
                    for one in part.named_children:
                        name = one.child_by_field_name("name")
                        alias = one.child_by_field_name("alias") or name
                        if name is not None:
                            target = _Imported(path, self._word(name))
                            self.names[self._word(alias)] = target

    def _export(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        declaration = node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        if source is not None:
            self._passed_on(node, self._specified(source))
        elif value is not None:
            self.own["default"] = value
        elif declaration is not None and declaration.type.endswith("declaration"):
            if declaration.type == "function_declaration":
                named = declaration.child_by_field_name("name")
                self.own[self._word(named) if named is not None else "default"] = declaration
            else:
                self._declaration(declaration, exports=True)
        else:
            for clause in node.named_children:
                for one in clause.named_children if clause.type == "export_clause" else ():
                    name = one.child_by_field_name("name")
                    alias = one.child_by_field_name("alias") or name
                    if name is not None:
                        self.own[self._word(alias)] = name
                if clause.type in {"assignment_expression", "identifier", "object"}:
                    self.own["default"] = clause  # `export = ...` of TypeScript

    def _passed_on(self, node: Node, path: str | None) -> None:
        """Note what `export { default as hello } from './hello'` and `export * from` export."""
        if path is None:
            return
        clauses = [one for one in node.named_children if one.type == "export_clause"]
        if not clauses:
            self.stars.append(path)
        for one in (part for clause in clauses for part in clause.named_children):
            name = one.child_by_field_name("name")
            alias = one.child_by_field_name("alias") or name
            if name is not None:
                self.own[self._word(alias)] = _Imported(path, self._word(name))

    def _assignment(self, node: Node) -> None:
        """Note `module.exports = ...`, `module.exports.name = ...` and `exports.name = ...`."""
        if node.type != "assignment_expression":
            return
        target = self._word(node.child_by_field_name("left"))
        value = node.child_by_field_name("right")
        if target in {"module.exports", "exports.default", "module.exports.default"}:
            self.own["default"] = value
        else:
            for prefix in ("module.exports.", "exports."):
                if target.startswith(prefix):
                    self.own[target.removeprefix(prefix)] = value

    def _required(self, node: Node) -> str | None:
        """Return the file that `require('./x')` names."""
        if node.type != "call_expression":
            return None
        function = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        if self._word(function) != "require" or len(arguments.named_children) != 1:
            return None
        return self._specified(arguments.named_children[0])

    def _specified(self, node: Node) -> str | None:
        if node is None or node.type != "string":
            return None
        return self.program.imports.file(self.path, self._string(node))

    # --- what it exports --------------------------------------------------------------------

    def exports(self) -> Value:
        """Return the default export, else a map of all exports."""
        if self.document is not None:
            return self.document
        if "default" in self.own:
            return self._named("export default", self.own["default"])
        entries = {name: self._named(f"export {name}", one) for name, one in self.own.items()}
        for path in self.stars:
            more = self._named("*", _Imported(path, "*"))
            if isinstance(more, Map):
                entries = {**more.entries, **entries}
        if not entries:
            return Unknown("it exports nothing that can be read", Location(self.path, 1))
        return Map(entries, Location(self.path, 1), {})

    def export(self, name: str, at: Location) -> Value:
        """Return one export of this file."""
        if name == "*" or self.document is not None:
            if name in {"*", "default"} or not isinstance(self.document, Map):
                return self.exports()
            return self.document.get(name) or Unknown(f"{self.path} has no {name[:60]}", at)
        if name in self.own:
            return self._named(f"export {name}", self.own[name])
        if name == "default":
            return self.exports()
        for path in self.stars:
            found = self.program.module(path)
            if name in found.own:
                return found.export(name, at)
        if "default" in self.own:
            whole = self._named("export default", self.own["default"])
            if isinstance(whole, Map) and name in whole:
                return whole.entries[name]
        return Unknown(f"{self.path} exports no {name[:60]} that can be read", at)

    def _named(self, name: str, target: "Node | _Imported") -> Value:
        at = Location(self.path, 1)
        if name in self.busy:
            return Unknown("it is made of itself", at)
        if self.program.depth > _MAX_LEVELS:
            return Unknown("it is too large to be read", at)
        self.busy.add(name)
        self.program.depth += 1
        if isinstance(target, _Imported):
            value = self.program.module(target.path).export(target.name, at)
        elif isinstance(target, Scalar | List | Map | Unknown):
            value = target
        else:
            value = self._value(target)
        self.program.depth -= 1
        self.busy.discard(name)
        return value

    # --- values -----------------------------------------------------------------------------

    def _value(self, node: Node) -> Value:
        at = self._at(node)
        self.program.left -= 1
        if self.program.depth > _MAX_LEVELS or self.program.left < 0:
            return Unknown("it is too large to be read", at)
        self.program.depth += 1
        made = self._made(node, at)
        self.program.depth -= 1
        return made

    def _made(self, node: Node, at: Location) -> Value:
        kind = node.type
        inner = wrapped(node)
        if inner is not None:
            return self._value(inner)
        if kind in FUNCTIONS:
            return self._returned(node, at)
        match kind:
            case "object":
                return self._object(node, at)
            case "array":
                return List(tuple(self._items(node)), at)
            case "string":
                return Scalar(self._string(node), at)
            case "template_string":
                return self._template(node, at)
            case "number":
                return self._number(node, at)
            case "true" | "false" | "null" | "undefined":
                return Scalar(_WORDS[kind], at)
            case "identifier":
                word = self._word(node)
                if word in self.names:
                    return self._named(word, self.names[word])
                return Scalar(None, at) if word == "undefined" else _computed(at)
            case "member_expression" | "subscript_expression":
                return self._member(node, at)
            case "binary_expression":
                return self._binary(node, at)
            case "call_expression":
                return self._call(node, at)
            case _:
                return _computed(at)

    def _object(self, node: Node, at: Location) -> Value:
        entries: dict[str, Value] = {}
        keys: dict[str, Location] = {}
        for one in node.named_children:
            match one.type:
                case "pair":
                    key = one.child_by_field_name("key")
                    name = self._key(key)
                    if name is not None:
                        entries[name] = self._value(one.child_by_field_name("value"))
                        keys[name] = self._at(key)
                case "shorthand_property_identifier":
                    name = self._word(one)
                    target = self.names.get(name)
                    place = self._at(one)
                    entries[name] = self._named(name, target) if target else _computed(place)
                    keys[name] = place
                case "spread_element":
                    spread = self._value(one.named_children[0])
                    if isinstance(spread, Map):
                        entries.update(spread.entries)
                        keys.update(spread.keys)
        return Map(entries, at, keys)

    def _items(self, node: Node) -> "list[Value]":
        items: list[Value] = []
        for one in node.named_children:
            if one.type == "spread_element":
                spread = self._value(one.named_children[0])
                items.extend(spread.items if isinstance(spread, List) else (spread,))
            elif one.type != "comment":
                items.append(self._value(one))
        return items

    def _key(self, node: Node) -> str | None:
        if node.type == "string":
            return self._string(node)
        if node.type == "computed_property_name":
            value = self._value(node.named_children[0])
            known = value.value if isinstance(value, Scalar) else None
            return known if isinstance(known, str) else None
        return self._word(node)

    def _template(self, node: Node, at: Location) -> Value:
        """Return a template literal, its names filled in."""
        texts = []
        for one in node.children:
            if one.type == "template_substitution":
                value = self._value(one.named_children[0])
                if not isinstance(value, Scalar):
                    return value if isinstance(value, Unknown) else _computed(at)
                texts.append("" if value.value is None else str(value.value))
            elif one.type == "string_fragment":
                texts.append(self._word(one))
            elif one.type == "escape_sequence":
                texts.append(unescaped(self._word(one)))
        return Scalar("".join(texts), at)

    def _number(self, node: Node, at: Location) -> Value:
        text = self._word(node).replace("_", "")
        try:
            return Scalar(int(text, 0) if "." not in text else float(text), at)
        except ValueError:
            return Scalar(text, at)

    def _member(self, node: Node, at: Location) -> Value:
        """Return `a.b`: an entry of a map that is known, or a variable of the environment."""
        word = self._word(node)
        if word.startswith("process.env."):
            return Scalar(f"${{env:{word.removeprefix('process.env.').rstrip('!')}}}", at)
        if word in _HERE:
            return self._here(at)
        holder = self._value(node.child_by_field_name("object"))
        inner = node.child_by_field_name("property") or node.child_by_field_name("index")
        name = self._key(inner) if inner is not None else None
        if isinstance(holder, Map) and name is not None and name in holder:
            return holder.entries[name]
        return holder if isinstance(holder, Unknown) else _computed(at)

    def _binary(self, node: Node, at: Location) -> Value:
        left = self._value(node.child_by_field_name("left"))
        right = self._value(node.child_by_field_name("right"))
        operator = self._word(node.child_by_field_name("operator"))
        if not isinstance(left, Scalar) or not isinstance(right, Scalar):
            return left if operator in {"||", "??"} and isinstance(left, Map | List) else right
        if operator == "+":
            return Scalar(f"{left.value}{right.value}", at)
        if operator in {"||", "??"}:
            text = left.value
            if isinstance(text, str) and text.startswith("${env:") and text.endswith("}"):
                return Scalar(f"{text[:-1]}, '{right.value}'}}", at)
            return left if text not in (None, "") else right
        return _computed(at)

    def _call(self, node: Node, at: Location) -> Value:
        """Return what a call gives: a file that is required, the folder of this file."""
        path = self._required(node)
        if path is not None:
            return self.program.module(path).exports()
        function = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments").named_children
        if [self._word(one) for one in arguments] == ["__dirname"]:
            return self._here(at)
        name = self._word(function)
        if name in {"defineConfig", "Object.freeze"} and len(arguments) == 1:
            return self._value(arguments[0])
        target = self.names.get(name)
        if target is not None and getattr(target, "type", "") in FUNCTIONS:
            return self._called(name, target, arguments)
        return _computed(at)

    def _called(self, name: str, function: Node, arguments: "list[Node]") -> Value:
        """Return what a function of this file returns for the arguments of one call."""
        written = function.child_by_field_name("parameters")
        single = function.child_by_field_name("parameter")
        parameters = [single] if single is not None else []
        parameters += written.named_children if written is not None else []
        values = [self._value(argument) for argument in arguments]
        before = self.names
        self.names = dict(before)
        for parameter, value in zip(parameters, values, strict=False):
            # In TypeScript the name stands in a node of its own, before its type.
            pattern = parameter.child_by_field_name("pattern") or parameter
            self.names[self._word(pattern)] = value
        returned = self._named(name, function)
        self.names = before
        return returned

    def _here(self, at: Location) -> Value:
        """Return the folder of this file, as seen from the service's."""
        own = posixpath.dirname(self.path)
        return Scalar(posixpath.relpath(own or ".", self.program.folder or "."), at)

    def _returned(self, node: Node, at: Location) -> Value:
        """Return what a function returns if that is all that it does, or its last statement."""
        body = node.child_by_field_name("body")
        if body is None or body.type != "statement_block":
            return self._value(body) if body is not None else _computed(at)
        for one in reversed(body.named_children):
            if one.type == "return_statement" and one.named_children:
                for earlier in body.named_children:
                    if earlier.type in {"lexical_declaration", "variable_declaration"}:
                        self._declaration(earlier, exports=False)
                return self._value(one.named_children[0])
        return _computed(at)


def _computed(at: Location) -> Unknown:
    return Unknown("it is computed when the service is deployed", at)
