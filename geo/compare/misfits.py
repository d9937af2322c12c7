"""One park, one industry: which projects are of an industry that their park does not name."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from geo.density import places
from geo.layers import Atlas


@dataclass(frozen=True)
class Fit:
    """Hold how one park's projects fit what it names; arrays are positions of rows.

    `named`: the park's industries, else its zone's (`named_by` says whose); `unknown`: rows
    without an industry, and all rows where nobody names one. `leading`: the industry most projects
    have, its share of those that have one.
    """

    park: str
    named: tuple[str, ...]
    named_by: str
    fitting: np.ndarray = field(repr=False)
    misfits: np.ndarray = field(repr=False)
    unknown: np.ndarray = field(repr=False)
    leading: str
    leading_share: Fraction | None


def misfits(atlas: Atlas, rows: np.ndarray) -> tuple[Fit, ...]:
    """Compare the marked rows with their own park's industries; a sub-park is not its zone's."""
    named = {
        id_: tuple(stated.split(";")) if isinstance(stated, str) and stated else ()
        for id_, stated in zip(atlas.parks["id"], atlas.parks["industries"], strict=True)
    }
    zones = places.zones(atlas)
    own = atlas.projects["park"].fillna("").to_numpy(dtype=object)
    found = []
    for park in atlas.parks["id"]:
        here = rows & (own == park)
        if here.any():
            speaks = park if named[park] else zones[park]
            found.append(_fit(atlas, here, park=park, named=named[speaks], named_by=speaks))
    return tuple(found)


def _fit(
    atlas: Atlas, here: np.ndarray, *, park: str, named: tuple[str, ...], named_by: str
) -> Fit:
    industry = atlas.projects["industry"].fillna("").to_numpy(dtype=object)
    known = here & (industry != "")
    judged = known if named else np.zeros_like(here)
    fits = judged & np.isin(industry, list(named))
    ids, counts = np.unique(industry[known].astype(str), return_counts=True)
    most = int(counts.argmax()) if len(ids) else -1
    return Fit(
        park=park,
        named=named,
        named_by=named_by if named else "",
        fitting=np.flatnonzero(fits),
        misfits=np.flatnonzero(judged & ~fits),
        unknown=np.flatnonzero(here & ~judged),
        leading=str(ids[most]) if len(ids) else "",
        leading_share=Fraction(int(counts[most]), int(counts.sum())) if len(ids) else None,
    )
