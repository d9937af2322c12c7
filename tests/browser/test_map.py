"""The map itself: what it draws, its legend, groups, fans, layers and scale."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import expect

from tests.browser.driving import wait_idle
from tests.browser.map_page import MapPage, colours, differs, entries, near, projects


@pytest.fixture
def visit(server, page) -> MapPage:
    return MapPage(page, server.url)


def test_the_map_draws_the_city_offline(visit, guard):
    """Sea, land, counties and projects are painted from the app's own address alone."""
    visit.open()
    seen = colours(visit.picture())
    assert len(seen) > 500
    for ground in (
        "#d5e4ec",
        "#eceae4",
        "#fbfaf6",
        "#b5d3e3",
        "#d8c29a",
    ):  # sea land city water road
        assert sum(n for c, n in seen.items() if near(c, ground, 2)) > 100, ground
    for stage in ("build", "start", "done"):
        colour = entries("stages.toml")[stage]["colour"]
        assert sum(n for c, n in seen.items() if near(c, colour)) > 30, stage
    assert not guard.faults()


@pytest.mark.parametrize("kind", ["real", "sample"])
def test_samples_are_hollow_and_real_projects_are_filled(visit, kind):
    """Inside its outline a sample is white, a real project has the colour of its stage."""
    rows, stages = projects(), entries("stages.toml")
    visit.open(at="124.2,40.45,9.5", k=kind)
    place = max((p for p in _single(visit) if rows[p.rows[0]]["stage"]), key=lambda p: p.r)
    visit.move(5, 5)
    seen = _inside(visit, place).most_common(2)
    wanted = "#ffffff" if kind == "sample" else stages[rows[place.rows[0]]["stage"]]["colour"]
    assert near(seen[0][0], wanted), (rows[place.rows[0]]["name"], seen)


def _single(visit: MapPage):
    return [place for place in visit.places() if len(place.rows) == 1]


def _inside(visit: MapPage, place) -> Counter:
    half = place.r * 0.55
    box = (place.x - half, place.y - half, place.x + half, place.y + half)
    return colours(visit.picture().crop(tuple(round(v + 1) for v in box)))


def test_the_legend_counts_what_is_shown(visit):
    """The legend is always in sight, and its counts are those of the rows in the city's files."""
    visit.open()
    expect(visit.frame.locator(".gm-legend")).to_be_visible()
    rows = projects()
    for facet in ("stage", "industry"):
        assert visit.legend(facet) == dict(Counter(r[facet] for r in rows if r[facet]))
    assert visit.legend_count() == f"{len(rows)} / {len(rows)}"
    for words in ("真实项目", "示例项目", "位置仅为概略", "园区示意范围"):
        expect(visit.frame.locator(".gm-keys")).to_contain_text(words)


def test_a_click_on_the_legend_filters_and_a_second_one_releases(visit):
    """An entry of the legend chooses its stage or industry; pressed again it lets go."""
    visit.open()
    rows = projects()
    with visit.redraw():
        visit.legend_entry("stage", "done").click()
    done = [r for r in rows if r["stage"] == "done"]
    assert visit.count() == (len(done), len(rows))
    assert visit.query()["s"] == "done"
    expect(visit.legend_entry("stage", "done")).to_have_attribute("aria-pressed", "true")
    with visit.redraw():
        visit.legend_entry("industry", "food").click()
    both = sum(r["industry"] == "food" for r in done)
    assert visit.count() == (both, len(rows))
    assert visit.legend("stage")["done"] == both
    for facet, id_ in (("stage", "done"), ("industry", "food")):
        with visit.redraw():
            visit.legend_entry(facet, id_).click()
    assert visit.count() == (len(rows), len(rows))
    assert visit.query() == {} or set(visit.query()) == {"at"}


def test_the_colours_switch_between_stage_and_industry(visit):
    """The switch repaints the projects, and the legend leads with what colours them."""
    visit.open()
    before = visit.picture()
    with visit.redraw():
        visit.page.get_by_role("radio", name="按产业").click()
    after = visit.picture()
    assert differs(before, after) > 2000
    colour = entries("industries.toml")["equip"]["colour"]
    assert sum(n for c, n in colours(after).items() if near(c, colour)) > 100
    assert visit.query()["o"] == "industry"
    assert visit.frame.locator(".gm-section summary").first.inner_text().startswith("产业")


def test_a_group_opens_by_a_click(visit):
    """A press on a group of projects apart from each other zooms until they part."""
    visit.open()
    group = max(visit.places(), key=lambda place: len(place.rows))
    zoom = visit.zoom()
    visit.move(group.x, group.y)
    expect(visit.frame.locator(".gm-tip")).to_contain_text(f"{len(group.rows)} 个项目")
    visit.click(group.x, group.y)
    visit.frame.wait_for_function("(z) => map.getZoom() > z && !map._animatingZoom", arg=zoom)
    visit.page.wait_for_timeout(400)
    mine = [place for place in visit.places() if set(place.rows) & set(group.rows)]
    assert len(mine) > 1
    assert visit.query().keys() == {"at"}


def test_projects_of_one_place_fan_out_and_each_opens(visit):
    """Several projects at one point spread on a click, and each of them opens its own card."""
    rows = projects()
    visit.open(k="real", at="124.35,40.12,15")
    shared = _county_point(visit, rows)
    with visit.redraw():
        visit.frame.evaluate("([x, y]) => map.setView([y, x], 15, {animate: false})", shared)
        visit.page.get_by_role("radio", name="按产业").click()
    group = max(visit.places(), key=lambda place: len(place.rows))
    assert 2 <= len(group.rows) <= 12
    visit.click(group.x, group.y)
    visit.frame.wait_for_function("() => GeoMap.app.points.fan")
    spots = visit.fan()
    assert set(spots) == set(group.rows)
    for row, (x, y) in spots.items():
        with visit.redraw():
            visit.click(x, y)
        assert visit.card_name() == rows[row]["name"]
        assert visit.query()["id"] == rows[row]["id"]


def _county_point(visit: MapPage, rows) -> list[float]:
    """Find the point at which the most real projects are drawn together."""
    spots = visit.frame.evaluate(
        "() => Array.from(GeoMap.app.points.rows).map((r) => [GeoMap.app.points.x[r], GeoMap.app.points.y[r]])"
    )
    (x, y), n = Counter(map(tuple, spots)).most_common(1)[0]
    assert n > 1
    return visit.frame.evaluate(
        "([x, y]) => { const p = L.CRS.EPSG3857.pointToLatLng(L.point(x, y), 0); return [p.lng, p.lat] }",
        [x, y],
    )


def test_the_mouse_over_a_project_says_what_it_is(visit):
    """A tooltip gives name, stage and that a sample is one."""
    rows, stages = projects(), entries("stages.toml")
    visit.open(at="124.2,40.5,11")
    place = next(p for p in _single(visit) if rows[p.rows[0]]["kind"] == "sample")
    row = rows[place.rows[0]]
    visit.move(place.x, place.y)
    tip = visit.frame.locator(".gm-tip")
    expect(tip).to_be_visible()
    for words in (row["name"], stages[row["stage"]]["zh"], "示例，并非真实项目"):
        expect(tip).to_contain_text(words)


def test_layers_go_and_come_back_without_a_run(visit):
    """The county outlines can be taken off the map and put back; nobody asks the server."""
    visit.open()
    with_lines = visit.picture()
    visit.frame.locator("summary").filter(has_text="图层").click()
    box = visit.frame.get_by_label("县区界线")
    sent = len(visit.sent)
    area = (60, 60, 500, 500)
    box.click()
    assert not box.is_checked()
    without = visit.picture().crop(area)
    line = "#8a94a3"
    assert _pixels(without, line) < 0.3 * _pixels(with_lines.crop(area), line)
    box.click()
    visit.page.mouse.move(5, 5)  # off the map, else a county is tinted
    visit.page.wait_for_timeout(200)
    assert differs(visit.picture().crop(area), with_lines.crop(area)) < 200
    assert len(visit.sent) == sent


def _pixels(image, hex_: str) -> int:
    return sum(n for c, n in colours(image).items() if near(c, hex_, 3))


def test_there_is_a_scale_and_a_way_back_to_all_results(visit):
    """A metric scale bar stands on the map, and the button "全图" brings all results into sight."""
    visit.open(at="124.35,40.12,14")
    scale = visit.frame.locator(".leaflet-control-scale-line")
    expect(scale).to_be_visible()
    assert scale.inner_text().endswith(" m")
    visit.frame.get_by_role("button", name="全图").click()
    visit.frame.wait_for_function("() => map.getZoom() < 9")
    assert scale.inner_text().endswith(" km")
    wait_idle(visit.page)
