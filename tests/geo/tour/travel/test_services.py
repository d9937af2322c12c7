"""OSRM, Valhalla and AMap over HTTP, answered as their services answer."""

from __future__ import annotations

import json
import logging
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from geo import crs
from geo.errors import GeoError
from geo.tour.travel.amap import Amap
from geo.tour.travel.http import Service
from geo.tour.travel.osrm import Osrm
from geo.tour.travel.valhalla import Valhalla
from tests.geo.tour.travel.service import Answer, Asked

PLACES = [(124.3947, 40.1292), (124.0717, 40.4536), (124.1891, 39.99429)]
KEY = "0123456789abcdef0123456789abcdef"
ANSWERS = Path(__file__).parent / "answers"


def recorded(name: str) -> Answer:
    """Return what a Valhalla 3.9.1 server on the shipped roads has answered to PLACES."""
    found = json.loads((ANSWERS / name).read_text("utf-8"))
    return Answer(found["body"], status=found["status"])


def pairs(text: str, separator: str) -> np.ndarray:
    return np.array([[float(part) for part in pair.split(",")] for pair in text.split(separator)])


def straight_m(start: np.ndarray, end: np.ndarray) -> float:
    return round(float(crs.distance_km(*start, *end)) * 1000, 1)


def osrm(asked: Asked) -> Answer:
    """Answer as osrm-routed does: a km a minute on straight lines, a step a leg."""
    kind, points = asked.path.split("/")[1], pairs(asked.path.rsplit("/", 1)[1], ";")
    if kind == "table":
        assert len(points) <= 100, "the server's default limit"
        rows = [int(n) for n in asked.query["sources"].split(";")]
        columns = [int(n) for n in asked.query["destinations"].split(";")]
        metres = [[straight_m(points[a], points[b]) for b in columns] for a in rows]
        seconds = [[round(m * 60 / 1000, 1) for m in row] for row in metres]
        return Answer({"code": "Ok", "durations": seconds, "distances": metres, "sources": []})
    legs = [
        {
            "distance": straight_m(a, b),
            "duration": straight_m(a, b) * 60 / 1000,
            "steps": [
                {"geometry": {"type": "LineString", "coordinates": [list(a), list(b)]}},
                {"geometry": {"type": "LineString", "coordinates": [list(b), list(b)]}},
            ],
        }
        for a, b in pairwise(points)
    ]
    return Answer({"code": "Ok", "routes": [{"legs": legs}], "waypoints": []})


def amap(asked: Asked) -> Answer:
    """Answer as the AMap Web service does: texts, origins counted from 1, GCJ-02 throughout."""
    if asked.query.get("key") != KEY:
        return Answer({"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"})
    if asked.path == "/v3/distance":
        target = pairs(asked.query["destination"], "|")[0]
        results = [
            {
                "origin_id": str(number),
                "dest_id": "1",
                "distance": str(round(straight_m(origin, target))),
                "duration": str(round(straight_m(origin, target) * 0.06)),
            }
            for number, origin in enumerate(pairs(asked.query["origins"], "|"), 1)
        ]
        return Answer({"status": "1", "info": "OK", "infocode": "10000", "results": results})
    start, end = asked.query["origin"], asked.query["destination"]
    metres = straight_m(pairs(start, "|")[0], pairs(end, "|")[0])
    path = {
        "distance": str(round(metres)),
        "duration": str(round(metres * 0.06)),
        "steps": [{"polyline": f"{start};{end}"}, {"polyline": f"{end};{end}"}],
    }
    return Answer({"status": "1", "infocode": "10000", "route": {"paths": [path]}})


def amap_at(service, **kwargs) -> Amap:
    secret = {"key": kwargs.pop("key", KEY)}
    return Amap("", service=Service(service.url, source="amap", secret=secret), pause_s=0, **kwargs)


def test_osrm_gives_minutes_km_and_course(service):
    """Seconds become minutes, metres km; a leg's line is that of its steps; the longitude comes first."""
    service.answer = osrm
    backend = Osrm(service.url + "/")
    answer, route = backend.matrix(PLACES), backend.route(PLACES)
    assert answer.source == "osrm"
    assert answer.minutes == pytest.approx(answer.km, abs=0.01)
    assert answer.km[0, 1] == pytest.approx(
        float(crs.distance_km(*PLACES[0], *PLACES[1])), abs=0.01
    )
    assert service.asked[0].path.startswith("/table/v1/driving/124.394700,40.129200;")
    assert [leg.line for leg in route.legs] == [tuple(PLACES[:2]), tuple(PLACES[1:])]
    for number, leg in enumerate(route.legs):
        assert leg.minutes == pytest.approx(answer.minutes[number, number + 1], abs=0.01)


def test_osrm_is_asked_in_blocks(service):
    """120 places go in requests of at most 100 coordinates and every cell lands in its place; 60 stops make 59 legs."""
    service.answer = osrm
    rng = np.random.default_rng(7)
    places = np.column_stack([rng.uniform(124, 125, 120), rng.uniform(40, 41, 120)]).round(6)
    answer = Osrm(service.url).matrix(places)
    lon, lat = places.T
    straight = crs.distance_km(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    assert answer.km == pytest.approx(straight, abs=1e-3)
    assert len(service.asked) == 9
    assert len(Osrm(service.url).route(places[:60]).legs) == 59


def test_osrm_says_where_no_way_leads(service):
    """A null duration is inf and noticed; NoRoute is `travel.path`, with OSRM's status 400."""
    table = [[0, None, 60], [None, 0, None], [60, None, 0]]
    service.answer = lambda asked: Answer({"code": "Ok", "durations": table, "distances": table})
    answer = Osrm(service.url).matrix(PLACES)
    assert np.isinf(answer.minutes[0, 1])
    assert answer.minutes[0, 2] == 1
    assert answer.notices[0].details["rows"] == (1,)
    service.answer = lambda asked: Answer({"code": "NoRoute", "message": "…"}, status=400)
    with pytest.raises(GeoError) as caught:
        Osrm(service.url).route(PLACES)
    assert caught.value.code == "travel.path"


def test_valhalla_is_read_as_it_answers(service):
    """The recorded matrix and route agree to a second, and lines follow the roads between the places."""
    service.answer = lambda asked: recorded(
        "valhalla_matrix.json" if asked.path == "/sources_to_targets" else "valhalla_route.json"
    )
    backend = Valhalla(service.url)
    answer, route = backend.matrix(PLACES), backend.route(PLACES)
    assert answer.minutes[0, 1] == pytest.approx(41.0, abs=0.1)
    assert answer.km[0, 1] == pytest.approx(50.959)
    assert service.asked[0].body["sources"][0] == {"lon": 124.3947, "lat": 40.1292}
    for number, leg in enumerate(route.legs):
        assert leg.minutes == pytest.approx(answer.minutes[number, number + 1], abs=1 / 60)
        assert leg.km == pytest.approx(answer.km[number, number + 1], abs=0.01)
        start, end = PLACES[number], PLACES[number + 1]
        assert float(crs.distance_km(*leg.line[0], *start)) < 6
        assert float(crs.distance_km(*leg.line[-1], *end)) < 6
        assert len(leg.line) > 10


def test_valhalla_may_answer_in_plain_tables(service):
    """The short form of a matrix gives the same figures as the long one."""
    service.answer = lambda asked: recorded("valhalla_matrix.json")
    long = Valhalla(service.url).matrix(PLACES)
    cells = recorded("valhalla_matrix.json").body
    rows = json.loads(cells)["sources_to_targets"]
    short = {
        "durations": [[cell["time"] for cell in row] for row in rows],
        "distances": [[cell["distance"] for cell in row] for row in rows],
    }
    service.answer = lambda asked: Answer({"sources_to_targets": short})
    assert np.array_equal(Valhalla(service.url).matrix(PLACES).minutes, long.minutes)


def test_valhalla_without_a_road_is_a_path_error(service):
    """Its recorded refusals: no road near a place is `travel.path` on a route, too far is `travel.answer`."""
    service.answer = lambda asked: recorded("valhalla_no_road.json")
    with pytest.raises(GeoError) as caught:
        Valhalla(service.url).route(PLACES)
    assert caught.value.code == "travel.path"
    service.answer = lambda asked: recorded("valhalla_too_far.json")
    with pytest.raises(GeoError) as caught:
        Valhalla(service.url).matrix(PLACES)
    assert caught.value.code == "travel.answer"


def test_amap_speaks_gcj02_and_we_do_not(service):
    """What is asked is shifted by some 500 m, what comes back lies at the WGS-84 places again."""
    service.answer = amap
    backend = amap_at(service)
    answer, route = backend.matrix(PLACES), backend.route(PLACES)
    sent = pairs(service.asked[0].query["destination"], "|")[0]
    assert 400 < straight_m(sent, np.array(PLACES[0])) < 600
    assert answer.km[0, 1] == pytest.approx(
        float(crs.distance_km(*PLACES[0], *PLACES[1])), rel=0.01
    )
    assert len(service.asked) == len(PLACES) + len(PLACES) - 1
    for number, leg in enumerate(route.legs):
        assert leg.line[0] == pytest.approx(PLACES[number], abs=2e-6)
        assert leg.minutes == pytest.approx(answer.minutes[number, number + 1], abs=0.02)


@pytest.mark.parametrize(
    ("infocode", "code"),
    [
        ("10001", "travel.key"),
        ("10009", "travel.key"),
        ("10003", "travel.quota"),
        ("10021", "travel.quota"),
        ("20000", "travel.answer"),
    ],
)
def test_amap_says_no_in_its_own_way(service, infocode, code):
    """A refusal comes with status 200 and an infocode; key, quota and the rest are told apart."""
    service.answer = lambda asked: Answer({"status": "0", "info": "x", "infocode": infocode})
    with pytest.raises(GeoError) as caught:
        amap_at(service).matrix(PLACES)
    assert caught.value.code == code


def test_amap_is_asked_again_when_busy(service):
    """Too many requests a second is answered after a pause, not given up at once."""

    def answer(asked: Asked) -> Answer:
        busy = Answer({"status": "0", "infocode": "10021"})
        return busy if len(service.asked) % 2 else amap(asked)

    service.answer = answer
    assert np.isfinite(amap_at(service).matrix(PLACES).minutes).all()


def test_amap_takes_no_hundreds_of_places(service):
    """61 places are refused before anything is asked: they would use up the day's quota."""
    with pytest.raises(GeoError) as caught:
        amap_at(service).matrix([PLACES[0]] * 61)
    assert caught.value.code == "travel.too_many"
    assert service.asked == []


def test_amap_results_without_a_drive_are_inf(service):
    """A pair that AMap marks with a code of its own has no way, and the rest keeps its figures."""

    def answer(asked: Asked) -> Answer:
        found = json.loads(amap(asked).body)
        found["results"][1] |= {"code": "2", "info": "OUT_OF_SERVICE"}
        return Answer(found)

    service.answer = answer
    minutes = amap_at(service).matrix(PLACES).minutes
    assert np.isinf(minutes[1, 0])
    assert minutes[1, 1] == 0
    assert np.isfinite(minutes[0]).all()


BACKENDS = {
    "osrm": lambda service: Osrm("", service=service),
    "valhalla": lambda service: Valhalla("", service=service),
    "amap": lambda service: Amap("", service=service, pause_s=0),
}
BAD = {
    "not JSON": (Answer(b"<html>"), "travel.answer"),
    "a list": (Answer([1, 2]), "travel.answer"),
    "nothing": (Answer(b""), "travel.answer"),
    "an empty object": (Answer({}), "travel.answer"),
    "deep": (Answer(b"[" * 200_000), "travel.answer"),
    "not text": (Answer(b"\xff\xfe{}"), "travel.answer"),
    "404": (Answer({}, status=404), "travel.status"),
    "500": (Answer(b"oops", status=500), "travel.status"),
    "redirect": (Answer(b"", status=302), "travel.status"),
    "late": (Answer({}, wait=2.0), "travel.timeout"),
    "a trickle": (Answer(b" " * 400, trickle=0.02), "travel.timeout"),
    "too large": (Answer(b" " * 3_000_000), "travel.too_large"),
    "wrong shape": (
        Answer(
            {
                "status": "1",
                "code": "Ok",
                "durations": [[0]],
                "distances": [[0]],
                "sources_to_targets": [[{"time": 1, "distance": 1}]],
                "results": [{"origin_id": "9", "distance": "1", "duration": "1"}],
                "routes": [{"legs": []}],
                "trip": {"legs": []},
                "route": {"paths": [{"distance": "x", "duration": "1", "steps": []}]},
            }
        ),
        "travel.answer",
    ),
    "figures that are none": (
        Answer(
            {
                "status": "1",
                "code": "Ok",
                "durations": [[0, -1, "2"]] * 3,
                "distances": [[0, True, 1]] * 3,
                "sources_to_targets": [[{"time": "x"}, {}, None]] * 3,
                "results": [{"origin_id": "1", "distance": [], "duration": "NaN"}] * 3,
                "routes": [{"legs": [{"duration": None, "distance": 1, "steps": []}] * 2}],
                "trip": {"legs": [{"summary": {"time": 1, "length": 1}, "shape": "\n"}] * 2},
                "route": {"paths": [{"distance": "-1", "duration": "1", "steps": []}]},
            }
        ),
        "travel.answer",
    ),
}


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_answer_is_a_clear_error(service, name, bad):
    """Whatever a service sends back wrong, both questions end soon in the right code that names the source."""
    answer, code = BAD[bad]
    service.answer = lambda asked: answer
    http = Service(service.url, source=name, answer_s=0.5, max_bytes=2_000_000)
    backend = BACKENDS[name](http)
    for ask in (backend.matrix, backend.route):
        with pytest.raises(GeoError) as caught:
            ask(PLACES)
        assert caught.value.code == code
        assert caught.value.details["source"] == name


@pytest.mark.parametrize("name", BACKENDS)
def test_a_service_that_is_not_there_is_unreachable(name):
    """A refused connection is `travel.unreachable`."""
    backend = BACKENDS[name](Service("http://127.0.0.1:9", source=name))
    with pytest.raises(GeoError) as caught:
        backend.matrix(PLACES)
    assert caught.value.code == "travel.unreachable"


@pytest.mark.parametrize("status", [200, 500])
def test_the_key_is_in_no_log_and_no_error(service, caplog, status):
    """The key reaches the service and nothing else: no log record of any level, no error, no traceback."""
    service.answer = lambda asked: Answer({}, status=status)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(GeoError) as caught:
        amap_at(service).matrix(PLACES)
    assert service.asked[0].query["key"] == KEY
    assert caplog.records
    assert KEY not in caplog.text
    assert KEY not in repr(caught.value)
    assert caught.value.__context__ is None or KEY not in repr(caught.value.__context__)


def test_a_password_in_the_address_is_sent_and_not_logged(service, caplog):
    """User and password of an address become a header; logs show the address without them."""
    service.answer = osrm
    caplog.set_level(logging.DEBUG)
    Osrm(service.url.replace("http://", "http://planner:open-sesame@")).matrix(PLACES)
    assert service.asked[0].headers["Authorization"].startswith("Basic ")
    assert "open-sesame" not in caplog.text
