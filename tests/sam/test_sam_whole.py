"""SAM templates as the loader gives them: expanded, every reference leads somewhere."""

from pathlib import Path

import pytest
from sam_loading import template_of

from stockade.load import load
from stockade.load.sam import expand
from stockade.model import Application, references

TEMPLATES = sorted((Path(__file__).parent / "templates").glob("*.yaml"))


def loaded(path: Path) -> Application:
    """Load the application of one template."""
    (application,) = load(path).applications
    return application


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_references_lead_to_resources(path: Path) -> None:
    """No reference of an expanded template points at a resource that is not there."""
    application = loaded(path)

    missing = {
        reference.resource
        for resource in application.resources.values()
        for reference in references(resource.properties)
        if reference.resource not in application.resources
    }

    assert missing == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_nothing_of_sam_remains(path: Path) -> None:
    """Every resource has a type of CloudFormation, and a line of the template."""
    application = loaded(path)
    lines = len(path.read_text(encoding="utf-8").splitlines())

    for resource in application.resources.values():
        assert not resource.type.startswith("AWS::Serverless::")
        assert resource.at.path == path.name
        assert 0 < resource.at.line <= lines


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_what_sam_takes_is_understood(path: Path) -> None:
    """Nothing that SAM accepts is told as not understood."""
    assert expand(template_of(path)).unseen == ()
