"""Say what the map in the browser shows now, as one small value that carries no markup."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Command:
    """Hold one state of the map.

    `atlas`, `points`, `details`: addresses of the payloads, relative to the map's frame;
    `mask`: the shown rows (see `payload.row_mask`); `selected`: a row or -1; `counts` and
    `active`: per facet; `text`: every word on the map, in the page's language; `at`: lon, lat,
    zoom to start from; `tiles`: whether an online base map lies below.
    """

    atlas: str
    points: str
    details: str
    mask: str
    lang: str
    colour: str
    selected: int
    counts: Mapping[str, Mapping[str, int]]
    active: Mapping[str, Sequence[str]]
    text: Mapping[str, object]
    at: tuple[float, float, float] | None = None
    tiles: bool = False

    def encode(self) -> str:
        """Encode as base64, so that no character of the data can mean anything to a template."""
        document = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(document.encode("utf-8", "replace")).decode("ascii")
