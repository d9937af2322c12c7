"""Who receives what: everything that a browser gets is searched for what its session may not have."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import shapely
from playwright.sync_api import Page, expect

from geo.store import Create, open_store
from tests.browser.desk_page import Desk, Received, drawn, workbook
from tests.browser.driving import open_page, wait_idle
from tests.browser.server import Server

DATA = Path(__file__).parents[2] / "data"
UNITS = {
    "east": ("210681", "东港市", 124.123457, 39.912346),
    "north": ("210682", "凤城市", 124.054321, 40.454323),
}
FORMATS = ("xlsx", "csv", "geojson", "kml", "html")


def secrets(unit: str) -> dict[str, str]:
    """Return texts that only those who answer for a unit may receive."""
    kinds = ("contact", "phone", "note", "internal", "talk", "place", "pipe_place")
    return {f"{unit}_{kind}": f"机密{unit}zq7{kind}" for kind in kinds}


def needles(unit: str) -> dict[str, bytes]:
    """Return the bytes of a unit's secrets, exact positions in every way they travel included."""
    _, _, lon, lat = UNITS[unit]
    ascii_part = {name: text[2:].encode() for name, text in secrets(unit).items()}
    spots = {"site": (lon, lat), "pipe": (lon + 0.01, lat + 0.02)}
    exact = {}
    for what, (x, y) in spots.items():
        exact[f"{unit}_{what}_full"] = f"{x:.6f}".encode()
        exact[f"{unit}_{what}_rounded"] = f"{x:.5f}".encode()
        exact[f"{unit}_{what}_rounded_lat"] = f"{y:.5f}".encode()
        exact[f"{unit}_{what}_double"] = struct.pack("<d", x)
    # the points' file packs micro-degrees
    exact[f"{unit}_site_packed"] = struct.pack("<i", round(lon * 1e6))
    return ascii_part | exact


def rows(unit: str) -> list[Create]:
    """Make a unit's projects: one public with internal fields, and each kind of hidden one."""
    county, _, lon, lat = UNITS[unit]
    hidden = secrets(unit)
    common = {
        "county": county,
        "stage": "build",
        "invest_wan": 12345,
        "contact": hidden[f"{unit}_contact"],
        "phone": hidden[f"{unit}_phone"],
        "leader_note": hidden[f"{unit}_note"],
    }
    pipe = shapely.LineString([(lon + 0.01, lat + 0.02), (lon + 0.03, lat + 0.02)])
    exact = {"lon": lon, "lat": lat, "precision": "site", "position_internal": True}
    return [
        Create(common | {"name": f"公开项目{unit}"}, id=f"{unit}-public"),
        Create(common | {"name": hidden[f"{unit}_internal"], "internal": True}, id=f"{unit}-int"),
        Create(common | {"name": hidden[f"{unit}_talk"], "stage": "talk"}, id=f"{unit}-talk"),
        Create(
            common | exact | {"name": f"站场{unit}", "place": hidden[f"{unit}_place"]},
            id=f"{unit}-site",
        ),
        Create(
            common
            | {"name": f"管线{unit}", "place": hidden[f"{unit}_pipe_place"]}
            | {"shape": pipe, "precision": "line", "position_internal": True},
            id=f"{unit}-pipe",
        ),
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Serve the shipped city and the marked projects of two counties, with the local sign-in."""
    state = tmp_path_factory.mktemp("state")
    store = open_store(state / "store.sqlite", city=DATA)
    made = [row for unit in UNITS for row in rows(unit)]
    version = store.apply(made, who="甲", why="机密", kind="edit", expected={})
    environment = {"GEO_STATE": str(state), "GEO_LOCAL_SIGN_IN": "1"}
    with Server(state / "server.log", env=environment) as server:
        yield SimpleNamespace(url=server.url, store=store, state=state, version=version)
    store.close()


@pytest.fixture(scope="module")
def hidden() -> dict[str, bytes]:
    """Return everything that no visitor may receive."""
    return needles("east") | needles("north")


def visit(page: Page, url: str, received: Received) -> None:
    """See all that a visitor can see, in both languages, and take every download.

    Which rows are sent does not depend on the language, so the second one has fewer stops.
    """
    cards = {"": ("id=east-int", "id=north-pipe", "id=east-site"), "en": ("id=north-int",)}
    for language in ("", "en"):
        more = f"lang={language}" if language else ""
        open_page(page, f"{url}/?{more}")
        drawn(page)
        page.locator(".st-key-figure_projects button:visible").click()
        wait_idle(page)
        received.settle()
        for query in ("m=table", *cards[language]):
            open_page(page, f"{url}/?{query}&{more}")
            received.settle()
        take_downloads(page, received, *(FORMATS if not language else ("html",)))
        for other in ("about", "desk"):
            open_page(page, f"{url}/{other}?{more}")
            received.settle()


def take_downloads(page: Page, received: Received, *formats: str) -> None:
    page.locator("[data-testid=stPopover] button").click()
    for kind in formats:
        with page.expect_download() as started:
            page.locator(f".st-key-download_{kind} button").click()
        received.add(f"download {kind}", Path(started.value.path()).read_bytes())
    received.settle()


def test_visitor_receives_nothing_internal(
    page: Page, new_page: Callable[..., Page], site: SimpleNamespace, hidden: dict[str, bytes]
) -> None:
    """Not a byte of a secret reaches a visitor's browser, by any page, frame, file or download,
    although the office, whose session is open at the same time, receives them all."""
    other = new_page()
    theirs = Received(other)
    office = Desk(other, site.url).open("office")
    office.go("项目地图")
    office.frame()
    take_downloads(other, theirs, "csv")
    received = Received(page)
    visit(page, site.url, received)
    assert received.holding(hidden) == {}
    # the search itself finds what is there
    public = {"public": "公开项目east".encode(), "coarse": "站场north".encode()}
    places = received.holding(public)
    assert {"websocket", *(f"download {kind}" for kind in FORMATS)} <= places["public"]
    assert any("payload" in where for where in places["public"] & places["coarse"])
    office.go("数据管理")
    office.edit("公开项目east")
    found = theirs.holding(hidden)
    wanted = {f"east_{kind}" for kind in ("contact", "phone", "internal", "talk", "place")}
    wanted |= {"east_site_packed", "east_site_full", "east_pipe_rounded"}
    assert wanted | {"north_internal", "north_talk", "north_site_packed"} <= set(found)
    # … over their own connection and in their own download, whose address nobody can guess
    where = {
        re.sub(r".*/media/[0-9a-f]{32}\.csv$", "download csv", w)
        for w in set().union(*found.values())
    }
    assert where == {"websocket", "download csv"}


def test_served_files_hold_public_rows_only(
    page: Page, site: SimpleNamespace, hidden: dict[str, bytes]
) -> None:
    """What lies in the served folder is public while the office, staff and auditor look at maps."""
    desk = Desk(page, site.url).open("office")
    for role, *units in (("office",), ("auditor",), ("staff", "东港市")):
        desk.take(role, *units)
        desk.go("项目地图")
        assert secrets("east")["east_internal"] in desk.on_map()
        desk.go("数据管理")
    desk.take("visitor")
    desk.go("项目地图")
    assert "公开项目east" in desk.on_map()
    files = [file for file in (site.state / "web").rglob("*") if file.is_file()]
    searched = Received(page)
    for file in files:
        searched.add(file.name, file.read_bytes())
    assert searched.holding(hidden) == {}
    assert searched.holding({"public": "公开项目east".encode()})


def test_staff_receive_their_own_unit_only(
    page: Page, site: SimpleNamespace, hidden: dict[str, bytes]
) -> None:
    """Staff of a county receive its internal values and none of another county's."""
    received = Received(page)
    desk = Desk(page, site.url).open("staff", "东港市")
    desk.edit("站场east")
    expect(desk.field("联系人")).to_have_value(secrets("east")["east_contact"])
    # the history too is that of the own unit, the reason of a version that is not all theirs is not
    listed = [int(row[0]) for row in desk.rows("历史")]
    desk.pick_version(site.version, listed=listed)
    shown = {cell for row in desk.rows("变化") for cell in row}
    assert {"公开项目east", secrets("east")["east_talk"]} <= shown
    assert "机密" not in {cell for row in desk.rows("历史") for cell in row}
    assert not desk.has("desk_look")
    assert not desk.has("desk_undo_version")
    desk.go("项目地图")
    assert {secrets("east")[f"east_{kind}"] for kind in ("internal", "talk")} <= set(desk.on_map())
    take_downloads(page, received, "csv", "html")
    for query in ("m=table", "id=north-int"):  # a new address is a new session: a visitor's
        open_page(page, f"{site.url}/?{query}")
    found = received.holding(hidden)
    kinds = ("contact", "phone", "internal", "talk", "place", "site_packed")
    assert {f"east_{kind}" for kind in kinds} <= set(found)
    assert not [name for name in found if name.startswith("north")]


def test_staff_change_their_own_unit_only(
    page: Page, new_page: Callable[..., Page], site: SimpleNamespace
) -> None:
    """Staff may not import a row of another county, take another's project, or undo others' work."""
    before = site.store.version()
    desk = Desk(page, site.url).open("staff", "东港市")
    entry = ("农产品加工", "在建", 1.5, "2026-03")
    desk.upload(workbook((1, "试验东", "东港市", *entry), (2, "试验北", "凤城市", *entry)))
    expect(desk.page.get_by_text("发现 1 处错误，没有写入任何内容")).to_be_visible()
    ((_, row, _, text),) = desk.rows("错误")
    assert row == "4"
    assert "不属于您负责的县区" in text
    assert not desk.has("desk_apply")
    # nor change one of another county, nor learn what it holds
    desk.upload(workbook((1, "公开项目north", "凤城市", *entry)))
    assert [row[1] for row in desk.rows("错误")] == ["3"]
    assert not desk.has("desk_apply")
    assert site.store.version() == before
    # what they may they can, and take back; then somebody else's version is not theirs
    desk.upload(workbook((1, "试验东", "东港市", *entry)))
    desk.press("desk_apply")
    own = site.store.version()
    assert own == before + 1
    other = Desk(new_page(), site.url).open("staff", "凤城市")
    assert not other.has("desk_undo")
    assert str(own) not in {row[0] for row in other.rows("历史")}
    desk.press("desk_undo")
    assert site.store.history()[0].undone == own


def test_auditor_reads_everything_and_changes_nothing(page: Page, site: SimpleNamespace) -> None:
    """An auditor sees every project and the history, and has nothing to write with."""
    before = site.store.version()
    desk = Desk(page, site.url).open("auditor")
    desk.pick_version(site.version)
    assert desk.has("desk_look")
    created = desk.rows("变化")
    assert secrets("north")["north_internal"] in [name for row in created for name in row]
    writing = ("desk_upload", "desk_apply", "edit_project", "desk_undo", "desk_undo_version")
    assert [key for key in writing if desk.has(key)] == []
    assert page.locator("input[type=file]").count() == 0
    desk.go("项目地图")
    wanted = {text for unit in UNITS for name, text in secrets(unit).items() if "int" in name}
    assert wanted <= set(desk.on_map())
    assert site.store.version() == before


def test_local_sign_in_refuses_a_public_address(
    make_server: Callable[..., Server], page: Page, tmp_path: Path
) -> None:
    """Where others reach the server, the local sign-in says that it must not run, on every page."""
    server = make_server(
        env={"GEO_STATE": str(tmp_path / "state"), "GEO_LOCAL_SIGN_IN": "1"},
        args=["--server.address=0.0.0.0"],
    )
    for path in ("", "desk"):
        open_page(page, f"{server.url}/{path}")
        expect(
            page.get_by_text("本机试用登录（GEO_LOCAL_SIGN_IN）不能用在对外的地址上")
        ).to_be_visible()
        assert page.locator(".st-key-local_kind, [data-testid=stSelectbox]").count() == 0


def test_public_edition_needs_an_approval_number(
    make_server: Callable[..., Server], page: Page, tmp_path: Path
) -> None:
    """Without a map-approval number the public edition shows one sentence and no map."""
    environment = {"GEO_STATE": str(tmp_path / "state"), "GEO_EDITION": "public"}
    server = make_server(env=environment)
    for path in ("", "desk"):
        open_page(page, f"{server.url}/{path}")
        expect(page.get_by_text("公开版需要审图号")).to_be_visible()
        assert page.locator("iframe, .st-key-nav, [data-testid=stDataFrame]").count() == 0


def test_draft_of_the_public_edition_is_marked_and_has_no_desk(
    make_server: Callable[..., Server],
    page: Page,
    site: SimpleNamespace,
    hidden: dict[str, bytes],
) -> None:
    """A draft says 草稿 on every page, has no way to the desk, and the desk's address gives nothing,
    not even where the local sign-in has been left on."""
    server = make_server(
        env={
            "GEO_STATE": str(site.state),
            "GEO_EDITION": "public",
            "GEO_EDITION_DRAFT": "1",
            "GEO_LOCAL_SIGN_IN": "1",
        }
    )
    received = Received(page)
    for path in ("", "about", "desk"):
        open_page(page, f"{server.url}/{path}")
        mark = page.locator(".draft")
        expect(mark).to_be_visible()
        expect(mark).to_have_text(re.compile("草稿"))
        assert page.locator(".st-key-nav").get_by_text("数据管理").count() == 0
        received.settle()
    expect(page.get_by_text("公开版不提供数据管理")).to_be_visible()
    controls = "[data-testid=stSelectbox], input[type=file], .st-key-desk_versions"
    assert page.locator(controls).count() == 0
    assert received.holding(hidden) == {}
