"""The examples of docs/iam.md give what the page says."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "iam.md"


def test_examples_of_the_page() -> None:
    """Every example is run and compared, and there are some."""
    text = PAGE.read_text().replace("```python\n", "").replace("```\n", "\n")
    test = doctest.DocTestParser().get_doctest(text, {}, "iam.md", str(PAGE), 0)
    report: list[str] = []
    result = doctest.DocTestRunner().run(test, out=report.append)

    assert result.failed == 0, "".join(report)
    assert result.attempted > 20
