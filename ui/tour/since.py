"""What the store knows of a tour's sites since they were last visited, as far as a role may see it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from geo.errors import GeoError
from geo.exchange.carry import since
from geo.exchange.carry.since import Words
from geo.store import Store, StoredTour
from geo.store.past import Step
from geo.store.roles import Role, may_read_history, may_read_scores
from geo.store.tours import Photo
from geo.tour import tour as tours
from geo.tour import visits
from geo.tour.itinerary import Itinerary
from geo.tour.tour import Tour
from ui.score.tours import held_on

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """Say who reads and of which store; None: nothing is kept. `until` is a data version, if any.

    Files are made when they are asked for, outside of the page's run: who reads is settled before.
    """

    role: Role
    kept: Store | None
    until: int | None = None


def changes(tour: Itinerary, reader: Reader, words: Words, *, today: date) -> dict[str, list[str]]:
    """Return, for each site whose history the role may read, what is new since its last visit.

    A visitor gets nothing, nor does anybody while the store cannot be read: a handbook is not to
    fail for it.
    """
    kept = reader.kept
    own = [stop for stop in tour.stops if may_read_history(reader.role, stop.project)]
    if kept is None or not own:
        return {}
    zone = ZoneInfo(tour.time_zone)
    try:
        visited = visits.last(_planned(tour, kept), before=_before(tour, today))
        ids = [stop.project_id for stop in own]
        history = _History(reader, kept, [id_ for id_ in ids if id_ in visited])
        return {id_: _told(id_, visited.get(id_), history, zone=zone, words=words) for id_ in ids}
    except GeoError:
        log.exception("The changes since the last visit cannot be read.")
        return {}


def _told(
    id_: str, visited: date | None, history: _History, *, zone: ZoneInfo, words: Words
) -> list[str]:
    if visited is None:
        return [words.t("carry.change_first")]
    # what was entered on the day itself may be what the visit brought to light
    steps = history.steps(id_, since=datetime.combine(visited, time(), zone))
    came = [words.t("carry.change_in")] if any(step.moved == "in" for step in steps) else []
    said = came + since.lines((step.difference for step in steps), words)
    when = words.t("carry.change_visit", date=since.day(visited, words.t))
    return [when, *(said or [words.t("carry.change_nothing")])]


class _History:
    """Read what became of some projects, as far as the role may see it."""

    def __init__(self, reader: Reader, kept: Store, projects: Collection[str]) -> None:
        if may_read_history(reader.role):
            versions = kept.history() if projects else []
            self._steps = {
                id_: [Step(id_, one) for one in kept.changes(project=id_)] for id_ in projects
            }
        else:
            past = kept.past(reader.role.units)
            versions = list(past.versions)
            self._steps = {id_: [] for id_ in projects}
            for number in sorted(past.steps):
                for step in past.steps[number]:
                    self._steps.setdefault(step.difference.project, []).append(step)
        limit = reader.until if may_read_history(reader.role) else None
        self._at = {v.number: v.at for v in versions if limit is None or v.number <= limit}

    def steps(self, project: str, *, since: datetime) -> list[Step]:
        """Return a project's changes from a moment on, oldest first."""
        begin = since.astimezone(UTC)
        at = self._at
        return [
            step
            for step in self._steps[project]
            if (number := step.difference.version) in at and at[number] >= begin
        ]


def photos(
    tour: Itinerary, reader: Reader, words: Words, *, today: date
) -> dict[str, tuple[bytes, str]]:
    """Return the newest photo of each site from earlier tours, and when it was taken.

    Only for roles that may see what a tour's members have sent; who took it is not said.
    """
    if reader.kept is None or not may_read_scores(reader.role):
        return {}
    zone = ZoneInfo(tour.time_zone)
    found: dict[str, tuple[bytes, str]] = {}
    try:
        for id_, (kept, photo) in _newest(tour, reader.kept, _before(tour, today)).items():
            taken = since.day(photo.at.astimezone(zone).date(), words.t)
            content = reader.kept.tours.picture(kept, photo.uuid)
            found[id_] = content, words.t("carry.photo", date=taken)
    except GeoError:
        log.exception("A photo of an earlier tour cannot be read.")
    return found


def _newest(tour: Itinerary, kept: Store, before: date) -> dict[str, tuple[str, Photo]]:
    """Return the newest photo of each site with the tour that it was sent to."""
    wanted = {stop.project_id for stop in tour.stops}
    found: dict[str, tuple[str, Photo]] = {}
    for stored in _others(tour, kept):
        if held_on(stored, ZoneInfo(tour.time_zone)) >= before:
            continue
        for photo in kept.tours.photos(stored.id):
            known = found.get(photo.project)
            if photo.project in wanted and (known is None or photo.at > known[1].at):
                found[photo.project] = stored.id, photo
    return found


def _before(tour: Itinerary, today: date) -> date:
    """Return the day before which a visit is an earlier one: it has been, and not with this tour."""
    return min(tour.first, today + timedelta(days=1))


def _others(tour: Itinerary, kept: Store) -> list[StoredTour]:
    return [stored for stored in kept.tours.tours() if stored.id != tour.id]


def _planned(tour: Itinerary, kept: Store) -> Iterator[Tour]:
    """Yield the other tours that are kept, without those that are no plans."""
    for stored in _others(tour, kept):
        try:
            yield tours.from_json(stored.body)
        except GeoError:
            continue
