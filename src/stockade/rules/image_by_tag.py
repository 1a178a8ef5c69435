"""An image is named by its tag. Its page is docs/rules/image-by-tag.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Severity,
    Step,
    Unknown,
    Value,
    constant,
    expression,
    inside,
)
from stockade.rules._rule import rule


@rule(
    title="a container image is named by a tag that can be moved",
    harm=Severity.LOW,
    practice="F4",
    cwe=(494,),
    persona=Persona.STRICT,
)
def image_by_tag(app: Application, facts: Facts) -> Iterator[Match]:
    """Report images without a digest."""
    del facts
    for function in app.functions:
        resource = app.resources[function]
        for written in inside(resource.properties, "Code", "ImageUri"):
            name = _tagged(written)
            if name is not None:
                yield Match(
                    at=written.at,
                    message=f"whoever may push {name} decides what {resource.name} runs",
                    because=(Step(written.at, "names an image by a tag, which can be moved"),),
                    confidence=Confidence.HIGH,
                    exposure=Exposure.APPLICATION,
                    identity=(function,),
                    resource=function,
                    help="name the image by its digest: repository@sha256:...",
                )


def _tagged(image: Value) -> str | None:
    """Return the image's name if it is surely one in a registry, without a digest."""
    known = constant(image)
    text = expression(image) if isinstance(known, Unknown) or known is None else known
    if ".dkr.ecr." not in text or "@" in text:
        return None
    name = text.rpartition("/")[2]
    _, colon, tag = name.partition(":")
    return None if tag.startswith("${") else f"{name}{'' if colon else ':latest'}"
