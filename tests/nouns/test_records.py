"""Records: what `@record` makes of a class."""

import copy
import pickle

import pytest

from stockade.model.record import field, fields, record, replace


@record
class Point:
    """A record whose fields are told by place or by name."""

    x: int
    y: int = 0
    names: list[str] = field(default_factory=list)


@record(kw_only=True)
class Named:
    """A record whose fields are told by name alone; the last need not be."""

    first: str
    last: str = "none"
    middle: str


@record(kw_only=True)
class Lists:
    """A record of one list."""

    items: list[int] = field(default_factory=list)


@record(eq=False)
class Thing:
    """A record that equals only itself."""

    name: str


@record
class Empty:
    """A record without fields."""


@record
class Pair:
    """A record of as many fields as `Other`."""

    left: int
    right: int = 2


@record
class Other:
    """A record of as many fields as `Pair`."""

    up: int
    down: int = 3


def test_fields_are_given_by_place_or_name_and_have_defaults() -> None:
    """A record takes its fields as a function takes its arguments."""
    assert (Point(1).x, Point(1).y, Point(1, 2).y, Point(y=3, x=1).y) == (1, 0, 2, 3)
    assert repr(Point(1)) == "Point(x=1, y=0, names=[])"
    assert fields(Point) == ("x", "y", "names")


def test_fields_by_name_alone_may_stand_in_any_order() -> None:
    """With `kw_only` a field with a default may stand before one without."""
    made = Named(middle="B", first="A")

    assert (made.first, made.middle, made.last) == ("A", "B", "none")
    with pytest.raises(TypeError, match=r"Named\.__init__\(\) takes 1 positional argument"):
        Named("A", middle="B")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'middle'"):
        Named(first="A")  # type: ignore[call-arg]


def test_what_a_factory_makes_is_not_shared() -> None:
    """Two records do not hold the same list."""
    one, other = Lists(), Lists()
    one.items.append(1)

    assert other.items == []
    assert Point(1).names is not Point(1).names


def test_records_of_as_many_fields_keep_their_own_names_and_defaults() -> None:
    """Constructors of one shape do not take each other's names."""
    assert (Pair(1).left, Pair(1).right) == (1, 2)
    assert (Other(1).up, Other(1).down) == (1, 3)
    with pytest.raises(TypeError, match=r"Other\.__init__\(\) missing .* 'up'"):
        Other()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'left'"):
        Other(left=1)  # type: ignore[call-arg]


def test_records_are_equal_by_kind_and_fields() -> None:
    """Two records are one where their class and all fields are; with `eq=False`, never."""
    assert Pair(1) == Pair(1, 2) != Pair(2)
    assert len({Pair(1), Pair(1, 2), Other(1, 2)}) == 2
    assert Empty() == Empty()
    assert Thing("a") != Thing("a")


def test_records_that_no_constructor_made_are_equal_too() -> None:
    """A copy compares like what it was copied from."""
    made = Other(1)

    assert copy.copy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - our own
    assert replace(made, down=4) == Other(1, 4)
