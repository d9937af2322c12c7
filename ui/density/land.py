"""The land of parks in words: what projects take, what remains, at most where some state none."""

from __future__ import annotations

import numpy as np

from geo.compare import answers
from geo.density import land
from geo.density.land import Land
from ui import i18n
from ui.density import words
from ui.density.scope import Scope


def of_parks(scope: Scope) -> dict[str, Land]:
    """Return the land of each park by the selected projects; its area is of the kind asked for."""
    asked = scope.state.question
    area = answers.land_area(asked)

    def make() -> dict[str, Land]:
        found = land.by_park(scope.city.atlas, scope.begun, area=area)
        return {one.place: one for one in found.figures}

    return scope.recall(("land", area, asked.year), make)


def used(found: Land | None, scope: Scope) -> str:
    """Write the land that is taken as far as projects state it, a dash where none does."""
    if found is None or (len(found.unknown) and not len(found.rows)):
        return scope.t("figure.none")
    return i18n.land(found.used_m2, scope.t)


def remaining(found: Land | None, scope: Scope) -> str:
    """Write what remains in km²: at most, where projects state no land; what is exceeded is said."""
    left = None if found is None else found.remaining_km2
    if found is None or left is None:
        return scope.t("figure.none")
    kind = "over" if left < 0 else "left"
    key = f"dense.land_{kind}{'_at_most' if found.at_most else ''}"
    return scope.t(key, km2=words.number(abs(left), scope.t))


def changed(old: Land | None, new: Land | None) -> bool:
    """Tell whether two states of a park differ in the land that is taken, or in who states it."""
    return _key(old) != _key(new)


def _key(found: Land | None) -> tuple[int, int, int]:
    if found is None:
        return 0, 0, 0
    return found.used_m2, *(int(np.size(rows)) for rows in (found.rows, found.unknown))
