"""Source lines with their marks, wherever places may point."""

from hypothesis import given
from hypothesis import strategies as st
from sample_report import application, finding, report

from stockade.model import Location, Step
from stockade.reports import json, sarif
from stockade.reports.excerpt import marked
from stockade.reports.layout import MARK, coloured, plain
from stockade.reports.terminal import Style, lines, render
from stockade.reports.untrusted import shown

NUMBERS = st.integers(0, 300)
PLACES = st.builds(Location, st.sampled_from(["app.py", ""]), NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@given(st.text(max_size=400), st.lists(PLACES, max_size=4), st.integers(8, 120))
def test_marks_lose_and_add_nothing(text: str, places: list[Location], width: int) -> None:
    """Whatever is marked, the pieces are the line, cut to its width."""
    pieces = marked(text, places, width)
    told = "".join(piece.text for piece in pieces)

    assert told.strip("…") in shown(text)
    assert len(told) <= width + 2


@given(st.integers(0, 150), st.integers(1, 60))
def test_a_mark_is_what_the_place_says(start: int, length: int) -> None:
    """The marked piece is the stretch of the place, also in a line that is cut."""
    text = "x" * start + "(" + "y" * length + ")" + "z" * 200
    at = Location("app.py", 1, start + 2, 1, start + 2 + length)
    pieces = marked(text, [at], 80)

    assert [piece.text for piece in pieces if piece.style == MARK] == ["y" * length]


@given(st.text(max_size=200), st.lists(PLACES, min_size=1, max_size=5), st.text(max_size=40))
def test_any_finding_can_be_told(code: str, places: list[Location], note: str) -> None:
    """No place and no text of a finding stops a report, and nothing of it steers a terminal."""
    app = application({"app.py": code})
    odd = finding(at=places[0], because=tuple(Step(at, note) for at in places), message=note)
    shown_report = report(odd, applications=(app,))

    for text in (render(shown_report), plain(lines(shown_report, Style(full=True, width=20)))):
        assert "\x1b" not in text
    assert coloured(lines(shown_report, Style())).count("\n") >= 3
    assert json.render(shown_report).isascii()
    assert sarif.render(shown_report).isascii()
