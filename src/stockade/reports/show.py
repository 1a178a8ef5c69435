"""Tables of `stockade show` as text and as JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence

from stockade.model import Exposure
from stockade.reports.layout import Line, Piece, line
from stockade.reports.tables import Row, View
from stockade.reports.untrusted import redacted, shown
from stockade.reports.words import code

_EXPOSURES = [code(exposure) for exposure in Exposure]

WIDEST = 60
"""Characters of a cell of text; more is cut. JSON holds everything."""


def as_json(views: Iterable[View]) -> str:
    """Write the views as JSON: a list of applications, each with its views by name."""
    applications: dict[str, dict[str, object]] = {}
    for view in views:
        entry = applications.setdefault(view.application, {"application": view.application})
        entry[view.name] = [_redacted(row) for row in view.rows]
    return json.dumps(list(applications.values()), indent=2) + "\n"


def lines(views: Iterable[View]) -> Iterator[Line]:
    """Yield each view as one table over all applications, under its name."""
    tables: dict[str, list[Row]] = {}
    for view in views:
        tables.setdefault(view.name, []).extend(view.rows)
    for number, (name, rows) in enumerate(tables.items()):
        if number:
            yield ()
        if rows:
            yield line(Piece(name, "claim"), Piece(f"  {len(rows)}", "dim"))
            yield from _table(sorted(rows, key=_rank) if name == "surface" else rows)
        else:
            yield line(Piece(f"{name}: none", "dim"))


def _rank(row: Row) -> int:
    """Put the most exposed first, whichever application it is in."""
    return -_EXPOSURES.index(str(row["who"]))


def _table(rows: Sequence[Row]) -> Iterator[Line]:
    columns = list(rows[0])
    cells = [[_cell(column, row.get(column, "")) for column in columns] for row in rows]
    widths = [
        max(len(column), *(len(row[number]) for row in cells))
        for number, column in enumerate(columns)
    ]
    yield line(Piece("  " + _joined(columns, widths), "dim"))
    for row in cells:
        yield line("  " + _joined(row, widths))


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))


def _cell(column: str, value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = shown(text) or "-"
    # A place stays whole, so that terminals can open it.
    return text if len(text) <= WIDEST or column == "at" else f"{text[: WIDEST - 1]}…"


def _redacted(row: Row) -> dict[str, object]:
    return {
        column: [redacted(item) for item in value]
        if isinstance(value, list)
        else redacted(value)
        if isinstance(value, str)
        else value
        for column, value in row.items()
    }
