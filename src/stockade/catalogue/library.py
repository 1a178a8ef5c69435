"""The packed data, read service by service and kept once read."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from stockade.catalogue.needs import authorization, statement
from stockade.catalogue.packed import Packed
from stockade.catalogue.records import (
    Action,
    ActsOn,
    Authorization,
    Lazily,
    ManagedPolicy,
    Missing,
    Operation,
    Provenance,
    ResourceClass,
    ResourceMethod,
    ResourceType,
    Service,
    Source,
)

SHIPPED: Final = Path(__file__).parent / "data"
CATALOGUE: Final = "catalogue.bin"
POLICIES: Final = "policies.bin"
LONGEST_NAME: Final = 200
"""Characters of a name that is looked up: longer ones are nobody's."""


def user_folder() -> Path:
    """Return where the user's own copy lies, whether it is there or not."""
    home = Path.home()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(home / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    return Path(base) / "stockade"


def python_name(operation: str) -> str:
    """Write an operation's name as boto3 does: `ListObjectsV2` -> `list_objects_v2`."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", operation))
    return re.sub(r"_v_?(\d)", r"_v\1", name.lower())


class Catalogue:
    """One catalogue: `folder` holds its two files; without it the user's or the shipped ones."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._services: dict[str, Service] = {}
        self._raw: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._letters: dict[str, dict[str, str]] = {}
        """By service, each operation by the letters that it shares with its name in Python."""
        self._operations: dict[tuple[str, str], Operation | Missing] = {}
        self._files: dict[str, Packed] = {}
        self._policies: dict[str, ManagedPolicy] = {}

    # --- IAM -----------------------------------------------------------------------------

    def services(self) -> tuple[str, ...]:
        """Return every prefix of IAM."""
        return self._file(CATALOGUE).names("iam")

    def service(self, prefix: str) -> Service | Missing:
        """Return the service of an IAM prefix, in any case."""
        prefix = prefix.lower()
        known = self._services.get(prefix)
        if known is None:
            text = self._read("iam", prefix)
            if text is None:
                return Missing(prefix[:LONGEST_NAME], "IAM has no such prefix")
            known = self._services[prefix] = _service(prefix, text)
        return known

    def action(self, name: str) -> Action | Missing:
        """Return an action by its full name in any case."""
        prefix, colon, rest = name[:LONGEST_NAME].partition(":")
        if not colon or "*" in name or "?" in name:
            return Missing(name[:LONGEST_NAME], "it is not the name of one action")
        service = self.service(prefix)
        return service if isinstance(service, Missing) else service.action(rest)

    def expand(self, pattern: str) -> tuple[Action, ...] | Missing:
        """Return the actions that a pattern matches, in the order of their names."""
        found = self._matched(pattern)
        if isinstance(found, Missing):
            return found
        return tuple(service.actions[name] for service, name in found)

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return the full names of what `expand` returns, in lower case; none where it is not."""
        found = self._matched(pattern)
        if isinstance(found, Missing):
            return ()
        return tuple(f"{service.prefix}:{name}" for service, name in found)

    def _matched(self, pattern: str) -> list[tuple[Service, str]] | Missing:
        """Return the actions that a pattern matches: their services and names in lower case."""
        if pattern == "*":
            every = [self.service(prefix) for prefix in self.services()]
            return [
                (one, name) for one in every if isinstance(one, Service) for name in one.actions
            ]
        if len(pattern) > LONGEST_NAME:
            return Missing(pattern[:LONGEST_NAME], "no action has so long a name")
        prefix, colon, rest = pattern.partition(":")
        if not colon:
            return Missing(pattern, "it is not written as service:Action")
        prefixes = [prefix]
        if "*" in prefix or "?" in prefix:
            prefixes = [one for one in self.services() if _matches(prefix.lower(), one)]
        matched: list[tuple[Service, str]] = []
        for one in prefixes:
            service = self.service(one)
            if isinstance(service, Missing):
                return service
            wanted = rest.lower()
            matched.extend((service, each) for each in service.actions if _matches(wanted, each))
        return matched

    # --- the SDK -------------------------------------------------------------------------

    def operation(self, service: str, name: str) -> Operation | Missing:
        """Return an operation by the SDK's name of the service, and its own or Python's name.

        Methods that call other operations are found too: `upload_file`, `Bucket.upload_file`.
        """
        key = (service, name)
        known = self._operations.get(key)
        if known is None:
            known = self._operations[key] = self._look_up(service, name)
        return known

    def paginator(self, service: str, name: str) -> Operation | Missing:
        """Return the operation that a paginator repeats: `list_objects_v2`."""
        return self._by_table("paginators", service, name)

    def waiter(self, service: str, name: str) -> Operation | Missing:
        """Return the operation that a waiter repeats: `object_exists`."""
        return self._by_table("waiters", service, name)

    def resource_class(self, service: str, name: str) -> ResourceClass | Missing:
        """Return a class of boto3's resources; `ServiceResource` is the service's own."""
        text = self._read("sdk", service) or {}
        found = text.get("resources", {}).get(name)
        if found is None:
            return Missing(f"{service}.{name}"[:LONGEST_NAME], "boto3 has no such resource")
        return ResourceClass(
            service=service,
            name=name,
            identifiers=tuple(found["ids"]),
            methods={
                method: ResourceMethod(operation=one[0], given=one[1])
                for method, one in found.get("actions", {}).items()
            },
            collections={
                many: ResourceMethod(operation=one[0], given=one[1], items=one[2])
                for many, one in found.get("many", {}).items()
            },
            parts={
                part: (one[0], tuple((row[0], row[1], row[2]) for row in one[1]))
                for part, one in found.get("has", {}).items()
            },
        )

    def parameters(self, service: str, operation: str) -> tuple[str, ...]:
        """Return the names of an operation's parameters; none for one that is not known."""
        return tuple((self._read("parameters", service) or {}).get(operation, ()))

    def has_service(self, service: str) -> bool:
        """Tell whether the SDK has a service of this name."""
        return self._read("sdk", service) is not None

    def format_of(self, service: str, type_: str) -> str | None:
        """Return the ARN format of a resource type, as policies write it."""
        text = self._read("iam", service) or {}
        own: str | None = text.get("formats", {}).get(type_)
        found = text.get("resources", {}).get(type_)
        return own or (found[0][0] if found else None)

    def _by_table(self, table: str, service: str, name: str) -> Operation | Missing:
        text = self._read("sdk", service) or {}
        operation = text.get(table, {}).get(name)
        if operation is None:
            return Missing(f"{service}.{name}"[:LONGEST_NAME], f"it is none of its {table}")
        return self.operation(service, operation)

    def _look_up(self, service: str, name: str) -> Operation | Missing:
        text = self._read("sdk", service)
        if text is None:
            return Missing(service[:LONGEST_NAME], "the SDK has no such service")
        method = text.get("methods", {}).get(name if "." in name else f"Client.{name}")
        if method is not None:
            return self._method(service, name, method)
        operations = text["operations"]
        operation = name if name in operations else self._named(service, operations, name)
        if operation is None:
            why = f"{service} has no such operation"
            return Missing(f"{service}.{name}"[:LONGEST_NAME], why)
        row = operations[operation]
        if not row:
            why = "no action of IAM is known for it"
            return Missing(f"{service}.{operation}", why)
        needs, statements = self._needs(row[0])
        return Operation(
            service=service,
            name=operation,
            method=python_name(operation),
            parameters=(),
            needs=needs,
            basis=row[1],
            statements=statements,
        )

    def _method(self, service: str, name: str, method: list[Any]) -> Operation | Missing:
        parameters, target, needs = method
        if needs is None:
            operation = self.operation(service, target)
            if isinstance(operation, Missing):
                return operation
            return Operation(
                service=service,
                name=operation.name,
                method=name,
                parameters=tuple(parameters),
                needs=operation.needs,
                basis=operation.basis,
            )
        return Operation(
            service=service,
            name=name,
            method=name,
            parameters=tuple(parameters),
            needs=self._needs(needs)[0],
            basis="overlay",
        )

    def _needs(self, needs: list[str]) -> tuple[tuple[Authorization, ...], tuple[str, ...]]:
        """Read needs: those that are written out, and parameters whose statements tell."""
        read = [authorization(need, self.format_of) for need in needs]
        told = [statement(need) for need in needs]
        return tuple(one for one in read if one), tuple(one for one in told if one)

    def _named(self, service: str, operations: Mapping[str, Any], name: str) -> str | None:
        """Return the service's operation that has this name in Python."""
        told: str | None = (self._read("sdk", service) or {}).get("names", {}).get(name)
        if told is not None:
            return told
        known = self._letters.get(service)
        if known is None:
            known = self._letters[service] = {each.lower(): each for each in operations}
        operation = known.get(name.replace("_", ""))
        return operation if operation and python_name(operation) == name else None

    # --- managed policies ----------------------------------------------------------------

    def managed_policy(self, arn: str) -> ManagedPolicy | Missing:
        """Return a policy that AWS manages, by its ARN in any partition, or by its name."""
        name = arn[:LONGEST_NAME].rpartition("/")[2]
        parts = arn.split(":")
        if len(parts) > 1 and parts[4:5] != ["aws"]:
            return Missing(arn[:LONGEST_NAME], "AWS does not manage it")
        known = self._policies.get(name)
        if known is None:
            file = self._file(POLICIES)
            chunk = max((one for one in file.names("policies") if one <= name), default=None)
            rows = file.read("policies", chunk) if chunk else None
            for each, row in (rows or {}).items():
                self._policies[each] = ManagedPolicy(
                    arn=f"arn:aws:iam::aws:policy{row[0]}{each}",
                    name=each,
                    version=row[1],
                    document=row[2],
                )
            known = self._policies.get(name)
        if known is None:
            return Missing(arn[:LONGEST_NAME], "it is none of the managed policies")
        if len(parts) > 1 and known.arn.split(":", 5)[5] != arn.split(":", 5)[5]:
            return Missing(arn[:LONGEST_NAME], "its path is another")
        return known

    # --- files ---------------------------------------------------------------------------

    def provenance(self) -> Provenance:
        """Say where the facts come from."""
        files = [self._file(CATALOGUE), self._file(POLICIES)]
        return Provenance(
            date=str(files[0].head.get("date", "")),
            sources=tuple(Source(**one) for file in files for one in file.head.get("sources", ())),
            updated=files[0].path.parent != SHIPPED,
        )

    def _file(self, name: str) -> Packed:
        known = self._files.get(name)
        if known is None:
            own = (self._folder or user_folder()) / name
            known = self._files[name] = Packed(own if own.is_file() else SHIPPED / name)
        return known

    def _read(self, group: str, name: str) -> dict[str, Any] | None:
        key = (group, name)
        if key not in self._raw:
            self._raw[key] = self._file(CATALOGUE).read(group, name)
        return self._raw[key]


def _service(prefix: str, text: Mapping[str, Any]) -> Service:
    rows = text["actions"]
    return Service(
        prefix=prefix,
        name=text["name"],
        actions=Lazily(
            {name.lower(): name for name in rows},
            lambda name: _action(prefix, name, rows[name]),
        ),
        resource_types=Lazily(
            {name: name for name in text["resources"]},
            lambda name: _type(name, text["resources"][name]),
        ),
        condition_keys=text["conditions"],
    )


def _type(name: str, row: list[Any]) -> ResourceType:
    return ResourceType(name=name, arns=tuple(row[0]), condition_keys=tuple(row[1]))


def _action(prefix: str, name: str, row: list[Any]) -> Action:
    types = row[1] if len(row) > 1 else ()
    return Action(
        service=prefix,
        name=name,
        access=row[0],
        resources=tuple(
            ActsOn(
                type=one[0],
                required=bool(one[1]),
                condition_keys=tuple(one[2]) if len(one) > 2 else (),  # noqa: PLR2004 - the third
            )
            for one in types
        ),
        condition_keys=tuple(row[2]) if len(row) > 2 else (),  # noqa: PLR2004 - the third column
        dependent=tuple(row[3]) if len(row) > 3 else (),  # noqa: PLR2004 - the fourth column
    )


def _matches(pattern: str, name: str) -> bool:
    """Match `*` and `?` in time that grows with the lengths alone, whatever the pattern is."""
    at = mark = 0
    star = -1
    place = 0
    while place < len(name):
        if at < len(pattern) and pattern[at] in (name[place], "?") and pattern[at] != "*":
            at += 1
            place += 1
        elif at < len(pattern) and pattern[at] == "*":
            star, mark = at, place
            at += 1
        elif star >= 0:
            mark += 1
            at, place = star + 1, mark
        else:
            return False
    return all(rest == "*" for rest in pattern[at:])
