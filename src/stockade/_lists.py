"""Several names in one sentence."""

from collections.abc import Sequence


def several(names: Sequence[str], most: int | None = None) -> str:
    """Return names as a sentence lists them: `a`, `a and b`, `a, b and c`.

    Of more than `most` the last are counted: `a, b and 3 more`. No names make no text.
    """
    if not names:
        return ""
    if most is not None and len(names) > most:
        shown, last = names[: most - 1], f"{len(names) - most + 1} more"
    else:
        shown, last = names[:-1], names[-1]
    return f"{', '.join(shown)} and {last}" if shown else last
