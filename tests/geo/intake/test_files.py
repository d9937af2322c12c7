"""The same list in every kind of file gives the same records."""

from __future__ import annotations

import datetime as dt
import json

import openpyxl
import pytest

from geo.exchange import reading
from geo.intake import records
from tests.geo.intake.sheets import codes

HEAD = [
    "项目名称",
    "所属县区",
    "总投资（亿元）",
    "形象进度（%）",
    "开工时间",
    "经度（GCJ-02）",
    "纬度",
]
ROW = ["甲", "东港", "1.2", "50%", "2022-03-01", "124.206", "39.982"]


@pytest.fixture
def intake(lexicon, tmp_path):
    def read(name, data, **options):
        path = tmp_path / name
        path.write_bytes(data)
        return records.read(reading.read(path, limits=reading.Limits()), lexicon, **options)

    return read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_in_every_encoding(intake, encoding, mark):
    """A CSV is read in every encoding, with any usual mark between its cells."""
    lines = ["某市项目清单", mark.join(HEAD), mark.join(ROW), "合计" + mark * 6]
    found = intake("a.csv", "\r\n".join(lines).encode(encoding))
    assert found.errors == ()
    (record,) = found.records
    assert (record.row, record.fields["name"], record.fields["invest_wan"]) == (3, "甲", 12000)
    assert (record.fields["progress_pct"], record.fields["start_date"]) == (50, "2022-03-01")


def test_a_workbook(intake, tmp_path):
    """A workbook with typed cells, merges and a hidden row gives what its cells show."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["某市项目清单"])
    page.merge_cells("A1:G1")
    page.append(HEAD)
    page.append(["甲", "东港", 1.2, 0.5, dt.datetime(2022, 3, 1), 124.206, 39.982])
    page.append(["乙", None, 0.3, 0.25, dt.datetime(2023, 5, 1), None, None])
    page.merge_cells("B3:B4")
    page["D3"].number_format = page["D4"].number_format = "0%"
    page["E4"].number_format = 'yyyy"年"m"月"'
    page.row_dimensions[4].hidden = True
    page.append(["合计", None, "=SUM(C3:C4)"])
    path = tmp_path / "b.xlsx"
    book.save(path)
    found = intake("a.xlsx", path.read_bytes())
    assert found.errors == ()
    first, second = (record.fields for record in found.records)
    assert (first["invest_wan"], first["progress_pct"], first["start_date"]) == (
        12000,
        50,
        "2022-03-01",
    )
    assert (second["county"], second["invest_wan"], second["start_date"]) == (
        "210681",
        3000,
        "2023-05",
    )
    assert codes(found.warnings) == ["rows_hidden"]


def test_a_date_system_of_1904(intake, tmp_path):
    """Dates of a workbook that counts from 1904 are the days that it shows."""
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    rows = (["甲", "东港", dt.datetime(2022, 3, 1)], ["乙", "东港", 43159])
    for row in (["项目名称", "所属县区", "开工时间"], *rows):
        book.active.append(row)
    path = tmp_path / "b.xlsx"
    book.save(path)
    found = intake("a.xlsx", path.read_bytes())
    assert [r.fields["start_date"] for r in found.records] == ["2022-03-01", "2022-03-01"]


def test_a_feature_collection(intake):
    """The properties of GeoJSON are columns, its points the coordinates."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": "甲", "county": "210681", "invest_wan": 12000, "stage": "build"},
            "geometry": {"type": "Point", "coordinates": [124.2, 39.98]},
        }
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    found = intake("a.geojson", text.encode())
    assert found.errors == found.warnings == ()
    fields = found.records[0].fields
    assert (fields["invest_wan"], fields["stage"], fields["lon"]) == (12000, "build", 124.2)


def test_a_number_called_id_is_no_project_of_ours(intake, data_dir):
    """In a foreign list `id` numbers the rows; in one with the fields' own names it is the project's."""
    foreign = b"id,name,county,invest_wan,start_date,end_date\nr02,a,210681,1,2022,2023\n"
    assert "id" not in intake("a.csv", foreign).records[0].fields
    own = (data_dir / "projects.csv").read_bytes()
    ids = [record.fields["id"] for record in intake("b.csv", own).records]
    assert ids[:2] == ["r01", "r02"]


def test_the_city_folders_own_table_is_read(intake, data_dir):
    """The sample that ships with the city is a list like any other."""
    data = (data_dir / "projects_sample.csv").read_bytes()
    found = intake("projects.csv", data, datum="wgs84")
    assert found.errors == ()
    assert len(found.records) == data.count(b"\n") - 1


def collection(geometry, **properties):
    """Return the bytes of a GeoJSON file of one project."""
    known = {"项目名称": "甲", "所属县区": "东港市"} | properties
    feature = {"type": "Feature", "properties": known, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize(
    ("line", "errors", "warnings"),
    [
        ([[124.2, 39.98], [124.06, 40.56]], [], []),  # begins in its county and leaves it
        ([[124.9, 40.8], [124.95, 40.82]], [], ["coordinate_other_county"]),
        ([[116.4, 39.9], [116.5, 39.9]], ["coordinate_far"], []),
    ],
)
def test_a_line_should_touch_its_county(intake, line, errors, warnings):
    """A road may leave its county; one that is nowhere in it is said, one outside the city refused."""
    found = intake("a.geojson", collection({"type": "LineString", "coordinates": line}))
    assert (codes(found.errors), codes(found.warnings)) == (errors, warnings)
    assert {fault.row for fault in (*found.errors, *found.warnings)} <= {2}


def test_a_feature_may_name_its_own_datum(intake):
    """A point from a Chinese map that says so is moved; a datum that nobody can move is refused."""
    point = {"type": "Point", "coordinates": [124.206, 39.982]}
    as_list = ",".join(HEAD), ",".join(ROW)
    (same,) = intake("a.csv", "\n".join(as_list).encode()).records
    (moved,) = intake("a.geojson", collection(point, 坐标系="GCJ-02")).records
    for axis in ("lon", "lat"):
        assert moved.fields[axis] == pytest.approx(same.fields[axis], abs=1e-7)
    refused = intake("a.geojson", collection(point, 坐标系="西安80"))
    assert codes(refused.errors) == ["datum_unsupported"]


def test_a_datum_asked_for_does_not_move_a_vector_file_and_that_is_said(intake):
    """GeoJSON states its datum; another that was asked for is not used without a word."""
    data = collection({"type": "Point", "coordinates": [124.2, 39.98]})
    found = intake("a.geojson", data, datum="gcj02")
    assert (codes(found.warnings), found.records[0].fields["lon"]) == (["datum_differs"], 124.2)


def test_a_row_of_a_csv_beyond_its_heading_is_refused(intake):
    """12,000 without quotes is two cells, and everything behind it is in the wrong column."""
    text = "项目名称,所属县区,总投资（万元）,备注\n甲,东港市,12,000,无\n乙,东港市,5,,\n"
    found = intake("a.csv", text.encode())
    assert [(fault.row, fault.code) for fault in found.errors] == [(2, "row_too_wide")]
    quoted = intake("a.csv", text.replace("12,000", '"12,000"').encode())
    assert (codes(quoted.errors), quoted.records[0].fields["invest_wan"]) == ([], 12000)
