"""The settings of the configuration file: what each is called, may hold and means."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from stockade.errors import ConfigError, near
from stockade.model import Ignore, Location, Persona, Severity
from stockade.model.record import record

_SEE = "docs/configuration.md shows what can be written there"


@record
class Source:
    """A configuration file, to say where in it something is wrong."""

    path: str
    text: str

    def at(self, key: str, nth: int = 0) -> Location:
        """Find the line of a key or table, the `nth` of that name: TOML's reader tells none."""
        name = re.escape(key)
        pattern = rf"^[ \t]*(?:\[+[^\]\n]*\b)?[\"']?{name}[\"']?[ \t]*(?:=|\.|\])"
        found = list(re.finditer(pattern, self.text, re.MULTILINE))
        if not found:
            return Location(self.path, 1)
        match = found[min(nth, len(found) - 1)]
        return Location(self.path, self.text.count("\n", 0, match.start()) + 1)

    def wrong(self, key: str, what: str, nth: int = 0) -> ConfigError:
        """Make the error for the value of `key`."""
        return ConfigError(f"{self.at(key, nth)}: {key} {what}", _SEE)

    def unknown(self, key: str, known: tuple[str, ...]) -> ConfigError:
        """Make the error for a key that is no setting, with the nearest that are."""
        hint = near(key, known) or f"the settings are {', '.join(known)}"
        return ConfigError(f"{self.at(key)}: {key!r} is not a setting", hint)


@record
class Setting:
    """One key of the configuration file: the field of `Config` it sets, how it is read."""

    field: str
    read: Callable[[Any, Source, str], object]


def severity_named(name: object) -> Severity | None:
    """Return the severity that is written `name` (`"high"`), or None."""
    return next((severity for severity in Severity if severity.name.lower() == name), None)


def _texts(value: object, source: Source, key: str) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise source.wrong(key, 'must be a list of texts: ["...", "..."]')


def _inside(value: object, source: Source, key: str) -> tuple[str, ...]:
    """Read paths that must not leave the scanned folder."""
    paths = _texts(value, source, key)
    for path in paths:
        parts = PurePosixPath(path.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or PureWindowsPath(path).drive:
            raise source.wrong(key, f"must stay inside the scanned folder, and {path!r} does not")
    return paths


def _text(value: object, source: Source, key: str) -> str:
    if isinstance(value, str):
        return value
    raise source.wrong(key, "must be a text")


def _persona(value: object, source: Source, key: str) -> Persona:
    if value in set(Persona):
        return Persona(str(value))
    raise source.wrong(key, f"must be one of {', '.join(Persona)}")


def _severity(value: object, source: Source, key: str) -> Severity:
    severity = severity_named(value)
    if severity is None:
        names = ", ".join(severity.name.lower() for severity in Severity)
        raise source.wrong(key, f"must be one of {names}")
    return severity


def _parameters(value: object, source: Source, key: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise source.wrong(key, "must be a table: [parameters], then NAME = value")
    given = {}
    for name, setting in value.items():
        if isinstance(setting, bool):
            given[name] = "true" if setting else "false"
        elif isinstance(setting, str | int | float):
            given[name] = str(setting)
        else:
            raise source.wrong(name, "must be a text, a number, true or false")
    return given


def _ignores(value: object, source: Source, key: str) -> tuple[Ignore, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise source.wrong(key, "must be tables: [[ignores]]")
    return tuple(_ignore(entry, source, nth) for nth, entry in enumerate(value))


IGNORE_KEYS = ("rule", "fingerprint", "reason", "until")
"""What an entry of `[[ignores]]` holds; the last may be left out."""


def _ignore(entry: dict[str, Any], source: Source, nth: int) -> Ignore:
    for key in entry:
        if key not in IGNORE_KEYS:
            raise source.unknown(key, IGNORE_KEYS)
    for key in IGNORE_KEYS[:3]:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise source.wrong(key="ignores", what=f"lacks a {key}, a text", nth=nth)
    if not re.fullmatch(r"[0-9a-fA-F]{8,16}", entry["fingerprint"]):
        raise source.wrong(key="fingerprint", what="must be 8 to 16 hexadecimal digits", nth=nth)
    return Ignore(
        rule=entry["rule"],
        fingerprint=entry["fingerprint"].lower(),
        reason=entry["reason"],
        at=source.at("ignores", nth),
        until=_until(entry.get("until"), source),
    )


def _until(value: object, source: Source) -> date | None:
    # A date with a time is a date to Python, but compares with none.
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        wrong = source.wrong("until", "must be a date: 2027-01-31")
        raise wrong from error


SETTINGS: Mapping[str, Setting] = {
    "persona": Setting("persona", _persona),
    "select": Setting("select", _texts),
    "ignore": Setting("ignore", _texts),
    "exclude": Setting("exclude", _texts),
    "fail-on": Setting("fail_on", _severity),
    "parameters": Setting("parameters", _parameters),
    "parameter-files": Setting("parameter_files", _inside),
    "sam-environment": Setting("sam_environment", _text),
    "ignores": Setting("ignores", _ignores),
}
"""Every setting, by its key."""
