"""Two environments share what they keep. Its page is docs/rules/environments-share.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.environments import Given, given, names_store, settled, stage_of
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._rule import rule


@rule(
    title="an environment uses what belongs to production",
    harm=Severity.HIGH,
    practice="N1",
    cwe=(668,),
)
def environments_share(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report parameters and settings that give one environment the store of another."""
    for stage, name, value in settled(app):
        yield Match(
            at=value.at,
            message=f"whoever gets into any stage is in production too: {name} is the same there",
            because=(
                Step(stage.at, "this says which stage is deployed"),
                Step(value.at, f"and every one of them has this as {name}"),
            ),
            confidence=Confidence.MEDIUM,
            exposure=Exposure.APPLICATION,
            identity=("any stage", name),
            help=f"make the stage a part of what {name} names",
        )
    values = [one for one in given(app) if names_store(one.parameter) and one.value]
    for one in values:
        other = _owner(one, values)
        if other is None:
            continue
        yield Match(
            at=one.at,
            message=(
                f"whoever gets into {one.environment} is in production too: {one.parameter} is "
                f"the same there"
            ),
            because=(
                *((Step(other.at, f"{other.environment} uses this"),) if other is not one else ()),
                Step(one.at, f"and {one.environment} names it as {one.parameter}"),
            ),
            confidence=Confidence.HIGH if other is not one else Confidence.MEDIUM,
            exposure=Exposure.APPLICATION,
            identity=(one.environment, one.parameter),
            help=(
                f"make a {one.parameter} of its own for {one.environment}, best in an account of "
                "its own"
            ),
        )


def _owner(one: Given, values: list[Given]) -> Given | None:
    """Return what shows that a value belongs to production, though another environment has it."""
    if one.stage == "prod":
        return None
    for other in values:
        if (other.stage, other.parameter, other.value) == ("prod", one.parameter, one.value):
            return other
    return one if stage_of(one.value) == "prod" else None
