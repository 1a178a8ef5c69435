"""What the scan did not see, and why: the end of every report."""

from dataclasses import dataclass

from stockade.model.location import Location


@dataclass(frozen=True, slots=True, order=True)
class Unseen:
    """A file, resource or handler that was not read or not understood.

    `kind` groups them in the report (`"template"`, `"code"`, `"handler"`, `"resource"`,
    `"link"`, `"limit"`); `why` is the end of a sentence that starts with the place.
    """

    at: Location
    kind: str
    why: str
