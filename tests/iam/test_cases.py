"""Every row of the tables in `cases/` is decided as AWS's documentation says."""

import json
from pathlib import Path

import pytest

from stockade.iam.cases import run_cases

TABLES = sorted(Path(__file__).parent.glob("cases/*.json"))


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_table_is_decided_as_documented(table: Path) -> None:
    """Each row of a table gets the decision that stands beside it."""
    rows = json.loads(table.read_text())["cases"]
    answers = [json.loads(line) for line in run_cases(json.dumps(row["case"]) for row in rows)]
    decided = {answer["name"]: answer.get("decision", answer.get("error")) for answer in answers}

    assert {row["case"]["name"]: row["expect"] for row in rows} == decided


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_decision_says_why(table: Path) -> None:
    """No decision comes without a statement, a gap or a rule that made it."""
    rows = json.loads(table.read_text())["cases"]
    answers = [json.loads(line) for line in run_cases(json.dumps(row["case"]) for row in rows)]

    assert all(answer["because"] for answer in answers)


def test_there_are_several_hundred_rows_on_many_topics() -> None:
    """The tables stay what they are for: wide."""
    sizes = {table.stem: len(json.loads(table.read_text())["cases"]) for table in TABLES}

    assert len(sizes) >= 15
    assert sum(sizes.values()) >= 600
