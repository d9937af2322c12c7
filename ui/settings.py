"""What the environment decides: folders, database, base map, edition, sign-in."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from geo import store
from geo.errors import GeoError
from geo.render import basemap

ROOT = Path(__file__).parent.parent


def city_folder() -> Path:
    """Return the city folder: `GEO_DATA`, else the shipped one."""
    return Path(os.environ.get("GEO_DATA") or ROOT / "data").resolve()


def state_folder() -> Path:
    """Return the folder for what this app writes: `GEO_STATE`, else `var`."""
    return Path(os.environ.get("GEO_STATE") or ROOT / "var").resolve()


def served_folder() -> Path:
    """Return a folder for the files that browsers fetch; a temporary one if need be."""
    wanted = state_folder() / "web"
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            return wanted
    except OSError:
        return Path(tempfile.mkdtemp(prefix="geo-web-"))


def base_map() -> basemap.BaseMap:
    """Return the base map that `GEO_BASEMAP` names; errors as in `basemap.choose`."""
    return basemap.choose(os.environ)


def database() -> str:
    """Return where projects are kept: `GEO_DATABASE_URL`, else a file in the state folder."""
    return store.locate(os.environ, state=state_folder())


def travel() -> str:
    """Return where travel times come from: `GEO_TRAVEL`, empty for the city's own roads."""
    return os.environ.get("GEO_TRAVEL", "")


def is_public() -> bool:
    """Tell whether this is the public edition (`GEO_EDITION=public`), where all are visitors."""
    return os.environ.get("GEO_EDITION", "") == "public"


def is_draft() -> bool:
    """Tell whether the public edition may run without an approval number, marked as a draft."""
    return is_public() and os.environ.get("GEO_EDITION_DRAFT", "") == "1"


def check_edition(map_approval: str) -> None:
    """Refuse the public edition without a map-approval number; error `approval_missing`."""
    if is_public() and not is_draft() and not map_approval:
        raise GeoError("approval_missing", setting="map_approval")


def local_sign_in() -> bool:
    """Tell whether a role may be chosen freely (`GEO_LOCAL_SIGN_IN=1`), on this machine only."""
    return os.environ.get("GEO_LOCAL_SIGN_IN", "") == "1"


def roles_file() -> Path:
    """Return the file that maps identities to roles: `GEO_ROLES`, else in the state folder."""
    return Path(os.environ.get("GEO_ROLES") or state_folder() / "roles.toml")
