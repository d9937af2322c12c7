"""When a PostGIS is there, and which one is taken where it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts import install_postgis


def test_postgis_is_there_when_a_server_has_its_extension(tmp_path: Path):
    """A server alone is not enough; the extension's own file decides."""
    folder = tmp_path / "usr/share/postgresql/15/extension"
    folder.mkdir(parents=True)
    assert not install_postgis.installed(tmp_path)
    (folder / "postgis.control").touch()
    assert install_postgis.installed(tmp_path)


def test_the_newest_server_with_postgis_is_taken():
    """Versions count as numbers, and packages of scripts or sources do not count."""
    listing = (
        "postgresql-9-postgis-3 - Geographic objects\n"
        "postgresql-15-postgis-3 - Geographic objects\n"
        "postgresql-17-postgis-3-scripts - SQL scripts\n"
    )
    assert install_postgis.newest(listing) == ["postgresql-15", "postgresql-15-postgis-3"]
    assert install_postgis.newest("") == []


@pytest.mark.skipif(not shutil.which("grep"), reason="no grep to stand in for apt's own search")
def test_the_packages_are_found_by_apts_own_search(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """What apt is asked for is a pattern of apt's dialect (POSIX), which knows less than Python's."""
    listing = tmp_path / "names"
    listing.write_text("postgis - maps\npostgresql-15-postgis-3 - Geographic objects\n")
    apt = tmp_path / "apt-cache"
    apt.write_text(f'#!/bin/sh\nexec {shutil.which("grep")} -E -- "$3" {listing}\n')
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install_postgis._candidates() == ["postgresql-15", "postgresql-15-postgis-3"]


def test_a_machine_without_apt_is_no_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Where nothing can be installed the command says so and the tests go on."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(install_postgis, "installed", lambda: False)
    assert install_postgis.main() == 0
