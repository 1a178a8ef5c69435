"""A user that no person signs in as. Its page is docs/rules/user-for-code.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.access_keys import KEY
from stockade.analysis.stores.people import is_for_code
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Names,
    Persona,
    Severity,
    Step,
)
from stockade.rules._rule import rule

_USER = "AWS::IAM::User"


@rule(
    title="a user is made for code",
    harm=Severity.LOW,
    practice="I4",
    cwe=(522,),
    persona=Persona.STRICT,
)
def user_for_code(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report users with permissions and without a password, unless their key is reported."""
    names = Names(app.resources)
    keyed = {names.find(key.properties.get("UserName"), _USER) for key in app.of_type(KEY)}
    for user in app.of_type(_USER):
        if user.id not in keyed and is_for_code(app, user):
            yield Match(
                at=user.at,
                message=(
                    f"{user.name} has permissions and no password: whoever uses it holds an "
                    "access key, which works until somebody deletes it"
                ),
                because=(Step(user.at, "nobody signs in as this user, a key signs for it"),),
                confidence=Confidence.MEDIUM,
                exposure=Exposure.APPLICATION,
                identity=(user.id,),
                resource=user.id,
                help=(
                    "let it be a role: a pipeline outside of AWS takes it on through OpenID "
                    "Connect, a machine through IAM Roles Anywhere, a person through IAM Identity "
                    "Center"
                ),
            )
