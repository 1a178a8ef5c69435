"""What a Chalice program declares: the functions that it decorates, read and never run."""

import ast
import posixpath
from collections.abc import Iterator, Mapping

from stockade._python import parse
from stockade.load.building import write
from stockade.load.sources import Folder
from stockade.model import List, Location, Map, Scalar, SourceFile, Unknown, Unseen, Value
from stockade.model.record import record

_APPS = frozenset({"Chalice", "Blueprint"})
_AUTHORIZERS = {
    "CognitoUserPoolAuthorizer": "cognito",
    "IAMAuthorizer": "iam",
    "CustomAuthorizer": "custom",
}
_MAX_FILES = 500


@record(kw_only=True)
class Decorated:
    """A function, and one decorator of an application or blueprint on it.

    `kind` is the decorator's name (`route`, `on_s3_event`); `arguments` are by name, those
    without one by their number. `module` is the handler's, dotted.
    """

    kind: str
    function: str
    module: str
    arguments: Mapping[str, Value]
    at: Location
    authorizer: str = ""
    """The name that `authorizer=` refers to: a variable, a function that returns it, its class."""


@record(kw_only=True)
class Declared:
    """An authorizer that is made of one of Chalice's classes, and bound to a name or returned."""

    kind: str
    arguments: Mapping[str, Value]
    at: Location


@record(kw_only=True)
class Program:
    """All that the files of one application declare. `app` is the name of the Chalice object."""

    path: str
    app: str
    decorated: tuple[Decorated, ...]
    authorizers: Mapping[str, Declared]
    at: Location


def read_program(
    sources: Folder, path: str, environment: Mapping[str, Value], unseen: list[Unseen]
) -> Program:
    """Read `app.py` and the files of `chalicelib`, where blueprints are."""
    folder = posixpath.dirname(path)
    inner = sources.files_below(posixpath.join(folder, "chalicelib"))
    files = [path, *(one for one in inner if one.endswith(".py"))][:_MAX_FILES]
    modules = [_Module(one, folder, sources, environment, unseen) for one in files]
    prefixes: dict[str, str] = {}
    for module in modules:
        prefixes.update(module.registered())
    decorated = [one for module in modules for one in module.decorated(prefixes)]
    authorizers = {name: one for module in modules for name, one in module.authorizers()}
    app = next(iter(modules[0].apps), "app")
    return Program(
        path=path,
        app=app,
        decorated=tuple(decorated),
        authorizers=authorizers,
        at=Location(path, modules[0].apps.get(app, 1)),
    )


class _Module:
    """One file of the program."""

    def __init__(
        self,
        path: str,
        folder: str,
        sources: Folder,
        environment: Mapping[str, Value],
        unseen: list[Unseen],
    ) -> None:
        self.path = path
        self.name = posixpath.splitext(path[len(folder) :].strip("/"))[0].replace("/", ".")
        self.environment = environment
        tree = _parsed(sources.read(path), unseen)
        self.body = tree.body if tree is not None else []
        self.constants: dict[str, ast.expr] = {}
        self.apps: dict[str, int] = {}
        for name, value in self._assigned():
            self.constants[name] = value
            called = _called(value)
            if called in _APPS or called.endswith("Chalice"):
                self.apps[name] = value.lineno

    def _assigned(self) -> Iterator[tuple[str, ast.expr]]:
        for statement in self.body:
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    if isinstance(target, ast.Name):
                        yield target.id, statement.value

    def registered(self) -> Iterator[tuple[str, str]]:
        """Yield the prefix under which each blueprint is registered, by the blueprint's name."""
        for statement in self.body:
            call = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(call, ast.Call) and _attribute(call.func) == "register_blueprint":
                blueprint = call.args[0] if call.args else None
                for keyword in call.keywords:
                    prefix = self._value(keyword.value)
                    if keyword.arg == "url_prefix" and isinstance(prefix, Scalar):
                        yield _last_name(blueprint), str(prefix.value)

    def authorizers(self) -> Iterator[tuple[str, Declared]]:
        """Yield the authorizers that are made of Chalice's classes, by their names.

        One that a function makes has the function's name, one that is made where a route is
        declared that of its class.
        """
        for statement in self.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                for decorator in statement.decorator_list:
                    given = _given_authorizer(decorator)
                    yield from self._declared(_called(given) if given else "", given)
                for inner in statement.body:
                    for node in ast.walk(inner):
                        if isinstance(node, ast.Call):
                            yield from self._declared(statement.name, node)
        for name, value in self.constants.items():
            yield from self._declared(name, value)

    def _declared(self, name: str, value: ast.expr | None) -> Iterator[tuple[str, Declared]]:
        kind = _AUTHORIZERS.get(_called(value)) if value is not None else None
        if kind is not None and isinstance(value, ast.Call):
            at = self._at(value)
            yield name, Declared(kind=kind, arguments=self._arguments(value), at=at)

    def decorated(self, prefixes: Mapping[str, str]) -> Iterator[Decorated]:
        """Yield each function's decorators that are those of an application or blueprint."""
        for statement in self.body:
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for decorator in statement.decorator_list:
                function = decorator.func if isinstance(decorator, ast.Call) else decorator
                owner = function.value if isinstance(function, ast.Attribute) else None
                if not isinstance(owner, ast.Name) or owner.id not in self.apps:
                    continue
                arguments = self._arguments(decorator) if isinstance(decorator, ast.Call) else {}
                yield Decorated(
                    kind=_attribute(function),
                    function=statement.name,
                    module=self.name,
                    arguments=_prefixed(arguments, prefixes.get(owner.id, "")),
                    at=self._at(decorator),
                    authorizer=_authorizer(decorator),
                )

    def _arguments(self, call: ast.Call) -> dict[str, Value]:
        found = {str(number): self._value(one) for number, one in enumerate(call.args)}
        return found | {one.arg: self._value(one.value) for one in call.keywords if one.arg}

    def _at(self, node: ast.expr) -> Location:
        end = node.end_col_offset or node.col_offset
        return Location(
            self.path, node.lineno, node.col_offset + 1, node.end_lineno or node.lineno, end + 1
        )

    def _value(self, node: ast.expr, depth: int = 0) -> Value:
        """Return what an expression is, as far as it is plain."""
        at = self._at(node)
        match node:
            case ast.Constant(value=str() | int() | float() | None as plain):
                return Scalar(plain, at)
            case ast.List(elts=items) | ast.Tuple(elts=items) if depth < _DEEPEST:
                return List(tuple(self._value(item, depth + 1) for item in items), at)
            case ast.Dict(keys=keys, values=values) if depth < _DEEPEST:
                entries = {
                    key.value: self._value(value, depth + 1)
                    for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
                return Map(entries, at, {})
            case ast.Name(id=name) if name in self.constants and depth < _DEEPEST:
                return self._value(self.constants[name], depth + 1)
            case ast.BinOp() | ast.JoinedStr() if depth < _DEEPEST:
                return self._text(node, depth + 1)
            case ast.Call() if (made := _schedule(node)) is not None:
                return write(made, at)
            case ast.Call() | ast.Subscript() if (name := _variable(node)) in self.environment:
                return self.environment[name]
            case _:
                return Unknown(_MADE, at)

    def _text(self, node: ast.BinOp | ast.JoinedStr, depth: int) -> Value:
        """Return a text put together from constants: `f"/{V}"`, `V + "/x"`, `"/%s" % V`."""
        at = self._at(node)
        parts: list[str] = []
        match node:
            case ast.JoinedStr(values=values):
                parts = [
                    self._plain(one.value, depth)
                    if isinstance(one, ast.FormattedValue) and one.format_spec is None
                    else self._plain(one, depth)
                    for one in values
                ]
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                parts = [self._plain(left, depth), self._plain(right, depth)]
            case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(form)), right=right):
                given = right.elts if isinstance(right, ast.Tuple) else [right]
                pieces = form.split("%s")
                if len(pieces) == len(given) + 1 and not any("%" in one for one in pieces):
                    filled = (self._plain(one, depth) for one in given)
                    parts = [pieces[0], *map("".join, zip(filled, pieces[1:], strict=True))]
            case _:
                pass
        unknown = not parts or any(_UNKNOWN in one for one in parts)
        return Unknown(_MADE, at) if unknown else Scalar("".join(parts)[:_LONGEST], at)

    def _plain(self, node: ast.expr, depth: int) -> str:
        value = self._value(node, depth)
        known = isinstance(value, Scalar) and isinstance(value.value, str | int)
        return str(value.value)[:_LONGEST] if known and isinstance(value, Scalar) else _UNKNOWN


_DEEPEST = 20
_LONGEST = 2_000
_UNKNOWN = "\0"
_MADE = "it is made when the program runs"


def _parsed(file: SourceFile | Unknown, unseen: list[Unseen]) -> ast.Module | None:
    if not isinstance(file, SourceFile):
        unseen.append(Unseen(file.at, "code", file.why))
        return None
    try:
        return parse(file.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        unseen.append(Unseen(Location(file.path, 1), "code", "it is no Python that can be read"))
        return None


def _called(node: ast.expr) -> str:
    """Return the last name of what is called, `""` if nothing is."""
    return _last_name(node.func) if isinstance(node, ast.Call) else ""


def _last_name(node: ast.expr | None) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _attribute(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _given_authorizer(decorator: ast.expr) -> ast.expr | None:
    """Return what `authorizer=` is given, without the scopes that are asked of it."""
    for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
        if keyword.arg == "authorizer":
            value = keyword.value
            if isinstance(value, ast.Call) and _attribute(value.func) == "with_scopes":
                value = value.func.value if isinstance(value.func, ast.Attribute) else value
            none = isinstance(value, ast.Constant) and value.value is None
            return None if none else value
    return None


def _authorizer(decorator: ast.expr) -> str:
    given = _given_authorizer(decorator)
    if given is None:
        return ""
    return _called(given) or _last_name(given) or "authorizer"


def _prefixed(arguments: Mapping[str, Value], prefix: str) -> Mapping[str, Value]:
    path = arguments.get("0")
    if not prefix or not isinstance(path, Scalar):
        return arguments
    whole = f"{prefix.rstrip('/')}/{str(path.value).lstrip('/')}".rstrip("/") or "/"
    return {**arguments, "0": Scalar(whole, path.at)}


def _variable(node: ast.expr) -> str:
    """Return the name of the environment variable that an expression reads, `""` if none."""
    match node:
        case ast.Subscript(
            value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name))
        ):
            return name
        case ast.Call(
            func=ast.Attribute(attr="get", value=ast.Attribute(attr="environ"))
            | ast.Attribute(attr="getenv"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return name
        case _:
            return ""


def _schedule(node: ast.Call) -> str | None:
    """Return the expression that `Rate(5, unit=Rate.MINUTES)` or `Cron(...)` stands for."""
    values = [repr(one.value).strip("'") for one in node.args if isinstance(one, ast.Constant)]
    match _called(node):
        case "Cron":
            return f"cron({' '.join(values)})"
        case "Rate":
            unit = next((one.value for one in node.keywords if one.arg == "unit"), None)
            unit = unit or (node.args[1] if len(node.args) > 1 else None)
            return f"rate({values[0] if values else '?'} {_last_name(unit).lower()})"
        case _:
            return None
