"""Class statements."""

from collections.abc import Iterator

from stockade.analysis.code import ir
from stockade.analysis.interpreter.core import Frame
from stockade.analysis.interpreter.expressions import Expressions
from stockade.analysis.interpreter.protocol import Arguments
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Bound,
    Function,
    HeapObject,
    Ref,
    Val,
)
from stockade.model.record import replace


class Classes(Expressions):
    """Makes classes of class statements."""

    def _define_class(self, statement: ir.DefineClass) -> bool:
        site = self.site(statement)
        bases = tuple(self.evaluate(base) for base in statement.bases)
        made = HeapObject("class", {}, None, None, statement.name, bases)
        value = self.allocate(site, made, statement.name)
        address = value.shapes[0].address if isinstance(value.shapes[0], Ref) else 0
        self.state.writes[address] = replace(made, entries=self._members(statement, address))
        for decorator in reversed(statement.decorators):
            maker = self.evaluate(decorator)
            if any(isinstance(shape, (Function, Bound)) for shape in maker.shapes):
                value = self.call(maker, Arguments([value]), site)
        self._bind(statement.name, value)
        return True

    def _members(self, statement: ir.DefineClass, address: int) -> dict[str | int, Val]:
        """Run the class's body, and return what it defines, in order."""
        frame = self.frame
        self._activations += 1
        scope = self._activations
        outer = frame.scopes[1:] if frame.defines is not None else frame.scopes
        body = Frame(
            statement.code, frame.file, scope, (scope, *outer), self.state, defines=address
        )
        self.frames.append(body)
        try:
            self.run(statement.code.body)
        finally:
            self.frames.pop()
        names = dict.fromkeys((*_declared(statement.code.body), *sorted(statement.code.locals)))
        return {
            name: member
            for name in names
            if (member := self.state.variable((scope, name))) is not None
        }

    def _declare(self, statement: ir.Declare) -> bool:
        """Keep the types of a class's fields, also of those without a value."""
        frame = self.frame
        if frame.defines is not None and isinstance(statement.target, ir.NameTarget):
            name = statement.target.name
            self.state.writes["field", frame.defines, name] = self.evaluate(statement.annotation)
            self.state.writes.setdefault((frame.scopes[0], name), UNKNOWN)
        return True


def _declared(block: ir.Block) -> Iterator[str]:
    """Yield the fields of a class in the order in which records are made of them."""
    for statement in block:
        match statement:
            case ir.Declare(target=ir.NameTarget(name=name)):
                yield name
            case ir.Assign(targets=(ir.NameTarget(name=name), *_)):
                yield name
            case _:
                pass
