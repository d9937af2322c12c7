"""What the browser is sent: exact, in the base map's datum, and public columns only."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo import layers
from geo.render import payload
from tests.geo.exchange.samples import HOSTILE

LAYERS = ("land", "water", "roads", "towns", "counties", "parks")
GEOD = Geod(ellps="WGS84")


def strict(content: bytes) -> dict:
    """Read JSON as a browser does: NaN and Infinity are no JSON."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(content.decode("utf-8"), parse_constant=refuse)


def column(document: dict, name: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(document[name], validate=True), dtype=dtype)


@pytest.fixture(scope="module")
def points(atlas) -> dict:
    return strict(payload.points(atlas, datum="wgs84"))


@pytest.fixture(scope="module")
def shapes(atlas) -> dict:
    return strict(payload.shapes(atlas, datum="wgs84"))


def test_positions_come_back(atlas, points):
    """Decoded positions are the frame's within a millionth of a degree, and hidden where there is none."""
    lon, lat = column(points, "lon", "<i4"), column(points, "lat", "<i4")
    mapped = atlas.projects["mapped"].to_numpy()
    assert points["n"] == len(lon) == len(lat) == len(atlas.projects)
    assert np.abs(lon[mapped] / 1e6 - atlas.projects.geometry[mapped].x).max() <= 1e-6
    assert np.abs(lat[mapped] / 1e6 - atlas.projects.geometry[mapped].y).max() <= 1e-6
    assert set(lon[~mapped]) == set(lat[~mapped]) == {payload.HIDDEN}
    assert mapped.any()
    assert not mapped.all()


@pytest.mark.parametrize("name", ["stage", "industry"])
def test_codes_come_back(atlas, points, shapes, name):
    """A decoded code points at the project's own entry of the dictionary that goes with it."""
    entries = [entry["id"] for entry in shapes["stages" if name == "stage" else "industries"]]
    codes = column(points, name, "u1")
    ids = [None if code == payload.NO_CODE else entries[code] for code in codes]
    assert ids == [None if pd.isna(value) else value for value in atlas.projects[name]]
    assert None in ids


def test_flags_come_back(atlas, points):
    """One bit marks samples, another those drawn at a park, a town or a county."""
    flags = column(points, "flags", "u1")
    projects = atlas.projects
    assert (flags & payload.SAMPLE > 0).tolist() == projects["sample"].tolist()
    vague = projects["placed"].isin(["park", "town", "county"])
    assert (flags & payload.APPROXIMATE > 0).tolist() == vague.tolist()
    assert set(flags) == {0, 1, 2, 3}


def test_sizes_come_back(atlas, points):
    """A size says between which bounds the investment lies: 0 unknown, then from 0, 1, 5, 10, 50 亿元."""
    for wan, size in zip(atlas.projects["invest_wan"], column(points, "size", "u1"), strict=True):
        if pd.isna(wan):
            assert size == 0
        else:
            assert size == 1 + sum(wan >= bound for bound in (10_000, 50_000, 100_000, 500_000))


@given(st.lists(st.booleans(), max_size=70))
def test_a_mask_puts_the_first_row_into_the_highest_bit(rows):
    """Bit 7 of byte 0 is row 0, and what is beyond the rows is 0."""
    packed = base64.b64decode(payload.row_mask(np.array(rows, dtype=bool)), validate=True)
    bits = [bool(packed[n >> 3] & (128 >> (n & 7))) for n in range(len(packed) * 8)]
    assert bits[: len(rows)] == rows
    assert not any(bits[len(rows) :])
    assert len(packed) == -(-len(rows) // 8)


def test_details_are_names_and_investment(atlas):
    """Details hold each project's name and its investment in 万元, null where it is not known."""
    found = strict(payload.details(atlas))
    assert set(found) == {"names", "invest_wan"}
    assert found["names"] == atlas.projects["name"].tolist()
    assert found["invest_wan"] == [
        None if pd.isna(wan) else int(wan) for wan in atlas.projects["invest_wan"]
    ]


def test_only_public_columns_go_out(city_copy):
    """No owner, leader, remark, place or source of a project or park is in any payload, nor any key beyond the agreed ones."""
    secret = "机密4711"
    hidden = (
        "owner",
        "responsible",
        "leader",
        "remark",
        "place",
        "progress_note",
        "coord_source",
        "source",
    )
    city_copy.cells("projects.csv", "r01", **dict.fromkeys((*hidden, "source_url", "code"), secret))
    city_copy.cells("parks.csv", "bec", source=secret, note=secret, industries_note=secret)
    atlas = layers.load(city_copy.folder)
    sent = {
        "shapes": payload.shapes(atlas, datum="wgs84"),
        "points": payload.points(atlas, datum="wgs84"),
        "details": payload.details(atlas),
    }
    assert all(secret.encode() not in content for content in sent.values())
    assert set(strict(sent["points"])) == {
        *("n", "lon", "lat", "stage", "industry", "size", "flags", "lines")
    }
    document = strict(sent["shapes"])
    assert set(document) == {"layers", "bbox", "stages", "industries"}
    assert set(document["layers"]) == set(LAYERS)
    keys = {key for layer in document["layers"].values() for one in layer for key in one}
    assert keys == {"kind", "parts", "id", "name", "label", "outline", "area_km2"}
    assert {key for stage in document["stages"] for key in stage} == {
        *("id", "name", "colour", "mark")
    }
    assert {key for one in document["industries"] for key in one} == {
        *("id", "name", "colour", "symbol")
    }


def first_spots(document: dict, layer: str) -> np.ndarray:
    """Give one (lon, lat) of each feature: its first vertex, or its label where it is a point."""
    return np.array([(one["parts"] or [one["label"]])[0][:2] for one in document["layers"][layer]])


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_moves_with_the_base_map(atlas, shapes, layer):
    """On a GCJ-02 base map every layer, labels too, is moved by that datum's offset, about half a kilometre."""
    moved = strict(payload.shapes(atlas, datum="gcj02"))
    before, after = first_spots(shapes, layer), first_spots(moved, layer)
    _, _, metres = GEOD.inv(*before.T, *after.T)
    assert len(metres) > 0
    assert metres.min() > 350
    assert metres.max() < 700
    labels = [
        (one["label"], other["label"])
        for one, other in zip(shapes["layers"][layer], moved["layers"][layer], strict=True)
        if "label" in one
    ]
    for one, other in labels:
        assert 350 < GEOD.inv(*one, *other)[2] < 700


def test_projects_and_frame_move_with_the_base_map(atlas, points, shapes):
    """On a GCJ-02 base map projects and the box to fit are moved too."""
    moved = strict(payload.points(atlas, datum="gcj02"))
    mapped = atlas.projects["mapped"].to_numpy()
    before = [column(points, axis, "<i4")[mapped] / 1e6 for axis in ("lon", "lat")]
    after = [column(moved, axis, "<i4")[mapped] / 1e6 for axis in ("lon", "lat")]
    _, _, metres = GEOD.inv(*before, *after)
    assert 450 < np.median(metres) < 600
    hidden = column(moved, "lon", "<i4")[~mapped]
    assert set(hidden) == {payload.HIDDEN}
    west, south, east, north = shapes["bbox"]
    other = strict(payload.shapes(atlas, datum="gcj02"))["bbox"]
    assert 350 < GEOD.inv(west, south, *other[:2])[2] < 700
    assert 350 < GEOD.inv(east, north, *other[2:])[2] < 700


def test_shapes_come_back(atlas, shapes):
    """A county's rings hold its own vertices, within the five decimals that are written."""
    for county, feature in zip(
        atlas.counties.itertuples(), shapes["layers"]["counties"], strict=True
    ):
        assert (feature["id"], feature["name"]["zh"]) == (county.code, county.name)
        wanted = shapely.get_coordinates(county.geometry)
        found = np.concatenate([np.reshape(part, (-1, 2)) for part in feature["parts"]])
        assert np.abs(found - wanted).max() <= 5.1e-6


def test_a_park_says_what_its_outline_is(atlas, shapes):
    """Every park with a place is sent with its kind of outline, its stated area and a label inside."""
    drawn = atlas.parks[atlas.parks.geometry.notna()]
    sent = {feature["id"]: feature for feature in shapes["layers"]["parks"]}
    assert list(sent) == drawn["id"].tolist()
    for park in drawn.itertuples():
        assert sent[park.id]["outline"] == park.outline
        area = None if pd.isna(park.area_km2) else float(park.area_km2)
        assert sent[park.id]["area_km2"] == area
        assert np.hypot(*np.subtract(sent[park.id]["label"], (park.lon, park.lat))) < 1e-3


def test_stages_are_numbered_up_to_the_side_states(shapes):
    """The rungs of the ladder are numbered from 1; a paused or ended project has no number."""
    marks = [stage["mark"] for stage in shapes["stages"]]
    assert marks == [*"123456789", "10", "–", "–"]


def test_hostile_names_are_data(atlas):
    """Whatever a name holds, it comes out of the JSON as it went in, and the JSON stays whole."""
    names = [text for text in HOSTILE if "\ud800" not in text]
    projects, parks = atlas.projects.iloc[: len(names)].copy(), atlas.parks.copy()
    projects["name"] = names
    drawn = parks.index[parks.geometry.notna()]
    changed = replace(atlas, projects=projects, parks=parks)
    assert strict(payload.details(changed))["names"] == names
    for some in (names[n : n + len(drawn)] for n in range(0, len(names), len(drawn))):
        parks.loc[drawn[: len(some)], "name"] = some
        features = strict(payload.shapes(changed, datum="wgs84"))["layers"]["parks"]
        assert [one["name"] for one in features][: len(some)] == [
            {"zh": name, "en": english}
            for name, english in zip(some, parks.loc[drawn, "name_en"], strict=False)
        ]


def test_a_number_that_is_none_is_never_sent(atlas):
    """NaN and infinity, which no browser reads as JSON, stop the writing instead of being written."""
    parks = atlas.parks.copy()
    parks["area_km2"] = float("inf")
    with pytest.raises(ValueError):
        payload.shapes(replace(atlas, parks=parks), datum="wgs84")


def test_nothing_of_the_atlas_is_changed(data_dir):
    """Writing payloads in either datum leaves every frame, its datum and its attributes as they were."""
    atlas = layers.load(data_dir)
    frames = {
        "counties": atlas.counties,
        "parks": atlas.parks,
        "projects": atlas.projects,
    } | atlas.base
    copies = {name: frame.copy(deep=True) for name, frame in frames.items()}
    for datum in ("wgs84", "gcj02", "bd09"):
        payload.shapes(atlas, datum=datum)
        payload.points(atlas, datum=datum)
    payload.details(atlas)
    for name, frame in frames.items():
        plain, copy = (f.drop(columns="geometry") for f in (frame, copies[name]))
        pd.testing.assert_frame_equal(pd.DataFrame(plain), pd.DataFrame(copy))
        assert frame.crs == copies[name].crs
        assert frame.attrs == copies[name].attrs
        assert np.array_equal(frame.geometry.to_wkb(), copies[name].geometry.to_wkb())


def test_a_line_is_sent_with_its_course_and_its_middle(city_copy):
    """A line project's point is the middle of its course, and the course itself is sent by row."""
    course = shapely.LineString([(124.0, 40.0), (124.2, 40.0), (124.4, 40.0)])
    frame = gpd.GeoDataFrame({"id": ["r09"]}, geometry=[course], crs=4326)
    city_copy.add_layer("project_lines", frame, file="lines.geojson")
    atlas = layers.load(city_copy.folder)
    found = strict(payload.points(atlas, datum="wgs84"))
    row = atlas.projects["id"].tolist().index("r09")
    assert found["lines"] == [[row, [[124.0, 40.0, 124.2, 40.0, 124.4, 40.0]]]]
    assert column(found, "lon", "<i4")[row] == 124_200_000
    moved = strict(payload.points(atlas, datum="gcj02"))["lines"][0][1][0]
    assert 350 < GEOD.inv(124.0, 40.0, *moved[:2])[2] < 700


@pytest.mark.parametrize("keep", ["none", "unmapped"])
def test_an_atlas_without_points_is_sent(atlas, keep):
    """A city without projects, or with none that has a place, gives whole payloads."""
    projects = atlas.projects
    rows = projects.iloc[:0] if keep == "none" else projects[~projects["mapped"]]
    few = replace(atlas, projects=rows.reset_index(drop=True))
    for datum in ("wgs84", "gcj02"):
        found = strict(payload.points(few, datum=datum))
        assert found["n"] == len(rows)
        assert set(column(found, "lon", "<i4")) <= {payload.HIDDEN}
    assert len(strict(payload.details(few))["names"]) == len(rows)
