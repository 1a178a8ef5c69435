"""Passwords that a function is sent."""

import re
from collections.abc import Iterable, Iterator

from stockade._late import pattern
from stockade.analysis.facts import ExternalCall
from stockade.model import EventData, Value
from stockade.rules._matches import event_fields

_PASSWORD = pattern(r"(?:^|[^a-z])(?:pass(?:word|wd|phrase|code)?|pwd)\d?$", re.IGNORECASE)
_NOT_ITS_VALUE = pattern(r"hash|encrypted|policy|reset|hint", re.IGNORECASE)

HASHES = {
    "hashlib.md5": "MD5",
    "hashlib.sha1": "SHA-1",
    "hashlib.sha224": "SHA-224",
    "hashlib.sha256": "SHA-256",
    "hashlib.sha384": "SHA-384",
    "hashlib.sha512": "SHA-512",
    "hashlib.sha3_256": "SHA3-256",
    "hashlib.sha3_512": "SHA3-512",
    "hashlib.blake2b": "BLAKE2",
    "hashlib.blake2s": "BLAKE2",
    "hashlib.new": "a fast hash",
    "hashlib.Hash.update": "a fast hash",
    "npm:crypto-js.MD5": "MD5",
    "npm:crypto-js.SHA1": "SHA-1",
    "npm:crypto-js.SHA256": "SHA-256",
    "npm:crypto-js.SHA512": "SHA-512",
    "npm:md5": "MD5",
    "npm:sha1": "SHA-1",
    "npm:js-sha256.sha256": "SHA-256",
    "node:crypto.Hash.md5.update": "MD5",
    "node:crypto.Hash.sha1.update": "SHA-1",
    "node:crypto.Hash.sha256.update": "SHA-256",
    "node:crypto.Hash.sha384.update": "SHA-384",
    "node:crypto.Hash.sha512.update": "SHA-512",
    "node:crypto.Hmac.update": "an HMAC",
    "node:crypto.hash": "a fast hash",
    "node:crypto.subtle.digest": "a fast hash",
    "hmac.new": "an HMAC",
    "hmac.digest": "an HMAC",
    "npm:crypto-js.HmacSHA1": "an HMAC",
    "npm:crypto-js.HmacSHA256": "an HMAC",
    "npm:crypto-js.HmacSHA512": "an HMAC",
}
"""Hashes that are made to be fast, and so are guessed fast."""

SLOW_HASHES = (
    "bcrypt.checkpw",
    "bcrypt.hashpw",
    "argon2.PasswordHasher.verify",
    "argon2.PasswordHasher.hash",
    "hashlib.pbkdf2_hmac",
    "hashlib.scrypt",
    "werkzeug.security.check_password_hash",
    "werkzeug.security.generate_password_hash",
    "passlib.context.CryptContext.verify",
    "passlib.context.CryptContext.hash",
    "npm:bcrypt.compare",
    "npm:bcrypt.compareSync",
    "npm:bcrypt.hash",
    "npm:bcrypt.hashSync",
    "npm:bcryptjs.compare",
    "npm:bcryptjs.compareSync",
    "npm:bcryptjs.hash",
    "npm:bcryptjs.hashSync",
    "npm:argon2.verify",
    "npm:argon2.hash",
    "node:crypto.scrypt",
    "node:crypto.scryptSync",
    "node:crypto.pbkdf2",
    "node:crypto.pbkdf2Sync",
)


_TO_KEEP = (".hash", ".hashSync", ".generate_password_hash")
HASHING = tuple(name for name in SLOW_HASHES if name.endswith(_TO_KEEP))
"""Those that are given a password to keep."""


def passwords(values: Iterable[Value]) -> Iterator[EventData]:
    """Yield the fields of an event among `values` that hold a password."""
    for value in values:
        for data in event_fields(value):
            if is_password_field(data.field):
                yield data


def is_password_field(field: str) -> bool:
    """Tell whether a field of an event holds a password, by its name."""
    words = re.sub(r"([a-z])([A-Z])", r"\1_\2", field.rpartition(".")[2])
    return bool(_PASSWORD.search(words)) and not _NOT_ITS_VALUE.search(words)


def takes_password(call: ExternalCall) -> bool:
    """Tell whether a password of the event stands in an argument of `call`."""
    return next(passwords(call.arguments.values()), None) is not None
