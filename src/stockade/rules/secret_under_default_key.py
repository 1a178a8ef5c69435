"""Secret settings lie under the default key. See docs/rules/secret-under-default-key.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.settings import deployed
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Responsibility,
    Severity,
    Step,
    inside,
)
from stockade.rules._rule import rule


@rule(
    title="secret settings are encrypted with the default key",
    harm=Severity.MEDIUM,
    practice="K4",
    cwe=(311,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def secret_under_default_key(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report functions with secrets among their settings and no key of their own for them."""
    told: set[object] = set()  # Functions, and settings that several share.
    for setting in deployed(app):
        function = app.resources[setting.function.id]
        if told & {function.id, setting.at} or any(
            True for _ in inside(function.properties, "KmsKeyArn")
        ):
            continue
        told |= {function.id, setting.at}
        yield Match(
            at=function.at,
            message=(
                f"whoever may look at the settings of {function.name} may decrypt them: "
                "Lambda's own key is open to everyone who may"
            ),
            because=(
                Step(setting.at, setting.why),
                Step(function.at, "and the function has no key of its own"),
            ),
            confidence=Confidence.HIGH,
            exposure=Exposure.APPLICATION,
            identity=(function.id,),
            resource=function.id,
            help=(
                "read the secret when the function runs; what has to stay a setting, protect with "
                "KmsKeyArn and a key that only the function's role may decrypt with"
            ),
        )
