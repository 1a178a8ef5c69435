"""A job of a pipeline, as far as it matters who can reach production through it."""

from stockade.model import Location
from stockade.model.record import record, replace


@record
class Line:
    """A line of a pipeline and what it says: a command, or what a job is made of."""

    text: str
    at: Location


@record(kw_only=True)
class Job:
    """One job: a list of commands that run on one machine.

    `deploys` are its commands that change what runs in AWS; `checks` tells whether a test, a
    linter or a scan runs in it, or in what it waits for, before the first of them. `asks` names
    what a person must do before it runs: approve, start it, make a release.
    """

    file: str
    name: str
    at: Location
    deploys: tuple[Line, ...]
    checks: bool
    asks: bool
    starts: str
    """What starts it, as the beginning of a sentence: "whatever is pushed to main"."""
    runs_on_requests: bool = False
    """Whether it runs for pull requests, before they are merged."""
    is_part: bool = False
    """Whether another pipeline, which is not seen, decides when it runs."""
    strangers: tuple[Line, ...] = ()
    """Code of others that it runs by a name that they can move."""
    keys: tuple[Location, ...] = ()
    """Where it is given an access key of a user."""

    def checked_elsewhere(self) -> "Job":
        """Return the job with a check before it that runs in another one."""
        return replace(self, checks=True)
