"""What the user chooses: which rules, which files, which values of parameters.

Read from `stockade.toml`, or `[tool.stockade]` in `pyproject.toml`, in the scanned folder itself
and nowhere above it. The file comes with the scanned repository, so it may only choose and leave
out: it names no file outside the folder, and nothing in it is ever run.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stockade.baseline import Earlier
from stockade.errors import ConfigError
from stockade.model import Ignore, Persona, Severity
from stockade.model.record import record
from stockade.settings import SETTINGS, Source

FILES = ("stockade.toml", "pyproject.toml")
LARGEST = 1_000_000
"""Bytes of a configuration file; a larger one is refused."""


@record(kw_only=True)
class Config:
    """Everything that can be chosen about a scan. The defaults are those of the command line.

    `select` and `ignore` name rules (`event-in-shell`) or practices (`C1`); without `select`,
    the persona chooses. `exclude` are paths or patterns of templates, and `parameter_files`
    are paths, both relative to the scanned folder.
    """

    persona: Persona = Persona.REGULAR
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: Severity = Severity.LOW
    """The lowest severity that makes the exit code speak of findings."""
    parameters: Mapping[str, str] = MappingProxyType({})
    parameter_files: tuple[str, ...] = ()
    sam_environment: str = "default"
    """The table of `samconfig.toml` that parameters are read from."""
    ignores: tuple[Ignore, ...] = ()
    baseline: Earlier | None = None
    """An earlier report, whose findings do not count; `stockade.baseline.read` reads one."""
    trusted: bool = True
    """False leaves out every ignore that the scanned files hold."""


def find(folder: Path) -> Path | None:
    """Return the configuration file of `folder`: `stockade.toml` before `pyproject.toml`.

    A `pyproject.toml` counts only if it mentions `tool.stockade`. A link that leads out of the
    folder is not followed, and is as if there were no file.
    """
    root = folder.resolve()
    for name in FILES:
        path = folder / name
        if not path.is_file() or not path.resolve().is_relative_to(root):
            continue
        if name == "stockade.toml" or "tool.stockade" in _text(path):
            return path
    return None


def read(path: Path, folder: Path) -> Config:
    """Read the configuration file `path` for a scan of `folder`.

    Raises `ConfigError`, which names the line, for what is not TOML, for unknown settings and
    for values of the wrong kind.
    """
    text = _text(path)
    source = Source(_shown(path, folder), text)
    chosen: dict[str, Any] = {}
    for key, value in _table(path, text).items():
        setting = SETTINGS.get(key)
        if setting is None:
            raise source.unknown(key, tuple(SETTINGS))
        chosen[setting.field] = setting.read(value, source, key)
    return Config(**chosen)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise _unreadable(path, f"larger than {LARGEST} bytes")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, "not UTF-8 text") from error


def _table(path: Path, text: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most folders have no configuration

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, f"not TOML: {error}") from error
    except RecursionError as error:
        raise _unreadable(path, "nested too deeply") from error
    if path.name != "pyproject.toml":
        return document
    tool = document.get("tool", {})
    table = tool.get("stockade", {}) if isinstance(tool, dict) else {}
    return table if isinstance(table, dict) else {"tool.stockade": table}


def _unreadable(path: Path, why: str) -> ConfigError:
    return ConfigError(f"{path}: {why}", "docs/configuration.md shows what can be written there")


def _shown(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.as_posix()
