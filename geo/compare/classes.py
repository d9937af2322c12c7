"""Class breaks of one or several views: the same breaks, so that equal colours mean equal values."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from geo.density.measures import one_of
from geo.errors import GeoError

SCHEMES = ("quantile", "natural", "equal", "log")
NUMBERS = range(2, 10)
NATURAL_MOST = 500


def breaks(*views: Sequence[float], scheme: str = "quantile", k: int = 5) -> tuple[float, ...]:
    """Return the upper bounds of at most `k` classes over the values of all views together.

    Fewer where values are few or tied. `log` are equal steps of the logarithm of positive values;
    0 falls into the first class. Errors: `density.choice`, `compare.nothing` without a value.
    """
    one_of("classes", scheme, SCHEMES)
    one_of("k", k, tuple(NUMBERS))
    values = np.array([value for view in views for value in view], dtype=float)
    values = values[np.isfinite(values)]
    used = values[values > 0] if scheme == "log" else values
    if not len(used):
        raise GeoError("compare.nothing")
    k = min(k, len(np.unique(used)))
    if k == 1:
        return (float(used.max()),)
    if scheme == "log":
        bins = np.geomspace(used.min(), used.max(), k + 1)[1:]
        bins[-1] = used.max()  # to the last digit
    else:
        bins = _classified(used, scheme, k)
    return tuple(float(bound) for bound in np.unique(bins))


def _classified(values: np.ndarray, scheme: str, k: int) -> np.ndarray:
    import mapclassify  # brings scikit-learn along

    makers = {
        "quantile": mapclassify.Quantiles,
        "natural": mapclassify.FisherJenks,
        "equal": mapclassify.EqualInterval,
    }
    if scheme == "natural" and len(values) > NATURAL_MOST:
        # Its time grows with the square of the values; evenly spaced ranks keep both ends.
        ranks = np.linspace(0, len(values) - 1, NATURAL_MOST).round().astype(int)
        values = np.sort(values)[ranks]
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # fewer classes than asked for, and that numba would be faster
        return np.asarray(makers[scheme](values, k=k).bins)


def classes(values: Sequence[float | None], bounds: Sequence[float]) -> tuple[int | None, ...]:
    """Return the class of each value from 0 up, None for what is unknown."""
    last = len(bounds) - 1
    return tuple(
        None if value is None else min(int(np.searchsorted(bounds, value)), last)
        for value in values
    )
