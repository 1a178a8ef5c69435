"""Any code is taken. Its page is docs/rules/unsigned-code.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Resource,
    Severity,
    Step,
    constant,
    inside,
)
from stockade.model.naming import FUNCTION
from stockade.rules._rule import rule


@rule(
    title="functions take code that nobody signed",
    harm=Severity.MEDIUM,
    practice="N2",
    cwe=(345,),
    persona=Persona.STRICT,
)
def unsigned_code(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report, once for an application, functions that run whatever is uploaded for them."""
    unsigned = [function for function in app.of_type(FUNCTION) if _takes_any(function)]
    if not unsigned:
        return
    first, *others = unsigned
    also = f" and {len(others)} more" if others else ""
    yield Match(
        at=first.at,
        message=f"whoever gets at the build can put code of their own into {first.name}{also}",
        because=tuple(Step(one.at, "this function asks for no signature") for one in unsigned),
        confidence=Confidence.HIGH,
        exposure=Exposure.APPLICATION,
        identity=tuple(one.id for one in unsigned),
        resource=first.id,
        help=(
            "set CodeSigningConfigArn to an AWS::Lambda::CodeSigningConfig with "
            "UntrustedArtifactOnDeployment: Enforce, and deploy with --signing-profiles"
        ),
    )


def _takes_any(function: Resource) -> bool:
    """Tell whether a packaged function has no signing; images and code in place cannot have it."""
    properties = function.properties
    if constant(properties.get("PackageType")) == "Image" or any(
        True for _ in inside(properties, "Code", "ZipFile")
    ):
        return False
    return not any(True for _ in inside(properties, "CodeSigningConfigArn"))
