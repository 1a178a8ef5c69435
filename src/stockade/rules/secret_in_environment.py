"""A secret is a plain setting. Its page is docs/rules/secret-in-environment.md."""

from collections.abc import Iterator

from stockade._lists import several
from stockade.analysis.facts import Facts
from stockade.analysis.stores.access_keys import made_by
from stockade.analysis.stores.settings import Setting, deployed
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._advice import advice
from stockade.rules._rule import rule


@rule(
    title="a secret is an environment variable",
    harm=Severity.HIGH,
    practice="K2",
    cwe=(526,),
)
def secret_in_environment(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report each secret that is put into functions' settings when they are deployed, once."""
    holders: dict[tuple[str, str], list[Setting]] = {}
    for setting in deployed(app):
        holders.setdefault((setting.name, setting.why), []).append(setting)
    for settings in holders.values():
        yield _match(app, settings)


def _match(app: Application, settings: list[Setting]) -> Match:
    first = settings[0]
    functions = [setting.function.id for setting in settings]
    names = [app.resources[function].name for function in functions]
    steps = dict.fromkeys(Step(setting.at, setting.why) for setting in settings)
    keys = [made_by(app, setting.function, setting.name) for setting in settings]
    rests_on = dict.fromkeys(place for made in keys for place in made) if all(keys) else ()
    them = "them" if len(names) > 1 else "it"
    return Match(
        at=first.at,
        message=(
            f"whoever may look at the settings of {several(names, most=3)} can read {first.name}, "
            f"and so can any code that gets to run in {them}"
        ),
        because=tuple(steps),
        confidence=Confidence.HIGH,
        exposure=Exposure.APPLICATION,
        identity=(*sorted(functions), first.name),
        resource=first.function.id,
        help=advice(
            app,
            first.function.id,
            "put the secret's ARN here instead, and read the secret when the function runs: "
            "GetSecretValue, or the parameters of Powertools, which keep it for minutes",
            sst="link a `new sst.Secret(...)` and read it as `Resource.Name.value`: SST packs it "
            "encrypted, and keeps it out of the settings",
        ),
        rests_on=tuple(rests_on),
        cause=() if rests_on else ("settings",),
    )
