"""Valhalla in this process, from a folder of tiles that the user supplies; Python 3.12 or newer."""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from geo.errors import GeoError
from geo.tour.travel.valhalla import Asker

SOURCE = "pyvalhalla"
CONFIG = "valhalla.json"
TILES = "valhalla_tiles.tar"


class EmbeddedValhalla(Asker):
    """Ask a Valhalla without a server.

    The folder holds `valhalla.json` (an own configuration), else `valhalla_tiles.tar`, else the
    tiles themselves. Errors: `travel.no_package` where the package is not installed,
    `travel.no_tiles` (file) where the folder has none.
    """

    def __init__(self, folder: Path, *, package: ModuleType | None = None) -> None:
        found = package or _package()
        super().__init__(_Local(found, _configured(found, folder)), source=SOURCE)


class _Local:
    def __init__(self, package: ModuleType, config: Any) -> None:
        self._lock = threading.Lock()  # one actor serves one request at a time
        try:
            self._actor = package.Actor(config)
        except (RuntimeError, OSError, ValueError, TypeError, AttributeError):
            raise GeoError("travel.no_tiles", file=TILES) from None

    def matrix(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer `sources_to_targets`."""
        return self._read(self._actor.matrix, body)

    def route(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer `route`."""
        return self._read(self._actor.route, body)

    def failed(self) -> GeoError:
        """Return the error for an answer that cannot be read."""
        return GeoError("travel.answer", source=SOURCE)

    def _read(self, ask: Any, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            with self._lock:
                answer = ask(dict(body))
        except RuntimeError as error:  # its own class is one; the text begins with the error's code
            found = getattr(error, "code", None) or _code(str(error))
            if found is None:
                raise self.failed() from None
            return {"error_code": found}
        found = json.loads(answer) if isinstance(answer, str) else answer
        if not isinstance(found, dict):
            raise self.failed()
        return found


def _package() -> ModuleType:
    try:
        return importlib.import_module("valhalla")
    except ImportError:
        raise GeoError("travel.no_package", package="pyvalhalla", python="3.12") from None


def _configured(package: ModuleType, folder: Path) -> Any:
    if (folder / CONFIG).is_file():
        return folder / CONFIG
    if (folder / TILES).is_file():
        return package.get_config(tile_extract=str(folder / TILES), tile_dir="", verbose=False)
    if folder.is_dir() and any(folder.glob("*/*")):
        return package.get_config(tile_extract="", tile_dir=str(folder), verbose=False)
    raise GeoError("travel.no_tiles", file=TILES)


def _code(text: str) -> int | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found.get("code") if isinstance(found, dict) else None
