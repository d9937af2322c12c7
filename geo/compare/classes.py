"""Class breaks of one or several views: the same breaks, so that equal colours mean equal values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.density.measures import one_of
from geo.errors import GeoError

SCHEMES = ("quantile", "natural", "equal", "log")
NUMBERS = range(2, 10)


def breaks(*views: Sequence[float], scheme: str = "quantile", k: int = 5) -> tuple[float, ...]:
    """Return the upper bounds of at most `k` classes over the values of all views together.

    Fewer where values are few or tied. `log` are equal steps of the logarithm of positive values;
    0 falls into the first class. Errors: `density.choice`, `compare.nothing` without a value.
    """
    import mapclassify  # brings scikit-learn along

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
        makers = {
            "quantile": mapclassify.Quantiles,
            "natural": mapclassify.FisherJenks,
            "equal": mapclassify.EqualInterval,
        }
        bins = makers[scheme](used, k=k).bins
    return tuple(float(bound) for bound in np.unique(bins))


def classes(values: Sequence[float | None], bounds: Sequence[float]) -> tuple[int | None, ...]:
    """Return the class of each value from 0 up, None for what is unknown."""
    last = len(bounds) - 1
    return tuple(
        None if value is None else min(int(np.searchsorted(bounds, value)), last)
        for value in values
    )
