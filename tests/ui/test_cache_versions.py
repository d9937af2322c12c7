"""What a process keeps for its visitors: one city a version and role, each with its own rows."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.errors import GeoError
from geo.store import Create, Store, Update, open_store
from geo.store.roles import AUDITOR, OFFICE, VISITOR, staff
from ui import cache


@pytest.fixture
def store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data_dir: Path
) -> Iterator[tuple[Store, int]]:
    """Open the store that the cache reads, with a project that is public in a first version only."""
    for name in ("GEO_DATABASE_URL", "GEO_DATA", "GEO_EDITION", "GEO_BASEMAP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEO_STATE", str(tmp_path))
    caches = (cache.database, cache._city, cache.base, cache._served_folder, cache._client)
    for kept in caches:
        kept.clear()
    other = open_store(tmp_path / "store.sqlite", city=data_dir)
    made = other.apply(
        [Create({"name": "后来的秘密", "county": "210681", "stage": "build"}, id="x1")],
        who="甲",
        why="",
        kind="edit",
        expected={},
    )
    yield other, made
    other.close()
    cache.database().close()
    for kept in caches:
        kept.clear()


def names(city: cache.City) -> set[str]:
    return set(city.atlas.projects["name"])


def test_other_process_is_seen_at_once(store: tuple[Store, int]) -> None:
    """A version that another process has made is what the next call returns."""
    other, made = store
    assert "后来的秘密" in names(cache.city())
    assert "再后来的" not in names(cache.city())
    other.apply([Create({"name": "再后来的"})], who="甲", why="", kind="edit", expected={})
    assert "再后来的" in names(cache.city())
    assert "再后来的" not in names(cache.city(OFFICE, as_of=made))


def test_one_city_a_version_and_role(store: tuple[Store, int]) -> None:
    """Sessions of one role share one city until the data change."""
    assert cache.city() is cache.city(VISITOR)
    assert cache.city(staff("210681", "210682")) is cache.city(staff("210682", "210681"))
    assert cache.city(staff("210681")) is not cache.city(staff("210682"))


def test_client_is_read_once_a_process(
    store: tuple[Store, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither another version nor another role reads and writes the map's own code again."""
    first = cache.city()
    monkeypatch.setattr(cache, "_bundle", lambda *files: pytest.fail("read again"))
    store[0].apply([Create({"name": "又一个"})], who="甲", why="", kind="edit", expected={})
    for role in (VISITOR, OFFICE, staff("210681")):
        again = cache.city(role)
        assert again is not first
        assert (again.scripts, again.styles) == (first.scripts, first.styles)


def test_earlier_version_is_for_readers_of_the_history(store: tuple[Store, int]) -> None:
    """What has become internal is not shown by an earlier version to who may not read it."""
    other, made = store
    other.apply(
        [Update("x1", {"internal": True})], who="甲", why="", kind="edit", expected={"x1": made}
    )
    for role in (VISITOR, staff("210682")):
        assert "后来的秘密" not in names(cache.city(role))
        assert "后来的秘密" not in names(cache.city(role, as_of=made))
    for role in (OFFICE, AUDITOR):
        assert "后来的秘密" in names(cache.city(role, as_of=made))
        assert "后来的秘密" not in names(cache.city(role, as_of=1))


def test_only_public_rows_are_served_as_files(store: tuple[Store, int], tmp_path: Path) -> None:
    """Rows of other roles are inside their address, never in the folder that anybody may fetch."""
    other, made = store
    other.apply(
        [Update("x1", {"internal": True})], who="甲", why="", kind="edit", expected={"x1": made}
    )
    for role in (OFFICE, AUDITOR, staff("210681"), staff(), VISITOR):
        city = cache.city(role)
        inline = city.addresses["details"].startswith("data:")
        assert inline == city.addresses["points"].startswith("data:") == (role != VISITOR)
        if inline:
            content = base64.b64decode(city.addresses["details"].split(",", 1)[1])
            assert set(json.loads(content)["names"]) == names(city)
    served = [file.read_text("utf-8") for file in (tmp_path / "web").iterdir()]
    assert served
    assert not [text for text in served if "后来的秘密" in text]


def test_store_that_may_not_be_written_is_shown(
    store: tuple[Store, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the right to write, the map shows what the store holds, and a change says so."""

    def refuse(*args: object, **options: object) -> Store:
        raise GeoError("store.read_only", place="/srv", reason="read-only file system")

    monkeypatch.setattr(cache.store, "open_store", refuse)
    assert "后来的秘密" in names(cache.city())
    with pytest.raises(GeoError) as error:
        cache.database().apply(
            [Create({"name": "又一个"})], who="甲", why="", kind="edit", expected={}
        )
    assert error.value.code == "store.read_only"
