"""Calls of every service that the overlay speaks of, and what each of them needs."""

import json
from pathlib import Path
from typing import Any

import pytest
from needed import needs_of, of_code, whys, written_out

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("table", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_each_call_needs_exactly_what_the_table_says(table: Path, tmp_path: Path) -> None:
    """A call needs the actions on the resources that its row names, and nothing else."""
    rows: list[dict[str, Any]] = json.loads(table.read_text(encoding="utf-8"))
    bodies = {f"F{number}": row["code"] for number, row in enumerate(rows)}
    found = needs_of(tmp_path, bodies)
    wrong = []
    for number, row in enumerate(rows):
        one = found[f"F{number}"]
        expected = written_out((action, resource) for action, resource in row["needs"])
        got = (of_code(one), whys(one))
        if got != (expected, row.get("unknown", [])):
            wrong.append((row["name"], got, expected))
    assert wrong == []
