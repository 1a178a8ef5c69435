"""The functions that a handler calls by name, for questions that their text answers.

A name means what its module defines under it, or what it imports from another file of the
application. What is called otherwise (methods of objects, what is handed over) is not found.
"""

from collections.abc import Iterator
from typing import Final

from stockade.analysis.code import ir
from stockade.analysis.code.languages import modules_of
from stockade.analysis.code.modules import ModuleCache, Modules
from stockade.analysis.handler_code import parsed, statements_of
from stockade.model import Application, Function, Handler, Location, Unknown, Unseen
from stockade.model.asked import noted
from stockade.model.record import record

_EXPORTS: Final = "exports"


@record(eq=False)
class Piece:
    """A function of the application, and the module that its names mean something in."""

    module: ir.Module
    body: ir.Block

    def at(self, span: ir.Span) -> Location:
        """Return the place of a piece of its code."""
        return self.module.file.at(*span)


class CalledCode:
    """The code of one function, as far as it is called by name."""

    def __init__(self, app: Application, function: Function, cache: ModuleCache) -> None:
        """Ask `cache` for the files: most were parsed when the handlers were run."""
        self._app = app
        self._function = function
        self._cache = cache
        self._modules: Modules | None = None

    def handler(self) -> Piece | None:
        """Return the function that Lambda calls, if it is found."""
        handler = self._function.handler
        if isinstance(handler, Unknown):
            return None
        module = parsed(handler, self._cache)
        if isinstance(module, Unseen):
            return None
        return _piece(module, handler.symbol)

    def called(self, call: ir.Call, within: Piece) -> Piece | None:
        """Return the application's own function that is called; None for all else."""
        match call.callee:
            case ir.Name(name=name):
                return self._named(name, within.module)
            case ir.Attribute(object=ir.Name(name=owner), name=member):
                for written, imported, level in _imports(within.module, owner):
                    if imported is None:
                        return self._member(written, level, member, within.module)
                return None
            case _:
                return None

    def _named(self, name: str, module: ir.Module) -> Piece | None:
        own = _piece(module, name)
        if own is not None:
            return own
        for written, member, level in _imports(module, name):
            if member is not None:
                return self._member(written, level, member, module)
        return None

    def _member(self, written: str, level: int, member: str, module: ir.Module) -> Piece | None:
        found = self._resolving().resolve(written, level, module.file)
        if not isinstance(found, ir.Module):
            return None
        if (asked := noted()) is not None:
            asked.paths.add(found.file.path)
        return _piece(found, member)

    def _resolving(self) -> Modules:
        if self._modules is None:
            handler = self._function.handler
            language = handler.language if isinstance(handler, Handler) else "python"
            modules = modules_of(language)
            self._modules = modules(self._app.sources, self._function.roots, self._cache)
        return self._modules


def _piece(module: ir.Module, name: str) -> Piece | None:
    """Return the function that a module defines, or exports, under a name."""
    body = statements_of(module.code.body, name)
    if not body:
        for entry in _exported(module):
            if isinstance(entry.key, ir.Const) and entry.key.value == name:
                match entry.value:
                    case ir.Closure(code=code):
                        body = code.body
                    case ir.Name(name=other):
                        body = statements_of(module.code.body, other)
                    case _:
                        pass
    return Piece(module, body) if body else None


def _exported(module: ir.Module) -> Iterator[ir.Entry]:
    """Yield the entries of `module.exports = { ... }`."""
    for statement in module.code.body:
        if isinstance(statement, ir.Assign) and isinstance(statement.value, ir.MapLiteral):
            for target in statement.targets:
                if isinstance(target, ir.AttributeTarget) and target.name == _EXPORTS:
                    yield from (
                        one for one in statement.value.entries if isinstance(one, ir.Entry)
                    )


def _imports(module: ir.Module, name: str) -> Iterator[tuple[str, str | None, int]]:
    """Yield the module that a name is imported from, and the member of it; None for all of it."""
    for statement in module.code.body:
        match statement:
            case ir.Import(name=bound) if bound == name and not statement.bind_top:
                yield statement.module, statement.member, statement.level
            case ir.Assign(targets=targets, value=ir.Call() as call):
                path = _required(call)
                for target in targets if path is not None else ():
                    yield from ((path or "", member, 0) for member in _bound(target, name))
            case _:
                pass


def _required(call: ir.Call) -> str | None:
    """Return the module that `require` is given."""
    if isinstance(call.callee, ir.Name) and call.callee.name == "require" and call.arguments:
        given = call.arguments[0].value
        return (
            given.value if isinstance(given, ir.Const) and isinstance(given.value, str) else None
        )
    return None


def _bound(target: ir.Target, name: str) -> Iterator[str | None]:
    """Yield what of a module is bound to a name."""
    match target:
        case ir.NameTarget(name=bound) if bound == name:
            yield None
        case ir.FieldsTarget(fields=fields):
            for field in fields:
                if isinstance(field.target, ir.NameTarget) and field.target.name == name:
                    key = field.key
                    if isinstance(key, ir.Const) and isinstance(key.value, str):
                        yield key.value
        case _:
            pass
