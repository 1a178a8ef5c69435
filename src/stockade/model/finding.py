"""What stockade says about an application."""

from enum import IntEnum, StrEnum
from typing import TypeAlias

from stockade.model.location import Location
from stockade.model.record import record
from stockade.model.resource import Exposure
from stockade.model.value import ResourceId


class Severity(IntEnum):
    """How bad it is: harm, weighed by who can do it. The exit code is 10 plus this."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


_LESS_BY_EXPOSURE = {
    Exposure.ANYONE: 0,
    Exposure.SIGNED_IN: 1,
    Exposure.PARTNER: 1,
    Exposure.OTHER_ACCOUNT: 1,
    Exposure.STAFF: 2,
    Exposure.APPLICATION: 2,
    Exposure.PROVIDER: 3,
}


def weighed(harm: Severity, exposure: Exposure) -> Severity:
    """Weigh harm by who can do it: full for anyone, less for those who must first get in."""
    return Severity(max(Severity.LOW, harm - _LESS_BY_EXPOSURE[exposure]))


class Confidence(IntEnum):
    """How sure it is that the weakness is really there."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Persona(StrEnum):
    """Who reads: `regular` is shown what can be used or will break, `strict` also hygiene."""

    REGULAR = "regular"
    STRICT = "strict"


class Responsibility(StrEnum):
    """Whose part it is that a weakness is not there.

    Follows "Shared Responsibility Model" of AWS: what AWS does without being asked is no rule's
    business, so each finding is at least in part the application's.
    """

    APPLICATION = "application"
    """AWS can do nothing about it: code, permissions, who is let in, what is deployed."""
    SHARED = "shared"
    """AWS does its part once the application chooses so, or as long as it does not choose
    otherwise: encryption, patches of runtimes, backups, blocking public access, TLS."""


@record(kw_only=True)
class RuleInfo:
    """What readers should know about a rule."""

    id: str
    title: str
    harm: Severity
    """The severity if anyone can do it; exposure lowers it."""
    practice: str
    cwe: tuple[int, ...]
    persona: Persona = Persona.REGULAR
    responsibility: Responsibility = Responsibility.APPLICATION


@record
class Step:
    """One step of the proof, at the line that shows it. `note` is the end of a sentence."""

    at: Location
    note: str


Cause: TypeAlias = tuple[str | Location, ...]
"""What places of one application have in common; a place in it moves as the file is edited."""


@record(kw_only=True)
class Match:
    """What a rule yields: the place, the claim, and the steps that prove it.

    `identity` is what makes this match the same one when lines have moved: the names of the
    function, the field and the call, not their places. An exposure that grows changes the
    fingerprint, so that an ignore does not cover what came later.
    """

    at: Location
    message: str
    because: tuple[Step, ...]
    confidence: Confidence
    exposure: Exposure
    identity: tuple[str, ...]
    resource: ResourceId | None = None
    help: str = ""
    """What to write instead, in one sentence, for this very place."""
    harm: Severity | None = None
    """The harm of this very match, where it differs from the rule's."""
    hides: tuple[Location, ...] = ()
    """Places whose text is a secret: no report shows it whole."""
    mends: tuple[Location, ...] = ()
    """What is mended with this one: the routes that an API's missing authorizer leaves open."""
    rests_on: tuple[Location, ...] = ()
    """Places that this one is over with once all of them are mended, by another's cure."""
    cause: Cause = ()
    """What several places of one application have in common, so that one decision mends them: the
    text that two calls run. Where it is empty, each place is a cause of its own."""


@record(kw_only=True)
class Finding:
    """A match, signed by the rule that made it."""

    rule: RuleInfo
    match: Match
    severity: Severity
    application: str
    """The application it was found in: the path of its first template."""
    fingerprint: str
    """Sixteen hexadecimal digits that survive moved lines."""
    also: tuple[Match, ...] = ()
    """The same root cause where else it shows."""
    also_fingerprints: tuple[str, ...] = ()
    """What stands under `also` by fingerprint, as far as it differs: an ignore names each."""
    brings: tuple["Finding", ...] = ()
    """Findings of other rules that are over once this one is mended."""

    @property
    def elsewhere(self) -> tuple[Match, ...]:
        """Where else the same root cause shows, under whichever rule."""
        brought = (match for one in self.brings for match in (one.match, *one.also))
        return (*self.also, *brought)
