"""Sixteen digits that name something by what it is, not by where it stands today."""

import sys
from importlib import import_module


def fingerprint(*parts: str) -> str:
    """Return sixteen hexadecimal digits made of all parts, in order."""
    return _sha256("\0".join(parts).encode())[:16]


def _sha256(data: bytes) -> str:
    """Return the SHA-256 of `data`, by the interpreter itself where it can.

    `hashlib` would load OpenSSL, which takes longer than all rules of a small scan.
    """
    own = "_sha2" if sys.version_info >= (3, 12) else "_sha256"
    try:
        module = import_module(own)
    except ImportError:
        module = import_module("hashlib")
    return str(module.sha256(data).hexdigest())
