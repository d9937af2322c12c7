"""Write the map as one web page that opens without any network, with exactly the given rows."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd

from geo.layers import Atlas
from geo.render import payload
from geo.render.command import Command
from geo.render.folium_map import SCRIPTS, WEB
from geo.view import View

_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>{title}</title>
<style>{styles}</style>
</head>
<body class="gm-page">
<header><h1>{title}</h1><p>{subtitle}</p></header>
<main id="map_div"></main>
<footer>{notice}</footer>
<script>{scripts}</script>
<script>GeoMap.standalone("{data}");</script>
</body>
</html>
"""


def write(
    atlas: Atlas,
    *,
    rows: np.ndarray,
    fields: Mapping[str, Sequence[object]],
    text: Mapping[str, object],
    view: View,
    leaflet: Path,
) -> bytes:
    """Write the page. Code is inlined; everything else is one base64 block, so no text of the
    data stands where a browser would read markup or script.

    `rows` marks the projects that go in, `fields` holds their facts in frame order, by label;
    `text` every word; `leaflet` is the folder of Leaflet's distribution.
    """
    kept = replace(atlas, projects=atlas.projects[rows].reset_index(drop=True))
    ids = list(kept.projects["id"])
    command = Command(
        atlas="atlas",
        points="points",
        details="details",
        mask=payload.row_mask(np.ones(len(ids), dtype=bool)),
        lang=view.language,
        colour=view.colour,
        selected=ids.index(view.project) if view.project in ids else -1,
        counts={},
        active={"stage": (), "industry": (), "county": view.filters.county, "park": ()},
        text=text,
        at=view.at,
    )
    files = {
        "atlas": payload.shapes(kept, datum="wgs84"),
        "points": payload.points(kept, datum="wgs84"),
        "details": payload.details(kept),
    }
    document = {
        "command": asdict(command),
        "files": {name: json.loads(content) for name, content in files.items()},
        "fields": [
            [label, [_shown(value) for value in values]] for label, values in fields.items()
        ],
    }
    encoded = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    scripts = [leaflet / "leaflet.js", *(WEB / name for name in (*SCRIPTS, "standalone.js"))]
    styles = [leaflet / "leaflet.css", WEB / "map.css", WEB / "standalone.css"]
    return _PAGE.format(
        lang="zh-CN" if view.language == "zh" else "en",
        title=html.escape(str(text["picture_title"])),
        subtitle=html.escape(str(text["picture_subtitle"])),
        notice=html.escape(str(text["notice"])),
        styles="\n".join(path.read_text("utf-8") for path in styles),
        scripts="\n".join(_script(path) for path in scripts),
        data=base64.b64encode(encoded.encode("utf-8", "replace")).decode("ascii"),
    ).encode()


def _script(path: Path) -> str:
    # a map of the minified source is not beside the page
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("//# sourceMappingURL"))


def _shown(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
