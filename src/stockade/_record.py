"""Small immutable classes that cost little to define, to make and to compare.

A scan of one small application is over in a fraction of a second, and `dataclasses` would spend
most of that on writing methods for some two hundred classes. `@record` writes one method, the
constructor; the others are shared. Type checkers treat it as a frozen dataclass, and it is they
that keep records from being changed.
"""

from collections.abc import Callable
from operator import attrgetter
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
    space = {
        name: value
        for name, value in cls.__dict__.items()
        if name not in ("__dict__", "__weakref__") and name not in names
    }
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    space["__slots__"] = names
    space["__match_args__"] = () if kw_only else names
    space["_fields"] = names
    space["__init__"] = _first_constructor(cls, names, defaults, kw_only=kw_only)
    space.setdefault("__repr__", _repr)
    if eq:
        space["_key"] = _key_of(names)
        space.setdefault("__eq__", _eq)
        space.setdefault("__hash__", _hash)
    made: Any = type(cls.__name__, cls.__bases__, space)
    made.__qualname__ = cls.__qualname__
    return cast("type[_Record]", made)


def _first_constructor(
    cls: type, names: tuple[str, ...], defaults: dict[str, object], *, kw_only: bool
) -> Callable[..., None]:
    """Return an `__init__` that puts the real one in its place when the first record is made.

    Half of the classes have no record in a small scan, and writing a constructor takes 0.1 ms.
    """

    def __init__(self: object, *args: object, **kwargs: object) -> None:  # noqa: N807
        made: Any = type(self)
        made.__init__ = _constructor(cls, names, defaults, kw_only=kw_only)
        made.__init__(self, *args, **kwargs)

    return __init__


def _constructor(
    cls: type, names: tuple[str, ...], defaults: dict[str, object], *, kw_only: bool
) -> Callable[..., None]:
    """Write `__init__`: assignments in a row are the fastest way to fill slots."""
    parameters = [f"{name}=_{name}" if name in defaults else name for name in names]
    star = ["*"] if kw_only and names else []
    space: dict[str, Any] = {f"_{name}": value for name, value in defaults.items()}
    lines = []
    for name in names:
        default = defaults.get(name)
        if isinstance(default, _Made):
            space[f"_make_{name}"], space[f"_{name}"] = default.factory, _UNSET
            lines.append(f" if {name} is _{name}: {name}=_make_{name}()")
        lines.append(f" self.{name}={name}")
    body = "\n".join(lines) or " pass"
    text = f"def __init__({','.join(['self', *star, *parameters])}):\n{body}"
    exec(text, space)  # noqa: S102 - the text is made of the names of fields alone
    made = cast("Callable[..., None]", space["__init__"])
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _key_of(names: tuple[str, ...]) -> object:
    """Return what gives a record's fields as one value, as a static member of its class."""
    return staticmethod(attrgetter(*names) if names else lambda _made: ())


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
