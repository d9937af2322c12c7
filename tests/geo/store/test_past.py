"""A unit's part of the history: all that is its own, and no trace of anybody else's."""

from __future__ import annotations

import random
from dataclasses import asdict

import pytest

from geo.store import Create, Delete, Store, Update
from geo.store.past import Past

UNITS = ("甲县", "乙县", "丙园")


def everything(past: Past) -> str:
    return repr(past)


def words(unit: str, number: int) -> dict[str, object]:
    """Return fields whose every value says to whom it belongs."""
    said = f"【{unit}】{number}"
    return {"name": said, "remark": said, "contact": said, "phone": said}


def home(unit: str) -> dict[str, object]:
    return {"park": unit, "county": None} if unit == "丙园" else {"county": unit, "park": None}


def put(store: Store, *changes, why: str) -> int:
    frame = store.projects()
    expected = dict(zip(frame["id"], (int(n) for n in frame["row_version"]), strict=True))
    return store.apply(changes, who="a", why=why, kind="edit", expected=expected)


def wander(store: Store, seed: int, steps: int) -> dict[int, set[str]]:
    """Let projects come, change, move and go; return which units each version is about."""
    rng, at, about = random.Random(seed), {}, {}
    for number in range(steps):
        changes, touched = [], set()
        for id_ in [f"p{n}" for n in rng.sample(range(6), rng.randint(1, 3))]:
            unit = rng.choice(UNITS)
            if id_ not in at:
                changes.append(Create({**words(unit, number), **home(unit)}, id=id_))
                at[id_] = unit
            elif rng.random() < 0.15:
                changes.append(Delete(id_))
                unit = at.pop(id_)
            elif rng.random() < 0.5:
                touched.add(at[id_])
                changes.append(Update(id_, {**words(unit, number), **home(unit)}))
                at[id_] = unit
            else:
                unit = at[id_]
                changes.append(Update(id_, words(unit, number)))
            touched.add(unit)
        version = put(store, *changes, why="".join(f"【{unit}】" for unit in sorted(touched)))
        about[version] = touched
    return about


@pytest.mark.parametrize("seed", range(4))
def test_a_unit_reads_its_own_part_and_no_trace_of_the_others(store, seed):
    """Whatever moves between units, a value written for one is never in the history of another."""
    about = wander(store, seed, 25)
    for unit in UNITS:
        past = store.past({unit})
        assert {one.number for one in past.versions} == {v for v, us in about.items() if unit in us}
        for other in set(UNITS) - {unit}:
            assert f"【{other}】" not in everything(past)
        assert past.whole == {v for v, units in about.items() if units == {unit}}
    both = store.past(set(UNITS))
    assert [asdict(one) for one in both.versions] == [asdict(one) for one in store.history()]
    for number, steps in both.steps.items():
        assert [step.difference for step in steps] == store.changes(number)


def test_what_happens_at_home_is_told_whole(store):
    """Own changes come field by field, before and after, creation and deletion included."""
    put(store, Create({"name": "一", "county": "甲县", "remark": "旧"}, id="a"), why="建")
    put(store, Update("a", {"remark": "新", "phone": "1"}), why="改")
    put(store, Delete("a"), why="删")
    past = store.past({"甲县"})
    told = {
        n: (s[0].name, s[0].difference.before, s[0].difference.after) for n, s in past.steps.items()
    }
    assert told[2] == ("一", {"remark": "旧", "phone": None}, {"remark": "新", "phone": "1"})
    assert told[1][1] is None
    assert told[3][2] is None
    assert [one.why for one in past.versions] == ["删", "改", "建"]


def test_a_project_that_moves_is_told_by_that_alone(store):
    """Coming and going are said without a value of the other side, and not what follows there."""
    put(store, Create({"name": "一", "county": "甲县", "remark": "旧"}, id="a"), why="建")
    put(store, Update("a", {"county": "乙县", "remark": "乙的"}), why="移")
    put(store, Update("a", {"remark": "乙的二", "internal": True}), why="乙改")
    left, there = store.past({"甲县"}), store.past({"乙县"})
    assert [(n, s[0].moved) for n, s in left.steps.items()] == [(1, ""), (2, "out")]
    assert [(n, s[0].moved) for n, s in there.steps.items()] == [(2, "in"), (3, "")]
    assert "乙的" not in everything(left)
    assert "旧" not in everything(there)
    assert "移" not in [one.why for one in (*left.versions, *there.versions)]


def test_who_answers_for_nothing_reads_nothing(store):
    """No unit, no history; a missing county is no unit either."""
    put(store, Create({"name": "一"}, id="a"), why="建")
    for units in (set(), {""}, {"None"}, {"null"}):
        assert store.past(units).versions == ()
