"""Class breaks are the same for all views that are set side by side."""

from __future__ import annotations

import mapclassify
import numpy as np
import pytest

from geo.compare import classes
from geo.errors import GeoError

VALUES = [float(n**2) for n in range(1, 41)]


@pytest.mark.parametrize(
    ("scheme", "peer"),
    [
        ("quantile", mapclassify.Quantiles),
        ("natural", mapclassify.FisherJenks),
        ("equal", mapclassify.EqualInterval),
    ],
)
def test_breaks_are_mapclassifys_over_all_views(scheme, peer):
    """Two views get the breaks of their values together."""
    found = classes.breaks(VALUES[:25], VALUES[25:], scheme=scheme, k=4)
    assert found == pytest.approx(peer(np.array(VALUES), k=4).bins)


def test_log_breaks_grow_by_one_factor():
    """From 1 to 10,000 in four classes: 10, 100, 1000, 10,000; zero falls into the first."""
    found = classes.breaks([0.0, 1.0, 37.0, 10_000.0], [200.0, 3.0], scheme="log", k=4)
    assert found == pytest.approx((10, 100, 1000, 10_000))
    assert classes.classes([0.0, 10.0, 11.0, None, 10_000.0], found) == (0, 0, 1, None, 3)


def test_few_values_have_few_classes():
    """Three different values have three classes at most, tied quantiles fewer, a single value one."""
    assert len(classes.breaks([1.0, 2.0, 3.0, 3.0], scheme="natural", k=5)) == 3
    assert classes.breaks([1.0, 2.0, 3.0, 3.0], scheme="quantile", k=5) == (2.0, 3.0)
    assert classes.breaks([4.0, 4.0], scheme="natural") == (4.0,)


@pytest.mark.parametrize("scheme", classes.SCHEMES)
def test_every_value_has_a_class(scheme):
    """The largest value is in the last class, and each class has a lower bound below its upper."""
    found = classes.breaks(VALUES, scheme=scheme, k=6)
    assert list(found) == sorted(set(found))
    assert max(classes.classes(VALUES, found)) == len(found) - 1
    assert found[-1] >= max(VALUES)


def test_nothing_to_classify_is_an_error():
    """No value at all has no classes; an unknown scheme is refused."""
    with pytest.raises(GeoError, match=r"compare\.nothing"):
        classes.breaks([], scheme="equal")
    with pytest.raises(GeoError, match=r"density\.choice"):
        classes.breaks([1.0], scheme="jenks")


def test_natural_breaks_of_many_values_stay_near_those_of_all(monkeypatch):
    """Breaks over evenly spaced ranks are within 5 % of the range of those over every value."""
    values = np.random.default_rng(1).gamma(2.0, size=600).tolist()
    sampled = classes.breaks(values, scheme="natural", k=4)
    monkeypatch.setattr(classes, "NATURAL_MOST", 10_000)
    whole = classes.breaks(values, scheme="natural", k=4)
    assert sampled == pytest.approx(whole, abs=0.05 * max(values))
    assert sampled[-1] == whole[-1] == max(values)
