"""When the beginning of an address settles which host it names."""

from typing import Final

from stockade._late import pattern

HOST_IS_SET: Final = pattern(r"^(?:[A-Za-z][\w+.-]*:)?//[^/?#]+[/?#]")
"""Matches a text in which the host is complete: nothing that follows can change it."""
