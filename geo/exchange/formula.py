"""Text that a spreadsheet would run: an apostrophe before it on the way out, none on the way in."""

from __future__ import annotations

STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""First characters by which a spreadsheet takes a text for a formula or skips to one."""


def guard(text: str) -> str:
    """Return text that a spreadsheet would run with an apostrophe before it.

    Spaces are looked through, because some spreadsheets drop them; so are apostrophes that were
    there before, so that `unguard` knows which one is not the text's own.
    """
    return f"'{text}" if _would_run(text) else text


def unguard(text: str) -> str:
    """Return text as it was before `guard`."""
    return text[1:] if text.startswith("'") and _would_run(text[1:]) else text


def _would_run(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(STARTS) or bare.lstrip().startswith(STARTS)
