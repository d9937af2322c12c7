"""One small error family: a code and its details; the sentence is made in the user's language by ui."""

from __future__ import annotations


class GeoError(Exception):
    """Say what is wrong as a stable code with named details, never as a sentence.

    `code` is a key below `error.` in locales; `details` are its placeholders
    (file, row, column, read, expected … as far as they apply).
    """

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        super().__init__(f"{code} {details}" if details else code)
