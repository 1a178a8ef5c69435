"""The result of a scan: all that reports, exit codes and libraries need."""

from stockade.model.application import Application
from stockade.model.baseline import Baseline
from stockade.model.finding import Finding, RuleInfo, Severity
from stockade.model.ignore import Ignore, Ignored
from stockade.model.least_privilege import LeastPrivilege
from stockade.model.path import BlastRadius, Path
from stockade.model.record import record
from stockade.model.resource import Exposure
from stockade.model.unseen import Unseen


@record(kw_only=True)
class RuleFailure:
    """A rule that raised: our bug, told with its name so that no partial result looks clean."""

    rule: str
    application: str
    error: str


@record(kw_only=True)
class Surface:
    """The ways in for one group of senders, and what stands behind them."""

    exposure: Exposure
    entry_points: int
    functions: int
    files: int
    """Files of code that these functions begin in."""
    permissions: int
    """Actions that their roles grant, each counted once for each resource it names."""


@record(kw_only=True)
class Way:
    """A way from an entry point to a store, through a function whose role opens the store.

    `controls` are the independent ones that stand on it: what asks who is calling, what looks at
    the request, what bounds the role, what encrypts the store.
    """

    entry: str
    function: str
    store: str
    controls: tuple[str, ...]


@record(kw_only=True)
class Privilege:
    """What a function was granted and what its code needs, as numbers of pairs (action, resource).

    A pattern of actions counts as the actions that it matches; one grant may serve several needs.
    `spare` are those granted that the code has no use for, `missing` the needs that nothing
    allows. `complete` tells whether everything that the code needs is known.
    """

    function: str
    granted: int
    needed: int
    spare: int
    missing: int
    complete: bool


@record(kw_only=True)
class Control:
    """Something that has to be done for an application, and how often it is whose.

    `provider` counts what AWS does by itself or was told to do, `application` what the
    application does with means of its own, `nobody` where it is not done.
    """

    name: str
    provider: int = 0
    application: int = 0
    nobody: int = 0


@record(kw_only=True)
class Figures:
    """The principles as numbers, for one application.

    `ways` counts the ways from outsiders to stores by how many independent controls stand on
    them; `thin` are those with one or none, the first of them if there are many.
    """

    application: str
    surface: tuple[Surface, ...] = ()
    ways: tuple[tuple[int, int], ...] = ()
    """Pairs of a number of controls and how many ways have so many."""
    thin: tuple[Way, ...] = ()
    privileges: tuple[Privilege, ...] = ()
    controls: tuple[Control, ...] = ()


@record(kw_only=True)
class Report:
    """What a scan found, worst first, and what it did not see."""

    root: str
    """The scanned folder as the user named it."""
    applications: tuple[Application, ...]
    rules: tuple[RuleInfo, ...]
    findings: tuple[Finding, ...]
    unseen: tuple[Unseen, ...]
    ignored: tuple[Ignored, ...] = ()
    stale_ignores: tuple[Ignore, ...] = ()
    failures: tuple[RuleFailure, ...] = ()
    paths: tuple[Path, ...] = ()
    """What outsiders can reach, move by move: the worst first."""
    blast_radius: tuple[BlastRadius, ...] = ()
    """What is lost with each function; empty where the scan was not asked to measure."""
    least_privilege: tuple[LeastPrivilege, ...] = ()
    """What the role of each function should have been; empty where the scan was not asked."""
    figures: tuple[Figures, ...] = ()
    """The principles as numbers, by application; empty as above."""
    baseline: Baseline | None = None
    """What an earlier report held already: `findings` are only what is new since then."""

    @property
    def severity(self) -> Severity | None:
        """The highest severity found, or None if nothing was."""
        return max((finding.severity for finding in self.findings), default=None)
