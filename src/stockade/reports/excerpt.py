"""The author's own line for a place, with the stretch that matters marked."""

from collections.abc import Iterable, Sequence

from stockade.model import Location, Report, Sources, Unknown
from stockade.reports.layout import MARK, Line, Piece
from stockade.reports.untrusted import shown

WIDTH = 96
"""Characters of a source line that are shown; more is cut."""

CUT = "…"

SHOWN = 4
"""Characters of a secret that are shown, so that it is found again."""

LONGEST = 1000
"""Characters of a line after which no secret goes on."""


class Excerpts:
    """The source lines of a report, each file split once."""

    def __init__(self, report: Report) -> None:
        self._sources: dict[str, Sources] = {app.name: app.sources for app in report.applications}
        self._lines: dict[tuple[str, str], Sequence[str]] = {}
        self._hidden = _hidden(report)

    def line(self, application: str, path: str, number: int) -> str:
        """Return a line of one of the application's files, or nothing if it cannot be had."""
        key = (application, path)
        if key not in self._lines:
            self._lines[key] = self._read(application, path)
        lines = self._lines[key]
        text = lines[number - 1] if 0 < number <= len(lines) else ""
        for first, end in self._hidden.get((path, number), ()):
            last = min(end, len(text))
            text = f"{text[:first]}{'*' * (last - first)}{text[last:]}"
        return text

    def _read(self, application: str, path: str) -> Sequence[str]:
        sources = self._sources.get(application)
        file = sources.read(path) if sources is not None and path else None
        # Only what ends a line for the readers of templates and code ends one here.
        if file is None or isinstance(file, Unknown):
            return ()
        return file.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _hidden(report: Report) -> dict[tuple[str, int], list[tuple[int, int]]]:
    """Return which stretches of which lines are secrets, all but their first characters."""
    found: dict[tuple[str, int], list[tuple[int, int]]] = {}
    findings = (*report.findings, *(ignored.finding for ignored in report.ignored))
    for match in (one for finding in findings for one in (finding.match, *finding.elsewhere)):
        for at in match.hides:
            end = at.end_column - 1 if at.end_line == at.line else at.column + LONGEST
            first = at.column - 1
            stretch = (first + min(SHOWN, (end - first) // 4), end)
            found.setdefault((at.path, at.line), []).append(stretch)
            for number in range(at.line + 1, at.end_line + 1):
                found.setdefault((at.path, number), []).append((0, LONGEST))
    return found


def marked(text: str, places: Iterable[Location], width: int = WIDTH, style: str = MARK) -> Line:
    """Return the source line in pieces, indentation left out, the places in it in `style`.

    A line wider than `width` is cut around the first place.
    """
    path = next((at.path for at in places), "")
    stretches = [_stretch(text, at) for at in places if at.end_line]
    indent = len(text) - len(text.lstrip())
    start, end = _window(stretches, indent, len(text.rstrip()), width)
    safe = shown(text, path)
    pieces = [Piece(CUT, "source")] if start > indent else []
    at = start
    for first, last in sorted(stretches):
        left, right = max(first, at), min(last, end)
        if left < right:
            pieces += [Piece(safe[at:left], "source"), Piece(safe[left:right], style)]
            at = right
    pieces.append(Piece(safe[at:end], "source"))
    if end < len(text.rstrip()):
        pieces.append(Piece(CUT, "source"))
    return tuple(piece for piece in pieces if piece.text)


def _stretch(text: str, at: Location) -> tuple[int, int]:
    """Return where the place begins and ends in its first line, counted from 0."""
    end = at.end_column - 1 if at.end_line == at.line else len(text.rstrip())
    return at.column - 1, min(end, len(text.rstrip()))


def _window(
    stretches: Sequence[tuple[int, int]], indent: int, length: int, width: int
) -> tuple[int, int]:
    """Choose which part of a long line is shown: its beginning, if the marks are there."""
    if length - indent <= width:
        return indent, length
    first, last = min(stretches, default=(indent, indent))
    if last - indent <= width:
        return indent, indent + width
    start = max(indent, min(first - width // 4, length - width))
    return start, min(length, start + width)
