"""The land of parks in words and files: what projects take, what remains, at most where some state none."""

from __future__ import annotations

import numpy as np

from geo.compare import answers
from geo.density import land
from geo.density.land import Land
from geo.exchange.table import Column, Kind
from ui import i18n
from ui.density import words
from ui.density.scope import Scope

# Of a file, beside the park: how much, how that is meant, of which projects, and why it is blank.
_FILE: dict[str, Kind] = {
    "land_used": "number",
    "land_remaining": "number",
    "land_meant": "text",
    "land_area": "text",
    "land_stated": "int",
    "land_unstated": "int",
    "land_off": "int",
    "land_samples": "int",
    "land_reason": "text",
}


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
    if found is None or _silent(found):
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


def columns(scope: Scope) -> list[Column]:
    """Return a file's columns about land, none where the places are no parks."""
    if scope.state.question.by != "park":
        return []
    zh, en = i18n.translator("zh"), i18n.translator("en")
    return [
        Column(id_, zh(f"dense.file_{id_}"), en(f"dense.file_{id_}"), kind)
        for id_, kind in _FILE.items()
    ]


def cells(scope: Scope, place: str) -> tuple[object, ...]:
    """Return a park's cells below `columns`: km² as numbers, what is unknown None with its reason."""
    if scope.state.question.by != "park":
        return ()
    t, found = scope.t, of_parks(scope).get(place)
    if found is None:
        return (*[None] * (len(_FILE) - 1), t("dense.land_no_projects"))
    left, silent = found.remaining_km2, _silent(found)
    sample = scope.city.atlas.projects["sample"].to_numpy(dtype=bool)
    return (
        None if silent else float(found.used_km2),
        None if left is None else float(left),
        "" if left is None else t(f"dense.land_is_{_meant(found)}"),
        "" if left is None else words.area(found.area, scope),
        len(found.rows),
        len(found.unknown),
        len(found.off),
        int(sample[found.rows].sum()),
        scope.t("app.separator").join(_reasons(found, scope)),
    )


def notes(scope: Scope) -> list[str]:
    """Return what must be known of the land beside a file, nothing where the places are no parks."""
    if scope.state.question.by != "park":
        return []
    sample = scope.city.atlas.projects["sample"].to_numpy(dtype=bool)
    n = sum(int(sample[one.rows].sum()) for one in of_parks(scope).values() if not one.within)
    marked = [scope.t("dense.land_has_samples", n=n)] if n else []
    return [scope.t("dense.land_how_file"), *marked]


def _silent(found: Land) -> bool:
    """Tell whether there are projects and none of them states its land."""
    return bool(len(found.unknown) and not len(found.rows))


def _meant(found: Land) -> str:
    over = found.remaining_km2 is not None and found.remaining_km2 < 0
    return f"{'over' if over else 'left'}{'_at_most' if found.at_most else ''}"


def _reasons(found: Land, scope: Scope) -> list[str]:
    said = [scope.t("dense.land_none_stated", n=len(found.unknown))] if _silent(found) else []
    return said + ([scope.t(f"density.reason_{found.reason}")] if found.reason else [])


def changed(old: Land | None, new: Land | None) -> bool:
    """Tell whether two states of a park differ in the land that is taken, or in who states it."""
    return _key(old) != _key(new)


def _key(found: Land | None) -> tuple[int, int, int]:
    if found is None:
        return 0, 0, 0
    return found.used_m2, *(int(np.size(rows)) for rows in (found.rows, found.unknown))
