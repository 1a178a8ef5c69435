"""What a rule is."""

from collections.abc import Callable, Iterable, Iterator

from stockade._fingerprint import fingerprint
from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Finding,
    Match,
    Persona,
    Responsibility,
    RuleInfo,
    Severity,
    weighed,
)
from stockade.model.record import record

Check = Callable[[Application, Facts], Iterable[Match]]


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
                severity=weighed(match.harm or self.info.harm, match.exposure),
                application=app.name,
                fingerprint=fingerprint(
                    self.info.id, app.name, *match.identity, match.exposure.name
                ),
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
