"""What may befall a store: killed writers, crowds, full disks, missing rights, a server that stops."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from geo.errors import GeoError
from geo.store import Create, Store, Update, open_store, readonly
from geo.store.engine import TURN
from tests.geo.store import children
from tests.geo.store.children import row
from tests.postgis import Server

ROWS = 400


def put(store: Store, count: int) -> int:
    made = [Create(row(number)) for number in range(count)]
    return store.apply(made, who="a", why="", kind="import", expected={})


def code(work, *args) -> str:
    """Return the code of the error that work must end in."""
    with pytest.raises(GeoError) as caught:
        work(*args)
    return caught.value.code


def sound(store: Store, *, rows: int) -> int:
    """Assert that every version is whole, and return how many there are."""
    history = store.history()
    assert [version.created for version in history] == [rows] * len(history)
    frame = store.projects()
    assert len(frame) == rows * len(history)
    assert set(frame["row_version"]) == {version.number for version in history}
    assert len(store.within((-180, -90, 180, 90))) == len(frame)
    if store.database.is_sqlite:
        with closing(sqlite3.connect(store.database.name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert connection.execute("SELECT rtreecheck('project_box')").fetchone() == ("ok",)
    return len(history)


def test_a_killed_import_is_whole_or_not_there(place, opened):
    """Killed 20 times at random moments of an import, the store holds whole imports only."""
    store = opened()
    rng = random.Random(20)
    start = time.monotonic()
    put(store, ROWS)
    usual = time.monotonic() - start
    finished = 0
    for attempt in range(20):
        process, pipe = children.run(children.import_rows, place, ROWS, f"attempt {attempt}")
        assert pipe.recv() == "open"
        pipe.send("go")
        time.sleep(rng.uniform(0, 1.3 * usual))
        process.kill()
        process.join()
        finished += bool(pipe.poll()) and not _ended_empty(pipe)
        known = sound(store, rows=ROWS)
        assert known >= 1 + finished  # what was acknowledged is there
    assert put(store, ROWS) == sound(store, rows=ROWS)


def _ended_empty(pipe) -> bool:
    try:
        return not isinstance(pipe.recv(), int)
    except EOFError:
        return True


def test_two_imports_at_once_both_arrive(place, opened):
    """Two processes that import at the same moment end with two whole versions."""
    store = opened()
    started = [children.run(children.import_rows, place, ROWS, f"import {n}") for n in range(2)]
    for _, pipe in started:
        assert pipe.recv() == "open"
    for _, pipe in started:
        pipe.send("go")
    assert sorted(pipe.recv() for _, pipe in started) == [1, 2]
    for process, _ in started:
        process.join()
    assert sound(store, rows=ROWS) == 2


@contextmanager
def writing(store: Store) -> Iterator[None]:
    """Be in the middle of a write for a while."""
    with store.database.writers.begin() as connection:
        if not store.database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURN})")
        yield


def test_who_waits_too_long_is_told(opened):
    """While somebody writes, reading goes on, and a second writer is told after its patience."""
    store = opened()
    put(store, 5)
    hasty = opened(wait_seconds=0.3)
    with writing(store):
        start = time.monotonic()
        assert code(put, hasty, 1) == "store.busy"
        assert 0.2 < time.monotonic() - start < 5
        assert len(hasty.projects()) == 5
    assert put(hasty, 5) == 2


def test_no_update_is_lost(place, opened):
    """Four processes count one project up 25 times each, and it ends 100 higher."""
    store = opened()
    store.apply([Create(row(0), id="a")], who="a", why="", kind="edit", expected={})
    started = [children.run(children.count_up, place, "a", 25) for _ in range(4)]
    outcomes = [pipe.recv() for _, pipe in started]
    for process, _ in started:
        process.join()
    assert [done for done, _ in outcomes] == [25] * 4
    assert store.projects()["invest_wan"].iloc[0] == 100
    assert len(store.history("a")) == 101


def test_a_file_that_cannot_grow_loses_nothing(tmp_path):
    """When the disk takes no more, the import is refused by name; with room again it succeeds."""
    place = str(tmp_path / "store.sqlite")
    store = open_store(place)
    put(store, 10)
    process, pipe = children.run(children.fill_disk, place, 2000)
    assert pipe.recv() in ("store.disk_full", "store.unwritable")
    assert pipe.recv() == 1
    assert pipe.recv() == 2
    process.join()
    assert [version.created for version in store.history()] == [2000, 10]
    assert len(store.projects()) == 2010
    store.close()


def test_a_full_database_loses_nothing(tmp_path):
    """SQLite's own word for a full disk becomes one clear error; nothing of the import stays."""
    store = open_store(tmp_path / "store.sqlite")
    put(store, 10)

    @event.listens_for(store.database.writers, "connect")
    def limit(connection, _record) -> None:
        connection.execute("PRAGMA max_page_count = 60")

    store.database.writers.dispose()
    assert code(put, store, 2000) == "store.disk_full"
    assert sound(store, rows=10) == 1
    event.remove(store.database.writers, "connect", limit)
    store.database.writers.dispose()
    assert put(store, 10) == 2
    store.close()


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """Make a folder with a store in it that nobody else may write to."""
    folder = Path(tempfile.mkdtemp(prefix="geo-readonly-"))
    store = open_store(folder / "store.sqlite")
    put(store, 3)
    store.close()
    (folder / "store.sqlite").chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_without_rights_is_named(read_only_folder):
    """Without the right to write, a new store and an old one are refused by name and stay whole."""
    places = [str(read_only_folder / name) for name in ("new.sqlite", "sub/new.sqlite")]
    process, pipe = children.run(
        children.open_without_rights, str(read_only_folder / "store.sqlite"), *places
    )
    assert [pipe.recv() for _ in range(3)] == ["store.read_only"] * 3
    process.join()
    assert os.listdir(read_only_folder) == ["store.sqlite"]
    read_only_folder.chmod(0o755)
    (read_only_folder / "store.sqlite").chmod(0o644)
    again = open_store(read_only_folder / "store.sqlite")
    assert sound(again, rows=3) == 1
    again.close()


def test_a_store_without_rights_can_be_looked_at(read_only_folder):
    """Who may not write sees the projects all the same; a change is refused by name."""
    place = read_only_folder / "store.sqlite"
    before = place.read_bytes()
    process, pipe = children.run(children.look_without_rights, str(place))
    assert (pipe.recv(), pipe.recv()) == (3, "store.read_only")
    process.join()
    assert os.listdir(read_only_folder) == ["store.sqlite"]
    assert place.read_bytes() == before


def test_a_look_misses_nothing_that_was_acknowledged(tmp_path):
    """What stands beside the file, not yet taken into it, is part of what is shown."""
    store = open_store(tmp_path / "store.sqlite")
    put(store, 3)
    look = readonly.open_copy(tmp_path / "store.sqlite")
    assert (len(look.projects()), look.version()) == (3, 1)
    assert code(put, look, 1) == "store.read_only"
    assert put(store, 1) == 2
    look.close()
    store.close()


def test_a_file_that_is_no_store_is_named(tmp_path):
    """Another file in the store's place is refused and left as it is."""
    file = tmp_path / "store.sqlite"
    file.write_bytes(b"PK\x03\x04" + b"no database" * 500)
    before = file.read_bytes()
    assert code(open_store, file) == "store.damaged"
    assert file.read_bytes() == before


@pytest.mark.postgis
def test_a_server_that_stops_comes_back_without_a_restart(postgis: Server):
    """While the server is away that is said; once it is back, the same store reads and writes."""
    store = open_store(postgis.database())
    put(store, 4)
    store.projects()
    postgis.stop()
    try:
        for work in (store.version, store.projects, lambda: put(store, 1)):
            with pytest.raises(GeoError) as caught:
                work()
            assert caught.value.code == "store.unreachable"
            assert postgis.password not in str(caught.value)
        assert code(open_store, str(store.database.url.set(database="geo_1"))) in (
            "store.unreachable",
            "store.url_unknown",
        )
    finally:
        postgis.start()
    assert store.version() == 1
    assert put(store, 4) == 2
    assert sound(store, rows=4) == 2
    store.close()


@pytest.mark.postgis
def test_a_connection_cut_in_the_middle_is_read_again(postgis: Server):
    """A read whose connection is cut while it runs is repeated once; a write is not."""
    store = open_store(postgis.database())
    put(store, 4)
    cuts = []

    def cut_once(connection: sa.Connection) -> int:
        if not cuts:
            cuts.append(connection.scalar(sa.text("SELECT pg_backend_pid()")))
            postgis.run(f"SELECT pg_terminate_backend({cuts[0]})")
        return int(connection.scalar(sa.text("SELECT count(*) FROM project")) or 0)

    assert store.database.read(cut_once) == 4
    cuts.clear()
    assert code(store.database.write, cut_once) == "store.unreachable"
    assert store.database.write(cut_once) == 4
    store.close()


@pytest.mark.postgis
@pytest.mark.parametrize(
    ("state", "expected"),
    [("53100", "disk_full"), ("25006", "read_only"), ("55P03", "busy"), ("22012", "failed")],
)
def test_what_the_server_says_is_named(postgis: Server, state: str, expected: str):
    """A full disk, a read-only server and a lock come out under the same names as with SQLite."""
    store = open_store(postgis.database())
    statement = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"
    assert code(store.database.write, lambda c: c.exec_driver_sql(statement)) == f"store.{expected}"
    assert put(store, 1) == 1
    store.close()


def test_an_edit_during_an_import_waits_its_turn(place, opened):
    """An edit sent while another process imports is written before or after it, never inside."""
    store = opened()
    put(store, ROWS)
    id_ = store.projects()["id"].iloc[0]
    process, pipe = children.run(children.import_rows, place, ROWS, "import")
    assert pipe.recv() == "open"
    pipe.send("go")
    edits = 0
    while not pipe.poll():
        seen = int(store.projects().set_index("id").loc[id_, "row_version"])
        change = Update(id_, {"invest_wan": edits + 10})
        store.apply([change], who="b", why="", kind="edit", expected={id_: seen})
        edits += 1
    assert isinstance(pipe.recv(), int)
    process.join()
    kinds = [version.kind for version in store.history()]
    assert kinds.count("import") == 2
    assert kinds.count("edit") == edits
    assert len(store.projects()) == 2 * ROWS
