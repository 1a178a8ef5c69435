"""What the user chooses in the configuration file: nothing but choices, and told if wrong."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.config import Config, find, read
from stockade.errors import ConfigError
from stockade.model import Ignore, Location, Persona, Severity
from stockade.settings import SETTINGS

WHOLE = """\
persona = "strict"
select = ["C1", "event-in-path"]
ignore = ["C9"]
exclude = ["legacy/*"]
fail-on = "high"
parameter-files = ["params/dev.json"]
sam-environment = "dev"

[parameters]
Stage = "dev"
Memory = 512
Debug = true

[[ignores]]
rule = "event-in-shell"
fingerprint = "3F2A91C0"
reason = "the gateway checks it"
until = 2027-01-31

[[ignores]]
rule = "event-in-path"
fingerprint = "00aa11bb22cc33dd"
reason = "only we write there"
"""


def write(folder: Path, text: str, name: str = "stockade.toml") -> Path:
    """Write a configuration file."""
    path = folder / name
    path.write_text(text)
    return path


def test_every_setting_is_read(tmp_path: Path) -> None:
    """Each setting of the file sets its field."""
    assert read(write(tmp_path, WHOLE), tmp_path) == Config(
        persona=Persona.STRICT,
        select=("C1", "event-in-path"),
        ignore=("C9",),
        exclude=("legacy/*",),
        fail_on=Severity.HIGH,
        parameters={"Stage": "dev", "Memory": "512", "Debug": "true"},
        parameter_files=("params/dev.json",),
        sam_environment="dev",
        ignores=(
            Ignore(
                rule="event-in-shell",
                fingerprint="3f2a91c0",
                reason="the gateway checks it",
                at=Location("stockade.toml", 14),
                until=date(2027, 1, 31),
            ),
            Ignore(
                rule="event-in-path",
                fingerprint="00aa11bb22cc33dd",
                reason="only we write there",
                at=Location("stockade.toml", 20),
            ),
        ),
    )


def test_the_example_sets_everything() -> None:
    """The example above leaves out no setting that there is."""
    assert all(key in WHOLE for key in SETTINGS)


def test_pyproject_holds_it_under_tool(tmp_path: Path) -> None:
    """`[tool.stockade]` means what `stockade.toml` means."""
    text = '[project]\nname = "x"\n[tool.stockade]\npersona = "strict"\n'

    assert read(write(tmp_path, text, "pyproject.toml"), tmp_path).persona is Persona.STRICT


def test_only_the_scanned_folder_is_searched(tmp_path: Path) -> None:
    """A file above the folder does not count; a pyproject.toml of others does not either."""
    write(tmp_path, WHOLE)
    inner = tmp_path / "app"
    inner.mkdir()
    write(inner, '[project]\nname = "x"\n', "pyproject.toml")
    assert find(inner) is None

    own = write(inner, "[tool.stockade]\n", "pyproject.toml")
    assert find(inner) == own

    first = write(inner, "")
    assert find(inner) == first


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    """A configuration that is a link to elsewhere is as if it were not there."""
    write(tmp_path, WHOLE, "secret.toml")
    inner = tmp_path / "app"
    inner.mkdir()
    (inner / "stockade.toml").symlink_to(tmp_path / "secret.toml")

    assert find(inner) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('\nselct = ["C1"]', "stockade.toml:2: 'selct' is not a setting"),
        ('persona = "nosy"', "stockade.toml:1: persona must be one of regular, strict"),
        ('\n\nfail-on = "worst"', "stockade.toml:3: fail-on must be one of low"),
        ('select = "C1"', "stockade.toml:1: select must be a list of texts"),
        ("select = [1]", "stockade.toml:1: select must be a list of texts"),
        ("sam-environment = 1", "stockade.toml:1: sam-environment must be a text"),
        ("parameters = 1", "stockade.toml:1: parameters must be a table"),
        ("[parameters]\nA = [1]", "stockade.toml:2: A must be a text, a number"),
        ("ignores = 1", "stockade.toml:1: ignores must be tables"),
        ('parameter-files = ["../x.json"]', "must stay inside the scanned folder"),
        ('parameter-files = ["/etc/passwd"]', "must stay inside the scanned folder"),
        ('parameter-files = ["a\\\\..\\\\..\\\\x"]', "must stay inside the scanned folder"),
        ('parameter-files = ["C:\\\\x"]', "must stay inside the scanned folder"),
        ("= 1", "not TOML"),
        ("a = " + "[" * 5000, "nested too deeply"),
        ("[[ignores]]\nrule = 'x'", "stockade.toml:1: ignores lacks a fingerprint"),
        (
            "[[ignores]]\nrule='x'\nfingerprint='3f2a91c0'\nreason=' '",
            "stockade.toml:1: ignores lacks a reason",
        ),
        (
            "[[ignores]]\nrule='x'\nfingerprint='3f2'\nreason='y'",
            "stockade.toml:3: fingerprint must be 8 to 16",
        ),
        (
            "[[ignores]]\nrule='x'\nfingerprint='3f2a91c0'\nreason='y'\nuntil='soon'",
            "stockade.toml:5: until must be a date",
        ),
        ("[[ignores]]\nruel='x'", "stockade.toml:2: 'ruel' is not a setting"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, told: str) -> None:
    """What is wrong in the file is an error that names the line and what belongs there."""
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        read(path, tmp_path)

    assert told in str(error.value)
    assert error.value.hint


def test_near_names_are_offered(tmp_path: Path) -> None:
    """A misspelt setting is answered with the one that was meant."""
    with pytest.raises(ConfigError) as error:
        read(write(tmp_path, "selct = []"), tmp_path)

    assert error.value.hint == "did you mean select?"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 1_000_001], ids=["binary", "huge"])
def test_files_that_are_no_configuration_are_told(tmp_path: Path, content: bytes) -> None:
    """A file that is no text, or far too large, is an error and not a crash."""
    path = tmp_path / "stockade.toml"
    path.write_bytes(content)

    with pytest.raises(ConfigError):
        read(path, tmp_path)


def test_missing_file_is_told(tmp_path: Path) -> None:
    """A file named on the command line must be there."""
    with pytest.raises(ConfigError, match="No such file"):
        read(tmp_path / "none.toml", tmp_path)


@given(st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_is_a_configuration_or_an_error(tmp_path: Path, text: str) -> None:
    """Whatever the file holds, it is read or told to be wrong."""
    path = tmp_path / "stockade.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        outcome: Config | ConfigError = read(path, tmp_path)
    except ConfigError as error:
        outcome = error

    assert isinstance(outcome, Config) or outcome.hint
