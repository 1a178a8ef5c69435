"""What the scan did not see, and why: the end of every report."""

from stockade.model.location import Location
from stockade.model.record import record


@record
class Unseen:
    """A file, resource or handler that was not read or not understood.

    `kind` groups them in the report (`"template"`, `"code"`, `"handler"`, `"resource"`,
    `"link"`, `"limit"`, `"application"`); `why` is the end of a sentence that starts with the
    place.
    """

    at: Location
    kind: str
    why: str

    def __lt__(self, other: "Unseen") -> bool:
        return (self.at, self.kind, self.why) < (other.at, other.kind, other.why)
