"""By which words applications name those who run them, and what only they may do."""

from typing import Final

from stockade._late import pattern

OF_STAFF: Final = pattern(r"(?i)admin|staff|internal|back_?office")
"""Stands in the name of what only the application's own people use."""
OF_ROLE: Final = pattern(
    r"(?i)admin|staff|super_?user|back_?office|moderator|curator|^@[\w-]+(?:\.[\w-]+)+$"
)
"""A role that somebody must have given, or the domain whose addresses the application's people
have."""
