"""The stated error bands against the known drives of the city folder."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import GeoError
from geo.tour.travel import calibration


@pytest.fixture(scope="module")
def checks(data_dir):
    return calibration.read(data_dir)


def test_the_stated_bands_are_the_computed_ones(embedded, checks, atlas):
    """Each band of city.toml is the smallest step that covers every known figure in use."""
    travel = atlas.catalogue.travel
    stated = {"graph": travel.band_pct, "great_circle": travel.straight_band_pct}
    for backend in embedded.backends:
        assert calibration.band_pct(backend, checks) == stated[backend.id]


def test_every_known_figure_lies_in_the_band(embedded, checks):
    """Estimate ± band holds each known distance and time in use, counted figure by figure."""
    used = {check.id for check in checks if check.used}
    for backend in embedded.backends:
        for miss in calibration.misses(backend, checks):
            if miss.check in used:
                band = backend.matrix([(124.4, 40.1)]).band_pct / 100
                assert abs(miss.known - miss.estimate) <= miss.estimate * band


def test_the_graph_is_nearer_to_what_is_known_than_straight_lines(embedded, checks):
    """The mean miss on the graph is smaller than on straight lines."""
    used = [check for check in checks if check.used]
    means = [
        np.mean([abs(miss.percent) for miss in calibration.misses(backend, used)])
        for backend in embedded.backends
    ]
    assert means[0] < means[1]


def test_known_drives_have_a_source_and_a_status(checks, data_dir):
    """Every drive names its source; none claims more than 待核实; each figure left out says why."""
    document = calibration.read_toml(data_dir / calibration.FILE)
    assert len(checks) >= 10
    for entry in document["check"]:
        assert entry["source"]
        assert entry["status"] == "待核实"
        assert entry.get("used", True) or "不采用" in entry["note"]
    assert all(place["source"] for place in document["place"])


def test_a_band_counts_from_the_estimate(embedded, checks):
    """A figure that is twice the estimate needs a band of 100 %."""
    backend = embedded.backends[0]
    check = next(check for check in checks if check.km)
    estimate = backend.matrix([check.start, check.end]).km[0, 1]
    twice = calibration.Check("x", check.start, check.end, 2 * estimate, None, True, "")
    assert calibration.band_pct(backend, [twice]) in (100, 105)  # a last digit may tip the step
    assert calibration.band_pct(backend, []) == 0


def test_a_drive_to_an_unknown_place_is_named(city_copy):
    """A misspelt place is a fault of the file, with the entry."""
    city_copy.replace("travel_checks.toml", 'from = "kuandian"', 'from = "nowhere"')
    with pytest.raises(GeoError) as caught:
        calibration.read(city_copy.folder)
    assert caught.value.code == "catalogue_invalid"
    assert caught.value.details["entry"] == "kuandian-qingshangou"
