"""The code that lets a member of a tour score: made once, kept only as a slow salted hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like another
LENGTH = 8
_COST = {"n": 2**14, "r": 8, "p": 1}
_BYTES = 16


def make() -> str:
    """Return a new code: 8 letters and digits, 39 bits, as good on paper as in a link."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal(read: str) -> str:
    """Return a code as it was made: people write small letters, blanks and dashes."""
    return "".join(read[:100].split()).replace("-", "").upper()


def hashed(code: str) -> str:
    """Return what is kept of a code: `scrypt$salt$hash` in hex digits."""
    salt = secrets.token_bytes(_BYTES)
    return f"scrypt${salt.hex()}${_hash(code, salt).hex()}"


def matches(read: str, kept: str) -> bool:
    """Tell whether what somebody typed is the code, in a time that does not depend on it."""
    _, salt, wanted = kept.split("$")
    return hmac.compare_digest(_hash(read, bytes.fromhex(salt)), bytes.fromhex(wanted))


def _hash(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(normal(code).encode(), salt=salt, dklen=_BYTES, **_COST)
