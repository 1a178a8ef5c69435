"""When the beginning of an address settles which host it names."""

import re
from typing import Final

HOST_IS_SET: Final = re.compile(r"^(?:[A-Za-z][\w+.-]*:)?//[^/?#]+[/?#]")
"""Matches a text in which the host is complete: nothing that follows can change it."""
