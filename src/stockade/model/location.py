"""Where something was written."""

from typing import NamedTuple


class Location(NamedTuple):
    """A stretch of one file, first and last character included by line and column.

    `path` is relative to the scanned folder, with forward slashes. Lines and columns
    count from 1; columns count characters, not bytes. `end_column` is the column after
    the last character, so an empty stretch has `column == end_column`.
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


NOWHERE = Location("", 0)
"""The place of what no file states: a default of AWS, a value given on the command line."""
