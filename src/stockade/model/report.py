"""The result of a scan: all that reports, exit codes and libraries need."""

from stockade.model.application import Application
from stockade.model.finding import Finding, RuleInfo, Severity
from stockade.model.ignore import Ignore, Ignored
from stockade.model.record import record
from stockade.model.unseen import Unseen


@record(kw_only=True)
class RuleFailure:
    """A rule that raised: our bug, told with its name so that no partial result looks clean."""

    rule: str
    application: str
    error: str


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

    @property
    def severity(self) -> Severity | None:
        """The highest severity found, or None if nothing was."""
        return max((finding.severity for finding in self.findings), default=None)
