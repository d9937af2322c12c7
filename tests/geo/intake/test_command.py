"""python -m geo import: reads, refuses, writes all or nothing, and says so in JSON."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import openpyxl
import pytest

from geo.__main__ import main
from geo.cli.importing import IMPORTED, REJECTED
from geo.errors import GeoError
from geo.intake import applying
from geo.store import open_store
from geo.store.engine import FILE
from tests.geo.intake.sheets import HEADINGS, project, read, sheet

FULL = {
    "项目编码": "2201-210681-04-01-123456",
    "总投资": 12000,
    "年度计划投资": "3,000",
    "累计完成投资": "1000万元",
    "形象进度": "50%",
    "开工时间": "2022年3月",
    "联系电话": 13800138000,
    "经度": 124.2,
    "纬度": 39.98,
}


@pytest.fixture
def state(tmp_path, monkeypatch):
    """Give the command a state folder of its own."""
    folder = tmp_path / "var"
    monkeypatch.setenv("GEO_STATE", str(folder))
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.delenv("GEO_DATA", raising=False)
    return folder


def workbook(path, *rows, title="某市重点项目一览表"):
    book = openpyxl.Workbook()
    for row in ([title], HEADINGS, *rows):
        book.active.append(row)
    book.save(path)
    return path


def run(capsys, *arguments):
    code = main(["import", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_right_file_is_imported_once(state, tmp_path, capsys):
    """A list becomes one data version; read again it changes nothing; changed it is another."""
    path = workbook(tmp_path / "a.xlsx", project(**FULL), project(项目名称="乙"))
    code, report = run(capsys, path)
    assert (code, report["imported"], report["errors"]) == (IMPORTED, 2, [])
    assert set(report) == {"imported", "rows", "errors", "warnings", "version"}
    assert set(report["rows"]) == {"3", "4"}
    first = report["rows"]["3"]
    assert (first["county"], first["invest_wan"], first["plan_wan"], first["done_wan"]) == (
        "210681",
        12000,
        3000,
        1000,
    )
    assert (first["start_date"], first["phone"], first["progress_pct"]) == (
        "2022-03",
        "13800138000",
        50,
    )
    version = report["version"]
    assert run(capsys, path)[1]["version"] == version
    changed = workbook(tmp_path / "b.xlsx", project(**FULL | {"总投资": 13000}))
    assert run(capsys, changed)[1]["version"] == version + 1
    store = open_store(state / FILE)
    (difference,) = store.changes(version=version + 1)
    store.close()
    assert (difference.before, difference.after) == ({"invest_wan": 12000}, {"invest_wan": 13000})


def test_the_responsible_unit_is_in_the_report_and_in_the_store(state, tmp_path, capsys):
    """A list with 责任单位 beside 建设单位 gives two fields, in the JSON and in the store."""
    path = tmp_path / "a.csv"
    path.write_text("项目名称,所属县区,责任单位,建设单位\n甲,东港市,市工信局,甲公司\n", "utf-8")
    code, report = run(capsys, path)
    assert (code, report["warnings"]) == (IMPORTED, [])
    row = report["rows"]["2"]
    assert (row["responsible"], row["owner"]) == ("市工信局", "甲公司")
    store = open_store(state / FILE)
    kept = store.projects().set_index("name").loc["甲"]
    store.close()
    assert (kept["responsible"], kept["owner"]) == ("市工信局", "甲公司")


def test_a_file_with_a_fault_changes_nothing(state, tmp_path, capsys):
    """With one wrong cell nothing is imported, no store is made, and the cell is named."""
    path = workbook(tmp_path / "a.xlsx", project(**FULL), project(项目名称="乙", 总投资="abc"))
    code, report = run(capsys, path)
    assert code == REJECTED
    assert (report["imported"], report["rows"], report["version"]) == (0, {}, None)
    (error,) = report["errors"]
    assert (error["row"], error["col"], error["code"]) == (4, "总投资（万元）", "money_unreadable")
    assert "abc" in error["message"]
    assert set(error) == {"row", "col", "code", "message"}
    assert not state.exists()


def test_a_dry_run_writes_nothing(state, tmp_path, capsys):
    """A dry run reads and shows the rows without making a store."""
    code, report = run(capsys, workbook(tmp_path / "a.xlsx", project(**FULL)), "--dry-run")
    assert (code, report["imported"], report["version"]) == (IMPORTED, 0, None)
    assert report["rows"]["3"]["name"] == "甲项目"
    assert not state.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"no workbook"),
        ("a.txt", b"x"),
        ("a.csv", b""),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(99)),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error(state, tmp_path, capsys, name, content):
    """A file that is none of the known kinds is one error of the whole file with a sentence."""
    path = tmp_path / name
    path.write_bytes(content)
    code, report = run(capsys, path)
    assert code == REJECTED
    (error,) = report["errors"]
    assert (error["row"], error["col"]) == (None, None)
    assert name in error["message"]


def test_a_missing_file_is_an_error(state, tmp_path, capsys):
    """A path to nothing is said in one sentence."""
    code, report = run(capsys, tmp_path / "none.xlsx")
    assert (code, report["errors"][0]["code"]) == (REJECTED, "file_missing")


def test_what_is_known_is_compared(state, tmp_path, capsys):
    """A row that could be either of two known projects is refused, in a dry run too."""
    codes = ("2201-210681-04-01-123456", "2202-210681-04-01-123456")
    rows = [project(项目编码=code) for code in codes]
    assert run(capsys, workbook(tmp_path / "a.xlsx", *rows))[1]["imported"] == 2
    doubtful = workbook(tmp_path / "b.xlsx", project())
    for options in ([], ["--dry-run"]):
        code, report = run(capsys, doubtful, *options)
        assert (code, report["imported"], report["version"]) == (REJECTED, 0, None)
        assert [(e["row"], e["code"]) for e in report["errors"]] == [(3, "match_ambiguous")]


def test_two_imports_at_once_make_each_project_once(state, tmp_path, root):
    """Of two processes with the same list one makes the projects and the other finds them."""
    rows = [project(项目名称=f"项目{n}") for n in range(40)]
    path = workbook(tmp_path / "a.xlsx", *rows)
    command = [sys.executable, "-m", "geo", "import", str(path), "--json"]
    started = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) for _ in range(2)]
    reports = [json.loads(process.communicate()[0].decode("utf-8")) for process in started]
    assert [report["errors"] for report in reports] == [[], []]
    assert {report["imported"] for report in reports} == {40}
    store = open_store(state / FILE)
    listed = store.projects()["name"].tolist()
    store.close()
    assert sum(str(name).startswith("项目") for name in listed) == 40


def test_another_writer_in_between_is_compared_again(state, tmp_path, data_dir, lexicon):
    """If a project appears between the preview and the write, the import sees it and goes on."""
    intake = read(lexicon, sheet(["项目名称", "所属县区"], ["甲", "东港市"]))
    store = open_store(state / FILE, city=data_dir)
    diff, versions = applying.preview(intake.records, store)
    first = applying.apply(diff, versions, store, who="a", source="a.csv")
    with pytest.raises(GeoError) as raised:
        applying.apply(diff, versions, store, who="b", source="a.csv")
    assert raised.value.code == "store.exists"
    again = applying.run(intake.records, store, who="b", source="a.csv")
    store.close()
    assert (again.version, len(again.diff.unchanged)) == (first, 1)


def test_another_city_is_another_folder(state, tmp_path, capsys, data_dir):
    """`--city` gives counties, headings and limits; with a heading added there it is known."""
    city = tmp_path / "city"
    shutil.copytree(data_dir, city)
    headers = city / "headers.toml"
    headers.write_text(
        headers.read_text("utf-8").replace('"项目名称", ', '"项目名称", "标的", '), "utf-8"
    )
    path = tmp_path / "a.csv"
    path.write_text("标的,所属县区\n甲,东港市\n", "utf-8")
    assert run(capsys, path, "--dry-run")[0] == REJECTED
    assert run(capsys, path, "--dry-run", "--city", city)[0] == IMPORTED
    headers.unlink()
    code, report = run(capsys, path, "--dry-run", "--city", city)
    assert (code, report["errors"][0]["code"]) == (REJECTED, "file_missing")


@pytest.mark.parametrize(
    ("rows", "expected"), [(3, []), (4, ["too_many_rows"]), (300, ["file_too_many_rows"])]
)
def test_a_list_above_the_citys_limit_is_refused(
    state, tmp_path, capsys, city_copy, rows, expected
):
    """A list longer than the city allows is refused with one sentence that names the limit; the shipped limit is 50,000."""
    path = tmp_path / "a.csv"
    lines = [f"项目{n},东港市" for n in range(rows)]
    path.write_text("\n".join(["项目名称,所属县区", *lines]), "utf-8")
    assert run(capsys, path, "--dry-run")[0] == IMPORTED
    city_copy.replace("city.toml", "rows = 50000 ", "rows = 3 ")
    code, report = run(capsys, path, "--city", city_copy.folder)
    assert [error["code"] for error in report["errors"]] == expected
    assert (code, report["imported"]) == ((REJECTED, 0) if expected else (IMPORTED, rows))
    assert state.exists() == (not expected)
    for error in report["errors"]:
        assert (error["row"], error["col"]) == (None, None)
        assert "超过上限" in error["message"]
        assert error["message"].count("。") == 1


def test_mapping_and_datum_are_options(state, tmp_path, capsys):
    """`--map` names a column and `--datum` the datum of a file that states none."""
    path = tmp_path / "a.csv"
    path.write_text("标的,所属县区,经度,纬度\n甲,东港市,124.2,39.98\n", "utf-8")
    code, report = run(capsys, path, "--dry-run", "--map", "标的=name", "--datum", "gcj02")
    assert (code, report["warnings"]) == (IMPORTED, [])
    assert report["rows"]["2"]["lon"] != 124.2


def test_rows_of_further_sheets_are_told_apart(state, tmp_path, capsys):
    """Rows of a second sheet have its name before their number, in the rows and in the messages."""
    path = workbook(tmp_path / "a.xlsx", project())
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("新开工")
    second.append(HEADINGS)
    second.append(project(项目名称="乙"))
    book.save(path)
    assert set(run(capsys, path, "--dry-run")[1]["rows"]) == {"3", "新开工!2"}


def test_without_json_people_can_read_it(state, tmp_path, capsys):
    """Without `--json` faults are lines and the last line says what was done."""
    path = workbook(tmp_path / "a.xlsx", project(总投资="abc"))
    assert main(["import", str(path)]) == REJECTED
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("[错误] 第 3 行 “总投资（万元）”列：读到“abc”")
    assert lines[-1] == "没有导入：发现 1 处错误，请改正后重新导入。"
    assert main(["import", str(workbook(path, project())), "--lang", "en"]) == IMPORTED
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 rows imported; data version")


def test_the_module_is_a_program(state, tmp_path, root):
    """`python -m geo import` prints one JSON object and exits with 2 where it refuses."""
    done = subprocess.run(
        [sys.executable, "-m", "geo", "import", str(tmp_path / "none.xlsx"), "--json"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    assert done.returncode == REJECTED
    assert json.loads(done.stdout.decode("utf-8"))["imported"] == 0
    assert done.stderr == b""
