"""Yes, no, or not known: the three answers a statement can give about a request."""

from stockade._record import record


@record
class Unsure:
    """It cannot be known; `keys` are what would decide: condition keys, or `${names}`."""

    keys: tuple[str, ...]


Truth = bool | Unsure


def negate(truth: Truth) -> Truth:
    """Turn it round; what is not known stays so."""
    return not truth if isinstance(truth, bool) else truth


def join(one: Unsure | None, other: Unsure) -> Unsure:
    """Both doubts in one."""
    return other if one is None else Unsure(tuple(dict.fromkeys((*one.keys, *other.keys))))
