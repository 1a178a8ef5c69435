"""What was asked of the scanned folder, to tell later whether an answer may have changed."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from stockade.model.record import record


@record
class Changed:
    """What is not as it was in a folder. Paths are relative to it, with forward slashes.

    `contents` are files that say something else; `places` are paths where there is something
    else than before: a file where there was none, nothing where there was a folder.
    """

    contents: AbstractSet[str] = frozenset()
    places: AbstractSet[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.contents or self.places)


class Asked:
    """The questions that some work asked of the folder, whatever the answers were.

    `paths` were read, or looked for; `listed` are folders whose files were listed. Work that
    takes over the result of other work takes over its questions (`add`).
    """

    __slots__ = ("listed", "paths")

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.listed: set[str] = set()

    def add(self, other: "Asked") -> None:
        """Take over the questions of other work."""
        self.paths |= other.paths
        self.listed |= other.listed

    def is_touched_by(self, changed: Changed) -> bool:
        """Tell whether an answer may be another one after the change."""
        if not self.paths.isdisjoint(changed.contents):
            return True
        return bool(changed.places) and self._is_moved_by(changed.places)

    def _is_moved_by(self, places: Iterable[str]) -> bool:
        """Tell whether something asked about is at such a place, or lies in it or around it."""
        folders = tuple(f"{place}/" for place in places)
        if not self.paths.isdisjoint(places) or any(
            path.startswith(folders) for path in self.paths
        ):
            return True
        return any(
            not folder or folder in places or folder.startswith(folders) or _is_around(folder, places)
            for folder in self.listed
        )


def _is_around(folder: str, places: Iterable[str]) -> bool:
    inside = f"{folder}/"
    return any(place.startswith(inside) for place in places)
