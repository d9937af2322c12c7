"""A thousand random edits and undos leave a history that tells exactly what happened."""

from __future__ import annotations

import random

import pytest
import shapely

from geo.errors import GeoError
from geo.store import Create, Delete, Store, Update
from geo.store.schema import FIELDS
from geo.store.values import EMPTY, Fields, plain

STEPS = 1000
State = dict[str, Fields]  # project id → fields in plain form, in the order of the list


def now(store: Store, as_of: int | None = None) -> State:
    """Return the projects of a version."""
    frame = store.projects(as_of)
    records = frame[["id", *FIELDS]].to_dict("records")
    return {record.pop("id"): plain(record) for record in records}


class Editor:
    """Do random things to a store, and know by other means what must come of each."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.rng = random.Random(seed)
        self.states: list[State] = [{}]
        self.rows: dict[str, int] = {}
        self.undone = 0
        self.refused: list[tuple[str, bool]] = []

    def value(self, name: str) -> object:
        """Return a random value for a field."""
        return {
            "name": lambda: f"项目 {self.rng.randrange(50)}",
            "stage": lambda: self.rng.choice(["plan", "build", "done", None]),
            "invest_wan": lambda: self.rng.choice([None, self.rng.randrange(10**9)]),
            "progress_pct": lambda: self.rng.choice([None, self.rng.uniform(0, 100)]),
            "internal": lambda: self.rng.random() < 0.5,
            "shape": lambda: self.rng.choice(
                [None, shapely.LineString([(1, 2), (self.rng.random(), 3)])]
            ),
            "remark": lambda: self.rng.choice(["", "“备注”", "a'b", "{{x}}"]),
        }[name]()

    def fields(self) -> dict[str, object]:
        """Return random values for some fields."""
        names = ["name", "stage", "invest_wan", "progress_pct", "internal", "shape", "remark"]
        return {name: self.value(name) for name in self.rng.sample(names, self.rng.randint(1, 4))}

    def step(self) -> None:
        """Edit, or undo one of the last versions, a tenth of the time each old one."""
        if len(self.states) > 3 and self.rng.random() < 0.35:
            self.undo(self.rng.randint(max(2, len(self.states) - 12), len(self.states) - 1))
        else:
            self.edit()

    def edit(self) -> None:
        """Make, change and delete a few projects in one version."""
        state = dict(self.states[-1])
        changes: list[Create | Update | Delete] = []
        for id_ in self.rng.sample(sorted(state), min(len(state), self.rng.randint(0, 4))):
            if self.rng.random() < 0.25 and len(state) > 5:
                changes.append(Delete(id_))
                del state[id_]
            else:
                fields = self.fields()
                changes.append(Update(id_, fields))
                state[id_] = state[id_] | plain(fields)
        for _ in range(self.rng.randint(0, 2) if state else 3):
            id_, fields = f"n{self.rng.randrange(10**9)}", self.fields()
            changes.append(Create(fields, id=id_))
            state[id_] = EMPTY | plain(fields)
        version = self.store.apply(
            changes, who="e", why="", kind=self.rng.choice(["edit", "import"]), expected=self.rows
        )
        self.note(version, state)

    def undo(self, version: int) -> None:
        """Undo a version: what it touched is as before it, all else as it is; or nothing happens."""
        before, after = self.states[version - 1], self.states[version]
        state = dict(self.states[-1])
        for id_ in before.keys() | after.keys():
            old, new = before.get(id_), after.get(id_)
            if old is None and new is not None:
                state.pop(id_, None)
            elif old is not None and new is None:
                state[id_] = old
            elif old != new and id_ in state:
                differ = {name: old[name] for name in FIELDS if old[name] != new[name]}
                state[id_] = state[id_] | differ
        try:
            number = self.store.undo(version, who="u")
        except GeoError as error:
            self.refused.append((error.code, version == len(self.states) - 1))
            return
        self.undone += 1
        self.note(number, state)

    def note(self, version: int, state: State) -> None:
        """Remember what the store must hold now, and under which row versions."""
        old = self.states[-1]
        if version == len(self.states) - 1:  # nothing was changed
            assert state == old
            return
        assert version == len(self.states)
        touched = {id_ for id_ in state if state[id_] != old.get(id_)}
        self.rows |= dict.fromkeys(touched, version)
        self.rows = {id_: number for id_, number in self.rows.items() if id_ in state}
        self.states.append(state)


@pytest.fixture
def edited(store: Store) -> Editor:
    """Return a store after a thousand steps."""
    editor = Editor(store, seed=1000)
    for _ in range(STEPS):
        editor.step()
    return editor


def test_a_thousand_edits_and_undos_leave_history_consistent(edited):
    """Today and every past version are as they must be, forwards from nothing and backwards."""
    assert edited.undone > 100
    assert len(edited.refused) > 20
    codes = {code for code, _ in edited.refused}
    assert codes == {"store.undo_conflict", "store.undone_already"}
    assert not any(newest for _, newest in edited.refused)  # the newest can always be undone
    store, states = edited.store, edited.states
    assert store.version() == len(states) - 1
    assert now(store) == states[-1]
    frame = store.projects()
    assert dict(zip(frame["id"], frame["row_version"], strict=True)) == edited.rows
    for version in edited.rng.sample(range(1, len(states)), 25):
        assert now(store, version) == states[version]
    _replays(store, states)
    for number, version in enumerate(reversed(store.history()), start=1):
        assert version.number == number
        assert (version.kind == "undo") == (version.undone is not None)


def _replays(store: Store, states: list[State]) -> None:
    """Assert that the recorded changes, played from the empty store, give every single state."""
    state: State = {}
    at = 0
    for change in store.changes():
        while at < change.version - 1:
            at += 1
            assert state == states[at]
        before = (
            state.pop(change.project, None) if change.after is None else state.get(change.project)
        )
        if change.before is None:
            assert before is None
            state[change.project] = EMPTY | change.after
        elif change.after is None:
            assert before == EMPTY | change.before
        else:
            assert {name: before[name] for name in change.before} == change.before
            state[change.project] = before | change.after
    assert state == states[-1]
