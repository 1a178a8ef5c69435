"""What a rule is."""

import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Exposure,
    Finding,
    Match,
    Persona,
    Responsibility,
    RuleInfo,
    Severity,
)
from stockade.model.record import record

Check = Callable[[Application, Facts], Iterable[Match]]

_LESS_BY_EXPOSURE = {
    Exposure.ANYONE: 0,
    Exposure.SIGNED_IN: 1,
    Exposure.PARTNER: 1,
    Exposure.OTHER_ACCOUNT: 1,
    Exposure.APPLICATION: 2,
    Exposure.PROVIDER: 3,
}


@record
class Rule:
    """A check, and what its readers should know."""

    info: RuleInfo
    check: Check

    def findings(self, app: Application, facts: Facts) -> Iterator[Finding]:
        """Sign each match with this rule's name, and weigh its harm by its exposure."""
        for match in self.check(app, facts):
            yield Finding(
                rule=self.info,
                match=match,
                severity=severity(match.harm or self.info.harm, match.exposure),
                application=app.name,
                fingerprint=_fingerprint(self.info.id, app.name, match),
            )


def rule(  # noqa: PLR0913 - what readers should know, each by its name
    *,
    title: str,
    harm: Severity,
    practice: str,
    cwe: tuple[int, ...],
    persona: Persona = Persona.REGULAR,
    responsibility: Responsibility = Responsibility.APPLICATION,
) -> Callable[[Check], Rule]:
    """Make a rule of a check. Its id is the check's name; nothing is registered."""

    def make(check: Check) -> Rule:
        name = check.__name__.replace("_", "-")
        info = RuleInfo(
            id=name,
            title=title,
            harm=harm,
            practice=practice,
            cwe=cwe,
            persona=persona,
            responsibility=responsibility,
        )
        return Rule(info, check)

    return make


def severity(harm: Severity, exposure: Exposure) -> Severity:
    """Weigh harm by who can do it: full for anyone, less for those who must first get in."""
    return Severity(max(Severity.LOW, harm - _LESS_BY_EXPOSURE[exposure]))


def _fingerprint(rule_id: str, application: str, match: Match) -> str:
    """Name a match by what it is, not by where its lines stand today."""
    parts = (rule_id, application, *match.identity, match.exposure.name)
    return _sha256("\0".join(parts).encode())[:16]


def _sha256(data: bytes) -> str:
    """Return the SHA-256 of `data`, by the interpreter itself where it can.

    `hashlib` would load OpenSSL, which takes longer than all rules of a small scan.
    """
    own = "_sha2" if sys.version_info >= (3, 12) else "_sha256"
    try:
        module = import_module(own)
    except ImportError:
        module = import_module("hashlib")
    return str(module.sha256(data).hexdigest())
