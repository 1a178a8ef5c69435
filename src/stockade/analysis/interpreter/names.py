"""Names: variables in their scopes, modules, and what an import binds."""

from stockade.analysis.code import ir
from stockade.analysis.code.modules import ExternalModule, Found
from stockade.analysis.interpreter.core import Core, Frame
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Anything,
    ModuleShape,
    Val,
    const,
    external,
)
from stockade.analysis.libraries import renamed


class Names(Core):
    """Looks names up, binds them, and loads modules."""

    def module_scope(self, path: str) -> int:
        """Return the scope that holds the names of the module in this file."""
        return self._scopes.setdefault(path, -1 - len(self._scopes))

    def enter(self, module: ir.Module) -> None:
        """Stand at the module's end, where Lambda calls the handler from."""
        scope = self.module_scope(module.file.path)
        self.frames.append(Frame(module.code, module.file, 0, (scope,), self.state))

    def load(self, module: ir.Module) -> Val:
        """Run a module's own code once, and return the module."""
        known = module.file.path in self._scopes
        scope = self.module_scope(module.file.path)
        value = Val((ModuleShape(scope, module.file.path),))
        if known:
            return value
        frame = Frame(module.code, module.file, 0, (scope,), self.state)
        self._activations += 1
        frame.number = -self._activations
        self.state.writes[scope, "__name__"] = const(module.file.path)
        self.frames.append(frame)
        try:
            self.run(module.code.body)
        finally:
            self.frames.pop()
        return value

    def _name(self, expression: ir.Name) -> Val:
        return self._look_up(expression.name)

    def _look_up(self, name: str) -> Val:
        value = self._bound(name)
        if value is not None:
            return value
        return external(renamed.BUILTINS.get(name) or f"builtins.{name}")

    def _bound(self, name: str) -> Val | None:
        """Return what a name is bound to in the nearest scope that has it, if one does."""
        frame = self.frames[-1]
        scopes = frame.scopes
        if (
            len(scopes) > 1
            and name not in frame.body.locals
            and name not in frame.also_bound
            and frame.defines is None
        ):
            # Most names are the module's: a function's own scope need not be asked for them.
            scopes = scopes[1:]
        variable = self.state.variable
        for scope in scopes:
            value = variable((scope, name))
            if value is not None:
                return value
        return None

    def _scope_for(self, name: str) -> int:
        """Return the scope that an assignment to `name` writes to."""
        frame = self.frames[-1]
        if name in frame.body.globals:
            return frame.scopes[-1]
        if name in frame.body.locals or len(frame.scopes) == 1:
            return frame.scopes[0]
        for scope in frame.scopes[1:]:
            if self.state.variable((scope, name)) is not None:
                return scope
        frame.also_bound.add(name)
        return frame.scopes[0]

    def _import(self, statement: ir.Import) -> bool:
        found = self.modules.resolve(statement.module, statement.level, self.frame.file)
        value = self._found(found, statement.module)
        if statement.member == "*":
            self._import_all(value)
            return True
        if statement.member is not None:
            value = self.attribute(value, statement.member, self.site(statement))
        elif statement.bind_top and "." in statement.module:
            top = statement.module.partition(".")[0]
            library = isinstance(found, ExternalModule)
            value = external(top) if library else self._import_top(statement, value)
        self._bind(statement.name, value)
        return True

    def _import_all(self, value: Val) -> None:
        """`from module import *`: bind every name that is bound there so far."""
        for shape in value.shapes:
            if isinstance(shape, ModuleShape):
                for name, content in self.state.names_in(shape.scope):
                    if not name.startswith("_"):
                        self._bind(name, content)

    def _import_top(self, statement: ir.Import, inner: Val) -> Val:
        """`import a.b` binds `a`, in which `b` is found."""
        names = statement.module.split(".")
        value = inner
        for end in range(len(names) - 1, 0, -1):
            package = ".".join(names[:end])
            outer = self.modules.resolve(package, 0, self.frame.file)
            holder = self._found(outer, package)
            for shape in holder.shapes:
                if isinstance(shape, ModuleShape):
                    self.state.writes[shape.scope, names[end]] = value
            value = holder
        return value

    def _bind(self, name: str, value: Val) -> None:
        self.state.writes[self._scope_for(name), name] = value

    def _submodule(self, path: str, name: str) -> Val:
        """Find a module of a package of which no statement said `import`."""
        found = self.modules.submodule(path, name)
        return UNKNOWN if found is None else self._found(found, name)

    def _found(self, found: Found, name: str) -> Val:
        """Return the value of what an import found."""
        match found:
            case ir.Module():
                return self.load(found)
            case ExternalModule():
                self.externals.deployed.load(self.state, found.name)
                return external(renamed.MODULES.get(found.name, found.name))
            case _:
                return Val((Anything(f"the module {name} was not read"),))
