"""What was made anew and says the same is known by what it says and by where it says it."""

import pytest

from stockade.model import Function, List, Location, Map, Scalar, Unknown, Value
from stockade.model.sameness import kept, kept_of, kept_parts, same


def scalar(value: str | float, line: int = 1) -> Scalar:
    """Return a scalar in a line."""
    return Scalar(value, Location("a.yaml", line, 1, line, 2))


def mapping(entries: dict[str, Value], line: int = 1) -> Map:
    """Return a map in a line, with its keys there."""
    at = Location("a.yaml", line)
    return Map(entries, at, dict.fromkeys(entries, at))


def function(name: str, line: int) -> Function:
    """Return a function of which nothing is known."""
    at = Location("a.yaml", line)
    nothing = Unknown("it is a test", at)
    return Function(
        id=name,
        at=at,
        runtime="python3.13",
        handler=nothing,
        roots=(),
        environment={},
        role=nothing,
    )


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        (scalar("a"), scalar("a"), True),
        (scalar("a"), scalar("b"), False),
        (scalar("a"), scalar("a", 2), False),
        (scalar(1), scalar(value=True), False),
        (scalar(1), scalar(1.0), False),
        (scalar("a"), Unknown("a", scalar("a").at), False),
        (mapping({"a": scalar("x")}), mapping({"a": scalar("x")}), True),
        (mapping({"a": scalar("x")}), mapping({"a": scalar("y")}), False),
        (mapping({"a": scalar("x")}), mapping({"b": scalar("x")}), False),
        (
            mapping({"a": scalar("x"), "b": scalar("x")}),
            mapping({"b": scalar("x"), "a": scalar("x")}),
            False,
        ),
        (List((scalar("a"),), Location("a.yaml", 1)), List((), Location("a.yaml", 1)), False),
        (frozenset({"a"}), frozenset({"a"}), True),
    ],
)
def test_two_things_are_the_same_if_they_say_so_at_the_same_places(
    one: object, other: object, *, are_same: bool
) -> None:
    """Kinds, values, the order of entries and every place count."""
    assert same(one, other) is are_same


def test_old_objects_stay_where_nothing_is_different() -> None:
    """Of a mapping the entries that say the same are the old ones; all of it if all do."""
    old = {"A": function("A", 1), "B": function("B", 5)}
    equal = {"A": function("A", 1), "B": function("B", 5)}
    moved = {"A": function("A", 1), "B": function("B", 6)}

    assert kept(old["A"], equal["A"]) is old["A"]
    assert kept_of(old, equal) is old
    merged = kept_of(old, moved)
    assert merged["A"] is old["A"]
    assert merged["B"] is moved["B"]
    assert list(kept_of(old, {"B": old["B"], "A": old["A"]})) == ["B", "A"]


def test_a_record_keeps_its_parts() -> None:
    """A record of which nothing is different is the old one; else its other parts are."""
    old, equal, moved = (
        List((scalar("a"), scalar("b", line)), Location("a.yaml", 1)) for line in (2, 2, 3)
    )

    assert kept_parts(old, equal) is old
    assert kept_parts(old, moved).items is moved.items
    assert kept_parts(old, moved).at is old.at


def test_what_is_nested_too_deep_to_compare_counts_as_different() -> None:
    """No depth makes the comparison fail."""

    def deep() -> Value:
        value: Value = scalar("a")
        for _ in range(100_000):
            value = List((value,), value.at)
        return value

    assert not same(deep(), deep())
