"""The packed file: an index, and a compressed record for each service, read when it is asked for.

The file begins with a line of its own, the length of the index in four bytes and the compressed
index, which tells of each record where it lies. Opening reads the index alone.
"""

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from stockade.errors import InputError

MAGIC: Final = b"STOCKADE-CATALOGUE-1\n"
MOST_BYTES: Final = 32 * 1024 * 1024
"""A record that unpacks to more than this is no record of ours."""


class Packed:
    """One packed file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise _damaged(path)
            length = int.from_bytes(file.read(4), "big")
            self.head: dict[str, Any] = _unpack(path, file.read(length))
            self._start = file.tell()
        index = self.head.get("index")
        if not isinstance(index, dict):
            raise _damaged(path)
        self._index: Mapping[str, Mapping[str, list[int]]] = index

    def names(self, group: str) -> tuple[str, ...]:
        """Return the names of the records of a group, in the file's order."""
        return tuple(self._index.get(group, ()))

    def raw(self, group: str, name: str) -> bytes:
        """Return a record as it is packed, to be written again. It must be there."""
        place = self._index[group][name]
        with self.path.open("rb") as file:
            file.seek(self._start + place[0])
            return file.read(place[1])

    def read(self, group: str, name: str) -> dict[str, Any] | None:
        """Return a record, or None where there is none of that name."""
        place = self._index.get(group, {}).get(name)
        if place is None:
            return None
        with self.path.open("rb") as file:
            file.seek(self._start + place[0])
            return _unpack(self.path, file.read(place[1]))


def _unpack(path: Path, packed: bytes) -> dict[str, Any]:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, MOST_BYTES)
        found: dict[str, Any] = json.loads(text)
    except (zlib.error, ValueError) as error:
        raise _damaged(path) from error
    if not isinstance(found, dict):
        raise _damaged(path)
    return found


def _damaged(path: Path) -> InputError:
    return InputError(
        f"{path.name} is no catalogue of stockade",
        "`stockade catalogue update` writes it anew; removing it brings back the one shipped",
    )


def write(path: Path, about: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]]) -> None:
    """Write a packed file: what it says of itself, and the records of each group.

    A record that is `bytes` is packed already.
    """
    parts: list[bytes] = []
    index: dict[str, dict[str, list[int]]] = {}
    size = 0
    for group, records in groups.items():
        places = index[group] = {}
        for name, value in records.items():
            packed = value if isinstance(value, bytes) else zlib.compress(_json(value), 9)
            places[name] = [size, len(packed)]
            parts.append(packed)
            size += len(packed)
    head = zlib.compress(_json({**about, "index": index}), 9)
    path.write_bytes(MAGIC + len(head).to_bytes(4, "big") + head + b"".join(parts))


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
