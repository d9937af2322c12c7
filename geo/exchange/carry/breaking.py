"""Break text into lines as Chinese typesetting does: between characters, never inside a Latin word."""

from __future__ import annotations

import re
from collections.abc import Callable

# A Latin word or number with what hangs on it, a run of spaces, or any single character.
_PIECES = re.compile(r"[!-~\u00a0-\u024f]+| +|[^\n]|\n")
NO_START = frozenset("，。、；：？！）》」』】〉”’…·—%％,.;:?!)]}")
NO_END = frozenset("（《「『【〈“‘([{")


def lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Return the text in lines no wider than `width`, measured by `measure`.

    No line begins with closing or ends with opening punctuation where that can be helped; a word
    wider than a line is cut. Spaces at a break go away; line ends of the text are kept.
    """
    found: list[str] = []
    for paragraph in text.split("\n"):
        found += _paragraph(paragraph, width, measure)
    return found


def _paragraph(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    found: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if not line and piece.isspace():
            continue
        if measure(line + piece) <= width:
            line += piece
            continue
        kept, line = _turn(line, piece)
        if kept.strip():
            found.append(kept.rstrip())
        while measure(line) > width and len(line) > 1:
            size = _fitting(line, width, measure)
            found.append(line[:size])
            line = line[size:]
    return [*found, line.rstrip()]


def _turn(line: str, piece: str) -> tuple[str, str]:
    """Return what stays on the full line and what goes to the next one."""
    carried = piece.lstrip()
    while line and carried and (carried[0] in NO_START or line[-1] in NO_END):
        if len(line) < 3 or len(carried) > 8 + len(piece):
            break
        line, carried = line[:-1], line[-1] + carried
    return line, carried


def _fitting(word: str, width: float, measure: Callable[[str], float]) -> int:
    size = len(word)
    while size > 1 and measure(word[:size]) > width:
        size -= 1
    return size
