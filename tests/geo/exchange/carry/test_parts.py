"""The small parts: figures in words, the timetable's rows, lines, circles, facts, the picture."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from geo.exchange.carry import breaking, drawing, facts, fonts, listing, timeline
from geo.exchange.carry.brief import duration, kilometres, money
from geo.exchange.carry.handbook import time, visit
from geo.exchange.carry.spreading import Circle, spread
from geo.tour.itinerary import Meal, Place
from tests.geo.exchange.carry import samples
from ui.i18n import translator

ZH = translator("zh")


@given(st.integers(-(10**9), 10**9), st.sampled_from(["zh", "en"]))
def test_money_is_exact(wan, language):
    """Any whole 万元, read back from its words, is the same whole number."""
    text = money(wan, language)
    number = text.removeprefix("CNY ").split(" ")[0].replace(",", "")
    unit = {"亿元": 10_000, "万元": 1, "m": 100}[text.split(" ")[-1]]
    whole, _, rest = number.lstrip("-").partition(".")
    scale = len(str(unit)) - 1
    read = int(whole) * unit + int((rest + "0" * scale)[:scale] or 0)
    assert read == abs(wan)
    assert number.startswith("-") == (wan < 0)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 分"), (59.6, "1 小时"), (60, "1 小时"), (95, "1 小时 35 分"), (-3, "0 分")],
)
def test_durations_are_hours_and_minutes(minutes, text):
    """Minutes round before they become hours, and none is negative."""
    assert duration(minutes, ZH) == text


def test_kilometres_have_one_decimal():
    """A distance has one decimal and a thousands separator."""
    assert kilometres(1234.56, ZH) == "1,234.6 km"


def test_rows_follow_the_clock(plain, two_days):
    """Rows are in the order of time, every leg leads to exactly one of them."""
    for day in (*plain.tour.days, *two_days.tour.days):
        rows = timeline.rows(day)
        times = [row.arrives for row in rows if row.arrives is not None]
        assert times == sorted(times)
        assert [row.leg for row in rows if row.leg] == list(day.legs)
        assert len(timeline.places(day)) == len(day.legs) + 1


@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("place", [None, samples.CANTEEN])
def test_lunch_stands_where_it_is_had(after, place, atlas):
    """Lunch comes after its stop, with a leg of its own only where it has a place."""
    day = samples.day(samples.stops(atlas, 3), departs=480)
    meal = Meal(after, 700, 45, place)
    legs = day.legs if place is None else (*day.legs, day.legs[0])
    rows = timeline.rows(replace(day, meal=meal, legs=legs))
    assert [row.kind for row in rows].index("lunch") == after + 1
    assert (rows[after + 1].leg is not None) == (place is not None)


def test_lunch_on_site_is_not_time_on_site(atlas):
    """A stop that one leaves after lunch there counts only the visit."""
    (stop,) = samples.day(samples.stops(atlas, 1), departs=660).stops
    stop = replace(stop, arrives=690, begins=690, departs=765)
    day = replace(samples.day([stop], departs=660), stops=(stop,), meal=Meal(1, 720, 45, None))
    row = timeline.rows(day)[1]
    assert (row.minutes, row.leaves) == (30, 720)


@given(st.text(st.characters(codec="utf-8"), max_size=80), st.integers(3, 30))
def test_breaking_keeps_every_letter(text, width):
    """No line is too wide, and no letter but spaces at breaks is lost."""
    found = breaking.lines(text, width, len)
    assert all(len(line) <= width for line in found)
    squeezed = "".join("".join(found).split())
    assert squeezed == "".join(text.split())


def test_breaking_respects_words_and_punctuation():
    """A Latin word stays whole, and no line begins with a comma or ends with an opening bracket."""
    text = "新材料项目，总投资（含设备）1,234.5万元，由 Northern Materials 建设。"
    for width in range(10, 30):
        for line in breaking.lines(text, width, len):
            assert line[0] not in breaking.NO_START
            assert line[-1] not in breaking.NO_END
    joined = " ".join(breaking.lines(text, 12, len))
    assert "Northern" in joined
    assert "Materials" in joined


spots = st.tuples(st.floats(0, 500), st.floats(0, 500))


@given(st.lists(spots, max_size=14))
def test_spread_circles_do_not_touch(centres):
    """Circles, wherever they were, do not cover each other; one that was free has not moved."""
    circles = [Circle(x, y, 10) for x, y in centres]
    placed = spread(circles, gap=2)
    for one, other in combinations(placed, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) >= 22 - 1e-6
    if circles:
        assert placed[0] == circles[0]


def test_missing_glyphs_are_shown_as_missing():
    """A character that the faces lack is the geta mark, an invisible one goes, all others stay."""
    assert fonts.drawable("丹东 A±·〓") == "丹东 A±·〓"
    assert fonts.drawable("😀𠮷") == "〓〓"
    assert fonts.drawable("a\u202eb\u200bc\ufe0f") == "abc"
    assert fonts.drawable("a\u3000b\nc").split() == ["a", "b", "c"]


def test_the_faces_have_what_a_city_writes(atlas):
    """Every character of the shipped projects, parks and of both locales has a glyph."""
    texts = [*atlas.projects["name"], *atlas.parks["name"], *atlas.counties["name"]]
    texts += [str(text) for text in atlas.projects["remark"].dropna()]
    assert fonts.MISSING not in fonts.drawable("".join(texts))


def test_facts_have_no_empty_row(plain, two_days, hostile):
    """No label comes without a text."""
    for brief in (plain, two_days, hostile):
        for stop in brief.tour.stops:
            known = facts.facts(brief, stop)
            assert known
            assert all(label.strip() and text.strip() for label, text in known)


def test_contacts_are_for_internal_use(hostile):
    """Without leave the contact is no fact, with leave it is."""
    stop = hostile.tour.stops[0]
    label = hostile.t("card.contact")
    assert label in dict(facts.facts(hostile, stop))
    assert label not in dict(facts.facts(replace(hostile, internal=False), stop))


def test_ladder_is_in_plain_words(plain):
    """The ladder names the present stage and counts the rungs up to it; a paused one has none."""
    stop = plain.tour.stops[0]
    stages = plain.atlas.catalogue.stages
    for id_, reached in (("talk", 1), ("build", 7), ("halt", 0)):
        found = facts.ladder(plain, replace(stop, project={"stage": id_}))
        assert found.reached == reached
        assert stages[id_].title.zh in found.title
        assert found.said == stages[id_].plain.zh
    assert facts.ladder(plain, replace(stop, project={})).title == ZH("card.stage_none")


def test_project_address_needs_a_web_address(plain):
    """Only http and https make an address; its query is the map's own."""
    stop = plain.tour.stops[0]
    assert plain.project_address(stop).endswith(f"/?id={stop.project_id}")
    for address in (
        "",
        "javascript:alert(1)",
        "map.example",
        "https://",
        "https://a\u202eb",
        "https://[",
    ):
        assert replace(plain, address=address).project_address(stop) == ""


def test_times_are_the_citys(plain):
    """The moment of writing is told in the city's time zone, whatever the server's."""
    assert any("2026-09-18 09:30" in note for note in listing.notes(plain))


def test_the_picture_has_its_size_and_marks(plain):
    """The map is a PNG of the asked size, drawn in the day's colour, and says what it is."""
    picture = Image.open(io.BytesIO(drawing.draw(plain, width=700, height=500)))
    assert picture.size == (700, 500)
    colours = picture.convert("RGB").getcolors(1 << 20)
    blue = sum(n for n, (r, g, b) in colours if abs(r - 11) + abs(g - 87) + abs(b - 208) < 60)
    assert blue > 500
    assert "内部使用" in plain.legal()
    assert "天地图" in plain.credits()


def test_an_approved_map_says_its_number(plain):
    """A city with an approval number shows it instead of the internal mark."""
    city = replace(plain.atlas.catalogue.city, map_approval="X(2026)001")
    declared = replace(plain.atlas.catalogue, city=city)
    brief = replace(plain, atlas=replace(plain.atlas, catalogue=declared))
    assert "X(2026)001" in brief.legal()
    assert "内部" not in brief.legal()


def test_far_and_near_places_are_drawn(atlas):
    """A tour of one spot and one across half the country both give a picture."""
    near = samples.day(samples.stops(atlas, 1), departs=480)
    spot = Place("一处", near.stops[0].lon, near.stops[0].lat)
    for end in (spot, Place("远处", 87.6, 43.8)):
        brief = samples.brief(atlas, samples.tour(replace(near, start=spot, end=end, legs=())))
        assert drawing.draw(brief, width=300, height=200).startswith(b"\x89PNG")


def test_times_after_midnight_say_so(atlas, two_days):
    """A time on the next date is marked in rows and visits; a second day's own times are not."""
    brief = samples.brief(atlas, samples.tour(samples.day(samples.stops(atlas, 6), departs=1320)))
    rows = timeline.rows(brief.tour.days[0])
    said = [time(brief, row, row.arrives) for row in rows[1:]]
    assert said[-1].startswith("次日 ")
    assert [text.startswith("次日") for text in said] == [row.arrives >= 1440 for row in rows[1:]]
    assert "次日" in visit(brief, brief.tour.stops[-1])
    assert "+1" not in "".join(visit(two_days, stop) for stop in two_days.tour.stops)
