"""The files that hold an application's code."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from stockade.model.location import Location
from stockade.model.record import record
from stockade.model.value import Unknown, Value

_Made = TypeVar("_Made")


@record
class SourceFile:
    """The text of one file, or code written inside a template.

    Code that stands in a template (`ZipFile: |`) has the template's `path`; `first_line` and
    `first_column` are where its first character stands there, so that a line of the code is a
    line of the author's file. Where they are not, as in a quoted text, all of it is at `folded`.
    """

    path: str
    text: str
    first_line: int = 1
    first_column: int = 1
    folded: Location | None = None

    def at(self, line: int, column: int, end_line: int, end_column: int) -> Location:
        """Return the place in the author's file of a stretch of this text, counted from 1."""
        if self.folded is not None:
            return self.folded
        down = self.first_line - 1
        right = self.first_column - 1
        return Location(
            self.path, line + down, column + right, end_line + down, end_column + right
        )

    @property
    def whole(self) -> Location:
        """The place of all of the text: the file, or where the code begins in a template."""
        if self.first_line == 1 and self.first_column == 1 and self.folded is None:
            return Location(self.path, 1)
        return self.at(1, 1, 1, 1)


class Sources(Protocol):
    """The files of the scanned folder, read when they are asked for and never beyond it.

    Paths are relative to the scanned folder, with forward slashes, without `..`.
    """

    def read(self, path: str) -> SourceFile | Unknown:
        """Return the file's text, or why it cannot be had."""

    def worked_out(self, path: str, work: Callable[[SourceFile], _Made]) -> _Made | Unknown:
        """Return what `work`, a function of a module, makes of a file's text, or why it cannot.

        Nothing is worked out again while the file says the same.
        """

    def document(self, path: str) -> Value | Unknown:
        """Return what a YAML or JSON file says, each value with its place, or why not."""

    def is_file(self, path: str) -> bool:
        """Tell whether `path` is a file inside the scanned folder."""

    def is_folder(self, path: str) -> bool:
        """Tell whether `path` is a folder inside the scanned folder."""

    def files_below(self, folder: str) -> Sequence[str]:
        """List the files below `folder`, sorted, vendored packages and build output left out."""

    def is_vendored(self, path: str) -> bool:
        """Tell whether `path` belongs to a vendored package, an environment or build output."""

    def afresh(self) -> "Sources":
        """Return the same files as another object, of which nothing is remembered yet."""
