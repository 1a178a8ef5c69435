"""The intermediate form: what code does, whatever language it was written in.

A tree, not a graph: blocks, branches and loops keep the author's structure, which is what the
interpreter walks. A front end (`python.py`) lowers a file to it, function by function and on
demand. What a language says in many ways is said here in one: decorators are calls, a `with`
is an assignment and a block, a comprehension is a loop that yields, `match` is a chain of
branches. What a front end cannot say is `Opaque`, which holds what flows in, and why.

Names are looked up as written: in the function's own locals, then in the functions around it,
then in the module, then in the language's builtins.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple, Self, TypeAlias

from stockade.model import SourceFile, Unseen
from stockade.model.record import record


class Span(NamedTuple):
    """A stretch of the code's text: lines and columns from 1, `end_column` past the last."""

    line: int
    column: int
    end_line: int
    end_column: int


# --- expressions -------------------------------------------------------------------------


@record(eq=False)
class Const:
    """A literal. `...` and other constants without use to the analysis are None."""

    value: str | bytes | int | float | bool | None
    span: Span


@record(eq=False)
class Name:
    """A variable, read."""

    name: str
    span: Span


@record(eq=False)
class Attribute:
    """`object.name`; in an optional chain, `object?.name`, too."""

    object: "Expression"
    name: str
    span: Span


@record(eq=False)
class Index:
    """`object[key]`."""

    object: "Expression"
    key: "Expression"
    span: Span


@record(eq=False)
class Slice:
    """`object[lower:upper]`: a part of the same thing. Bounds are None where not written."""

    object: "Expression"
    lower: "Expression | None"
    upper: "Expression | None"
    span: Span


class Spread(StrEnum):
    """How an argument or element is spread over its place."""

    NO = "no"
    ITEMS = "items"
    """`*x`, `...x` of an iterable."""
    ENTRIES = "entries"
    """`**x`, `...x` of an object."""


@record
class Argument:
    """One argument of a call. `name` is None for positional ones."""

    value: "Expression"
    name: str | None = None
    spread: Spread = Spread.NO


@record(eq=False)
class Call:
    """`callee(arguments)`; `new` for a construction that the syntax tells (`new X()`)."""

    callee: "Expression"
    arguments: tuple[Argument, ...]
    span: Span
    new: bool = False


@record(eq=False)
class Format:
    """A text put together in place: an f-string or template literal, constants included."""

    parts: tuple["Expression", ...]
    span: Span


@record(eq=False)
class Binary:
    """`left operator right`, with the operator as Python writes it."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span


@record(eq=False)
class Unary:
    """`operator operand`: `not`, `-`, `+`, `~`, `typeof`, `void`."""

    operator: str
    operand: "Expression"
    span: Span


@record(eq=False)
class Compare:
    """One comparison: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `not in`, `is`, `is not`.

    A chain `a < b < c` is a `Logical` of its comparisons.
    """

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span


@record(eq=False)
class Logical:
    """`and`, `or`, `??` over two or more operands, which give one of them as the result."""

    operator: str
    operands: tuple["Expression", ...]
    span: Span


@record(eq=False)
class Conditional:
    """`then if test else otherwise`."""

    test: "Expression"
    then: "Expression"
    otherwise: "Expression"
    span: Span


@record
class Element:
    """One element of a list literal."""

    value: "Expression"
    spread: Spread = Spread.NO


@record(eq=False)
class ListLiteral:
    """A list, tuple, set or array; `kind` is `"list"`, `"tuple"` or `"set"`."""

    kind: str
    elements: tuple[Element, ...]
    span: Span


@record
class Entry:
    """One entry of a map literal; `key` is None for a spread `**value`."""

    key: "Expression | None"
    value: "Expression"


@record(eq=False)
class MapLiteral:
    """A dictionary or object."""

    entries: tuple[Entry, ...]
    span: Span


@record
class Clause:
    """`for target in iterable if conditions` of a comprehension."""

    target: "Target"
    iterable: "Expression"
    conditions: tuple["Expression", ...]


@record(eq=False)
class Comprehension:
    """A list, set, map or generator made by loops; `kind` as of literals, or `"generator"`.

    `key` is set for maps only.
    """

    kind: str
    key: "Expression | None"
    element: "Expression"
    clauses: tuple[Clause, ...]
    span: Span


@record(eq=False)
class Closure:
    """A function that is made where this stands: a lambda, an inner function, a method."""

    code: "Code"
    span: Span


@record(eq=False)
class Assignment:
    """An assignment that is itself an expression: `(name := value)`."""

    target: "Target"
    value: "Expression"
    span: Span


@record(eq=False)
class Await:
    """`await value`."""

    value: "Expression"
    span: Span


@record(eq=False)
class Yield:
    """`yield value`; `each` for `yield from`. The generator's items are what it yields."""

    value: "Expression | None"
    each: bool
    span: Span


@record(eq=False)
class Opaque:
    """Something that the front end does not express, and the values that flow into it."""

    what: str
    inputs: tuple["Expression", ...]
    span: Span


Expression: TypeAlias = (
    Const
    | Name
    | Attribute
    | Index
    | Slice
    | Call
    | Format
    | Binary
    | Unary
    | Compare
    | Logical
    | Conditional
    | ListLiteral
    | MapLiteral
    | Comprehension
    | Closure
    | Assignment
    | Await
    | Yield
    | Opaque
)


# --- targets -----------------------------------------------------------------------------


@record(eq=False)
class NameTarget:
    """A variable, written."""

    name: str
    span: Span


@record(eq=False)
class AttributeTarget:
    """`object.name = ...`."""

    object: Expression
    name: str
    span: Span


@record(eq=False)
class IndexTarget:
    """`object[key] = ...`; `key` is None for a slice, which is written item by item."""

    object: Expression
    key: Expression | None
    span: Span


@record(eq=False)
class ItemsTarget:
    """`a, *b = ...`: one target per item; `rest` is the place of the starred one, if any."""

    targets: tuple["Target", ...]
    rest: int | None
    span: Span


@record
class Field:
    """One field of an object pattern: `{key: target = default}`."""

    key: Expression
    target: "Target"
    default: Expression | None = None


@record(eq=False)
class FieldsTarget:
    """`{a, b: c, ...rest} = ...`, also mapping and class patterns of `match`.

    `attributes` reads attributes instead of keys.
    """

    fields: tuple[Field, ...]
    rest: "Target | None"
    attributes: bool
    span: Span


Target: TypeAlias = NameTarget | AttributeTarget | IndexTarget | ItemsTarget | FieldsTarget


# --- statements --------------------------------------------------------------------------

Block: TypeAlias = tuple["Statement", ...]


@record(eq=False)
class Assign:
    """`target = value`. Several targets are several assignments of one evaluated value."""

    targets: tuple[Target, ...]
    value: Expression
    span: Span


@record(eq=False)
class Declare:
    """`target: annotation`: the type that the author gives a variable, a field of a class.

    Assigns nothing; where a value is written too, an `Assign` follows.
    """

    target: Target
    annotation: Expression
    span: Span


@record(eq=False)
class Update:
    """`target operator= value`: reads the target, then writes it."""

    target: Target
    operator: str
    value: Expression
    span: Span


@record(eq=False)
class Evaluate:
    """An expression for its effect."""

    value: Expression
    span: Span


@record(eq=False)
class Branch:
    """`if test: then else: otherwise`."""

    test: Expression
    then: Block
    otherwise: Block
    span: Span


@record(eq=False)
class ForEach:
    """A loop over the items of `iterable` (`keys`: over the keys of an object, `for ... in`)."""

    target: Target
    iterable: Expression
    body: Block
    otherwise: Block
    span: Span


@record(eq=False)
class While:
    """A loop on a condition; three-part loops are lowered to it."""

    test: Expression
    body: Block
    otherwise: Block
    span: Span


@record
class Catch:
    """An exception handler. `types` are the expressions that name what is caught, if any."""

    types: tuple[Expression, ...]
    target: Target | None
    body: Block
    span: Span


@record(eq=False)
class Try:
    """`try` with its handlers; `otherwise` runs where nothing was raised, `final` always."""

    body: Block
    catches: tuple[Catch, ...]
    otherwise: Block
    final: Block
    span: Span


@record(eq=False)
class Using:
    """`with value as target:`, one manager each; several are nested."""

    value: Expression
    target: Target | None
    body: Block
    span: Span


@record(eq=False)
class Return:
    """`return value`."""

    value: Expression | None
    span: Span


@record(eq=False)
class Raise:
    """`raise value`, `throw value`, and whatever else ends the function with an error."""

    value: Expression | None
    span: Span


@record(eq=False)
class Assert:
    """`assert test, message`: what follows runs only where it holds."""

    test: Expression
    span: Span
    message: Expression | None = None


@record(eq=False)
class Leave:
    """`break` or `continue`."""

    kind: str
    span: Span


@record(eq=False)
class Delete:
    """`del target`."""

    target: Target
    span: Span


@record(eq=False)
class Import:
    """Bind a module, or a member of it, to a name.

    `module` is dotted as the language writes it; `level` counts the leading dots of a relative
    import (Python), or is 0. `member` is None for the module itself, `"*"` for all its names.
    `import a.b` binds `a`: then `module` is `"a.b"`, `name` is `"a"` and `bind_top` is true.
    """

    module: str
    member: str | None
    name: str
    level: int
    bind_top: bool
    span: Span


@record(eq=False)
class DefineClass:
    """A class statement: its body is run in a scope of its own, when the class is made.

    `code` is that scope, without parameters; its locals become the attributes of the class.
    `arguments` are keyword arguments of the class statement, `decorators` the innermost last.
    """

    name: str
    bases: tuple[Expression, ...]
    code: "Code"
    decorators: tuple[Expression, ...]
    span: Span
    arguments: tuple[Argument, ...] = ()

    @property
    def body(self) -> Block:
        """The statements of the class."""
        return self.code.body


Statement: TypeAlias = (
    Assign
    | Declare
    | Update
    | Evaluate
    | Branch
    | ForEach
    | While
    | Try
    | Using
    | Return
    | Raise
    | Assert
    | Leave
    | Delete
    | Import
    | DefineClass
)


# --- code --------------------------------------------------------------------------------


@record
class Parameter:
    """A parameter of a function. `annotation` is the type as an expression, where written."""

    name: str
    default: Expression | None = None
    spread: Spread = Spread.NO
    keyword_only: bool = False
    annotation: Expression | None = None
    target: "Target | None" = None
    """Set where the parameter is a pattern that takes its argument apart."""


@record
class Body:
    """What a function does, and which names are its own. See `Code`."""

    block: Block
    locals: frozenset[str] = frozenset()
    globals: frozenset[str] = frozenset()
    is_generator: bool = False


class Bodies:
    """The bodies of a file, each lowered when it is first asked for.

    Code nested beyond the stack is opaque at its span and nothing worse.
    """

    __slots__ = ("entered",)

    def __init__(self) -> None:
        self.entered: set[Span] | None = None
        """Where is noted which bodies are asked for, while somebody wants to know."""

    def lazily(self, lower: Callable[[], Body], span: Span) -> "_Lowering":
        """Keep a body as the function that lowers it."""

        def guarded() -> Body:
            try:
                return lower()
            except RecursionError:
                return Body((Evaluate(Opaque("code nested too deeply", (), span), span),))

        return _Lowering(guarded, span, self)


class _Lowering:
    """A body that is lowered when it is first asked for, and kept."""

    __slots__ = ("_body", "_lower", "among", "span")

    def __init__(self, lower: Callable[[], Body], span: Span, among: Bodies) -> None:
        self._lower: Callable[[], Body] | None = lower
        self._body = Body(())
        self.span = span
        self.among = among

    def body(self) -> Body:
        if self._lower is not None:
            self._body, self._lower = self._lower(), None
        if self.among.entered is not None:
            self.among.entered.add(self.span)
        return self._body


@record(eq=False, kw_only=True)
class Code:
    """A function's code, or a module's (then `name` is `"<module>"` and it has no parameters).

    The body is lowered when it, or what follows from it, is first asked for: code that nothing
    reaches costs nothing.
    """

    name: str
    parameters: tuple[Parameter, ...]
    is_async: bool
    span: Span
    lowering: _Lowering

    @property
    def body(self) -> Block:
        """The statements."""
        return self.lowering.body().block

    @property
    def locals(self) -> frozenset[str]:
        """The names that are this function's own: its parameters, and what its body binds.

        Names declared `global` or `nonlocal` are not among them. Targets of comprehensions are
        a scope of their own: they are renamed (`item'`, deeper ones `item''`) and are here.
        """
        return self.lowering.body().locals

    @property
    def globals(self) -> frozenset[str]:
        """Names that the body declares to be the module's."""
        return self.lowering.body().globals

    @property
    def is_generator(self) -> bool:
        """Tell whether the body yields."""
        return self.lowering.body().is_generator


class Entered:
    """The functions whose bodies are asked for while this is open, module bodies among them.

    Of the files that it is told to watch.
    """

    def __init__(self) -> None:
        self._noted: dict[Bodies, set[Span]] = {}
        self._before: dict[Bodies, set[Span] | None] = {}

    def __enter__(self) -> Self:
        """Note them from now on."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Note no more."""
        for bodies, before in self._before.items():
            bodies.entered = before

    def watch(self, module: "Module") -> None:
        """Note what is entered of a module."""
        bodies = module.code.lowering.among
        if bodies not in self._noted:
            self._before[bodies] = bodies.entered
            self._noted[bodies] = bodies.entered = set()

    def of(self, module: "Module") -> frozenset[Span]:
        """Return where those of a module stand."""
        return frozenset(self._noted.get(module.code.lowering.among, ()))


def is_whole_file(file: SourceFile) -> bool:
    """Tell whether a text is a file of its own, and not a part of a template."""
    return (file.first_line, file.first_column, file.folded) == (1, 1, None)


WHOLE_FILE: Final = Span(1, 1, 0, 0)
"""Where the code of a module stands that is a file: no line of it."""


def place_of(file: SourceFile, whole: Span) -> Span:
    """Return where the code of a module stands: the file, or all lines of a part of one."""
    return WHOLE_FILE if is_whole_file(file) else whole


@record(eq=False)
class Module:
    """One file of code. Its names are the locals of its code."""

    file: SourceFile
    code: Code
    language: str
    """`"python"` or `"javascript"`."""
    unseen: tuple[Unseen, ...] = ()
    """Pieces of it that could not be parsed, where the rest could."""
