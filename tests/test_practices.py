"""Every practice is judged: by a rule with its page, or by a figure with its own."""

from pathlib import Path

import pytest

from stockade.practices import PRACTICES, Practice
from stockade.rules import RULES

DOCS = Path(__file__).parent.parent / "docs"
IDS = [practice.id for practice in PRACTICES]


def test_each_practice_is_there_once() -> None:
    """No id stands for two practices, and each is numbered without a gap within its area."""
    assert len(IDS) == len(set(IDS))
    for letter in dict.fromkeys(name[0] for name in IDS):
        numbers = [int(name[1:]) for name in IDS if name[0] == letter]
        assert numbers == list(range(1, len(numbers) + 1))


def test_every_rule_belongs_to_a_practice() -> None:
    """No rule names a practice that is not in the list."""
    assert {rule.info.practice for rule in RULES} <= set(IDS)


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.id)
def test_figures_have_their_page(practice: Practice) -> None:
    """The page that explains a figure is there."""
    for figure in practice.figures:
        assert (DOCS / f"{figure.page}.md").is_file()


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.id)
def test_every_practice_is_judged(practice: Practice) -> None:
    """A practice has a rule, whose page shows a bad and a good application, or such a figure."""
    rules = [rule.info.id for rule in RULES if rule.info.practice == practice.id]

    assert rules or practice.figures
    for rule in rules:
        text = (DOCS / "rules" / f"{rule}.md").read_text()
        assert "\n## Vulnerable\n" in text
        assert "\n## Fixed\n" in text
    for figure in practice.figures:
        text = (DOCS / f"{figure.page}.md").read_text()
        assert "\n## Careless\n" in text
        assert "\n## Careful\n" in text


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.id)
def test_every_practice_has_its_line_in_the_table(practice: Practice) -> None:
    """The generated table of the documentation names each practice and all that judges it."""
    table = (DOCS / "practices.md").read_text()
    (row,) = [line for line in table.splitlines() if line.startswith(f"| {practice.id} |")]

    for rule in RULES:
        named = f"(rules/{rule.info.id}.md)" in row
        assert named == (rule.info.practice == practice.id)
    for figure in practice.figures:
        assert f"({figure.page}.md)" in row
