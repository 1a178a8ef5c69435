"""What a rule is."""

from collections.abc import Callable, Iterable
from functools import cached_property
from importlib import import_module

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

Check = Callable[[Application, Facts], Iterable[Match]]


class Rule:
    """A check, and what its readers should know.

    `id` and `persona` say whether it runs; the rest is read only if it does. One without
    `amounts` is sure not to ask for what `analysis/outline.py` leaves out.
    """

    def __init__(
        self,
        rule_id: str,
        persona: Persona,
        read: Callable[[], tuple[RuleInfo, Check]],
        *,
        amounts: bool = True,
    ) -> None:
        self.id = rule_id
        self.persona = persona
        self.amounts = amounts
        self._read = read

    @cached_property
    def _parts(self) -> tuple[RuleInfo, Check]:
        return self._read()

    @property
    def info(self) -> RuleInfo:
        """What its readers should know."""
        return self._parts[0]

    @property
    def check(self) -> Check:
        """The function that finds what breaks it."""
        return self._parts[1]

    def findings(self, app: Application, facts: Facts) -> tuple[Finding, ...]:
        """Sign each match with this rule's name, and weigh its harm by its exposure."""
        _, check = self._parts
        return tuple([self._signed(match, app) for match in check(app, facts)])

    def _signed(self, match: Match, app: Application) -> Finding:
        info = self.info
        return Finding(
            rule=info,
            match=match,
            severity=weighed(match.harm or info.harm, match.exposure),
            application=app.name,
            fingerprint=fingerprint(info.id, app.name, *match.identity, match.exposure.name),
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
        return Rule(name, persona, lambda: (info, check))

    return make


def listed(name: str, persona: Persona = Persona.REGULAR, *, amounts: bool = False) -> Rule:
    """Return the rule of a module of this package; both say the same of who runs it.

    With `amounts` it may ask how long a function runs, and how often: see `Rule`.
    """

    def read() -> tuple[RuleInfo, Check]:
        written = getattr(import_module(f"stockade.rules.{name}"), name)
        return written.info, written.check

    return Rule(name.replace("_", "-"), persona, read, amounts=amounts)
