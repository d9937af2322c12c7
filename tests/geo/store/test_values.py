"""Values at the gate: whole columns at once are read as one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import layers
from geo.errors import GeoError
from geo.layers import TEXT
from geo.store.schema import FIELDS
from geo.store.values import EMPTY, plain, plain_rows

text = st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=8)


def outcome(work, *args) -> object:
    """Return what work gives, or the code and field of its error."""
    try:
        return work(*args)
    except GeoError as error:
        return error.code, error.details["field"]


def one_by_one(table: pd.DataFrame) -> list[dict[str, object]]:
    names = [name for name in table if name in FIELDS]
    return [plain({name: row[name] for name in names}) for row in table.to_dict("records")]


def test_the_shipped_projects_are_read_alike(data_dir):
    """Every shipped project has the same plain values either way, and whole numbers stay whole."""
    table = layers.read_projects(data_dir)
    found = plain_rows(table)
    assert found == one_by_one(table)
    kinds = {type(row["invest_wan"]) for row in found}
    assert kinds <= {int, type(None)}


@given(text, st.sampled_from([TEXT, "object"]))
def test_texts_are_read_alike(values, dtype):
    """Missing, empty, repeated and forbidden texts give the same either way."""
    table = pd.DataFrame({"name": pd.array(values, dtype=dtype)})
    assert outcome(plain_rows, table) == outcome(one_by_one, table)


@given(st.lists(st.sampled_from([1, True, 1.0, 0, False, 2.5, None, "1", np.nan, 10**11])))
def test_numbers_and_flags_are_read_alike(values):
    """A number, a truth value and a text that look alike are told apart, in any order."""
    for name in ("invest_wan", "progress_pct", "internal"):
        table = pd.DataFrame({name: pd.Series(values, dtype=object)})
        assert outcome(plain_rows, table) == outcome(one_by_one, table)


def test_what_is_no_field_is_left_out_and_a_wrong_value_is_named():
    """Other columns are not read; the first value that is no amount is named with its field."""
    table = pd.DataFrame({"id": ["a"], "invest_wan": [-1], "other": [object()]})
    with pytest.raises(GeoError) as caught:
        plain_rows(table)
    assert (caught.value.code, caught.value.details["field"]) == (
        "store.value_invalid",
        "invest_wan",
    )
    assert plain_rows(pd.DataFrame({"internal": [None]})) == [{"internal": EMPTY["internal"]}]
