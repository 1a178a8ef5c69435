"""What stockade makes of SAM templates is what AWS would make."""

import os
from pathlib import Path

import pytest
from sam_oracle import NotTranslatedError, differences

OWN = Path(__file__).parent / "templates"

REAL = os.environ.get("STOCKADE_REAL", "")
"""A folder of real applications, if the test shall read them too."""


def _real_templates() -> list[Path]:
    found = []
    for path in sorted(Path(REAL).rglob("*.y*ml")) if REAL else ():
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        if "AWS::Serverless::" in text and "Resources:" in text:
            found.append(path)
    return found


@pytest.mark.parametrize("path", sorted(OWN.glob("*.yaml")), ids=lambda path: path.stem)
def test_own_templates_agree(path: Path) -> None:
    """Every resource, role, permission and route is the same as the translator's."""
    assert differences(path) == []


@pytest.mark.parametrize("path", _real_templates(), ids=str)
def test_real_templates_agree(path: Path) -> None:
    """The same holds for the templates of a folder, where the translator takes them."""
    try:
        found = differences(path)
    except NotTranslatedError as error:
        pytest.skip(str(error)[:200])
    assert found == []
