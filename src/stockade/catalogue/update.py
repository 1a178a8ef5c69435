"""Newer facts for the catalogue: AWS's public reference of its services, or a copy of it.

The reference is an index, `[{"service": ..., "url": ...}]`, and a document for each service with
its actions, resource types, condition keys and operations. It is read from AWS only when asked;
a folder or zip that holds the same files serves where there is no way out. Everything is checked
before anything is written, and the user's copy is swapped in one step. What stockade itself says
of operations stays as it is: the reference lists what an operation *may* ask for, which is more
than it does ask for. Follows "Simplified AWS service information for programmatic access".
"""

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from stockade.catalogue.library import CATALOGUE, SHIPPED, user_folder
from stockade.catalogue.packed import Packed, write
from stockade.errors import InputError
from stockade.model.record import record

INDEX: Final = "https://servicereference.us-east-1.amazonaws.com/"
TAGS: Final = "etags.json"
MOST_BYTES: Final = 16 * 1024 * 1024
"""Of one document."""
MOST_DOCUMENTS: Final = 2_000
PATIENCE: Final = 30.0
"""Seconds that one answer may take."""


@record(kw_only=True)
class Update:
    """What an update brought."""

    services: tuple[str, ...]
    """The services that were read anew."""
    added: tuple[str, ...]
    """Actions that the catalogue did not have before, and those that are gone."""
    removed: tuple[str, ...]
    path: Path


@record
class Document:
    """One file of the reference: where it came from, what it holds, how its version is told."""

    name: str
    content: Any
    tag: str = ""


def update(
    source: Path | str | None = None, *, folder: Path | None = None, date: str | None = None
) -> Update:
    """Bring newer data into the user's copy of the catalogue.

    `source` is a folder, a zip file, or the URL of an index; AWS's own where nothing is given.
    `date` is the day that the data is of (`2026-11-22`), today by default. Raises `InputError`,
    and changes nothing, if something cannot be read or is not what it should be.
    """
    folder = folder or user_folder()
    own = folder / CATALOGUE
    current = Packed(own if own.is_file() else SHIPPED / CATALOGUE)
    known = _tags(folder) if own.is_file() else {}
    documents = list(_documents(source, known))
    if not documents and isinstance(source, Path | str) and Path(source).exists():
        message = f"nothing was updated: {source} holds no document of AWS's service reference"
        raise InputError(message, "name a folder or zip file with a copy of the reference")
    iam, sdk, parameters = (_all(current, group) for group in ("iam", "sdk", "parameters"))
    before: set[str] = set()
    after: set[str] = set()
    read = []
    for document in documents:
        prefix, service = _checked(document)
        known_service = current.read("iam", prefix)
        iam[prefix] = _merged(known_service, service)
        before |= _actions(prefix, known_service or {"actions": {}})
        after |= _actions(prefix, iam[prefix])
        _operations(current, sdk, prefix, service)
        read.append(prefix)
        if document.tag:
            known[document.name] = document.tag
    head = {key: value for key, value in current.head.items() if key != "index"}
    head["date"] = date or _today()
    groups = {"iam": iam, "sdk": sdk, "parameters": parameters}
    _swap(own, lambda path: write(path, head, groups))
    _swap(folder / TAGS, lambda path: _write_json(path, known))
    return Update(
        services=tuple(read),
        added=tuple(sorted(after - before)),
        removed=tuple(sorted(before - after)),
        path=own,
    )


# --- reading -----------------------------------------------------------------------------


def _documents(source: Path | str | None, known: Mapping[str, str]) -> Iterator[Document]:
    if source is None or (isinstance(source, str) and source.startswith(("http://", "https://"))):
        yield from _fetched(source or INDEX, known)
        return
    path = Path(source)
    if path.is_dir():
        for number, file in enumerate(sorted(path.glob("*.json"))):
            _limited(number, file.stat().st_size, file.name)
            content = _parsed(file.name, file.read_bytes())
            if _is_service(content):
                yield Document(file.name, content)
    elif path.is_file():
        yield from _unzipped(path)
    else:
        message = f"{path} is neither a folder nor a file"
        raise InputError(message, "--from takes a folder or zip with the reference's JSON files")


def _unzipped(path: Path) -> Iterator[Document]:
    try:
        with zipfile.ZipFile(path) as archive:
            for number, one in enumerate(archive.infolist()):
                _limited(number, one.file_size, one.filename)
                if one.filename.endswith(".json"):
                    with archive.open(one) as file:
                        text = file.read(MOST_BYTES + 1)
                    _limited(number, len(text), one.filename)
                    content = _parsed(one.filename, text)
                    if _is_service(content):
                        yield Document(one.filename, content)
    except zipfile.BadZipFile as error:
        message = f"{path} is no zip file"
        raise InputError(message) from error


def _fetched(index: str, known: Mapping[str, str]) -> Iterator[Document]:
    """Yield what has changed of the public reference."""
    listed = _get(index, "")
    content = _parsed(index, listed[0]) if listed is not None else []
    if not isinstance(content, list) or len(content) > MOST_DOCUMENTS:
        raise _wrong(index, "it is no index: a list of service and url was expected")
    scheme = index.partition("://")[0]
    for entry in content:
        url = entry.get("url") if isinstance(entry, dict) else None
        if not isinstance(url, str) or not url.startswith(f"{scheme}://"):
            raise _wrong(index, "an entry has no url of the index's own scheme")
        answer = _get(url, known.get(url, ""))
        if answer is not None:
            yield Document(url, _parsed(url, answer[0]), answer[1])


def _get(url: str, tag: str) -> tuple[bytes, str] | None:
    """Return a document and its tag, or None if it has not changed since `tag`."""
    import urllib.error  # noqa: PLC0415 - costs 60 ms, and only an update needs it
    import urllib.request  # noqa: PLC0415

    headers = {"If-None-Match": tag} if tag else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - http and https alone
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            text: bytes = answer.read(MOST_BYTES + 1)
            _limited(0, len(text), url)
            return text, answer.headers.get("ETag") or ""
    except urllib.error.HTTPError as error:
        if error.code == NOT_MODIFIED:
            return None
        raise _unreached(url, f"it answered {error.code}") from error
    except (urllib.error.URLError, OSError) as error:
        raise _unreached(url, str(getattr(error, "reason", error))) from error


NOT_MODIFIED: Final = 304


def _unreached(url: str, why: str) -> InputError:
    hint = "without a way out, give a folder or zip of the reference: --from DIR|zip"
    return InputError(f"{url} could not be read: {why}", hint)


def _limited(number: int, size: int, name: str) -> None:
    if number >= MOST_DOCUMENTS or size > MOST_BYTES:
        raise _wrong(name, "it is larger than the reference ever is")


def _parsed(name: str, text: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(name, "it is no JSON") from error


# --- checking ----------------------------------------------------------------------------


def _is_service(content: object) -> bool:
    """Tell a service's document from an index that lies beside it."""
    return not isinstance(content, list)


def _wrong(name: str, why: str) -> InputError:
    return InputError(f"{name}: {why}", "nothing was changed")


def _checked(document: Document) -> tuple[str, Mapping[str, Any]]:
    """Return a service's prefix and document, once it is known to be one."""
    content = document.content
    if not isinstance(content, dict) or not isinstance(content.get("Name"), str):
        raise _wrong(document.name, "it has no Name")
    for key in ("Actions", "Resources", "ConditionKeys", "Operations"):
        entries = content.get(key, [])
        if not isinstance(entries, list) or not all(
            isinstance(one, dict) and isinstance(one.get("Name"), str) for one in entries
        ):
            raise _wrong(document.name, f"{key} is no list of things with a Name")
    for resource in content.get("Resources", []):
        formats = resource.get("ARNFormats", [])
        if not isinstance(formats, list) or not all(isinstance(one, str) for one in formats):
            raise _wrong(document.name, "ARNFormats is no list of texts")
    if not content.get("Actions"):
        raise _wrong(document.name, "it has no Actions")
    return content["Name"].lower(), content


# --- merging -----------------------------------------------------------------------------


def _all(packed: Packed, group: str) -> dict[str, Any]:
    """Return every record of a group as it is packed."""
    return {name: packed.raw(group, name) for name in packed.names(group)}


def _actions(prefix: str, service: Mapping[str, Any]) -> set[str]:
    return {f"{prefix}:{name}" for name in service["actions"]}


def _merged(before: Mapping[str, Any] | None, service: Mapping[str, Any]) -> dict[str, Any]:
    """Return a service as the reference has it; what only we know of it is kept."""
    before = before or {"name": service["Name"], "actions": {}, "resources": {}, "conditions": {}}
    actions = {
        one["Name"]: _action(one, before["actions"].get(one["Name"])) for one in service["Actions"]
    }
    resources = {
        one["Name"]: [
            one.get("ARNFormats") or before["resources"].get(one["Name"], [[]])[0],
            sorted(_texts(one.get("ConditionKeys"))),
        ]
        for one in service.get("Resources", [])
    }
    conditions = {
        one["Name"]: next(iter(_texts(one.get("Types"))), "String")
        for one in service.get("ConditionKeys", [])
    }
    return {
        **before,
        "actions": actions,
        "resources": {**before["resources"], **resources},
        "conditions": {**before["conditions"], **conditions},
    }


def _action(action: Mapping[str, Any], before: list[Any] | None) -> list[Any]:
    """Return an action's row. The reference does not tell required types from optional ones."""
    required = {one[0]: one[1] for one in before[1]} if before and len(before) > 1 else {}
    types = [
        [one["Name"], required.get(one["Name"], 0)]
        for one in action.get("Resources") or ()
        if isinstance(one, dict) and isinstance(one.get("Name"), str)
    ]
    dependent = before[3] if before and len(before) > 3 else []  # noqa: PLR2004 - the fourth
    return [_access(action, before), types, _texts(action.get("ActionConditionKeys")), dependent]


def _access(action: Mapping[str, Any], before: list[Any] | None) -> str:
    notes = action.get("Annotations")
    told = notes.get("Properties") if isinstance(notes, dict) else None
    if not isinstance(told, dict):
        return str(before[0]) if before else "Unknown"
    for key, level in (
        ("IsPermissionManagement", "Permissions management"),
        ("IsTaggingOnly", "Tagging"),
        ("IsWrite", "Write"),
        ("IsList", "List"),
    ):
        if told.get(key) is True:
            return level
    return "Read"


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _operations(
    current: Packed, sdk: dict[str, Any], prefix: str, service: Mapping[str, Any]
) -> None:
    """Say what operations need of which nothing was known, where the reference is sure of it.

    It is where it lists one action alone.
    """
    with_type = {
        one["Name"]: next((r["Name"] for r in one.get("Resources") or () if "Name" in r), None)
        for one in service["Actions"]
    }
    for operation in service.get("Operations", []):
        allowed = operation.get("AuthorizedActions")
        if not isinstance(allowed, list) or len(allowed) != 1 or not isinstance(allowed[0], dict):
            continue
        name, owner = allowed[0].get("Name"), str(allowed[0].get("Service", prefix)).lower()
        if owner != prefix or name not in with_type:
            continue
        for used in operation.get("SDK") or ():
            if not isinstance(used, dict) or used.get("Package") != "Boto3":
                continue
            client = str(used.get("Name"))
            known = sdk.get(client)
            record = current.read("sdk", client) if isinstance(known, bytes) else known
            if record is not None and record["operations"].get(operation["Name"]) == []:
                sdk[client] = record
                type_ = with_type[name]
                where = f"{type_}({UNTOLD})" if type_ else "*"
                needed = [f"{prefix}:{name} on {where}"]
                record["operations"][operation["Name"]] = [needed, "service reference"]


UNTOLD: Final = "?the catalogue does not say which parameter names it"


# --- writing -----------------------------------------------------------------------------


def _tags(folder: Path) -> dict[str, str]:
    """Return the tags of the documents that the user's copy was made of."""
    path = folder / TAGS
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_bytes())
    except ValueError:
        return {}
    return (
        {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, sort_keys=True), encoding="utf-8")


def _swap(path: Path, make: Any) -> None:  # noqa: ANN401 - what writes the file at a path
    """Write a file beside its place and put it there in one step: readers see old or new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(handle)
    beside = Path(name)
    try:
        make(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _today() -> str:
    from datetime import UTC, datetime  # noqa: PLC0415 - only where no date is given

    return datetime.now(UTC).date().isoformat()
