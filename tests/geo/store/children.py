"""What the tests do in other processes, which they may kill."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from geo.errors import GeoError
from geo.store import Create, Update, open_store, readonly
from geo.tour.scoring import Score

# A server that has imported everything forks each child: they start in milliseconds.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def row(number: int, **fields: object) -> dict[str, object]:
    """Return the fields of a made-up project with a place of its own."""
    made = {
        "name": f"示例项目 {number}",
        "stage": "build",
        "invest_wan": number,
        "lon": 120 + number % 997 / 997,
        "lat": 40 + number % 991 / 991,
        "precision": "site",
        "remark": "示例",
    }
    return {**made, **fields}


def _codes(work: Callable[[], object], pipe: Connection) -> None:
    try:
        pipe.send(work())
    except GeoError as error:
        pipe.send(error.code)


def run(work: Callable[..., object], *args: object) -> tuple[object, Connection]:
    """Start work in another process; it answers through the pipe that it gets first."""
    mine, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=work, args=(theirs, *args))
    process.start()
    theirs.close()
    return process, mine


def import_rows(pipe: Connection, place: str, count: int, why: str) -> None:
    """Say that the store is open, wait for a word, import rows, answer with the version."""
    store = open_store(place)
    pipe.send("open")
    pipe.recv()
    made = [Create(row(number)) for number in range(count)]
    _codes(lambda: store.apply(made, who=why, why=why, kind="import", expected={}), pipe)


def open_seeded(pipe: Connection, place: str, city: Path) -> None:
    """Open a store that may not exist yet, at a word, and answer with its version."""
    pipe.send("ready")
    pipe.recv()
    _codes(lambda: open_store(place, city=city).version(), pipe)


def count_up(pipe: Connection, place: str, project: str, times: int) -> None:
    """Add 1 to a project's investment so many times, reading again after each conflict."""
    store = open_store(place)
    done = conflicts = 0
    while done < times:
        found = store.projects().set_index("id").loc[project]
        change = Update(project, {"invest_wan": found["invest_wan"] + 1})
        seen = {project: int(found["row_version"])}
        try:
            store.apply([change], who="counter", why="", kind="edit", expected=seen)
            done += 1
        except GeoError as error:
            if error.code != "store.conflict":
                raise
            conflicts += 1
    pipe.send((done, conflicts))


def fill_disk(pipe: Connection, place: str, count: int) -> None:
    """Import while no file may grow, then again without that limit; answer with both outcomes."""
    store = open_store(place)
    made = [Create(row(number)) for number in range(count)]

    def import_all() -> int:
        return store.apply(made, who="a", why="", kind="import", expected={})

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    _codes(import_all, pipe)
    _codes(store.version, pipe)
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    _codes(import_all, pipe)


def open_without_rights(pipe: Connection, *places: str) -> None:
    """Open stores as a user who may not write, and answer with the outcomes."""
    _give_up_rights()
    for place in places:
        _codes(lambda place=place: open_store(place).version(), pipe)


def _give_up_rights() -> None:
    if os.geteuid() == 0:  # root may write anywhere
        with contextlib.suppress(PermissionError):
            os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def look_without_rights(pipe: Connection, place: str) -> None:
    """Look at a store as a user who may not write: how many projects, and what a change answers."""
    _give_up_rights()

    def look() -> int:
        return len(readonly.open_copy(Path(place)).projects())

    def change() -> int:
        made = [Create(row(1))]
        store = readonly.open_copy(Path(place))
        return store.apply(made, who="a", why="", kind="edit", expected={})

    _codes(look, pipe)
    _codes(change, pipe)


def import_many(pipe: Connection, place: str, times: int, count: int) -> None:
    """Import so many rows so many times without a pause, and answer with the last version."""
    store = open_store(place)
    pipe.send("open")
    version = 0
    for _ in range(times):
        made = [Create(row(number)) for number in range(count)]
        version = store.apply(made, who="a", why="", kind="import", expected={})
    pipe.send(version)


def send_scores(pipe: Connection, place: str, tour: str, scores: list[Score]) -> None:
    """Send scores one after another, each twice, and answer with how many of them were new."""
    store = open_store(place)
    pipe.send("open")
    pipe.recv()
    pipe.send(sum(store.tours.add_score(tour, one) for one in scores for _ in range(2)))
