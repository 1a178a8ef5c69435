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
