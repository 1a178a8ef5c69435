"""What code needs does not depend on the language that it is written in."""

from pathlib import Path

import pytest
from pages import PAGES, Example, examples

from stockade.analysis.permissions import needs
from stockade.api import examine
from stockade.model import RuleFailure, expression

WITH_TWINS = [
    pytest.param(example, example.twin, id=example.name)
    for page in sorted(PAGES.glob("*.md"))
    for example in examples(page)
    if example.twin is not None
]


def needed(example: Example, folder: Path) -> dict[str, set[tuple[str, str]]]:
    """Return the actions and resources that each function of an example needs."""
    example.write(folder)
    found = {}
    for app, facts in examine(folder).applications:
        assert not isinstance(facts, RuleFailure)
        for function, each in needs(app, facts).items():
            found[function] = {(need.action, expression(need.resource)) for need in each.needed}
    return found


@pytest.mark.parametrize(("example", "twin"), WITH_TWINS)
def test_a_twin_needs_what_its_original_needs(
    example: Example, twin: Example, tmp_path: Path
) -> None:
    """The same application in JavaScript needs the same actions on the same resources."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert needed(twin, tmp_path / "a") == needed(example, tmp_path / "b")
