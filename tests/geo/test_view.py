"""The address of a view: what is written is read back, and junk gives no view that cannot be meant."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.filters import FACETS, Filters
from geo.view import COLOURS, KEYS, LANGUAGES, MAX_QUERY, MODES, View, from_query, to_query

OPTIONS = {facet: (*(f"{facet}-{n}" for n in range(5)), "none") for facet in FACETS}
OPTIONS["kind"] = ("real", "sample", "none")
PROJECTS = ("r01", "r02", "s001")


def read(query: dict[str, str]) -> tuple[View, tuple[str, ...]]:
    return from_query(query, options=OPTIONS, projects=PROJECTS)


def chosen(facet: str) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw choices in the order in which they are offered."""
    return st.sets(st.sampled_from(OPTIONS[facet])).map(
        lambda some: tuple(option for option in OPTIONS[facet] if option in some)
    )


bounds = st.tuples(st.none() | st.integers(0, 10**10), st.none() | st.integers(0, 10**10)).map(
    lambda pair: pair if None in pair else tuple(sorted(pair))
)
words = (
    st.text(st.characters(exclude_categories=("Cs",)), max_size=100)
    .map(str.strip)
    .filter(str.isprintable)
)
places = st.tuples(
    st.integers(-180_00000, 180_00000).map(lambda n: n / 100_000),
    st.integers(-85_00000, 85_00000).map(lambda n: n / 100_000),
    st.integers(0, 2200).map(lambda n: n / 100),
)
filters = st.builds(
    lambda ends, **choices: Filters(invest_min_wan=ends[0], invest_max_wan=ends[1], **choices),
    ends=bounds,
    text=words,
    **{facet: chosen(facet) for facet in FACETS},
)
views = st.builds(
    View,
    filters=filters,
    language=st.sampled_from(LANGUAGES),
    colour=st.sampled_from(COLOURS),
    mode=st.sampled_from(MODES),
    project=st.sampled_from(("", *PROJECTS)),
    at=st.none() | places,
)


@given(views)
def test_a_view_survives_its_address(view):
    """Any view is read back from its own query exactly, with nothing dropped."""
    assert read(to_query(view)) == (view, ())


@given(views)
def test_an_address_is_plain_text(view):
    """A query has known keys only, text values only, and none for what is at its default."""
    query = to_query(view)
    assert set(query) <= set(KEYS)
    assert all(isinstance(value, str) and value for value in query.values())
    assert to_query(View()) == {}


@given(views)
def test_an_address_means_the_same_in_each_language(view):
    """Only `lang` differs between the queries of one view in Chinese and in English."""
    queries = []
    for language in LANGUAGES:
        one = View(**{f.name: getattr(view, f.name) for f in fields(view)} | {"language": language})
        queries.append({key: value for key, value in to_query(one).items() if key != "lang"})
    assert queries[0] == queries[1]


def test_the_documented_address_is_understood():
    """A written-out query gives the view that its keys name."""
    view, dropped = read(
        {
            "i": "industry-1,industry-0",
            "v": "5000-10000",
            "q": "孔雀",
            "o": "industry",
            "m": "table",
            "id": "r02",
            "lang": "en",
            "at": "124.35,40.1,9.5",
        }
    )
    assert dropped == ()
    assert view == View(
        filters=Filters(
            industry=("industry-0", "industry-1"),
            invest_min_wan=5000,
            invest_max_wan=10000,
            text="孔雀",
        ),
        language="en",
        colour="industry",
        mode="table",
        project="r02",
        at=(124.35, 40.1, 9.5),
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("v", "10000-5000"),
        ("v", "-"),
        ("v", ""),
        ("v", "5000"),
        ("v", "-5-3"),
        ("v", "1e3-"),
        ("v", "99999999999-"),
        ("v", "9" * 3000 + "-"),
        ("v", "５０００-"),
        ("v", "٥-"),
        ("v", "5000-\n"),
        ("at", "nan,40,9"),
        ("at", "124,inf,9"),
        ("at", "124,40,-inf"),
        ("at", "124,40"),
        ("at", "124,40,9,9"),
        ("at", "124,91,9"),
        ("at", "124,-86,9"),
        ("at", "181,40,9"),
        ("at", "124,40,23"),
        ("at", "1e999,40,9"),
        ("at", ",,"),
        ("q", "a\x00b"),
        ("q", "\ud800"),
        ("q", "x" * 101),
        ("q", "   "),
        ("q", "\u202egpj"),
        ("id", "r03"),
        ("id", ""),
        ("id", "<script>alert(1)</script>"),
        ("i", "gold"),
        ("i", "INDUSTRY-1"),
        ("c", ",,,"),
        ("s", "{{7*7}}"),
        ("k", "real'; DROP TABLE"),
        ("o", "red"),
        ("m", "../../etc/passwd"),
        ("lang", "de"),
        ("lang", "zh,en"),
    ],
)
def test_a_value_that_cannot_be_meant_is_dropped_by_name(key, value):
    """A value that is out of range, unknown or malformed leaves the view as it was and is named."""
    assert read({key: value}) == (View(), (key,))


def test_what_is_known_beside_junk_is_kept():
    """Of a list of choices the known ones are kept, and the key is named as dropped in part."""
    view, dropped = read({"i": "industry-3,gold,industry-0", "s": "stage-1", "id": "r99"})
    assert view.filters.industry == ("industry-0", "industry-3")
    assert view.filters.stage == ("stage-1",)
    assert dropped == ("i", "id")


def test_a_place_is_kept_to_the_digits_that_are_written():
    """A position of more digits than an address has is rounded on reading, so that it is stable from then on."""
    view, dropped = read({"at": "124.1234567,40.7654321,9.876543"})
    assert (view.at, dropped) == ((124.12346, 40.76543, 9.88), ())
    assert read(to_query(view)) == (view, ())


@pytest.mark.parametrize("query", [{"utm": "1"}, {"I": "industry-0"}, {"": "x"}, {"__class__": ""}])
def test_an_unknown_key_is_named_as_such(query):
    """A key that the page does not have changes nothing and is named with one sign, not repeated."""
    assert read(query) == (View(), ("?",))


@pytest.mark.parametrize("size", [MAX_QUERY + 1, 100_000])
def test_an_oversized_address_is_dropped_whole(size):
    """A query of more characters than any view has is not read at all."""
    assert read({"m": "table", "q": "x" * size}) == (View(), ("?",))


def test_the_longest_view_is_no_oversized_address(index, atlas):
    """A view with every choice of the shipped city still fits into an address."""
    options = {name: facet.options for name, facet in index.facets.items()}
    view = View(filters=Filters(**options, text="字" * 100, invest_min_wan=10**10), language="en")
    projects = atlas.projects["id"].tolist()
    assert from_query(to_query(view), options=options, projects=projects) == (view, ())


anything = st.text(st.characters(exclude_categories=()), max_size=40)
near = st.sampled_from(
    [
        "nan",
        "inf",
        "-",
        ",",
        "1e308",
        "0-0",
        "5-",
        "124,40,9",
        "real",
        "none",
        "r01",
        "zh",
        "9" * 50,
    ]
)
values = anything | near | st.lists(near | anything, max_size=4).map(",".join)
keys = st.sampled_from(KEYS) | anything


@given(st.dictionaries(keys, values, max_size=8))
def test_no_junk_raises_or_gets_through(query):
    """Whatever stands in an address, the view holds known ids and sane values, and faults are named."""
    view, dropped = read(query)
    for facet in FACETS:
        picked = getattr(view.filters, facet)
        assert set(picked) <= set(OPTIONS[facet])
        assert len(set(picked)) == len(picked)
    low, high = view.filters.invest_min_wan, view.filters.invest_max_wan
    assert all(end is None or 0 <= end <= 10**10 for end in (low, high))
    assert low is None or high is None or low <= high
    assert len(view.filters.text) <= 100
    assert view.filters.text.isprintable()
    assert view.language in LANGUAGES
    assert view.colour in COLOURS
    assert view.mode in MODES
    assert view.project in ("", *PROJECTS)
    if view.at is not None:
        lon, lat, zoom = view.at
        assert abs(lon) <= 180
        assert abs(lat) <= 85
        assert 0 <= zoom <= 22
    assert set(dropped) <= {*KEYS, "?"}
    assert list(dropped) == sorted(set(dropped))
    # what was kept is a view like any other
    assert read(to_query(view)) == (view, ())


@given(
    st.dictionaries(anything.filter(lambda key: key not in KEYS), values, min_size=1, max_size=5)
)
def test_junk_alone_gives_the_first_view(query):
    """An address without any known key gives the view of no address, and says so."""
    assert read(query) == (View(), ("?",))
