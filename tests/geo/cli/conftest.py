"""What every command is tested on: the shipped city, and a state folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def city(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work on the shipped city, with no store yet; return the folder where it would be."""
    monkeypatch.setenv("GEO_STATE", str(tmp_path / "var"))
    monkeypatch.setenv("GEO_DATA", str(data_dir))
    for name in ("GEO_DATABASE_URL", "GEO_TRAVEL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "var"
