"""Scoring without a browser: what a forged phone may send, the link, and wrong codes."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from geo.errors import GeoError
from geo.store import open_store
from geo.tour.itinerary import Place
from geo.tour.tour import Asked, Span, Tour, to_json
from ui import i18n
from ui.score import door, phone, tours

T = i18n.translator("zh")


@pytest.fixture
def tour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Have the pages use a store with one tour."""
    store = open_store(tmp_path / "store.sqlite")
    id_, _ = store.tours.save(None, title="拉练", body="{}", expected_revision=0, who="办")
    monkeypatch.setattr(tours, "store", lambda: store.tours)
    yield SimpleNamespace(id=id_, stored=store.tours.tour(id_), tours=store.tours)
    store.close()


def entry(**changes: object) -> dict[str, object]:
    """Return a score as a phone sends it."""
    given = {
        "uuid": str(uuid.uuid4()),
        "kind": "score",
        "project": "r01",
        "member": "张三",
        "device": "d",
        "criteria": {"progress": 4},
        "remark": " 好 ",
        "at": "2026-09-21T04:00:00.000Z",
    }
    return {**given, **changes}


def take(tour: SimpleNamespace, sent: object, member: str = ""):
    return phone._take(tour.stored, sent, member=member, t=T)


def test_what_is_kept_is_acknowledged_however_often_it_is_sent(tour):
    """Every sending of a kept entry is answered with its id, and it is there once."""
    one, two = entry(), entry(member="李四")
    for _ in range(2):
        assert take(tour, {"entries": [one, two]}) == ([one["uuid"], two["uuid"]], {}, "")
    kept = tour.tours.scores(tour.id)
    assert sorted(score.member for score in kept) == ["张三", "李四"]
    assert {score.remark for score in kept} == {"好"}


@pytest.mark.parametrize(
    "bad",
    [
        {"criteria": [4]},
        {"criteria": {"progress": "4"}},
        {"criteria": {"progress": 9}},
        {"member": ""},
        {"member": 5},
        {"project": None},
        {"at": "yesterday"},
        {"at": "2026-09-21T04:00:00"},
        {"at": 5},
        {"uuid": "x"},
        {"remark": {"a": 1}},
        {"kind": "photo", "image": "data:image/jpeg;base64,####"},
        {"kind": "photo", "image": "data:image/jpeg;base64,AAAA"},
        {"kind": "photo"},
    ],
)
def test_one_bad_entry_is_named_and_stops_no_other(tour, bad):
    """An entry that will never be kept is refused with a sentence; those beside it are kept."""
    good, forged = entry(), entry(**bad)
    acks, refused, trouble = take(tour, {"entries": [forged, good]})
    assert acks == [good["uuid"]]
    assert list(refused) == [forged["uuid"]]
    assert refused[forged["uuid"]].endswith("。")
    assert trouble == ""
    assert [score.uuid for score in tour.tours.scores(tour.id)] == [good["uuid"]]


@pytest.mark.parametrize(
    "sent", [None, 5, "x", [], {}, {"entries": 5}, {"entries": [None, 5, {}, {"uuid": 5}]}]
)
def test_a_message_that_means_nothing_does_nothing(tour, sent):
    """Whatever else the browser sends is passed over."""
    assert take(tour, sent) == ([], {}, "")


def test_a_flood_is_taken_in_parts(tour):
    """Of one message only so many entries are read."""
    acks, _, _ = take(tour, {"entries": [entry() for _ in range(100)]})
    assert len(acks) == phone.AT_ONCE


def test_who_is_signed_in_scores_under_that_name(tour):
    """A signed-in member cannot give another's name."""
    take(tour, {"entries": [entry(member="别人")]}, member="local:office")
    assert [score.member for score in tour.tours.scores(tour.id)] == ["local:office"]


def test_what_may_pass_later_is_neither_kept_nor_refused(tour, monkeypatch):
    """While the store is busy the phone is told so, and keeps what it has."""

    def busy(*_args: object) -> bool:
        raise GeoError("store.busy", place="x", reason="y")

    monkeypatch.setattr(tour.tours, "add_score", busy)
    acks, refused, trouble = take(tour, {"entries": [entry()]})
    assert (acks, refused) == ([], {})
    assert "稍后再试" in trouble


def test_a_photo_is_read_from_its_address(tour):
    """A photo comes as a data address; the same one twice is kept once."""
    content = (Path(__file__).parents[2] / "docs").rglob("*.png")
    picture = base64.b64encode(next(content).read_bytes()).decode()
    one = entry(kind="photo", image=f"data:image/png;base64,{picture}")
    for _ in range(2):
        assert take(tour, {"entries": [one]})[0] == [one["uuid"]]
    assert len(tour.tours.photos(tour.id)) == 1


def test_stops_are_read_in_order_and_once():
    """A stop without a project is passed over, one without a name goes by its id."""
    body = {
        "stops": [
            {"project": "b", "name": "乙", "more": 1},
            {"project": "a"},
            {"name": "无"},
            "x",
            {"project": "b", "name": "乙"},
        ]
    }
    found = tours.stops_of(json.dumps(body))
    assert [(stop.project, stop.name) for stop in found] == [("b", "乙"), ("a", "a")]
    assert tours.stops_of("{}") == []


def test_only_the_stops_that_are_driven_to_are_scored():
    """Where a tour has an order, its stops are those, in that order; what was left out is not."""
    stops = [{"project": id_, "name": id_.upper()} for id_ in "abcd"]
    body = {"stops": stops, "order": [["c", "a"], [], ["d", "gone"]]}
    found = tours.stops_of(json.dumps(body))
    assert [stop.name for stop in found] == ["C", "A", "D", "gone"]
    for nothing in ([], [[]], None, "x", [5]):
        found = tours.stops_of(json.dumps({"stops": stops, "order": nothing}))
        assert [stop.project for stop in found] == list("abcd")


def test_the_stops_of_a_planned_tour_are_found():
    """What the planner writes is what the scoring page reads."""
    here = Place("起点", 120.0, 40.0)
    asked = tuple(Asked(project=id_, name=f"站 {id_}") for id_ in "abc")
    tour = Tour("拉练", date(2026, 9, 21), (Span(here, here),), stops=asked, order=(("c", "a"),))
    found = tours.stops_of(to_json(tour))
    assert [(stop.project, stop.name) for stop in found] == [("c", "站 c"), ("a", "站 a")]


@pytest.mark.parametrize("first", ["2026-09-21", None, "soon", 5])
def test_a_tour_is_held_on_its_day(tour, first):
    """A tour's day is the one that it says, else that on which it was made."""
    stored = replace(tour.stored, body=json.dumps({"first": first}))
    zone = ZoneInfo("Asia/Shanghai")
    wanted = (
        "2026-09-21" if first == "2026-09-21" else f"{stored.created_at.astimezone(zone):%Y-%m-%d}"
    )
    assert tours.held_on(stored, zone).isoformat() == wanted


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("http://10.0.0.5:8501/tour", "http://10.0.0.5:8501/score?tour=abc&code=23AB"),
        ("https://map.example/base/tour", "https://map.example/base/score?tour=abc&code=23AB"),
        ("http://10.0.0.5:8501/", "http://10.0.0.5:8501/score?tour=abc&code=23AB"),
    ],
)
def test_the_link_stands_beside_the_page_that_makes_it(page, wanted):
    """A link leads to the scoring page of the same server, below the same path."""
    assert tours.link("abc", "23AB", page=page) == wanted


def test_wrong_codes_are_counted_by_tour_and_forgotten(monkeypatch):
    """After the limit no code of that tour is tried; another tour is open, and ten minutes heal."""
    now = [1000.0]
    monkeypatch.setattr(door.time, "monotonic", lambda: now[0])
    attempts = door.Attempts()
    for _ in range(door.PER_TOUR - 1):
        attempts.add("a")
    assert not attempts.too_many("a")
    attempts.add("a")
    assert attempts.too_many("a")
    assert not attempts.too_many("b")
    now[0] += door.WINDOW + 1
    assert not attempts.too_many("a")
