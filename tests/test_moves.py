"""Places follow the lines in which they were written, as files are edited."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.analysis.code.ir import Span
from stockade.analysis.interpreter.protocol import Site
from stockade.analysis.interpreter.values import Node
from stockade.model import List, Location, Map, Scalar, SourceFile
from stockade.model.memory import Memory
from stockade.model.moves import MOST_STEPS, Moves, mentions

TEXT = "a\nb\nc\nd\n"


def place(line: int, end: int = 0, path: str = "a.yaml") -> Location:
    """Return a place that begins and ends in these lines."""
    return Location(path, line, 3, end or line, 5)


def edited(*texts: str) -> Moves:
    """Return the moves of one file that had these texts one after the other."""
    moves = Moves()
    for before, after in pairwise(texts):
        moves.edited([("a.yaml", before, after)])
    return moves


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        ("new\n" + TEXT, [2, 3, 4, 5]),
        ("a\nb\nnew\nnew\nc\nd\n", [1, 2, 5, 6]),
        ("a\nd\n", [1, None, None, 2]),
        ("a\nB\nc\nd\n", [1, None, 3, 4]),
        ("a\nb more\nc\nd\n", [1, None, 3, 4]),
        ("a\nmore b\nc\nd\n", [1, None, 3, 4]),
        ("a\nb\nb\nc\nd\n", [1, 2, 4, 5]),
        (TEXT + "e\n", [1, 2, 3, 4]),
        ("", [None, None, None, None]),
        ("new\r" + TEXT, [None, None, None, None]),
        ("new\u2028" + TEXT, [None, None, None, None]),
    ],
)
def test_lines_are_found_again(after: str, lines: list[int | None]) -> None:
    """What stands above an edit stays, what stands below moves, what was edited is lost."""
    since = edited(TEXT, after).since(0)
    for line, now in enumerate(lines, start=1):
        if now is None:
            with pytest.raises(LookupError):
                since.place(place(line))
        else:
            assert since.place(place(line)) == place(now)


@given(
    before=st.text("ab\n", max_size=12),
    after=st.text("ab\n", max_size=12),
)
def test_a_line_is_taken_for_no_other(before: str, after: str) -> None:
    """Where a line is said to be, there it is, and the order of lines stays."""
    old, new = before.split("\n"), after.split("\n")
    since, found = edited(before, after).since(0), [0]
    for number, line in enumerate(old, start=1):
        try:
            at = since.place(place(number))
        except LookupError:
            continue
        assert new[at.line - 1] == line
        assert at.line > found[-1]
        found.append(at.line)


def test_edits_add_up_from_any_time_on() -> None:
    """Results of different times are brought to the same place."""
    moves = edited(TEXT, "x\n" + TEXT, "x\ny\n" + TEXT)

    assert moves.since(0).place(place(1, 4)) == place(3, 6)
    assert moves.since(1).place(place(2, 5)) == place(3, 6)
    assert not moves.since(2)
    assert moves.since(0).place(place(1, path="b.yaml")) == place(1, path="b.yaml")


def test_what_is_too_long_ago_is_lost() -> None:
    """Only so many edits of a file are kept; one whose old text is not known is lost at once."""
    texts = ["x\n" * number + TEXT for number in range(MOST_STEPS + 2)]
    moves = edited(*texts)
    with pytest.raises(LookupError):
        moves.since(0).place(place(1))
    assert moves.since(2).place(place(3)) == place(len(texts))

    moves.edited([("a.yaml", None, None)])
    with pytest.raises(LookupError):
        moves.since(moves.now - 1).place(place(1))


def test_things_that_only_moved_are_told_from_those_that_changed() -> None:
    """Values, kinds and order must be what they were, and each place where its line went."""

    def thing(line: int, value: object = "x", second: int = 0) -> Map:
        inner = Scalar(value, place(second or line + 1))  # type: ignore[arg-type]
        items = List((inner,), place(line, second or line + 1))
        return Map({"a": items}, place(line), {"a": place(line)})

    since = edited(TEXT, "new\n" + TEXT).since(0)

    assert since.only_moved(thing(1), thing(2))
    assert not since.only_moved(thing(1), thing(1))
    assert not since.only_moved(thing(1), thing(2, "y"))
    assert not since.only_moved(thing(1, 1), thing(2, value=True))
    assert not since.only_moved(thing(1), thing(2, second=4))


def test_a_thing_is_made_anew_at_its_places() -> None:
    """What holds no place that moved stays the same object; what cannot be told is lost."""
    since = edited(TEXT, "a\nnew\nb\nc\nd\n").since(0)
    above, below = Scalar("x", place(1)), Scalar("y", place(2))
    moved = since.moved(List((above, below, below), place(1, 3)))

    assert moved.items[0] is above
    assert moved.items[1].at == place(3)
    assert moved.items[1] is moved.items[2]
    assert moved.at == place(1, 4)
    with pytest.raises(LookupError):
        since.moved((object(),))


def test_a_result_is_used_again_where_its_places_went() -> None:
    """What moves is not worked out again, unless it was made of something else, too."""
    memory, done = Memory(), []

    def recalled(at: Location, value: str = "x") -> Scalar:
        def work(_asked: object) -> Scalar:
            done.append(value)
            return Scalar(value, at)

        return memory.recall("name", (Scalar(value, at),), work, moves=True)

    recalled(place(1))
    memory.edited([("a.yaml", TEXT, "new\n" + TEXT)])
    assert recalled(place(2)).at == place(2)
    memory.edited([("b.yaml", TEXT, "new\n" + TEXT)])
    memory.edited([("a.yaml", "new\n" + TEXT, "new\nnew\n" + TEXT)])
    assert recalled(place(3)).at == place(3)
    assert done == ["x"]

    recalled(place(3), "y")
    assert done == ["x", "y"]


def test_parts_that_speak_of_no_edited_file_stay() -> None:
    """Of a long result only what has a place in an edited file is looked through."""
    here, there = Scalar("x", place(2)), Scalar("y", place(2, path="b.yaml"))
    result = ((here,), (there,))
    known = mentions(result)

    assert known == (frozenset({"a.yaml"}), frozenset({"b.yaml"}))
    moved = edited(TEXT, "new\n" + TEXT).since(0).moved(result, known)
    assert moved[0][0].at == place(3)
    assert moved[1][0] is there


def test_a_place_that_is_the_whole_file_stays() -> None:
    """What is said of a file is said of it wherever its lines went."""
    whole = Location("a.yaml", 1)

    assert edited(TEXT, "new\n" + TEXT).since(0).place(whole) == whole


def test_places_of_code_move_with_its_lines() -> None:
    """Sites and steps of data are told by file and span, code in a template by its first line."""
    since = edited(TEXT, "new\n" + TEXT).since(0)
    inline, file = SourceFile("a.yaml", "x\ny", 3, 5), SourceFile("a.yaml", TEXT)
    now, site = SourceFile("a.yaml", "x\ny", 4, 5), Site(file, Span(2, 1, 2, 2))
    step = Node(1, Node(0, None, file, Span(1, 1, 1, 2), "reads it"), file, Span(3, 1, 3, 2), "")

    assert since.only_moved(inline, now)
    assert not since.only_moved(inline, inline.at(1, 1, 1, 1))
    assert not since.only_moved(inline, SourceFile("a.yaml", "x\ny", 3, 6))
    assert since.moved(site).location() == Location("a.yaml", 3, 1, 3, 2)
    assert since.only_moved(site, since.moved(site))
    moved = since.moved(step)
    assert (moved.location, moved.parent.location) == (
        Location("a.yaml", 4, 1, 4, 2),
        Location("a.yaml", 2, 1, 2, 2),
    )
    assert since.only_moved(step, moved)
    assert not since.only_moved(step, step.parent)
    assert not since.only_moved(step, Node(1, None, None, Span(1, 1, 1, 1), ""))


def test_moves_of_two_times_follow_each_other() -> None:
    """What was kept from before is brought to where it is now, however often lines moved."""
    moves = edited(TEXT, "x\n" + TEXT)
    first = moves.since(0)
    moves.edited([("a.yaml", "x\n" + TEXT, "x\ny\n" + TEXT), ("b.yaml", "a\n", "\na\n")])
    both = moves.since(1).following(first)

    assert both.place(place(1)) == place(3)
    assert both.place(place(1, path="b.yaml")) == place(2, path="b.yaml")
    assert not both.is_nowhere()
    assert moves.since(1).following(None).place(place(2)) == place(3)
    assert edited(TEXT, "a\nB\nc\nd\n").since(0).is_nowhere()
    many = edited(*("x\n" * number + TEXT for number in range(MOST_STEPS // 2 + 1))).since(0)
    with pytest.raises(LookupError):
        many.following(many)
