"""Scoring a tour on phones: kept until sent, sent once, seen only by those who may see it."""

from __future__ import annotations

import io
import json
import os
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import axe_playwright_python
import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

from geo.store import Photo, open_store
from geo.tour.scoring import Score
from tests.browser.conftest import PHONE
from tests.browser.desk_page import Received
from tests.browser.driving import open_page, wait_idle
from tests.browser.guard import Guard
from tests.browser.server import Server

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
DATA = Path(__file__).parents[2] / "data"
EVIL = "{{ 7*7 }}<img src=x onerror=alert(1)>**粗**"
CRITERIA = ("progress", "quality", "service", "site", "briefing")
SHOTS = os.environ.get("GEO_SHOTS")


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at them."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Serve the shipped city with the local sign-in; its store is open here as well."""
    state = tmp_path_factory.mktemp("state")
    store = open_store(state / "store.sqlite", city=DATA)
    environment = {"GEO_STATE": str(state), "GEO_LOCAL_SIGN_IN": "1"}
    with Server(state / "server.log", env=environment) as server:
        yield SimpleNamespace(url=server.url, store=store, tours=store.tours, server=server)
    store.close()


@pytest.fixture
def tour(site: SimpleNamespace) -> SimpleNamespace:
    """Make a tour of real projects in several counties, one with a hostile name, and its code."""
    rows = site.store.projects()
    rows = rows[rows["county"].notna()].drop_duplicates("county").head(4)
    stops = [
        {"project": row["id"], "name": row["name"], "secret": "机密zq7body"}
        for row in rows.to_dict("records")
    ]
    stops[1]["name"] = EVIL
    body = json.dumps({"stops": stops}, ensure_ascii=False)
    id_, _ = site.tours.save(
        None, title="秋季拉练 zq7title <b>", body=body, expected_revision=0, who="办公室"
    )
    code = site.tours.new_code(id_)
    link = f"{site.url}/score?tour={id_}&code={code}"
    return SimpleNamespace(id=id_, code=code, link=link, stops=stops)


@pytest.fixture
def phones(new_page: Callable[..., Page]) -> Callable[[], Page]:
    """Open another phone."""
    return lambda: new_page(**PHONE)


def sheet(page: Page) -> FrameLocator:
    """Return the phone's own page inside the page."""
    return page.frame_locator('iframe[title*="phone"]')


def begin(page: Page, link: str, name: str) -> FrameLocator:
    """Open a tour's link and give a name."""
    open_page(page, link)
    found = sheet(page)
    found.locator("#name").fill(name)
    found.get_by_role("button", name="开始评分").click()
    return found


def rate(found: FrameLocator, stop: int, *points: int, remark: str = "") -> None:
    """Rate a stop, the criteria in their order, and save."""
    found.locator(f"#stop-{stop}").click()
    for criterion, value in zip(CRITERIA, points, strict=False):
        found.locator(f"#{criterion}-{value}").click()
    if remark:
        found.locator("#remark").fill(remark)
    found.locator("#save").click()


def saved(found: FrameLocator, count: int) -> None:
    """Wait until the phone says that nothing waits and so much is saved."""
    expect(found.locator("#status")).to_contain_text(f"已保存 {count}", timeout=20_000)
    expect(found.locator("#status")).to_contain_text("没有待发送的", timeout=20_000)


def as_role(page: Page, url: str, words: str) -> None:
    """Open an address and take a role there."""
    open_page(page, url)
    field = page.locator(".st-key-local_kind input").first
    field.click()
    field.fill(words)
    page.get_by_role("option").filter(has_text=words).first.click()
    wait_idle(page)


def test_two_phones_score_and_the_office_sees_the_ranking(
    phones: Callable[[], Page], page: Page, site: SimpleNamespace, tour: SimpleNamespace
) -> None:
    """What two members give stands in the ranking of the office a moment later, each score once."""
    one, two = phones(), phones()
    first, second = begin(one, tour.link, "张三"), begin(two, tour.link, "李四")
    shot(one, "phone-begin")
    rate(first, 0, 5, 4, 3, 4, 5, remark=EVIL)
    rate(second, 0, 3, 4, 3, 4, 3)
    saved(first, 1)
    saved(second, 1)
    shot(one, "phone-saved")
    office = page
    as_role(office, f"{site.url}/score?tour={tour.id}", "市项目办")
    expect(office.locator(".score-table").first).to_contain_text("不足")
    rate(second, 1, 5, 5, 5, 5, 5)
    saved(second, 2)
    site.tours.add_score(tour.id, by_hand("王五", tour.stops[0]["project"], 5))
    ranking = office.locator(".score-table").first
    expect(ranking.locator("tbody tr").first.locator("td").first).to_have_text("1", timeout=15_000)
    stops = office.locator(".score-table").nth(1)
    expect(stops).to_contain_text(EVIL)
    expect(office.locator(".score-remarks")).to_contain_text(EVIL)
    shot(office, "office-ranking")
    office.set_viewport_size({"width": 390, "height": 844})
    shot(office, "office-ranking-phone")
    kept = site.tours.scores(tour.id)
    assert sorted(score.member for score in kept) == ["张三", "李四", "李四", "王五"]
    assert kept[0].criteria == dict(zip(CRITERIA, (5, 4, 3, 4, 5), strict=True))


def by_hand(member: str, project: str, points: int, **more: str) -> Score:
    """Return a score as another phone would give it."""
    return Score(
        uuid=str(uuid.uuid4()),
        project=project,
        member=member,
        criteria=dict.fromkeys(CRITERIA, points),
        at=datetime.now(UTC),
        **more,
    )


def test_what_was_given_offline_is_sent_once_after_the_server_is_back(
    tmp_path: Path,
    make_server: Callable[..., Server],
    phone: Page,
    tour_in: Callable[..., object],
    guard: Guard,
) -> None:
    """Scores given while the server is away wait in the phone, survive a reload, and arrive once."""
    store, made = tour_in(tmp_path)
    server = make_server(env={"GEO_STATE": str(tmp_path)})
    link = f"{server.url}/score?tour={made.id}&code={made.code}"
    found = begin(phone, link, "张三")
    rate(found, 0, 4, 4, 4, 4, 4)
    saved(found, 1)
    server.stop()
    rate(found, 1, 2, 2, 2, 2, 2, remark="隧道里")
    rate(found, 2, 5)
    expect(found.locator("#status")).to_contain_text("待发送 2")
    expect(found.locator("#status")).to_contain_text("暂时连不上", timeout=15_000)
    shot(phone, "phone-offline")
    expect(phone.get_by_role("dialog")).to_have_count(0)
    found.locator("#remark").press_sequentially("写到一半", delay=300)
    expect(found.locator("#remark")).to_have_value("写到一半")
    assert len(store.tours.scores(made.id)) == 1
    server.start()
    asked_for_the_server(guard, server)
    open_page(phone, link)
    saved(sheet(phone), 3)
    kept = store.tours.scores(made.id)
    assert sorted(score.project for score in kept) == sorted(s["project"] for s in made.stops[:3])
    open_page(phone, link)
    saved(sheet(phone), 3)
    assert len(store.tours.scores(made.id)) == 3
    store.close()


def test_an_open_page_sends_by_itself_when_the_network_is_back(
    tmp_path: Path,
    make_server: Callable[..., Server],
    phone: Page,
    tour_in: Callable[..., object],
    guard: Guard,
) -> None:
    """Without a touch, what waited is sent once the same page has its server again."""
    store, made = tour_in(tmp_path)
    server = make_server(env={"GEO_STATE": str(tmp_path)})
    found = begin(phone, f"{server.url}/score?tour={made.id}&code={made.code}", "张三")
    server.stop()
    rate(found, 0, 4, 4, 4, 4, 4)
    expect(found.locator("#status")).to_contain_text("待发送 1")
    server.start()
    asked_for_the_server(guard, server)
    expect(found.locator("#status")).to_contain_text("已保存 1", timeout=60_000)
    assert len(store.tours.scores(made.id)) == 1
    store.close()


def asked_for_the_server(guard: Guard, server: Server) -> None:
    """Let pass that the page has asked for its own server while it was away, and nothing else."""
    assert all(url.startswith(server.url) or url.startswith("ws") for url in guard.outside)
    guard.outside.clear()


@pytest.fixture
def tour_in() -> Callable[[Path], tuple[object, SimpleNamespace]]:
    """Return a maker of a store in a folder with a tour in it."""

    def make(folder: Path) -> tuple[object, SimpleNamespace]:
        store = open_store(folder / "store.sqlite", city=DATA)
        ids = store.projects()["id"].head(3)
        stops = [{"project": id_, "name": f"站点 {id_}"} for id_ in ids]
        id_, _ = store.tours.save(
            None,
            title="雨天拉练 zq7title",
            body=json.dumps({"stops": stops}),
            expected_revision=0,
            who="办",
        )
        return store, SimpleNamespace(id=id_, code=store.tours.new_code(id_), stops=stops)

    return make


def test_a_photo_arrives_small_and_without_its_place(
    phone: Page, site: SimpleNamespace, tour: SimpleNamespace
) -> None:
    """A photo is made smaller in the phone, kept once, and a file that is no photo is named."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    out = io.BytesIO()
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(out, "JPEG", exif=exif.tobytes())
    found = begin(phone, tour.link, "张三")
    field = found.locator("#photo")
    field.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    expect(found.locator("#photos")).to_contain_text("已保存 1", timeout=20_000)
    field.set_input_files({"name": "b.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(found.get_by_role("alert")).to_contain_text("不是能打开的照片")
    (photo,) = site.tours.photos(tour.id)
    assert (photo.member, photo.project) == ("张三", tour.stops[0]["project"])
    kept = site.tours.picture(tour.id, photo.uuid)
    assert b"SecretPhone" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert max(picture.size) == 1280


def test_a_wrong_code_lets_nobody_in_and_tells_nothing(
    page: Page, site: SimpleNamespace, tour: SimpleNamespace
) -> None:
    """A stranger learns neither title nor stops, and after five wrong codes may try no more."""
    received = Received(page)
    open_page(page, f"{site.url}/score?tour={tour.id}&code=WRONG")
    expect(page.get_by_text("评分码不对")).to_be_visible()
    shot(page, "wrong-code")
    for number in range(4):
        page.locator(".st-key-score_code input").fill(f"WRONG{number}")
        page.get_by_role("button", name="进入").click()
        wait_idle(page)
    expect(page.get_by_text("输错次数过多")).to_be_visible()
    assert page.locator('iframe[title*="phone"]').count() == 0
    needles = {"title": b"zq7title", "body": b"zq7body"}
    assert received.holding(needles) == {}


def test_a_typed_code_opens_the_sheet_and_survives_a_reload(
    phone: Page, site: SimpleNamespace, tour: SimpleNamespace
) -> None:
    """A code typed in small letters with a dash opens the sheet; a reload keeps name and draft."""
    open_page(phone, f"{site.url}/score?tour={tour.id}")
    shot(phone, "phone-door")
    phone.locator(".st-key-score_code input").fill(f"{tour.code[:4]}-{tour.code[4:]}".lower())
    phone.get_by_role("button", name="进入").click()
    found = sheet(phone)
    found.locator("#name").fill("张三")
    found.get_by_role("button", name="开始评分").click()
    found.locator("#progress-4").click()
    found.locator("#remark").fill("还没存")
    phone.reload()
    wait_idle(phone)
    expect(found.locator("#progress-4")).to_have_attribute("aria-pressed", "true")
    expect(found.locator("#remark")).to_have_value("还没存")
    expect(found.locator("#status")).to_contain_text("没有待发送的")
    assert site.tours.scores(tour.id) == []
    site.tours.new_code(tour.id)
    phone.reload()
    wait_idle(phone)
    expect(phone.get_by_text("评分码不对")).to_be_visible()


def test_scores_reach_no_session_without_the_right(
    phones: Callable[[], Page], page: Page, site: SimpleNamespace, tour: SimpleNamespace
) -> None:
    """Not a byte of others' remarks, names or points reaches a member, although the office has them."""
    secrets = {"remark": "机密zq7remark", "member": "机密zq7name"}
    needles = {name: text[2:].encode() for name, text in secrets.items()}
    needles |= {"body": b"zq7body"}
    other = by_hand(
        secrets["member"], tour.stops[0]["project"], 2, remark=secrets["remark"], device="d"
    )
    site.tours.add_score(tour.id, other)
    out = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(out, "JPEG")
    photo = Photo(uuid=str(uuid.uuid4()), project=other.project, member="甲", at=other.at)
    site.tours.add_photo(tour.id, photo, out.getvalue())
    needles["photo"] = site.tours.picture(tour.id, photo.uuid)[1000:1200]
    theirs = Received(page)
    as_role(page, f"{site.url}/score?tour={tour.id}", "市项目办")
    expect(page.locator(".score-remarks")).to_contain_text(secrets["remark"])
    expect(page.locator(".score-photo img")).to_be_visible()
    assert page.locator(".score-photo img").evaluate("(i) => i.naturalWidth") == 200
    shot(page, "office-photo")
    member = phones()
    received = Received(member)
    found = begin(member, tour.link, secrets["member"])
    rate(found, 0, 4, 4, 4, 4, 4, remark="自己的意见")
    saved(found, 1)
    member.reload()
    wait_idle(member)
    saved(sheet(member), 1)
    of_others = {name: needle for name, needle in needles.items() if name != "member"}
    assert received.holding(of_others) == {}
    assert set(theirs.holding(needles)) == {"remark", "member", "photo"}
    # the search itself finds what is there
    assert set(received.holding({"title": b"zq7title"})) == {"title"}
    # the ranking's words exist only where the ranking is sent
    assert received.holding({"table": b"score-table'"}) == {}


def test_targets_are_large_and_names_are_data(phone: Page, tour: SimpleNamespace) -> None:
    """Every button of the sheet is at least 44 pixels high and wide, and nothing runs over."""
    found = begin(phone, tour.link, "张三")
    found.locator("#stop-1").click()
    expect(found.locator("h3")).to_contain_text(EVIL)
    boxes = found.locator("button, label.button").evaluate_all(
        "(nodes) => nodes.map((n) => [n.textContent, n.getBoundingClientRect().width,"
        " n.getBoundingClientRect().height])"
    )
    assert len(boxes) > 30
    assert [box for box in boxes if min(box[1:]) < 44] == []
    assert found.locator("body").evaluate("(b) => b.scrollWidth <= b.clientWidth")
    shot(phone, "phone-stop")


def test_the_office_notes_what_is_to_be_done_and_an_auditor_reads_it(
    page: Page, new_page: Callable[..., Page], site: SimpleNamespace, tour: SimpleNamespace
) -> None:
    """An item with owner and day is kept, ticked off, and shown to the auditor, who changes nothing."""
    as_role(page, f"{site.url}/score?tour={tour.id}", "市项目办")
    page.get_by_text("待办事项", exact=True).click()
    page.get_by_label("要办的事").fill(EVIL)
    page.get_by_label("责任人或单位").fill("电力公司")
    page.locator(".st-key-score_todo_due input").fill("2026-10-01")
    shot(page, "calendar")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("电力公司")).to_be_visible()
    wait_idle(page)
    shot(page, "office-todo")
    (item,) = site.tours.actions(tour.id)
    assert (item.text, item.owner, str(item.due), item.done) == (
        EVIL,
        "电力公司",
        "2026-10-01",
        False,
    )
    page.get_by_text("电力公司").click()
    wait_idle(page)
    assert site.tours.actions(tour.id)[0].done
    auditor = new_page()
    as_role(auditor, f"{site.url}/score?tour={tour.id}", "督查")
    auditor.get_by_text("待办事项", exact=True).click()
    expect(auditor.get_by_text("电力公司")).to_be_visible()
    assert auditor.get_by_role("button", name="记下").count() == 0


def test_an_earlier_tour_is_compared_with(
    page: Page, site: SimpleNamespace, tour: SimpleNamespace
) -> None:
    """The ranking says by how much a county has risen since the tour that is chosen."""
    body = json.dumps({"stops": tour.stops}, ensure_ascii=False)
    later, _ = site.tours.save(None, title="冬季拉练", body=body, expected_revision=0, who="办")
    for number in range(3):
        project = tour.stops[0]["project"]
        site.tours.add_score(tour.id, by_hand(f"m{number}", project, 3))
        site.tours.add_score(later, by_hand(f"m{number}", project, 5))
    as_role(page, f"{site.url}/score?tour={later}", "市项目办")
    expect(page.locator(".score-table").first).to_contain_text("+2.00")
    expect(page.locator(".score-table").nth(1)).to_contain_text("+2.00")


def test_the_public_edition_refuses(
    tmp_path: Path,
    make_server: Callable[..., Server],
    page: Page,
    tour_in: Callable[..., object],
) -> None:
    """The public edition takes no scores, whatever the link says, and receives no tour."""
    store, made = tour_in(tmp_path)
    store.close()
    server = make_server(
        env={"GEO_STATE": str(tmp_path), "GEO_EDITION": "public", "GEO_EDITION_DRAFT": "1"}
    )
    received = Received(page)
    open_page(page, f"{server.url}/score?tour={made.id}&code={made.code}")
    expect(page.get_by_text("公开版不提供拉练评分")).to_be_visible()
    assert received.holding({"title": b"zq7title"}) == {}


def test_the_page_speaks_english(new_page: Callable[..., Page], tour: SimpleNamespace) -> None:
    """The English page has no Chinese but the names that people gave."""
    page = new_page(**{**PHONE, "locale": "en-GB"})
    open_page(page, f"{tour.link}&lang=en")
    found = sheet(page)
    found.locator("#name").fill("Ann")
    found.get_by_role("button", name="Begin").click()
    expect(found.locator("#save")).to_have_text("Save this stop")
    expect(found.locator(".criterion .name").first).to_have_text("Progress on site")
    page.wait_for_timeout(300)
    shot(page, "phone-english")
    text = page.locator("body").inner_text() + found.locator("body").inner_text()
    for stop in (*tour.stops, {"name": "秋季拉练"}, {"name": "中文"}):
        text = text.replace(stop["name"], "")
    assert not re.search(r"[\u4e00-\u9fff]", text)


def test_the_sheet_can_be_read_by_everyone(
    phones: Callable[[], Page], page: Page, site: SimpleNamespace, tour: SimpleNamespace
) -> None:
    """The phone's sheet and the office's ranking have no fault that axe finds."""
    phone = phones()
    found = begin(phone, tour.link, "张三")
    rate(found, 0, 3, remark="好")
    saved(found, 1)
    as_role(page, f"{site.url}/score?tour={tour.id}", "市项目办")
    expect(page.locator(".score-table").first).to_be_visible()
    for shown in (*phone.frames, *page.frames):
        shown.evaluate(AXE.read_text("utf-8"))
        found_ = shown.evaluate(
            "() => axe.run(document, {iframes: false}).then((r) => r.violations)"
        )
        grave = [one for one in found_ if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"][:140]) for one in grave] == []


def test_two_members_may_share_a_phone(phone: Page, tour: SimpleNamespace) -> None:
    """Who gives another name on the same phone sees neither points nor remarks of the first."""
    found = begin(phone, tour.link, "张三")
    rate(found, 0, 5, remark="只给自己看")
    saved(found, 1)
    found.get_by_role("button", name="改名").click()
    found.locator("#name").fill("李四")
    found.get_by_role("button", name="开始评分").click()
    expect(found.locator("#remark")).to_have_value("")
    expect(found.locator("#progress-5")).to_have_attribute("aria-pressed", "false")
    found.get_by_role("button", name="改名").click()
    found.locator("#name").fill("张三")
    found.get_by_role("button", name="开始评分").click()
    expect(found.locator("#remark")).to_have_value("只给自己看")
