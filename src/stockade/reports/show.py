"""Tables of `stockade show` as text and as JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence

from stockade.reports.layout import Line, Piece, line
from stockade.reports.tables import Row, View
from stockade.reports.untrusted import redacted, shown

WIDEST = 60
"""Characters of a cell of text; more is cut. JSON holds everything."""


def as_json(views: Iterable[View]) -> str:
    """Write the views as JSON: a list of applications, each with its views by name."""
    applications: dict[str, dict[str, object]] = {}
    for view in views:
        entry = applications.setdefault(view.application, {"application": view.application})
        entry[view.name] = [_redacted(row) for row in view.rows]
    return json.dumps(list(applications.values()), indent=2) + "\n"


def lines(views: Sequence[View]) -> Iterator[Line]:
    """Yield each view as a table under its name; applications without a row are left out."""
    filled = [view for view in views if view.rows]
    several = len({view.application for view in views}) > 1
    for view in filled:
        number = len(view.rows)
        name = f"{view.name} of {view.application}" if several else view.name
        yield line(Piece(shown(name), "claim"), Piece(f"  {number}", "dim"))
        yield from _table(view.rows)
        yield ()
    for name in dict.fromkeys(view.name for view in views):
        if not any(view.name == name for view in filled):
            yield line(Piece(f"{name}: none", "dim"))


def _table(rows: Sequence[Row]) -> Iterator[Line]:
    columns = list(rows[0])
    cells = [[_cell(row.get(column, "")) for column in columns] for row in rows]
    widths = [
        max(len(column), *(len(row[number]) for row in cells))
        for number, column in enumerate(columns)
    ]
    yield line(Piece("  " + _joined(columns, widths), "dim"))
    for row in cells:
        yield line("  " + _joined(row, widths))


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))


def _cell(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = shown(text) or "-"
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def _redacted(row: Row) -> dict[str, object]:
    return {
        column: [redacted(item) for item in value]
        if isinstance(value, list)
        else redacted(value)
        if isinstance(value, str)
        else value
        for column, value in row.items()
    }
