"""The overlay: what is packed is what it says, and every service of it has a row in a table."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from stockade.catalogue import Catalogue, Operation

ROOT = Path(__file__).parent.parent.parent
FILES = sorted((ROOT / "support" / "overlay").glob("*.toml"))
CASES = ROOT / "tests" / "permissions" / "cases"


def read(path: Path) -> dict[str, Any]:
    """Return one file of the overlay."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_packed_is_what_the_overlay_says(path: Path) -> None:
    """Whoever changes the overlay runs the script: no operation is older than its sentences."""
    library = Catalogue(Path("nowhere"))
    text = read(path)
    for names, lines in text.get("operations", {}).items():
        for sdk in text["sdk"]:
            for name in names.split():
                found = library.operation(sdk, name)
                assert isinstance(found, Operation), name
                assert found.basis == "overlay"
                said = [line.partition(" ")[0].rpartition(":")[2] for line in lines]
                packed = [need.action.partition(":")[2] for need in found.needs]
                assert packed + ["partiql"] * len(found.statements) == said, name
                told = " ".join(lines)
                for need in found.needs:
                    for ways in need.arguments:
                        assert all(way in told for way in ways), (name, ways)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_service_has_a_row_in_a_table(path: Path) -> None:
    """What the overlay says of a service is shown by a call of it."""
    called = {
        service
        for table in CASES.glob("*.json")
        for service in re.findall(
            r"(?:client|resource)\('([\w-]+)'", table.read_text(encoding="utf-8")
        )
    }
    assert called.intersection(read(path)["sdk"])
