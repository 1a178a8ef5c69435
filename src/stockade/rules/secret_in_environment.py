"""A secret is a plain setting. Its page is docs/rules/secret-in-environment.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.settings import deployed
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._rule import rule


@rule(
    title="a secret is an environment variable",
    harm=Severity.HIGH,
    practice="K2",
    cwe=(526,),
)
def secret_in_environment(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report secrets that are put into a function's settings when it is deployed."""
    for setting in deployed(app):
        function = app.resources[setting.function.id]
        yield Match(
            at=setting.at,
            message=(
                f"whoever may look at the settings of {function.logical_id} can read "
                f"{setting.name}, and so can any code that gets to run in it"
            ),
            because=(Step(setting.at, setting.why),),
            confidence=Confidence.HIGH,
            exposure=Exposure.APPLICATION,
            identity=(function.id, setting.name),
            resource=function.id,
            help=(
                "put the secret's ARN here instead, and read the secret when the function runs: "
                "get_secret_value, or get_secret of Powertools, which keeps it for minutes"
            ),
        )
