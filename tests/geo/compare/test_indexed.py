"""The items of an index are read from text as they are written, and ask what their names say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.compare import composite, indexed
from geo.density import stated
from geo.density.question import Question, answer
from geo.errors import GeoError
from tests.geo.density.worlds import every

CHOSEN = st.dictionaries(
    st.sampled_from(indexed.items()), st.integers(0, 100), min_size=1, max_size=8
)


@given(CHOSEN)
def test_a_text_gives_back_its_weights(weights):
    """What is written is read as it was, in the same order."""
    assert list(indexed.read(indexed.write(weights)).items()) == list(weights.items())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "output",
        "output=101",
        "output=-1",
        "output=040",
        "output=٣",
        "output=40,output=30",
        "gold=40",
        "output/gold=40",
        "output=40;tax=30",
        ",".join(f"{item}=1" for item in indexed.items()[:9]),
    ],
)
def test_text_that_names_no_index_is_refused(text):
    """Unknown items, other numbers, an item twice and too many are errors, never guessed at."""
    with pytest.raises(GeoError):
        indexed.read(text)


@pytest.mark.parametrize("by", ["county", "park"])
def test_the_usual_index_can_be_computed_of_the_shipped_city(atlas, by):
    """Investment, output, tax and jobs per km² are there with equal weights, and rank some places."""
    weights = indexed.usual(atlas, by=by)
    assert weights == dict.fromkeys(("invest", "output", "tax", "jobs"), 25)
    found = indexed.answered(
        lambda question: answer(atlas, every(atlas), question), Question(by=by), weights
    )
    scored = composite.composite(found.values, weights, "minmax")
    assert len(scored.scores) > 2
    for place, lacking in scored.missing.items():
        assert all(found.figures[item][place].reason for item in lacking)


def test_items_ask_for_their_own_denominator(atlas):
    """`tax/firms` is the tax of a firm, `invest` is over the area that the page chose."""
    base = Question(by="county", area="amap", year=2021, per="mu", measure="projects")
    assert indexed.question("tax/firms", base) == Question(
        by="county", area="amap", year=2021, per="firms", measure="tax"
    )
    assert indexed.question("invest", base).per == "km2"
    assert "tax/population" in indexed.offered(atlas, by="county")
    assert "tax/population" not in indexed.offered(atlas, by="park")
    assert set(stated.METRICS) < set(indexed.items())
