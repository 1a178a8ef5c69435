"""The steps of findings, each with the author's own line."""

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from stockade.model import Finding, Report, Step
from stockade.reports.excerpt import Excerpts, marked
from stockade.reports.layout import HARM, MARK, Line, Piece, line
from stockade.reports.untrusted import shown
from stockade.reports.words import count, place

WORTH_SAVING = 3
"""Steps that two findings begin with, from which on the second only points at the first."""


class Proofs:
    """Tells the steps of one finding after the other, and what two begin with only once."""

    def __init__(self, report: Report, width: int) -> None:
        self._root = report.root
        self._width = width
        self._excerpts = Excerpts(report)
        self._told: list[tuple[Step, ...]] = []

    def lines(self, finding: Finding) -> Iterator[Line]:
        """Yield the steps: a line that says what happens where, then the source line."""
        steps = finding.match.because or (Step(finding.match.at, "here"),)
        known = self._known(steps)
        column = max(len(self._place(step)) for step in steps)
        if known:
            yield self._step(steps[0], column)
            yield line(Piece(f"  {'...':<{column}}  {count(known - 1, 'step')} as above", "dim"))
        new = steps[known:]
        for at, same_line in groupby(new, key=lambda step: (step.at.path, step.at.line)):
            places = []
            for step in same_line:
                places.append(step.at)
                yield self._step(step, column)
            text = self._excerpts.line(finding.application, *at)
            if text.strip():
                style = HARM if places[-1] is steps[-1].at else MARK
                yield line(Piece("    | ", "dim"), *marked(text, places, self._width, style))
        self._told.append(steps)

    def _known(self, steps: Sequence[Step]) -> int:
        """Count the first steps that an earlier finding told; the last one is always new."""
        shared = max((_shared(steps[:-1], told) for told in self._told), default=0)
        return shared if shared >= WORTH_SAVING else 0

    def _step(self, step: Step, column: int) -> Line:
        return line("  ", Piece(self._place(step).ljust(column), "place"), f"  {shown(step.note)}")

    def _place(self, step: Step) -> str:
        return shown(place(step.at, self._root))


def _shared(steps: Sequence[Step], told: Sequence[Step]) -> int:
    pairs = zip(steps, told, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
