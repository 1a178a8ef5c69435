"""What an earlier scan had found already."""

from stockade.model.finding import Finding
from stockade.model.record import record


@record
class Known:
    """A finding of an earlier report, as far as it can be recognised."""

    rule: str
    fingerprint: str
    message: str = ""
    also: tuple[str, ...] = ()
    """The fingerprints of where else the same root cause showed."""


@record(kw_only=True)
class Baseline:
    """An earlier report that this one was held against.

    `known` are the findings that it held already: they are told, but do not count. `gone` is
    what it held and this scan does not find any more, although the rule ran.
    """

    name: str
    """The file of the earlier report, as the user named it."""
    known: tuple[Finding, ...] = ()
    gone: tuple[Known, ...] = ()
