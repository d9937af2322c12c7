"""Falling back: never silently, never across the sea, and the setting that chooses."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

from geo.errors import GeoError
from geo.tour.travel import Chain, Graph, GreatCircle, chosen
from geo.tour.travel.embedded import EmbeddedValhalla
from tests.geo.tour.travel.service import Answer
from tests.geo.tour.travel.test_services import KEY, PLACES, osrm, recorded

AT_SEA = (123.75, 39.50)
ABROAD = (116.40, 39.90)


def codes(answer) -> list[str]:
    return [notice.code for notice in answer.notices]


@pytest.fixture
def by_osrm(service, atlas) -> Chain:
    service.answer = osrm
    return chosen(f"osrm:{service.url}", atlas=atlas)


def test_a_service_that_answers_needs_no_notice(by_osrm):
    """The service's own figures come without a notice, under its own name, without a band."""
    answer, route = by_osrm.matrix(PLACES), by_osrm.route(PLACES)
    assert (answer.source, answer.band_pct, answer.notices) == ("osrm", 0, ())
    assert {leg.source for leg in route.legs} == {"osrm"}
    assert route.notices == ()


@pytest.mark.parametrize(
    ("bad", "code"),
    [(Answer(b"<"), "travel.answer"), (Answer({}, status=503), "travel.status")],
)
def test_a_fall_back_is_said(by_osrm, service, graph, bad, code):
    """A failing service gives the graph's figures, the failure, and who answered instead."""
    service.answer = lambda asked: bad
    answer, route = by_osrm.matrix(PLACES), by_osrm.route(PLACES)
    assert np.array_equal(answer.minutes, graph.matrix(PLACES).minutes)
    assert (answer.source, answer.band_pct) == ("graph", graph.matrix(PLACES).band_pct)
    assert codes(answer) == codes(route) == [code, "travel.fell_back"]
    assert answer.notices[-1].details == {"source": "osrm", "used": "graph"}
    assert {leg.source for leg in route.legs} == {"graph"}


def test_null_durations_fall_back_where_the_graph_knows_a_way(by_osrm, service, graph):
    """A pair that the service cannot connect and the graph can makes the graph answer, and it is said."""
    table = [[0, None, 60], [None, 0, 60], [60, 60, 0]]
    service.answer = lambda asked: Answer({"code": "Ok", "durations": table, "distances": table})
    answer = by_osrm.matrix(PLACES)
    assert np.array_equal(answer.minutes, graph.matrix(PLACES).minutes)
    assert codes(answer) == ["travel.path", "travel.fell_back"]


def test_a_wind_farm_does_not_cost_the_service(by_osrm, service):
    """With one place at sea the others keep the service's figures; it is not asked for the sea."""
    answer = by_osrm.matrix([*PLACES, AT_SEA])
    assert answer.source == "osrm"
    assert np.isinf(answer.minutes[3, :3]).all()
    assert np.isfinite(answer.minutes[:3, :3]).all()
    assert codes(answer) == ["travel.path"]
    assert answer.notices[0].details["rows"] == (3,)
    assert all("39.5" not in asked.path for asked in service.asked)


def test_a_service_may_know_other_cities(by_osrm):
    """A start far outside the city is the service's to answer."""
    assert np.isfinite(by_osrm.matrix([PLACES[0], ABROAD]).minutes).all()


def test_no_straight_line_leads_across_the_sea(embedded, by_osrm):
    """Where roads lead nowhere, the last resort is not asked: no way is an answer, not a failure."""
    for chain in (embedded, by_osrm):
        answer = chain.matrix([PLACES[0], AT_SEA])
        assert np.isinf(answer.minutes[0, 1])
        with pytest.raises(GeoError) as caught:
            chain.route([PLACES[0], AT_SEA])
        assert caught.value.code == "travel.path"


def test_the_last_resort_stands_in_for_failures(atlas):
    """When all others fail, straight lines answer, after each failure has been told."""

    class Broken:
        def __init__(self, name):
            self.id = name

        def matrix(self, places):
            raise GeoError("travel.answer", source=self.id)

        route = matrix

    chain = Chain([Broken("one"), Broken("two"), GreatCircle(atlas.catalogue.travel)])
    answer = chain.matrix(PLACES)
    assert answer.source == "great_circle"
    assert codes(answer) == ["travel.answer", "travel.answer", "travel.fell_back"]
    with pytest.raises(GeoError):
        Chain([Broken("one"), Broken("two")]).route(PLACES)


def test_places_that_mean_nothing_are_not_asked_twice(by_osrm, service):
    """A bad place is the caller's fault: no service is asked and nothing falls back."""
    with pytest.raises(GeoError) as caught:
        by_osrm.matrix([(float("nan"), 40)])
    assert caught.value.code == "travel.places"
    assert service.asked == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", ["graph", "great_circle"]),
        (" graph ", ["graph", "great_circle"]),
        ("great_circle", ["great_circle"]),
        ("osrm:http://10.0.0.5:5000", ["osrm", "graph", "great_circle"]),
        ("osrm:https://user:word@maps.example/osrm/", ["osrm", "graph", "great_circle"]),
        ("valhalla:http://[::1]:8002", ["valhalla", "graph", "great_circle"]),
        (f"amap:{KEY}", ["amap", "graph", "great_circle"]),
    ],
)
def test_the_setting_chooses(atlas, text, ids):
    """Each form of the setting gives its backend first and the embedded ones after it."""
    assert [backend.id for backend in chosen(text, atlas=atlas).backends] == ids


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("s3cret", "travel.setting"),
        ("graph:s3cret", "travel.setting"),
        ("google:s3cret", "travel.setting"),
        ("osrm:", "travel.url"),
        ("osrm:s3cret:5000", "travel.url"),
        ("osrm:ftp://s3cret/", "travel.url"),
        ("osrm:file:///s3cret", "travel.url"),
        ("osrm:http://", "travel.url"),
        ("osrm:http://s3cret:99999", "travel.url"),
        ("osrm:http://host:x/s3cret", "travel.url"),
        ("osrm:http://host/?token=s3cret", "travel.url"),
        ("osrm:http://host/#s3cret", "travel.url"),
        ("osrm:http://host/a s3cret", "travel.url"),
        ("valhalla:http://ho\nst/s3cret", "travel.url"),
        ("amap:", "travel.key"),
        ("amap:s3cret", "travel.key"),
        ("amap:s3cret&x=1234567890123456", "travel.key"),
    ],
)
def test_a_wrong_setting_is_refused_and_not_repeated(atlas, text, code):
    """A setting that means nothing is refused with its own code, and the error keeps its text to itself."""
    with pytest.raises(GeoError) as caught:
        chosen(text, atlas=atlas)
    assert caught.value.code == code
    assert "s3cret" not in str(caught.value)


def test_a_city_without_travel_data_says_so(city_copy):
    """A city folder may leave [travel] out: then there are no times, and a clear error."""
    from geo import layers

    city_copy.edit(
        "city.toml",
        lambda text: text[: text.index("# What travel")] + text[text.index("# [[layers]]:") :],
    )
    atlas = layers.load(city_copy.folder)
    with pytest.raises(GeoError) as caught:
        chosen("", atlas=atlas)
    assert caught.value.code == "travel.not_declared"


def test_speeds_that_cannot_be_are_refused(city_copy):
    """A speed of zero in [travel] is a fault of the catalogue."""
    from geo import catalogue

    city_copy.replace("city.toml", "local = { speed_kmh = 30", "local = { speed_kmh = 0")
    with pytest.raises(GeoError) as caught:
        catalogue.read(city_copy.folder)
    assert caught.value.code == "catalogue_invalid"


def fake_package(answers: dict[str, object]) -> types.ModuleType:
    """Return a stand-in for the `valhalla` package, which Python 3.11 cannot have."""
    package = types.ModuleType("valhalla")

    class Actor:
        def __init__(self, config: object) -> None:
            self.config = config

        def matrix(self, body: dict) -> object:
            return _give(answers["matrix"])

        def route(self, body: dict) -> object:
            return _give(answers["route"])

    package.Actor = Actor
    package.get_config = lambda **where: where
    return package


def _give(answer: object) -> object:
    if isinstance(answer, Exception):
        raise answer
    return answer


def body(name: str) -> object:
    import json

    return json.loads(recorded(name).body)


def test_embedded_valhalla_reads_what_the_server_form_reads(tmp_path):
    """In process the recorded answers give the same figures as over HTTP."""
    (tmp_path / "valhalla_tiles.tar").write_bytes(b"")
    package = fake_package(
        {"matrix": body("valhalla_matrix.json"), "route": body("valhalla_route.json")}
    )
    backend = EmbeddedValhalla(tmp_path, package=package)
    assert backend.matrix(PLACES).km[0, 1] == pytest.approx(50.959)
    assert {leg.source for leg in backend.route(PLACES).legs} == {"pyvalhalla"}


def test_embedded_valhalla_turns_its_errors_into_ours(tmp_path):
    """The library's own error class tells no way from anything else by its code."""
    (tmp_path / "valhalla_tiles.tar").write_bytes(b"")
    no_road, other = RuntimeError("No suitable edges near location"), RuntimeError("?")
    no_road.code = 171
    for error, code in ((no_road, "travel.path"), (other, "travel.answer")):
        backend = EmbeddedValhalla(tmp_path, package=fake_package({"route": error}))
        with pytest.raises(GeoError) as caught:
            backend.route(PLACES)
        assert caught.value.code == code


def test_embedded_valhalla_needs_its_package_and_its_tiles(tmp_path, atlas, monkeypatch):
    """Without the package, or with an empty folder, the setting is refused with what is missing."""
    monkeypatch.setitem(sys.modules, "valhalla", None)
    with pytest.raises(GeoError) as caught:
        chosen(f"pyvalhalla:{tmp_path}", atlas=atlas)
    assert caught.value.code == "travel.no_package"
    with pytest.raises(GeoError) as caught:
        EmbeddedValhalla(tmp_path, package=fake_package({}))
    assert caught.value.code == "travel.no_tiles"


def test_straight_lines_are_the_same_in_matrix_and_route(atlas):
    """The last resort draws out geodesic distances by the city's factor, in its matrix and its legs alike."""
    travel = atlas.catalogue.travel
    backend = GreatCircle(travel)
    answer, route = backend.matrix(PLACES), backend.route(PLACES)
    for number, leg in enumerate(route.legs):
        assert leg.minutes == pytest.approx(answer.minutes[number, number + 1])
        assert leg.km == pytest.approx(answer.km[number, number + 1])
        assert leg.minutes == pytest.approx(leg.km / travel.straight.speed_kmh * 60)
    assert answer.band_pct == travel.straight_band_pct
    assert backend.route([]).legs == backend.route(PLACES[:1]).legs == ()
    assert backend.matrix([]).minutes.shape == (0, 0)


def test_the_graph_comes_from_the_atlas(atlas):
    """The embedded graph is built from the city's own roads and counties."""
    found = chosen("graph", atlas=atlas).backends[0]
    assert isinstance(found, Graph)
