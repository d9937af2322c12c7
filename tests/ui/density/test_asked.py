"""The state of the page about density survives its address; a hostile address is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.compare import answers, composite
from geo.density.question import BY, Question
from ui.density import asked
from ui.density.asked import Asked

PLACES = {"p1", "p2", "p3", "p4", "p5", "210101"}


@st.composite
def states(draw):
    return Asked(
        question=Question(by=draw(st.sampled_from(BY)), k=draw(st.integers(2, 9))),
        part=draw(st.sampled_from(asked.PARTS)),
        place=draw(st.sampled_from(["", "p1", "210101", "87302eb13ffffff"])),
        places=tuple(draw(st.lists(st.sampled_from(sorted(PLACES)), max_size=4, unique=True))),
        cell=draw(st.sampled_from(["", "p1.food", "p-2.new_energy"])),
        twin=draw(st.sampled_from(["", "year=2020", "measure=done"])),
        weights=draw(st.sampled_from([(), (("output", 40), ("tax/firms", 0)), (("jobs", 100),)])),
        normalise=draw(st.sampled_from(composite.NORMALISE)),
        whatif=draw(st.sampled_from(["", "cancel:s001", "move:s1:park=p1;cancel:s2"])),
    )


@given(states())
def test_an_address_gives_back_its_state(state):
    """What the page shows is read from its own address as it was, with nothing dropped."""
    assert asked.from_query(asked.to_query(state), places=PLACES) == (state, ())


@given(st.dictionaries(st.sampled_from(asked.KEYS), st.text(max_size=30)))
def test_any_address_can_be_read(query):
    """No address raises, and what was not taken from it is named."""
    state, dropped = asked.from_query(query, places=PLACES)
    again = asked.to_query(state)
    usual = asked.to_query(Asked())
    for key, value in query.items():
        assert key in dropped or again.get(key, "") == value or key not in {**again, **usual}


def test_more_places_than_can_stand_side_by_side_are_named():
    """The fifth place of a comparison, and an unknown one, are dropped and said."""
    state, dropped = asked.from_query({"with": "p1,p2,p3,p4,p5"}, places=PLACES)
    assert state.places == ("p1", "p2", "p3", "p4")
    assert dropped == ("with",)
    assert asked.from_query({"with": "p1,nowhere"}, places=PLACES)[1] == ("with",)


def test_a_twin_keeps_the_unit():
    """The second map may be of another year, area or sum, never of another unit or the same thing."""
    base = Question(measure="invest")
    assert answers.twin(base, "measure=done") == Question(measure="done")
    assert answers.twin(base, "year=2020") == Question(measure="invest", year=2020)
    for other in ("measure=projects", "measure=invest", "by=park", "per=mu", "area=planned", ""):
        assert answers.twin(base, other) is None


@pytest.mark.parametrize(
    "weights",
    [
        "output=4000,tax=30",
        "output=40,output=40",
        "={{7*7}},<script>alert(1)</script>=3",
        "![x](//evil.example/x.png)=40,tax=30",
        "gold=1,tax=1",
    ],
)
def test_weights_that_make_no_index_are_named(weights):
    """Too large, twice the same, unknown or not text of weights at all: dropped, nothing half taken."""
    assert asked.from_query({"weights": weights}, places=PLACES) == (Asked(), ("weights",))
