"""Tours, scores, photos and action items in the store, on SQLite and on PostGIS."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from geo.errors import GeoError
from geo.store import Photo, open_store, pictures
from geo.store import tours as stored
from geo.tour import code as codes
from geo.tour.scoring import Score
from tests.geo.store import children

NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)


def made(store, title="秋季拉练", body='{"stops": []}') -> str:
    """Save a new tour and return its id."""
    tour_id, revision = store.tours.save(
        None, title=title, body=body, expected_revision=0, who="办公室"
    )
    assert revision == 1
    return tour_id


def score(**changes) -> Score:
    """Return a score, new unless its uuid is given."""
    given = {
        "uuid": str(uuid.uuid4()),
        "project": "r01",
        "member": "张三",
        "criteria": {"progress": 4},
        "at": NOON,
        "remark": "好 {{x}} <b>",
        "device": "d1",
    }
    return Score(**{**given, **changes})


def refused(code: str, work, *args, **options) -> GeoError:
    """Assert that a call is refused with a code."""
    with pytest.raises(GeoError) as caught:
        work(*args, **options)
    assert caught.value.code == code
    return caught.value


def picture(format_: str = "JPEG", size=(60, 40), **options) -> bytes:
    """Return the bytes of a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, format_, **options)
    return out.getvalue()


def test_a_tour_comes_back_as_it_was_saved(store):
    """Title and body survive byte for byte, with who and when, and the newest tour stands first."""
    body = '{"stops": [{"project": "r01", "name": "“甲” {{x}} 𠮷"}],\n "more": 1e3}'
    first, second = made(store, body=body), made(store, title="第二次")
    found = store.tours.tour(first)
    assert (found.title, found.body, found.revision) == ("秋季拉练", body, 1)
    assert (found.created_by, found.updated_by, found.has_code) == ("办公室", "办公室", False)
    assert abs(datetime.now(UTC) - found.created_at) < timedelta(minutes=1)
    assert [one.id for one in store.tours.tours()] == [second, first]


def test_the_second_of_two_editors_overwrites_nothing(store):
    """Who saves over a revision that is no longer the newest is refused and told by whom."""
    tour_id = made(store)
    save = store.tours.save
    assert save(tour_id, title="新", body="{}", expected_revision=1, who="甲") == (tour_id, 2)
    error = refused(
        "tour.conflict", save, tour_id, title="旧", body="{}", expected_revision=1, who="乙"
    )
    assert (error.details["who"], error.details["read"], error.details["expected"]) == ("甲", 1, 2)
    refused("tour.conflict", store.tours.delete, tour_id, expected_revision=1, who="乙")
    assert store.tours.tour(tour_id).title == "新"


def test_a_deleted_tour_can_come_back_with_its_scores(store):
    """A deleted tour is not listed, takes nothing, and loses nothing."""
    tour_id = made(store)
    store.tours.add_score(tour_id, score())
    store.tours.delete(tour_id, expected_revision=1, who="甲")
    assert store.tours.tours() == []
    assert refused("tour.gone", store.tours.tour, tour_id).details["who"] == "甲"
    refused("tour.gone", store.tours.add_score, tour_id, score())
    store.tours.undelete(tour_id, who="甲")
    assert store.tours.tour(tour_id).revision == 3
    assert len(store.tours.scores(tour_id)) == 1
    refused("tour.unknown", store.tours.tour, "nothing")
    refused("tour.unknown", store.tours.tour, "\0")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": "[]"}, "tour.body_invalid"),
        ({"body": "no"}, "tour.body_invalid"),
        ({"body": "[" * 200_000}, "tour.body_invalid"),
        ({"body": '{"a": "\0"}'}, "tour.body_invalid"),
        ({"body": '{"a": "%s"}' % ("字" * 400_000)}, "tour.body_large"),
        ({"title": " "}, "tour.value_invalid"),
        ({"title": "x" * 201}, "tour.value_invalid"),
        ({"who": ""}, "tour.value_invalid"),
    ],
)
def test_a_tour_that_cannot_be_kept_is_refused(store, changes, code):
    """What is no JSON object, or too large, or has no title or hand, is named and not written."""
    given = {"title": "a", "body": "{}", "expected_revision": 0, "who": "甲"}
    refused(code, store.tours.save, None, **{**given, **changes})
    assert store.tours.tours() == []


def test_a_score_sent_twice_counts_once(store, opened):
    """The same score again is acknowledged and changes nothing, also after a restart."""
    tour_id, one = made(store), score()
    assert store.tours.add_score(tour_id, one) is True
    assert store.tours.add_score(tour_id, one) is False
    assert opened().tours.add_score(tour_id, one) is False
    assert store.tours.scores(tour_id) == [one]


def test_a_uuid_stands_for_one_score_for_ever(store):
    """Other content under a uuid that is taken is refused, in the same tour and in another."""
    tour_id, one = made(store), score()
    store.tours.add_score(tour_id, one)
    for changed in ({"criteria": {"progress": 1}}, {"member": "李四"}, {"remark": ""}):
        again = score(uuid=one.uuid, **changed)
        refused("tour.uuid_taken", store.tours.add_score, tour_id, again)
    refused("tour.uuid_taken", store.tours.add_score, made(store), one)
    assert store.tours.scores(tour_id) == [one]


def test_a_score_that_comes_late_keeps_its_time(store):
    """Scores are in the order in which they were given; a clock that is ahead is set back to now."""
    tour_id = made(store)
    late, early = score(), score(at=NOON - timedelta(hours=3))
    ahead = score(at=datetime(2999, 1, 1, tzinfo=UTC))
    for one in (ahead, late, early):
        store.tours.add_score(tour_id, one)
    assert store.tours.add_score(tour_id, ahead) is False
    found = store.tours.scores(tour_id)
    assert [one.uuid for one in found] == [early.uuid, late.uuid, ahead.uuid]
    assert found[0].at == early.at
    assert found[2].at <= datetime.now(UTC)


def test_two_phones_at_once_lose_nothing_and_double_nothing(store, place):
    """Two processes that send the same scores and some of their own end with each of them once."""
    tour_id = made(store)
    shared = [score() for _ in range(15)]
    own = [[score(member=name) for _ in range(10)] for name in ("甲", "乙")]
    runs = [children.run(children.send_scores, place, tour_id, [*shared, *mine]) for mine in own]
    for _, pipe in runs:
        assert pipe.recv() == "open"
    for _, pipe in runs:
        pipe.send("go")
    kept = [pipe.recv() for _, pipe in runs]
    for process, _ in runs:
        process.join()
    assert sum(kept) == 35
    sent = [*shared, *own[0], *own[1]]
    assert {one.uuid for one in store.tours.scores(tour_id)} == {one.uuid for one in sent}


@pytest.mark.parametrize(
    "bad",
    [
        {"uuid": "1"},
        {"uuid": str(uuid.uuid4()).upper()},
        {"uuid": None},
        {"project": ""},
        {"project": "p" * 81},
        {"member": " "},
        {"member": "\ud800"},
        {"member": "名" * 61},
        {"remark": "a\0"},
        {"remark": "r" * 2001},
        {"device": "d" * 81},
        {"criteria": {"progress": 0}},
        {"criteria": {"progress": 6}},
        {"criteria": {"progress": 4.0}},
        {"criteria": {"progress": True}},
        {"criteria": {str(number): 3 for number in range(21)}},
        {"criteria": {}, "remark": ""},
        {"at": datetime(2026, 9, 21)},
        {"at": "2026-09-21"},
    ],
)
def test_a_score_that_means_nothing_is_refused(store, bad):
    """Whatever a forged or broken phone sends is named by its field and never kept."""
    tour_id = made(store)
    error = refused("tour.value_invalid", store.tours.add_score, tour_id, score(**bad))
    assert error.details["field"] in bad
    assert store.tours.scores(tour_id) == []


def test_a_remark_alone_is_a_score_too(store):
    """A remark without points is kept."""
    tour_id, one = made(store), score(criteria={})
    store.tours.add_score(tour_id, one)
    assert store.tours.scores(tour_id) == [one]


def test_scores_cannot_be_rewritten(store):
    """Nobody with the store's own connection changes or deletes what a member has given."""
    tour_id = made(store)
    store.tours.add_score(tour_id, score())
    for statement in ("UPDATE tour_score SET member = 'x'", "DELETE FROM tour_score"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            store.database.writers.begin() as connection,
        ):
            connection.exec_driver_sql(statement)


def test_a_full_tour_says_so(store, monkeypatch):
    """A flood of made-up scores ends at a limit, and what is kept stays acknowledged."""
    monkeypatch.setattr(stored, "MAX_SCORES", 2)
    tour_id, first = made(store), score()
    store.tours.add_score(tour_id, first)
    store.tours.add_score(tour_id, score())
    refused("tour.full", store.tours.add_score, tour_id, score())
    assert store.tours.add_score(tour_id, first) is False


def test_the_code_is_kept_as_a_hash_and_a_new_one_voids_it(store):
    """A code opens its tour however it is typed, another does not, and neither does an old one."""
    tour_id = made(store)
    code = store.tours.new_code(tour_id)
    kept = store.tours.tour(tour_id)
    assert kept.has_code
    assert code not in repr(kept)
    assert codes.matches(code, kept.code_hash)
    assert codes.matches(f" {code[:4].lower()}-{code[4:]} ", kept.code_hash)
    assert not codes.matches(code[:-1], kept.code_hash)
    assert not codes.matches("", kept.code_hash)
    again = store.tours.new_code(tour_id)
    assert not codes.matches(code, store.tours.tour(tour_id).code_hash)
    assert codes.matches(again, store.tours.tour(tour_id).code_hash)
    assert kept.revision == store.tours.tour(tour_id).revision


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_without_what_it_says_about_its_maker(store, format_):
    """Every format becomes a JPEG of the same picture, upright, without place, device or note."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    tour_id = made(store)
    photo = Photo(uuid=str(uuid.uuid4()), project="r01", member="张三", at=NOON)
    content = picture(format_, exif=exif.tobytes())
    assert b"SecretPhone" in content
    assert store.tours.add_photo(tour_id, photo, content) is True
    assert store.tours.add_photo(tour_id, photo, content) is False
    refused("tour.uuid_taken", store.tours.add_photo, tour_id, photo, picture(size=(9, 9)))
    assert store.tours.photos(tour_id) == [photo]
    kept = store.tours.picture(tour_id, photo.uuid)
    assert b"SecretPhone" not in kept
    with Image.open(io.BytesIO(kept)) as found:
        assert (found.format, found.size, len(found.getexif())) == ("JPEG", (40, 60), 0)
        assert not {"exif", "comment", "icc_profile"} & set(found.info)


def test_a_removed_photo_is_gone_for_good(store):
    """The picture is dropped, and the phone that sends it again does not bring it back."""
    tour_id = made(store)
    photo = Photo(uuid=str(uuid.uuid4()), project="r01", member="张三", at=NOON)
    store.tours.add_photo(tour_id, photo, picture())
    refused("tour.photo_unknown", store.tours.picture, made(store), photo.uuid)
    store.tours.remove_photo(tour_id, photo.uuid)
    assert store.tours.add_photo(tour_id, photo, picture()) is False
    assert store.tours.photos(tour_id) == []
    refused("tour.photo_unknown", store.tours.picture, tour_id, photo.uuid)


def test_a_large_photo_is_made_smaller():
    """A photo is kept at no more than 1600 pixels on its long side."""
    with Image.open(io.BytesIO(pictures.clean(picture(size=(3200, 800))))) as found:
        assert found.size == (1600, 400)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "tour.photo_invalid"),
        (b"<svg onload='x()'/>", "tour.photo_invalid"),
        (picture("GIF"), "tour.photo_invalid"),
        (picture("BMP"), "tour.photo_invalid"),
        (picture()[:300], "tour.photo_invalid"),
        (picture("PNG")[:60], "tour.photo_invalid"),
        (b"\xff" * 4_000_001, "tour.photo_large"),
        (picture("PNG", size=(8000, 6000)), "tour.photo_large"),
        (picture("PNG", size=(20_000, 20_000)), "tour.photo_invalid"),
    ],
    ids=["empty", "svg", "gif", "bmp", "cut", "cut png", "bytes", "pixels", "bomb"],
)
def test_what_is_no_photo_is_refused(content, code):
    """Other formats, cut files, huge files and bombs are refused before they cost memory."""
    refused(code, pictures.clean, content)


def test_action_items_are_kept_in_the_order_in_which_they_fall_due(store):
    """Open items come first, by day; one that is done can be opened again."""
    tour_id = made(store)
    add = store.tours.add_action
    later = add(tour_id, "修路", owner="交通", due=date(2026, 11, 1), who="办")
    never = add(tour_id, "再议", who="办")
    soon = add(tour_id, "供电", owner="电力", due=date(2026, 10, 1), who="办")
    assert [one.id for one in store.tours.actions(tour_id)] == [soon, later, never]
    store.tours.finish_action(tour_id, soon)
    found = store.tours.actions(tour_id)
    assert [(one.id, one.done) for one in found][-1] == (soon, True)
    assert (found[0].text, found[0].owner, found[0].due) == ("修路", "交通", date(2026, 11, 1))
    store.tours.finish_action(tour_id, soon, done=False)
    assert not store.tours.actions(tour_id)[0].done
    refused("tour.action_unknown", store.tours.finish_action, made(store), soon)
    refused("tour.value_invalid", add, tour_id, " ", who="办")
    refused("tour.unknown", add, "nothing", "修路", who="办")


def everything(store, tour_id: str) -> tuple[object, ...]:
    """Return all that a store knows of a tour."""
    tours = store.tours
    photos = tours.photos(tour_id)
    pixels = [tours.picture(tour_id, photo.uuid) for photo in photos]
    return (
        tours.tour(tour_id),
        tours.scores(tour_id),
        photos,
        pixels,
        tours.actions(tour_id),
    )


@pytest.fixture
def lived(store):
    """Return a store with a tour in which everything has happened, and the tour's id."""
    tour_id = made(store)
    store.tours.new_code(tour_id)
    store.tours.add_score(tour_id, score())
    photo = Photo(uuid=str(uuid.uuid4()), project="r01", member="张三", at=NOON)
    store.tours.add_photo(tour_id, photo, picture())
    store.tours.add_action(tour_id, "修路", owner="交通", due=date(2026, 11, 1), who="办")
    return store, tour_id


def test_a_backup_carries_the_tours(lived, tmp_path):
    """A backup, and a new store made from it, hold tour, scores, photos, actions and the code."""
    store, tour_id = lived
    file = tmp_path / "backup.db"
    store.backup(file)
    copy, fresh = open_store(file), open_store(tmp_path / "fresh.sqlite")
    fresh.restore(file, who="r")
    assert everything(copy, tour_id) == everything(fresh, tour_id) == everything(store, tour_id)
    assert copy.tours.add_score(tour_id, store.tours.scores(tour_id)[0]) is False
    copy.close()
    fresh.close()


def test_restoring_brings_back_what_is_missing_and_keeps_what_is_there(lived, tmp_path):
    """In a store in use a deleted tour comes back, and newer tours and scores stay as they are."""
    store, tour_id = lived
    file = tmp_path / "backup.db"
    store.backup(file)
    kept = everything(store, tour_id)
    later = score(member="后来", at=NOON + timedelta(hours=1))
    store.tours.add_score(tour_id, later)
    newer = made(store, title="新的")
    store.tours.delete(tour_id, expected_revision=1, who="误删")
    store.restore(file, who="r")
    assert {one.id for one in store.tours.tours()} == {tour_id, newer}
    assert store.tours.scores(tour_id) == [*kept[1], later]
    assert everything(store, tour_id)[2:] == kept[2:]
