"""A secret is written into a template. Its page is docs/rules/secret-in-template.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.secrets import redacted
from stockade.analysis.stores.settings import in_templates
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._rule import rule


@rule(
    title="a secret is written into a template",
    harm=Severity.CRITICAL,
    practice="K1",
    cwe=(798, 540),
)
def secret_in_template(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report passwords, keys and tokens that stand in templates and files of parameters."""
    said = set()
    for held in in_templates(app):
        if (held.at.path, held.at.line) in said:
            continue
        said.add((held.at.path, held.at.line))
        yield Match(
            at=held.at,
            message=f"whoever reads the repository has {held.name}: {redacted(held.text)}",
            because=(Step(held.at, "it is written here"),),
            confidence=Confidence.MEDIUM,
            exposure=Exposure.PARTNER,
            identity=(held.name, held.at.path),
            help=(
                "change it, keep it in Secrets Manager (or let RDS do so with "
                "ManageMasterUserPassword), and read it when the function runs"
            ),
            hides=(held.at,),
        )
