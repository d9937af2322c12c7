"""What a session may print of the past: its role's part of the history, and photos for few."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from geo.errors import GeoError
from geo.exchange.carry.since import Words
from geo.store import open_store
from geo.store.edits import Update
from geo.store.roles import AUDITOR, OFFICE, VISITOR, staff
from geo.store.tours import Photo
from geo.tour.itinerary import Itinerary, Place, Stop, TourDay
from geo.tour.tour import Asked, Span, Tour, to_json
from ui import i18n
from ui.tour import since
from ui.tour.since import Reader

HERE = Place("起点", 124.3, 40.0)
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
FIRST = TODAY + timedelta(days=7)
REMARK = "<img src=x onerror=alert(1)>"


def kept_tour(store, day: date, *ids: str) -> str:
    tour = Tour(
        "拉练",
        day,
        (Span(HERE, HERE),),
        stops=tuple(Asked(project=id_) for id_ in ids),
        order=(ids,),
    )
    id_, _ = store.tours.save(None, title="拉练", body=to_json(tour), expected_revision=0, who="办")
    return id_


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def past(tmp_path: Path, city, data_dir: Path) -> Iterator[SimpleNamespace]:
    """Two sites of two counties in a store: visited a month ago, changed today."""
    store = open_store(tmp_path / "store.sqlite", city=data_dir)
    rows = store.projects()
    rows = rows[rows["county"].notna() & rows["park"].isna()].drop_duplicates("county").head(2)
    ids, counties = list(rows["id"]), list(rows["county"])
    versions = dict(zip(rows["id"], rows["row_version"], strict=True))
    earlier = kept_tour(store, TODAY - timedelta(days=30), *ids)
    store.apply(
        [Update(id_, {"remark": REMARK, "phone": "13900000000"}) for id_ in ids],
        who="办",
        why="",
        kind="edit",
        expected={id_: int(versions[id_]) for id_ in ids},
    )
    stops = tuple(
        Stop(n, id_, id_, 124.3, 40.0, 0, 0, 0, 0, "site", False, {"county": county, "park": None})
        for n, (id_, county) in enumerate(zip(ids, counties, strict=True), start=1)
    )
    day = TourDay(HERE, HERE, 480, 600, stops, (), None)
    tour = Itinerary("new", "观摩", "x", FIRST, "Asia/Shanghai", (day,), 10)
    words = Words(city.atlas, i18n.translator("zh"), "zh")
    yield SimpleNamespace(
        store=store, ids=ids, counties=counties, tour=tour, words=words, earlier=earlier
    )
    store.close()


def read(past: SimpleNamespace, role, **changes) -> dict[str, list[str]]:
    values = {"tour": past.tour, "words": past.words, "today": TODAY} | changes
    return since.changes(values.pop("tour"), Reader(role, past.store), **values)


def test_office_and_auditor_read_every_site(past):
    """Each site's lines say when it was visited and what has changed, without contacts."""
    for role in (OFFICE, AUDITOR):
        found = read(past, role)
        assert list(found) == past.ids
        for lines in found.values():
            assert lines[0].startswith("上次观摩：")
            assert [line for line in lines if line.startswith("备注：") and REMARK in line]
            assert "13900000000" not in "".join(lines)


def test_the_internal_edition_has_contacts(past):
    """What the office lets through by the mark of internal use is there."""
    found = read(past, OFFICE, words=replace(past.words, internal=True))
    assert all("13900000000" in "".join(lines) for lines in found.values())


def test_staff_read_their_own_sites_and_visitors_none(past):
    """Staff get the lines of their unit's sites alone, not even a date of others."""
    found = read(past, staff(past.counties[0]))
    assert list(found) == past.ids[:1]
    assert REMARK in "".join(found[past.ids[0]])
    assert read(past, staff()) == {}
    assert read(past, VISITOR) == {}


def test_changes_before_the_visit_are_no_news(past):
    """What was entered before the last visit is not told again, but that nothing came since."""
    tomorrow = TODAY + timedelta(days=1)
    kept_tour(past.store, tomorrow, past.ids[0])
    found = read(past, OFFICE, today=tomorrow)
    assert found[past.ids[0]][1:] == ["此后没有登记的变化。"]
    assert REMARK in "".join(found[past.ids[1]])


def test_a_tour_to_come_is_no_visit(past):
    """A tour that is planned for a later day than today has visited nothing yet."""
    kept_tour(past.store, TODAY + timedelta(days=2), past.ids[0])
    assert REMARK in "".join(read(past, OFFICE)[past.ids[0]])


def test_the_tour_itself_and_later_ones_are_no_earlier_visit(past):
    """Without an earlier tour the handbook says that the visit is the first on record."""
    for tour in (replace(past.tour, id=past.earlier), replace(past.tour, first=date(2020, 1, 1))):
        assert set(map(tuple, read(past, OFFICE, tour=tour).values())) == {
            ("首次列入观摩：已保存的行程中没有更早的一次。",)
        }


def test_an_earlier_data_version_ends_there(past):
    """Who looks at an earlier state is told of nothing that came after it."""
    reader = Reader(OFFICE, past.store, until=past.store.version() - 1)
    found = since.changes(past.tour, reader, past.words, today=TODAY)
    assert found[past.ids[0]][1:] == ["此后没有登记的变化。"]


def test_without_a_store_nothing_is_said(past, monkeypatch):
    """Where nothing is kept, or the store is busy, there are no lines and the file is made."""
    assert since.changes(past.tour, Reader(OFFICE, None), past.words, today=TODAY) == {}

    def busy() -> None:
        raise GeoError("store.busy", place="x", reason="y")

    monkeypatch.setattr(past.store.tours, "tours", busy)
    assert read(past, OFFICE) == {}
    assert since.photos(past.tour, Reader(OFFICE, past.store), past.words, today=TODAY) == {}


def test_a_tour_that_is_none_is_passed_over(past):
    """Another body that is kept, of no plan, hides no visit."""
    body = json.dumps({"stops": [{"project": past.ids[0]}]})
    past.store.tours.save(None, title="旧", body=body, expected_revision=0, who="办")
    assert read(past, OFFICE)[past.ids[0]][0].startswith("上次观摩：")


def test_photos_for_those_who_may_see_them(past):
    """Office and auditor get each site's newest photo with its day, nobody else any."""
    now = datetime.now(UTC)
    for days, colour in ((20, "red"), (10, "blue"), (15, "green")):
        at = now - timedelta(days=days)
        photo = Photo(uuid=str(uuid.uuid4()), project=past.ids[0], member="张三", at=at)
        past.store.tours.add_photo(past.earlier, photo, picture(colour))
    for role in (OFFICE, AUDITOR):
        reader = Reader(role, past.store)
        found = since.photos(past.tour, reader, past.words, today=TODAY)
        assert list(found) == past.ids[:1]
        content, caption = found[past.ids[0]]
        red, _, blue = Image.open(io.BytesIO(content)).getpixel((20, 15))
        assert (red < 50, blue > 200) == (True, True)
        assert caption.startswith("现场照片 · ")
        assert "张三" not in caption
    for role in (VISITOR, staff(*past.counties)):
        assert since.photos(past.tour, Reader(role, past.store), past.words, today=TODAY) == {}
    own = replace(past.tour, id=past.earlier)
    assert since.photos(own, Reader(OFFICE, past.store), past.words, today=TODAY) == {}
