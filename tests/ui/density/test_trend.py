"""Metrics over the years: published figures first, every mark as honest as its row."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from geo.density import stated
from geo.density.question import Question
from geo.filters import Filters
from geo.series import Point
from geo.series.points import PARKS
from geo.series.text import Texts
from geo.view import View
from geo.wording import translator
from ui.density import trend
from ui.density.asked import Asked
from ui.density.scope import Scope


def scope(city, **question) -> Scope:
    """Return a visitor's scope over the shipped city."""
    state = Asked(Question(**question))
    return Scope(city, city, View(), city.select(Filters()), state, translator("zh"))


def test_the_published_output_per_km2_comes_first_in_both_units(city):
    """3.06 to 4.5 亿元/km² from 2019 to 2021 is said in one line, also as 30 万元/亩, with its basis."""
    here = scope(city)
    assert trend.offered(here)[0] == "output_density"
    found = trend.points(here, "output_density", trend.TOGETHER)
    (line,) = trend.headlines(here, found, Texts(city.atlas, "zh"))
    for part in ("3.06 亿元/km²", "4.5 亿元/km²", "30 万元/亩", "2019 → 2021", "面积口径未说明"):
        assert part in line


def test_a_line_is_marked_as_its_rows_are(city):
    """A point of the chart is dashed exactly if it is a sample, and filled exactly if it is actual."""
    here = scope(city, by="park")
    ids = stated.places_of(city.atlas, "park")
    found = trend.points(here, "output", ids)
    _, data = trend.lines(here, found, Texts(city.atlas, "zh"))
    by_key = {(p.place, Texts(city.atlas, "zh").period(p)): p for p in found}
    for row in data.to_dict("records"):
        point = by_key[row["id"], row["period"]]
        assert (row["sample"], row["firm"]) == (point.sample, point.status == "actual")


def test_a_picture_of_the_years_says_what_its_marks_mean_and_what_is_a_sample(city):
    """Below the picture stand the marks and the sources; that there are samples exactly if there are."""
    here = scope(city)
    for metric, places in (
        ("output", stated.places_of(city.atlas, "county")),
        ("output_density", trend.TOGETHER),
    ):
        found = trend.points(here, metric, places)
        said = trend.beside(here, found)
        assert here.t("dense.trend_marks") in said
        assert all(any(point.source in line for line in said) for point in found)
        marked = here.t("dense.has_samples") in said
        assert marked == any(point.sample for point in found)


def test_the_place_that_stands_out_is_bold_and_named(city):
    """With a place picked, its line alone has a colour, and its name is always written."""
    here = scope(city, by="park")
    ids = stated.places_of(city.atlas, "park")
    found = trend.points(here, "output", ids)
    state = Asked(Question(by="park"), place=found[-1].place)
    picked = Scope(city, city, here.view, here.selection, state, here.t)
    _, data = trend.lines(picked, found, Texts(city.atlas, "zh"))
    assert set(data.loc[data["colour"] == trend.chart.ACCENT, "id"]) == {found[-1].place}
    assert data.loc[data["end"], "id"].isin([found[-1].place]).any()


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40), st.data())
def test_names_never_stand_on_one_another(values, data):
    """However many lines end near each other, the names that are written keep their distance."""
    ends = {f"p{n}": Point(f"p{n}", "output", "2021", v, "actual") for n, v in enumerate(values)}
    picked = data.draw(st.sampled_from(["", *ends]))
    kept = trend.named(ends, picked)
    shown = sorted(point.value for point in kept.values())
    apart = (max(values) - min(values)) / trend.MOST_NAMES
    assert all(b - a >= apart for a, b in pairwise(shown))
    assert not picked or picked in kept


def test_all_parks_together_lead_the_choice(city):
    """Metrics that are published for all parks stand before those that only single places have."""
    offered = trend.offered(scope(city))
    parks = {point.metric for point in city.atlas.series.points if point.place == PARKS}
    ranks = [metric in parks for metric in offered]
    assert ranks == sorted(ranks, reverse=True)


def test_the_axis_says_the_unit_of_its_values(city):
    """Sums below and above 1 亿元 stand on one axis in 亿元, whichever comes first."""
    points = [
        Point("a", "tax", "2020", 5_000, "actual"),
        Point("b", "tax", "2020", 50_000, "actual"),
    ]
    spec, data = trend.lines(scope(city), points, Texts(city.atlas, "zh"))
    assert spec["encoding"]["y"]["title"] == "亿元"
    assert data["value"].tolist() == [0.5, 5.0]


def test_sources_and_notes_are_text(city):
    """Markdown in an imported source is written, not obeyed."""
    evil = "![x](//evil.example/x.png)"
    found = [Point(PARKS, "tax", year, 5, "actual", source=evil) for year in ("2020", "2021")]
    (line,) = trend.headlines(scope(city), found, Texts(city.atlas, "zh"))
    assert evil not in line
