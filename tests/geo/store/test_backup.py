"""One file holds the whole store, taken while people write, and brought back exactly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import shapely
import sqlalchemy as sa

from geo.errors import GeoError
from geo.store import Create, Delete, Store, Update, guards, migrations, open_store
from geo.store.engine import connect
from tests.geo.store import children
from tests.geo.store.children import row
from tests.geo.store.test_store import same


def put(store: Store, *changes) -> int:
    frame = store.projects()
    expected = dict(zip(frame["id"], frame["row_version"].tolist(), strict=True))
    return store.apply(changes, who="a", why="", kind="edit", expected=expected)


@pytest.fixture
def lived(store: Store) -> Store:
    """Return a store with some history in it."""
    line = shapely.LineString([(120, 40), (121.25, 41)])
    put(store, Create(row(1), id="a"), Create(row(2, shape=line), id="b"), Create(row(3), id="c"))
    put(store, Update("a", {"stage": "done"}), Delete("c"))
    store.undo(2, who="u")
    put(store, Update("b", {"internal": True, "progress_pct": 12.5}))
    return store


def test_a_backup_is_the_whole_store_in_one_file(lived, tmp_path):
    """A backup opens as a store with the same projects, the same history and the same guards."""
    file = tmp_path / "backup.db"
    lived.backup(file)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["backup.db"]
    copy = open_store(file)
    same(copy.projects(), lived.projects())
    assert copy.history() == lived.history()
    assert copy.changes() == lived.changes()
    assert copy.within((119, 39, 120.5, 40.5)) == lived.within((119, 39, 120.5, 40.5))
    assert copy.database.read(guards.present)
    assert put(copy, Update("a", {"stage": "run"})) == 5
    copy.close()


def test_nobody_else_on_the_machine_reads_store_or_backup(tmp_path):
    """The file of a store, what SQLite puts beside it, and a backup are their owner's alone."""
    store = open_store(tmp_path / "state" / "store.sqlite")
    put(store, Create(row(1, phone="1"), id="a"))
    store.backup(tmp_path / "state" / "backup.db")
    files = [path for path in (tmp_path / "state").iterdir() if path.is_file()]
    assert len(files) >= 2
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
    store.close()


def test_an_empty_server_takes_over_all_of_a_backup(lived, postgis_or_file, data_dir, tmp_path):
    """A new store, even of the other kind and with its seed, becomes the one that was backed up."""
    lived.backup(tmp_path / "backup.db")
    for city in (None, data_dir):
        other = open_store(postgis_or_file(), city=city)
        other.projects()  # a snapshot that the restored history makes void
        assert other.restore(tmp_path / "backup.db", who="r") == 4
        same(other.projects(), lived.projects())
        same(other.projects(as_of=1), lived.projects(as_of=1))
        assert other.history() == lived.history()
        assert other.database.read(guards.present)
        assert put(other, Update("a", {"stage": "run"})) == 5
        other.close()


@pytest.fixture(params=["sqlite", pytest.param("postgis", marks=pytest.mark.postgis)])
def postgis_or_file(request, tmp_path):
    """Return a maker of places for new stores of one kind."""
    if request.param == "postgis":
        return request.getfixturevalue("postgis").database
    numbers = iter(range(9))
    return lambda: str(tmp_path / f"other{next(numbers)}.sqlite")


def test_a_store_with_a_life_of_its_own_loses_none_of_it(lived, tmp_path):
    """Restoring into a store that is in use is one more version, which can be undone."""
    lived.backup(tmp_path / "backup.db")
    kept = lived.projects()
    put(lived, Delete("a"), Update("b", {"stage": "halt"}), Create(row(9), id="z"))
    ruined = lived.projects()
    number = lived.restore(tmp_path / "backup.db", who="r")
    same(lived.projects(), kept, versions=False)
    newest = lived.history()[0]
    assert (newest.number, newest.kind, newest.source) == (6, "restore", "backup.db")
    assert lived.restore(tmp_path / "backup.db", who="r") == number
    lived.undo(number, who="u")
    same(lived.projects(), ruined, versions=False)


def test_a_backup_taken_while_people_write_is_of_one_instant(place, opened, tmp_path):
    """Backups made during another process's imports hold whole versions, and do not stop them."""
    store = opened()
    process, pipe = children.run(children.import_many, place, 12, 60)
    assert pipe.recv() == "open"
    sizes = set()
    taken = 0
    while not pipe.poll():
        file = tmp_path / f"{taken}.db"
        store.backup(file)
        copy = open_store(file)
        versions = copy.history()
        assert [version.created for version in versions] == [60] * len(versions)
        assert len(copy.projects()) == 60 * len(versions)
        sizes.add(len(versions))
        copy.close()
        taken += 1
    assert pipe.recv() == 12
    process.join()
    assert taken >= 1
    assert store.version() == 12


def test_a_backup_replaces_the_old_one_only_when_it_is_whole(lived, tmp_path, monkeypatch):
    """When a backup fails, the older file stays as it was and nothing else is left behind."""
    file = tmp_path / "backups" / "backup.db"
    file.parent.mkdir()
    lived.backup(file)
    before = file.read_bytes()
    lived.backup(file)  # over an old one

    def no_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo.store.files.os.fsync", no_disk)
    put(lived, Create(row(5)))
    with pytest.raises(GeoError) as caught:
        lived.backup(file)
    assert caught.value.code == "store.disk_full"
    assert [path.name for path in file.parent.iterdir()] == ["backup.db"]
    assert len(file.read_bytes()) == len(before)
    with pytest.raises(GeoError) as caught:
        lived.backup(tmp_path / "nowhere" / "backup.db")
    assert caught.value.code == "store.unwritable"


@pytest.mark.parametrize("schema", range(1, len(migrations.STEPS)))
def test_an_old_backup_is_brought_to_the_newest_schema(store, tmp_path, schema):
    """A backup of any earlier schema is restored; the file itself is not touched."""
    file = tmp_path / "old.db"
    old = connect(file)
    for step in migrations.STEPS[:schema]:
        old.write(step)
    number = sa.text("UPDATE meta SET value = :n WHERE key = 'schema'")
    old.write(lambda c: c.execute(number, {"n": str(schema)}))
    insert = (
        "INSERT INTO data_version VALUES (1, '2026-01-01T00:00:00+00:00', 'a', '', 'import',"
        " NULL, NULL)"
    )
    old.write(lambda c: c.exec_driver_sql(insert))
    project = (
        "INSERT INTO project (key, id, name, sample, internal, position_internal, row_version)"
        " VALUES (1, 'a', '旧项目', false, false, false, 1)"
    )
    old.write(lambda c: c.exec_driver_sql(project))
    old.close()
    before = file.read_bytes()
    assert store.restore(file, who="r") == 1
    assert store.history()[0].who == "a"
    assert store.projects()["name"].tolist() == ["旧项目"]
    assert store.projects()[["responsible", "land_m2"]].isna().all(axis=None)
    assert file.read_bytes() == before


def damaged(file: Path) -> None:
    """Spoil pages in the middle of a file."""
    content = bytearray(file.read_bytes())
    content[8192:-4096] = b"\xff" * (len(content) - 12288)
    file.write_bytes(content)


def foreign(file: Path) -> None:
    """Put another SQLite database in its place."""
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE x (y)")


@pytest.mark.parametrize(
    "spoil",
    [
        damaged,
        foreign,
        lambda file: file.write_text("no database at all", encoding="utf-8"),
        lambda file: file.write_bytes(file.read_bytes()[:5000]),
    ],
    ids=["damaged", "foreign", "text", "cut"],
)
def test_what_is_no_sound_backup_is_refused(lived, tmp_path, spoil):
    """A damaged, cut, foreign or missing file is named, and the store stays as it is."""
    file = tmp_path / "backup.db"
    lived.backup(file)
    spoil(file)
    before = lived.projects()
    with pytest.raises(GeoError) as caught:
        lived.restore(file, who="r")
    assert caught.value.code == "store.backup_invalid"
    assert caught.value.details["file"] == "backup.db"
    with pytest.raises(GeoError) as caught:
        lived.restore(tmp_path / "none.db", who="r")
    assert caught.value.code == "file_missing"
    same(lived.projects(), before)
    assert lived.version() == 4
