"""Keep points of series beside the projects: the same data versions, history, undo and backup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from geo.errors import GeoError
from geo.series.points import Point
from geo.store import points
from geo.store.edits import Stamp
from geo.store.engine import Database
from geo.store.points import Step
from geo.store.writing import write


class SeriesStore:
    """Keep what was brought in of series; a city's own files stand behind it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def points(self, as_of: int | None = None) -> dict[str, Point]:
        """Return the points of a data version by their id, internal ones included.

        Show nobody more than `roles.visible_series` lets through.
        Errors: `store.version_unknown` (version).
        """
        return self._database.read(lambda connection: points.read(connection, as_of=as_of))

    def changes(self, version: int) -> list[Step]:
        """Return what a data version changed, in the order of the points' ids."""
        return self._database.read(
            lambda c: list(points.steps(c, after=version - 1, until=version))
        )

    def apply(
        self, wanted: Sequence[Point], *, who: str, why: str, read: Mapping[str, Point], source: str
    ) -> int:
        """Write points as one data version, all or none, and return its number.

        `read` are the stored points as the caller saw them. Without an effect no version is made.
        Errors: `store.series_conflict` (point, who), `store.stamp_invalid`.
        """
        stamp = Stamp(who=who, why=why, kind="import", source=source)

        def work(connection: sa.Connection) -> int:
            asked = {point.id: point for point in wanted}
            found = points.some(connection, asked)
            for id_ in asked:
                if found.get(id_) != read.get(id_):
                    raise GeoError(
                        "store.series_conflict", point=id_, who=points.last_hand(connection, id_)
                    )
            made = [Step(id_, found.get(id_), point) for id_, point in asked.items()]
            return write(connection, [], stamp=stamp, points=made)

        return self._database.write(work)
