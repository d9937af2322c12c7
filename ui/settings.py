"""What the environment decides: the city folder, the state folder, the base map."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from geo.render import basemap

ROOT = Path(__file__).parent.parent


def city_folder() -> Path:
    """Return the city folder: `GEO_DATA`, else the shipped one."""
    return Path(os.environ.get("GEO_DATA") or ROOT / "data").resolve()


def state_folder() -> Path:
    """Return a folder that can be written: `GEO_STATE`, else `var`, else a temporary one."""
    wanted = Path(os.environ.get("GEO_STATE") or ROOT / "var").resolve()
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            return wanted
    except OSError:
        return Path(tempfile.mkdtemp(prefix="geo-state-"))


def base_map() -> basemap.BaseMap:
    """Return the base map that `GEO_BASEMAP` names; errors as in `basemap.choose`."""
    return basemap.choose(os.environ)
