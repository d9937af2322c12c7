"""A list of metrics is compared, applied as one data version, and taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.errors import GeoError
from geo.series import Point, Series, importing
from geo.series.listing import Read
from geo.store import open_store

SAMPLE = Point("p", "output", "2021", 5, "actual", source="示例", sample=True)
REAL = Point("p", "output", "2022", 7, "actual", source="report", note="n")


@pytest.fixture
def store(tmp_path):
    """Open a new, empty store."""
    opened = open_store(tmp_path / "store.sqlite")
    yield opened
    opened.close()


def row(point: Point, *stated: str, number: int = 2) -> Read:
    return Read(point, number, "Sheet1", frozenset(stated))


def test_new_changed_and_same_are_told_apart(store):
    """A new point, one with another value, and one as it is; a blank cell changes no source."""
    base = Series((SAMPLE, REAL))
    reads = [
        row(replace(REAL, period="2023")),
        row(replace(REAL, value=8)),
    ]
    diff = importing.compare(reads, base)
    assert (len(diff.new), len(diff.changed), diff.same) == (1, 1, 0)
    assert (diff.changed[0].before, diff.changed[0].after.value) == (REAL, 8)
    same = replace(REAL, source="list.xlsx", note="")
    assert importing.compare([row(same)], base).same == 1
    assert len(importing.compare([row(same, "source")], base).changed) == 1


def test_a_real_figure_takes_the_samples_place(store):
    """The same value from a list is no sample any more, and undo brings the sample back."""
    base = Series((SAMPLE,))
    real = replace(SAMPLE, sample=False, source="list.xlsx")
    done = importing.run([row(real)], base, store, who="a", source="list.xlsx")
    assert len(done.diff.changed) == 1
    assert importing.known(base, store).points == (real,)
    store.undo(done.version, who="a")
    assert importing.known(base, store).points == (SAMPLE,)
    assert importing.known(base, store, as_of=done.version).points == (real,)


def test_a_preview_that_is_out_of_date_is_refused_and_run_again(store):
    """Applying an old preview is refused; `run` compares anew."""
    base = Series()
    diff, seen = importing.preview([row(REAL)], base, store)
    importing.run([row(replace(REAL, value=1))], base, store, who="b", source="b.xlsx")
    with pytest.raises(GeoError, match=r"store\.series_conflict"):
        importing.apply(diff, seen, store, who="a", source="a.xlsx")
    done = importing.run([row(REAL)], base, store, who="a", source="a.xlsx")
    assert [c.before.value for c in done.diff.changed] == [1]
    assert done.version == 2


def test_what_is_internal_stays_so_until_a_list_says_otherwise():
    """A new value from a list without a word on it does not make an internal figure public."""
    hidden = replace(REAL, internal=True)
    base = Series((hidden,))
    silent = importing.compare([row(replace(REAL, value=8))], base)
    assert silent.changed[0].after.internal
    said = importing.compare([row(replace(REAL, value=8), "internal")], base)
    assert not said.changed[0].after.internal
