"""Small immutable classes that cost little to define, to make and to compare.

A scan of one small application is over in a fraction of a second, and `dataclasses` would spend
most of that on writing methods for some two hundred classes. `@record` writes one method, the
constructor; the others are shared. Type checkers treat it as a frozen dataclass, and it is they
that keep records from being changed.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, TypeVar, cast, dataclass_transform, overload

_Record = TypeVar("_Record")
_Field = TypeVar("_Field")

_UNSET = object()


class _Made:
    """A default that is made anew for each record."""

    __slots__ = ("factory",)

    def __init__(self, factory: Callable[[], object]) -> None:
        self.factory = factory


def field(*, default_factory: Callable[[], _Field]) -> _Field:
    """Give a field a default that is made for each record: an empty list, a dictionary."""
    return cast("_Field", _Made(default_factory))


@overload
def record(cls: type[_Record], /) -> type[_Record]: ...
@overload
def record(
    *, eq: bool = True, kw_only: bool = False
) -> Callable[[type[_Record]], type[_Record]]: ...
@dataclass_transform(frozen_default=True, eq_default=True, field_specifiers=(field,))
def record(
    cls: type[_Record] | None = None, /, *, eq: bool = True, kw_only: bool = False
) -> type[_Record] | Callable[[type[_Record]], type[_Record]]:
    """Make a slotted class of the annotations of `cls`, as `dataclass(frozen=True)` would.

    Defaults are shared, so what can change is made by `field(default_factory=...)`. With
    `eq=False` records are compared and hashed by identity; otherwise by their type and fields. A
    record does not inherit fields.
    """
    if cls is None:
        return lambda made: _make(made, eq=eq, kw_only=kw_only)
    return _make(cls, eq=eq, kw_only=kw_only)


def fields(made: object) -> tuple[str, ...]:
    """Return the names of a record's fields, in order."""
    names: tuple[str, ...] = cast("Any", made)._fields
    return names


def replace(made: _Record, **changes: object) -> _Record:
    """Return a copy of a record with some fields changed."""
    values = {name: getattr(made, name) for name in fields(made)}
    values.update(changes)
    return type(made)(**values)


def _make(cls: type[_Record], *, eq: bool, kw_only: bool) -> type[_Record]:
    names = tuple(cls.__annotations__)
    space = dict(cls.__dict__)
    defaults = {name: space.pop(name) for name in names if name in space}
    space.pop("__dict__", None)
    space.pop("__weakref__", None)
    space["__qualname__"] = cls.__qualname__
    space["__slots__"] = space["_fields"] = names
    space["__match_args__"] = () if kw_only else names
    space["_defaults"] = defaults
    space["__init__"] = _first_init
    space.setdefault("__repr__", _repr)
    if eq:
        space["_key"] = _FIRST_KEY
        space.setdefault("__eq__", _eq)
        space.setdefault("__hash__", _hash)
    made: Any = type(cls.__name__, cls.__bases__, space)
    return cast("type[_Record]", made)


def _first_init(self: object, *args: object, **kwargs: object) -> None:
    """Put the real constructor in its place when the first record of a class is made.

    Half of the classes have no record in a small scan.
    """
    made: Any = type(self)
    made.__init__ = _constructor(made)
    made.__init__(self, *args, **kwargs)


def _constructor(made: Any) -> FunctionType:  # noqa: ANN401 - a class of records
    """Return `__init__`: assignments in a row are the fastest way to fill slots."""
    names, defaults = made._fields, made._defaults  # noqa: SLF001 - its own members
    factories = {name: one.factory for name, one in defaults.items() if isinstance(one, _Made)}
    defaults = {**defaults, **dict.fromkeys(factories, _UNSET)}
    code = _compiled(names, factories) if factories else _renamed(names)
    used = {f"_make_{name}": factory for name, factory in factories.items()}
    init = FunctionType(code, {**used, "_unset": _UNSET})
    init.__qualname__ = f"{made.__qualname__}.__init__"
    if made.__match_args__ != names:
        # Fields that no place tells are those that only a name can give.
        init.__code__ = code.replace(co_argcount=1, co_kwonlyargcount=len(names))
        init.__kwdefaults__ = defaults
    else:
        init.__defaults__ = tuple(defaults.values())
    return init


def _renamed(names: tuple[str, ...]) -> CodeType:
    """Return the code of a constructor from one that was compiled for as many other names.

    It takes the same steps, only the names differ, and compiling takes twenty times as long.
    """
    code = _PLAIN.get(len(names))
    if code is None:
        code = _PLAIN[len(names)] = _compiled([f"field{nth}" for nth in range(len(names))])
    return code.replace(co_varnames=("self", *names), co_names=names)


_PLAIN: dict[int, CodeType] = {}
"""What `_renamed` starts from, by the number of fields."""


def _compiled(names: Iterable[str], made_anew: Iterable[str] = ()) -> CodeType:
    """Compile a constructor that takes each field by its place or its name."""
    lines = [f" if {name} is _unset: {name}=_make_{name}()" for name in made_anew]
    lines += [f" self.{name}={name}" for name in names]
    body = "\n".join(lines) or " pass"
    text = f"def __init__({','.join(['self', *names])}):\n{body}"
    module = compile(text, "<record>", "exec")
    return next(one for one in module.co_consts if isinstance(one, CodeType))


def _first_key(record: Any) -> object:  # noqa: ANN401 - shared by all records
    """Return a record's fields as one value; the next of its class are read without this step."""
    names = fields(record)
    key = attrgetter(*names) if names else lambda _record: ()
    type(record)._key = staticmethod(key)  # noqa: SLF001
    return key(record)


_FIRST_KEY = staticmethod(_first_key)


def _repr(self: Any) -> str:  # noqa: ANN401 - shared by all records
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
    return f"{type(self).__name__}({shown})"


def _eq(self: Any, other: Any) -> Any:  # noqa: ANN401
    if self is other:
        return True
    if type(self) is not type(other):
        return NotImplemented
    return self._key(self) == self._key(other)


def _hash(self: Any) -> int:  # noqa: ANN401
    return hash((type(self), self._key(self)))
