"""The series of a city folder: what is shipped, and every fault by row and column."""

from __future__ import annotations

import csv

import pytest

from geo import layers
from geo.errors import GeoError
from geo.series import files, latest

PUBLISHED = {  # published figure → place, metric
    "park_invest": ("parks", "industrial_investment"),
    "park_invest_share": ("parks", "investment_share"),
    "park_output": ("parks", "output"),
    "park_output_growth": ("parks", "output_growth"),
    "park_infrastructure": ("parks", "infrastructure"),
    "park_density_2019": ("parks", "output_density"),
    "park_density_2021": ("parks", "output_density"),
    "park_concentration": ("city", "in_parks_share"),
    "techreform_invest": ("city", "techreform_investment"),
    "techreform_growth": ("city", "techreform_growth"),
    "techreform_share": ("city", "techreform_share"),
    "domestic_invest": ("city", "domestic_capital"),
}


def rows(data_dir, name):
    with (data_dir / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_series_and_published_figures_do_not_contradict_each_other(atlas):
    """A figure that both state has one value, unit and status, in one year."""
    for id_, (place, metric) in PUBLISHED.items():
        stated = atlas.catalogue.published[id_]
        year = int(stated.as_of[:4])
        points = [
            p
            for p in atlas.series.by_subject[place, metric]
            if p.span.year == year and not p.sample
        ]
        assert [(p.value, p.status) for p in points] == [(stated.value, stated.kind)], id_
        assert atlas.catalogue.metrics[metric].unit == stated.unit
        assert points[0].source == stated.source


def test_every_real_point_has_its_source(data_dir):
    """Shipped real figures have source and grade, no sample word, and an estimate its note."""
    real = rows(data_dir, "series.csv")
    assert len(real) >= 20
    for row in real:
        assert row["source"]
        assert row["source_grade"] in "ABCD"
        assert "示例" not in "".join(row.values())
    dense = [row for row in real if row["metric"] == "output_density"]
    assert [(row["period"], row["value"]) for row in dense] == [
        ("2019", "30600"),
        ("2021", "45000"),
    ]
    assert all("口径未说明" in row["note"] and not row["area_kind"] for row in dense)


def test_samples_are_marked_everywhere(atlas, data_dir):
    """Each sample row says 示例, each of its points is marked, and no real point is."""
    made = rows(data_dir, "series_sample.csv")
    assert all("示例" in row["note"] and "示例" in row["source"] for row in made)
    assert sum(p.sample for p in atlas.series.points) == len(made) > 100
    assert all(p.sample == ("示例" in p.note) for p in atlas.series.points)


def test_sample_parts_never_exceed_the_whole(atlas):
    """A county has at least what its zones have, a zone at least what its sub-parks have."""
    value = {(p.place, p.metric, p.period): p.value for p in atlas.series.points if p.sample}
    for row in atlas.parks.itertuples():
        assert (row.id, "output", "2021") in value or not isinstance(row.county, str)
    for (place, metric, when), whole in value.items():
        zones = atlas.parks[(atlas.parks["county"] == place) & atlas.parks["parent"].isna()]
        parts = [*zones["id"], *atlas.parks.loc[atlas.parks["parent"] == place, "id"]]
        assert sum(value.get((part, metric, when), 0) for part in parts) <= whole


@pytest.mark.parametrize(
    ("column", "read", "expected"),
    [
        ("place", "999999", "city / parks"),
        ("metric", "happiness", "output"),
        ("period", "2021-Q1", "2022-09"),
        ("value", "1.5", "-1000000"),
        ("value", "", "-1000000"),
        ("value", "１", "-1000000"),
        ("status", "maybe", "actual"),
        ("area_kind", "big", "approved"),
    ],
)
def test_a_wrong_cell_is_named(city_copy, column, read, expected):
    """A cell that cannot be meant stops the reading with file, row, column and what is possible."""
    table = city_copy.rows("series.csv")
    table[1][column] = read
    city_copy.write_rows("series.csv", table)
    with pytest.raises(GeoError) as caught:
        layers.load(city_copy.folder)
    details = caught.value.details
    assert caught.value.code == "value_invalid"
    assert (details["file"], details["row"], details["column"]) == ("series.csv", 3, column)
    assert details["read"] == read
    assert expected in details["expected"]


def test_the_same_point_twice_is_refused(city_copy):
    """A place, metric and period of one status is stated once in a file."""
    table = city_copy.rows("series.csv")
    city_copy.write_rows("series.csv", [*table, table[0]])
    with pytest.raises(GeoError) as caught:
        layers.load(city_copy.folder)
    assert caught.value.details["row"] == len(table) + 2


def test_a_basis_belongs_to_areas_alone(city_copy):
    """A kind of area beside a figure that stands on none is a fault."""
    table = city_copy.rows("series.csv")
    number = next(n for n, row in enumerate(table) if row["metric"] == "output")
    table[number]["area_kind"] = "planned"
    city_copy.write_rows("series.csv", table)
    with pytest.raises(GeoError) as caught:
        layers.load(city_copy.folder)
    assert caught.value.details["column"] == "area_kind"


def test_a_real_figure_stands_before_a_sample(city_copy):
    """Where both files state a point, the real one is taken and the sample is gone."""
    table = city_copy.rows("series.csv")
    sample = city_copy.rows("series_sample.csv")[0]
    table.append({**sample, "value": "7", "source": "x", "note": ""})
    city_copy.write_rows("series.csv", table)
    series = layers.load(city_copy.folder).series
    found = latest(series, place=sample["place"], metric=sample["metric"], year=2019)
    assert (found.value, found.sample) == (7, False)


def test_a_city_without_series_has_none(atlas):
    """A city that declares no such layer has no points and no fault."""
    declared = atlas.catalogue
    without = {k: v for k, v in declared.layers.items() if k not in files.LAYERS}
    bare = type(declared)(**{**vars_of(declared), "layers": without})
    assert files.read(bare, counties=[], parks=[]).points == ()


def vars_of(declared):
    return {name: getattr(declared, name) for name in declared.__dataclass_fields__}


def test_a_file_that_is_no_table_is_named(city_copy):
    """A missing file, one that is not UTF-8 and one without a column are each said."""
    path = city_copy.folder / "series.csv"
    text = path.read_text("utf-8")
    for content, code in (
        (text.encode("gbk"), "file_unreadable"),
        (text.replace("status,", "state,", 1).encode(), "value_invalid"),
        (b"", "value_invalid"),
    ):
        path.write_bytes(content)
        with pytest.raises(GeoError) as caught:
            layers.load(city_copy.folder)
        assert caught.value.code == code
    path.unlink()
    with pytest.raises(GeoError, match="file_missing"):
        layers.load(city_copy.folder)
