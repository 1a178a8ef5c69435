"""The user's decision not to mend a finding, with the reason."""

from datetime import date

from stockade.model.finding import Finding
from stockade.model.location import Location
from stockade.model.record import record


@record(kw_only=True)
class Ignore:
    """Bound to one finding by its rule and fingerprint; it covers nothing that comes later."""

    rule: str
    fingerprint: str
    """The finding's fingerprint, or its first eight digits or more."""
    reason: str
    at: Location
    until: date | None = None
    """The last day on which the ignore counts."""


@record(kw_only=True)
class Ignored:
    """A finding that an ignore covers."""

    finding: Finding
    ignore: Ignore
