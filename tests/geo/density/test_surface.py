"""The surface integrates to its total and says what it carries beyond the edge."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.density import surface
from geo.errors import GeoError
from tests.geo.density.worlds import every, with_rows


@pytest.mark.parametrize("vague", ["left_out", "spread"])
@pytest.mark.parametrize("bandwidth", [1500.0, 4000.0, 20_000.0])
def test_the_surface_integrates_to_its_total(atlas, bandwidth, vague):
    """The grid's sum is within 1 % of the total of what has a place."""
    found = surface.surface(
        atlas, every(atlas), measure="invest", bandwidth_m=bandwidth, vague=vague
    )
    assert found.integral == pytest.approx(float(found.total), rel=0.01)
    left = np.concatenate(list(found.left_out.values()))
    stated = atlas.projects["invest_wan"].fillna(0)
    assert found.total + int(stated.iloc[left].sum()) == found.whole.total


def test_one_project_is_a_quartic_hill(atlas):
    """Alone, a project's peak is 3 / (π h²) at its own place, and nothing lies beyond h."""
    world = with_rows(atlas, {"lon": 124.3, "lat": 40.2, "precision": "site", "invest_wan": 100})
    found = surface.surface(world, every(world), measure="invest", bandwidth_m=5000)
    lon, lat, peak = found.peak()
    assert (lon, lat) == pytest.approx((124.3, 40.2), abs=0.005)
    assert peak == pytest.approx(100 * 3 / (np.pi * 25), rel=0.02)
    assert found.values.shape == (20, 20)
    assert found.values[0, 0] == 0
    assert found.outside == 0


def test_the_edge_is_stated(atlas):
    """Of a project on the outermost vertex of the counties, a good part lies beyond them."""
    east = max(
        (point for shape in atlas.counties.geometry for point in shape_points(shape)),
        key=lambda point: point[0],
    )
    world = with_rows(atlas, {"lon": east[0], "lat": east[1], "precision": "site"})
    found = surface.surface(world, every(world), measure="projects", bandwidth_m=2000)
    assert 0.3 < found.outside < 1


def shape_points(shape):

    return shapely.get_coordinates(shape).tolist()


@pytest.mark.parametrize(
    ("bandwidth", "code"), [(10, "density.bandwidth"), (100, "density.grid_large")]
)
def test_a_radius_that_cannot_be_drawn_is_refused(atlas, bandwidth, code):
    """Too small a radius is an error, also one whose grid would be too large for the city."""
    with pytest.raises(GeoError) as caught:
        surface.surface(atlas, every(atlas), measure="projects", bandwidth_m=bandwidth)
    assert caught.value.code == code


def test_nothing_with_a_place_is_an_error(atlas):
    """Where no project has a place there is no surface."""
    world = with_rows(atlas, {"precision": "none"})
    with pytest.raises(GeoError, match=r"density\.nothing"):
        surface.surface(world, every(world), measure="projects")
