"""Tours, what their members send from the road, and what is to be done after them."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from geo.errors import GeoError
from geo.store import pictures
from geo.store.engine import Database
from geo.store.schema import tour, tour_action, tour_photo, tour_score
from geo.store.values import is_text
from geo.tour import code as codes
from geo.tour.scoring import HIGHEST, LOWEST, Score

MAX_BODY = 1_000_000  # bytes of JSON
MAX_TITLE, MAX_NAME, MAX_REMARK, MAX_ID, MAX_ACTION = 200, 60, 2000, 80, 500  # characters
MAX_CRITERIA = 20
MAX_SCORES, MAX_PHOTOS, MAX_ACTIONS = 20_000, 500, 1000  # a tour
_ID_SIGNS, _ID_LENGTH = "23456789abcdefghjkmnpqrstuvwxyz", 7


@dataclass(frozen=True)
class StoredTour:
    """Hold a tour as it is kept; `body` is JSON that the store does not look into."""

    id: str
    title: str
    body: str
    revision: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    has_code: bool
    code_hash: str | None


@dataclass(frozen=True)
class Photo:
    """Hold a photo without its picture, which `Tours.picture` gives."""

    uuid: str
    project: str
    member: str
    at: datetime


@dataclass(frozen=True)
class Action:
    """Hold what somebody is to do by a day."""

    id: str
    text: str
    owner: str
    due: date | None
    done: bool
    at: datetime
    who: str


class Tours:
    """Keep tours; safe to share between threads. Methods may raise the errors of `engine.faults`.

    Whoever may see scores is for the caller to decide: see `roles.may_read_scores`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, tour_id: str | None, *, title: str, body: str, expected_revision: int, who: str
    ) -> tuple[str, int]:
        """Make a tour (None, revision 0) or write over the revision that was read; return both.

        Errors: `tour.conflict` (title, who, read, expected), `tour.unknown`, `tour.gone`,
        `tour.body_invalid`, `tour.body_large` (read, expected), `tour.value_invalid` (field, read).
        """
        _texts(title=(title, MAX_TITLE), who=(who, MAX_ID))
        values = {"title": title, "body": _body(body), "updated_at": _now(), "updated_by": who}
        return self._database.write(lambda c: _save(c, tour_id, values, expected=expected_revision))

    def tour(self, tour_id: str) -> StoredTour:
        """Return a tour; errors `tour.unknown` (tour), `tour.gone` (title, who)."""
        return self._database.read(lambda c: _stored(_row(c, tour_id)))

    def tours(self) -> list[StoredTour]:
        """Return the tours that are not deleted, the newest first."""
        query = sa.select(tour).where(~tour.c.deleted).order_by(tour.c.created_at.desc(), tour.c.id)
        return self._database.read(lambda c: [_stored(row) for row in c.execute(query).mappings()])

    def delete(self, tour_id: str, *, expected_revision: int, who: str) -> None:
        """Put a tour away; its scores stay. Errors as for `save`."""
        values = {"deleted": True, "updated_at": _now(), "updated_by": who}
        self._database.write(lambda c: _save(c, tour_id, values, expected=expected_revision))

    def undelete(self, tour_id: str, *, who: str) -> None:
        """Bring a deleted tour back; errors `tour.unknown`."""

        def bring(connection: sa.Connection) -> None:
            _row(connection, tour_id, deleted=True)
            values = {"deleted": False, "updated_at": _now(), "updated_by": who}
            _update(connection, tour_id, values | {"revision": tour.c.revision + 1})

        self._database.write(bring)

    def new_code(self, tour_id: str) -> str:
        """Give a tour a new code for its members and return it; it cannot be read again.

        The old code is void from now on. Errors: `tour.unknown`, `tour.gone`.
        """
        code = codes.make()

        def put(connection: sa.Connection) -> None:
            _row(connection, tour_id)
            _update(connection, tour_id, {"code_hash": codes.hashed(code)})

        self._database.write(put)
        return code

    def add_score(self, tour_id: str, score: Score) -> bool:
        """Keep a score; False if this very score is kept already.

        A phone's clock that is ahead is set back to now, so that it cannot outrank later scores.
        Errors: `tour.unknown`, `tour.gone`, `tour.value_invalid` (field, read), `tour.full`
        (expected), `tour.uuid_taken` (uuid) where it stands for another score.
        """
        values = _score(tour_id, score)
        return self._database.write(lambda c: _add(c, tour_score, values, limit=MAX_SCORES))

    def scores(self, tour_id: str) -> list[Score]:
        """Return every score of a tour in the order in which they were given."""
        query = sa.select(tour_score).where(tour_score.c.tour_id == tour_id)
        query = query.order_by(tour_score.c.at, tour_score.c.uuid)
        return self._database.read(
            lambda c: [_read_score(row) for row in c.execute(query).mappings()]
        )

    def add_photo(self, tour_id: str, photo: Photo, content: bytes) -> bool:
        """Keep a photo, redrawn without metadata; False if it is kept already.

        Errors: those of `add_score` and of `pictures.clean`.
        """
        values = {
            **_sent(tour_id, photo.uuid, photo.project, photo.member, photo.at),
            "digest": hashlib.sha256(content).hexdigest(),
            "content": pictures.clean(content),
        }
        return self._database.write(lambda c: _add(c, tour_photo, values, limit=MAX_PHOTOS))

    def photos(self, tour_id: str) -> list[Photo]:
        """Return the photos of a tour, oldest first, without those that were removed."""
        names = ("uuid", "project", "member", "at")
        query = sa.select(*(tour_photo.c[name] for name in names))
        query = query.where(tour_photo.c.tour_id == tour_id, tour_photo.c.content.is_not(None))
        query = query.order_by(tour_photo.c.at, tour_photo.c.uuid)
        return self._database.read(
            lambda c: [
                Photo(uuid=row[0], project=row[1], member=row[2], at=_when(row[3]))
                for row in c.execute(query)
            ]
        )

    def picture(self, tour_id: str, photo: str) -> bytes:
        """Return a photo's JPEG; errors `tour.photo_unknown` (uuid)."""
        query = sa.select(tour_photo.c.content).where(
            tour_photo.c.uuid == photo, tour_photo.c.tour_id == tour_id
        )
        content = self._database.read(lambda c: c.scalar(query))
        if content is None:
            raise GeoError("tour.photo_unknown", uuid=photo[:MAX_ID])
        return bytes(content)

    def remove_photo(self, tour_id: str, photo: str) -> None:
        """Drop a picture for good; that it was there stays, so that no phone sends it again."""
        self.picture(tour_id, photo)
        query = sa.update(tour_photo).where(tour_photo.c.uuid == photo).values(content=None)
        self._database.write(lambda c: c.execute(query))

    def add_action(
        self, tour_id: str, text: str, *, owner: str = "", due: date | None = None, who: str
    ) -> str:
        """Note what is to be done and return its id.

        Errors: `tour.unknown`, `tour.gone`, `tour.value_invalid` (field, read), `tour.full`.
        """
        _texts(text=(text, MAX_ACTION), who=(who, MAX_ID))
        if owner:
            _texts(owner=(owner, MAX_NAME))
        values = {
            "id": uuid.uuid4().hex,
            "tour_id": tour_id,
            "text": text,
            "owner": owner,
            "due": due.isoformat() if due else None,
            "done": False,
            "at": _now(),
            "who": who,
        }
        self._database.write(lambda c: _add(c, tour_action, values, limit=MAX_ACTIONS))
        return str(values["id"])

    def finish_action(self, tour_id: str, action: str, *, done: bool = True) -> None:
        """Mark what was to be done as done, or not; errors `tour.action_unknown` (action)."""
        query = sa.update(tour_action).values(done=done)
        query = query.where(tour_action.c.id == action, tour_action.c.tour_id == tour_id)
        if not self._database.write(lambda c: c.execute(query).rowcount):
            raise GeoError("tour.action_unknown", action=action[:MAX_ID])

    def actions(self, tour_id: str) -> list[Action]:
        """Return what is to be done: open ones first, then by day."""
        query = sa.select(tour_action).where(tour_action.c.tour_id == tour_id)
        found = [
            Action(
                id=row["id"],
                text=row["text"],
                owner=row["owner"],
                due=date.fromisoformat(row["due"]) if row["due"] else None,
                done=bool(row["done"]),
                at=_when(row["at"]),
                who=row["who"],
            )
            for row in self._database.read(lambda c: c.execute(query).mappings().all())
        ]
        return sorted(found, key=lambda one: (one.done, one.due or date.max, one.at))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _invalid(field: str, read: object) -> GeoError:
    return GeoError("tour.value_invalid", field=field, read=ascii(read)[:80])


def _texts(**found: tuple[str, int]) -> None:
    for field, (text, limit) in found.items():
        if not is_text(text) or not text.strip() or len(text) > limit:
            raise _invalid(field, text)


def _body(body: str) -> str:
    if not is_text(body):
        raise GeoError("tour.body_invalid")
    if (size := len(body.encode())) > MAX_BODY:
        raise GeoError("tour.body_large", read=size, expected=MAX_BODY)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise GeoError("tour.body_invalid") from None
    if not isinstance(found, dict):
        raise GeoError("tour.body_invalid")
    return body


def _row(connection: sa.Connection, tour_id: str, *, deleted: bool = False) -> sa.RowMapping:
    found = None
    if is_text(tour_id):
        query = sa.select(tour).where(tour.c.id == tour_id)
        found = connection.execute(query).mappings().first()
    if found is None:
        raise GeoError("tour.unknown", tour=ascii(tour_id)[:MAX_ID])
    if found["deleted"] and not deleted:
        raise GeoError("tour.gone", title=found["title"], who=found["updated_by"])
    return found


def _stored(row: sa.RowMapping) -> StoredTour:
    return StoredTour(
        **{name: row[name] for name in ("id", "title", "body", "revision", "code_hash")},
        created_at=_when(row["created_at"]),
        created_by=row["created_by"],
        updated_at=_when(row["updated_at"]),
        updated_by=row["updated_by"],
        has_code=row["code_hash"] is not None,
    )


def _save(
    connection: sa.Connection, tour_id: str | None, values: Mapping[str, object], *, expected: int
) -> tuple[str, int]:
    if tour_id is None:
        return _make(connection, values)
    row = _row(connection, tour_id)
    if row["revision"] != expected:
        raise GeoError(
            "tour.conflict",
            title=row["title"],
            who=row["updated_by"],
            read=expected,
            expected=row["revision"],
        )
    _update(connection, tour_id, {**values, "revision": expected + 1})
    return tour_id, expected + 1


def _make(connection: sa.Connection, values: Mapping[str, object]) -> tuple[str, int]:
    taken = set(connection.scalars(sa.select(tour.c.id)))
    while True:
        id_ = "".join(secrets.choice(_ID_SIGNS) for _ in range(_ID_LENGTH))
        if id_ not in taken:
            break
    made = {"created_at": values["updated_at"], "created_by": values["updated_by"]}
    row = {**values, **made, "id": id_, "revision": 1, "deleted": False}
    connection.execute(sa.insert(tour), [row])
    return id_, 1


def _update(connection: sa.Connection, tour_id: str, values: Mapping[str, object]) -> None:
    connection.execute(sa.update(tour).where(tour.c.id == tour_id).values(dict(values)))


def _sent(tour_id: str, uuid_: str, project: str, member: str, at: datetime) -> dict[str, object]:
    """Check what every entry of a phone has; nobody trusts it."""
    _texts(project=(project, MAX_ID), member=(member, MAX_NAME))
    try:
        canonical = str(uuid.UUID(uuid_))
    except (ValueError, AttributeError, TypeError):
        raise _invalid("uuid", uuid_) from None
    if canonical != uuid_:
        raise _invalid("uuid", uuid_)
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise _invalid("at", at)
    received = _now()
    given = at.astimezone(UTC).isoformat(timespec="microseconds")
    return {
        "uuid": uuid_,
        "tour_id": tour_id,
        "project": project,
        "member": member,
        "at": min(given, received),
        "received": received,
    }


def _score(tour_id: str, score: Score) -> dict[str, object]:
    if score.remark:
        _texts(remark=(score.remark, MAX_REMARK))
    if score.device:
        _texts(device=(score.device, MAX_ID))
    if not score.criteria and not score.remark:
        raise _invalid("criteria", {})
    for name, points in score.criteria.items():
        _texts(criteria=(name, MAX_ID))
        if type(points) is not int or not LOWEST <= points <= HIGHEST:
            raise _invalid("criteria", points)
    if len(score.criteria) > MAX_CRITERIA:
        raise _invalid("criteria", len(score.criteria))
    return {
        **_sent(tour_id, score.uuid, score.project, score.member, score.at),
        "device": score.device,
        "criteria": dict(score.criteria),
        "remark": score.remark,
    }


def _read_score(row: sa.RowMapping) -> Score:
    names = ("uuid", "project", "member", "device", "criteria", "remark")
    return Score(**{name: row[name] for name in names}, at=_when(row["at"]))


def _add(
    connection: sa.Connection, table: sa.Table, values: Mapping[str, object], *, limit: int
) -> bool:
    """Insert a row once; the writer's turn is taken, so nobody else inserts in between."""
    _row(connection, str(values["tour_id"]))
    (key,) = table.primary_key.columns
    known = connection.execute(sa.select(table).where(key == values[key.name])).mappings().first()
    if known is not None:
        # what is made anew on each sending says nothing about whether it is the same
        fresh = ("at", "received", "content")
        if any(known[name] != value for name, value in values.items() if name not in fresh):
            raise GeoError("tour.uuid_taken", uuid=str(values[key.name]))
        return False
    count = sa.select(sa.func.count()).where(table.c.tour_id == values["tour_id"])
    if (connection.scalar(count) or 0) >= limit:
        raise GeoError("tour.full", expected=limit)
    connection.execute(sa.insert(table), [dict(values)])
    return True
