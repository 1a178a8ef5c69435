"""When the beginning of an address settles which host it names."""

from typing import Final

from stockade._late import pattern

HOST_IS_SET: Final = pattern(r"^(?:(?:[A-Za-z][\w+.-]*:)?//[^/?#]+[/?#]|[\w.-]+/)")
"""Matches a text in which the host is complete: nothing that follows can change it.

So is one that begins with a name and a slash: it is a host's own, or a path below another's.
"""
