"""The pages of the rules, as they are shipped."""

from pathlib import Path

from stockade.errors import InputError

_SHIPPED = Path(__file__).parent.parent / "pages"
_IN_THE_SOURCES = Path(__file__).parents[3] / "docs" / "rules"


def page(rule: str) -> str:
    """Return the Markdown page of the rule with this id.

    Raises `InputError` for a rule that has none.
    """
    for folder in (_SHIPPED, _IN_THE_SOURCES):
        if rule in _names(folder):
            return (folder / f"{rule}.md").read_text(encoding="utf-8")
    message = f"there is no page of {rule!r}"
    raise InputError(message, "`stockade explain` lists the rules")


def _names(folder: Path) -> frozenset[str]:
    """List the pages of a folder: an id never becomes part of a path by itself."""
    return frozenset(file.stem for file in folder.glob("*.md"))
