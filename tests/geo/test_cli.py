"""The command line of those who keep the data: export, backup, restore, history, undo."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest

from geo.__main__ import main
from geo.cli.context import DONE, REFUSED
from geo.store import Store, Update, open_store
from geo.store.engine import FILE
from tests.geo.cities import CityCopy
from tests.geo.store.test_store import same

SECRET = ("13800138000", "李科长", "内部甲", "洽谈乙")


@pytest.fixture
def city(city_copy: CityCopy) -> Path:
    """Return a city of twelve projects: one with a telephone, one internal, one under negotiation."""
    for file in ("projects.csv", "projects_sample.csv"):
        rows = [row for row in city_copy.rows(file) if row["county"]]
        city_copy.write_rows(file, rows[:6])
    return city_copy.folder


@pytest.fixture
def store(city, tmp_path, monkeypatch):
    """Return the store that the commands work on, open as a page would have it."""
    monkeypatch.setenv("GEO_STATE", str(tmp_path / "var"))
    monkeypatch.setenv("GEO_DATA", str(city))
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    opened = open_store(tmp_path / "var" / FILE, city=city)
    change(opened, "s001", phone=SECRET[0], contact=SECRET[1])
    change(opened, "s002", name=SECRET[2], internal=True)
    change(opened, "s003", name=SECRET[3], stage="talk")
    yield opened
    opened.close()


def change(store: Store, project: str, **fields: object) -> int:
    frame = store.projects()
    expected = dict(zip(frame["id"], frame["row_version"].tolist(), strict=True))
    return store.apply(
        [Update(project, fields)], who="王", why="改", kind="edit", expected=expected
    )


def run(capsys, *arguments: object) -> tuple[int, str]:
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    assert bool(said.err) == (code == REFUSED)
    return code, said.out + said.err


def layers_of(file: Path) -> dict[str, pd.DataFrame]:
    return {name: pyogrio.read_dataframe(file, layer=name) for name, _ in pyogrio.list_layers(file)}


def test_an_exported_geopackage_holds_every_project(store, tmp_path, capsys):
    """What geopandas reads back is the store's projects, internal ones too, for their owner alone."""
    file = tmp_path / "out.gpkg"
    code, said = run(capsys, "export", file)
    assert (code, "12" in said, "版本 4" in said) == (DONE, True, True)
    found = pd.concat(layers_of(file).values()).set_index("id")
    wanted = store.projects().set_index("id")
    assert set(found.index) == set(wanted.index)
    assert found["name"].to_dict() == wanted["name"].to_dict()
    assert found.at["s001", "phone"] == SECRET[0]
    assert gpd.read_file(file, layer="projects").crs == "EPSG:4326"
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("ending", ["gpkg", "xlsx", "csv", "geojson", "kml"])
def test_a_public_export_holds_nothing_internal(store, tmp_path, capsys, ending):
    """With --public neither an internal project nor a contact is anywhere in the file."""
    file = tmp_path / f"out.{ending}"
    assert run(capsys, "export", file, "--public")[0] == DONE
    assert not any(secret in everything(file) for secret in SECRET)
    assert file.stat().st_mode & 0o777 == 0o666 & ~umask()
    assert run(capsys, "export", file)[0] == DONE
    assert all(secret in everything(file) for secret in SECRET)


def test_which_stages_are_internal_the_city_says(store, city_copy, tmp_path, capsys):
    """In a city whose dictionary keeps no stage to itself, a project in talks is public."""
    city_copy.replace("stages.toml", "internal = true\n", "")
    file = tmp_path / "out.csv"
    assert run(capsys, "export", file, "--public")[0] == DONE
    assert [secret in everything(file) for secret in SECRET] == [False, False, False, True]


def umask() -> int:
    kept = os.umask(0)
    os.umask(kept)
    return kept


def everything(file: Path) -> str:
    """Return all that a file says, as text."""
    if file.suffix == ".gpkg":
        return "".join(frame.to_string() for frame in layers_of(file).values())
    if file.suffix == ".xlsx":
        sheets = openpyxl.load_workbook(file).worksheets
        return str([list(sheet.iter_rows(values_only=True)) for sheet in sheets])
    return file.read_text("utf-8")


def test_an_export_of_an_earlier_version_is_as_it_was(store, tmp_path, capsys):
    """With --as-of the file has the values of that data version."""
    file = tmp_path / "out.csv"
    assert run(capsys, "export", file, "--as-of", 1)[0] == DONE
    assert SECRET[2] not in everything(file)
    code, said = run(capsys, "export", tmp_path / "no.csv", "--as-of", 99)
    assert (code, said.strip()) == (REFUSED, "没有数据版本 99。")
    assert not (tmp_path / "no.csv").exists()


def test_what_is_internal_by_now_is_in_no_public_export(store, tmp_path, capsys):
    """A public export of an earlier version leaves out what has become internal since."""
    first = store.projects(1).set_index("id")
    lon = first.at["s004", "lon"]
    change(store, "s004", position_internal=True)
    full, public = tmp_path / "full.csv", tmp_path / "public.csv"
    assert run(capsys, "export", full, "--as-of", 1)[0] == DONE
    assert run(capsys, "export", public, "--as-of", 1, "--public")[0] == DONE
    listed = pd.read_csv(public).set_index("系统编号")
    assert set(pd.read_csv(full)["系统编号"]) - set(listed.index) == {"s002", "s003"}
    assert pd.notna(lon)
    assert pd.isna(listed.at["s004", "经度（WGS-84）"])
    assert pd.isna(listed.at["s004", "建设地点"])


def test_an_exported_table_can_be_imported_again(store, tmp_path, capsys):
    """A workbook that the command has written is read without a fault and changes nothing."""
    file = tmp_path / "out.xlsx"
    assert run(capsys, "export", file)[0] == DONE
    assert main(["import", str(file), "--json"]) == DONE
    report = json.loads(capsys.readouterr().out)
    assert (report["errors"], report["version"], store.version()) == ([], 4, 4)
    assert report["imported"] == 12


def test_an_export_speaks_the_language_asked_for(store, tmp_path, capsys):
    """Headings and names are Chinese, or English with --lang en; codes are never left."""
    file = tmp_path / "out.csv"
    run(capsys, "export", file)
    chinese = pd.read_csv(file)
    assert run(capsys, "export", file, "--lang", "en")[1].startswith("12 projects of data version")
    english = pd.read_csv(file)
    assert {"系统编号", "项目名称", "所属县区", "总投资（万元）"} <= set(chinese)
    assert len(english.columns) == len(chinese.columns)
    assert set(english.columns).isdisjoint(chinese.columns)
    codes = set(store.projects()["county"].dropna()) | set(store.projects()["stage"].dropna())
    assert codes.isdisjoint(chinese.to_numpy().ravel().tolist())
    assert codes.isdisjoint(english.to_numpy().ravel().tolist())


def test_only_known_kinds_are_exported(store, tmp_path, capsys):
    """Another ending is refused with those that there are."""
    code, said = run(capsys, "export", tmp_path / "out.pdf")
    assert (code, ".gpkg" in said, ".kml" in said) == (REFUSED, True, True)


def test_a_backup_while_people_write_is_one_instant(store, tmp_path, capsys):
    """While another thread writes, each backup is a sound store that ends at one of its versions."""
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            change(store, "s004", remark=str(n))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            assert run(capsys, "backup", tmp_path / f"{n}.db")[0] == DONE
    finally:
        stop.set()
        writer.join()
    for n in range(3):
        copy = open_store(tmp_path / f"{n}.db")
        version = copy.version()
        assert [v.number for v in copy.history()] == list(range(version, 0, -1))
        same(copy.projects(), store.projects(version))
        copy.close()


def test_a_restore_brings_back_exactly(store, tmp_path, capsys):
    """After a restore all projects are as at the backup; it says who, and can be undone."""
    file = tmp_path / "kept.db"
    assert run(capsys, "backup", file)[0] == DONE
    assert file.stat().st_mode & 0o077 == 0
    before = store.projects()
    change(store, "s001", invest_wan=1)
    ruined = store.projects()
    code, said = run(capsys, "restore", file, "--who", "管理员")
    assert (code, "版本 6" in said, "undo 6" in said) == (DONE, True, True)
    same(store.projects().drop(columns="row_version"), before.drop(columns="row_version"))
    newest = store.history()[0]
    assert (newest.kind, newest.who) == ("restore", "管理员")
    assert run(capsys, "undo", 6, "--who", "管理员")[0] == DONE
    same(store.projects().drop(columns="row_version"), ruined.drop(columns="row_version"))


def test_a_restore_makes_the_store_on_a_new_machine(store, tmp_path, capsys, monkeypatch):
    """Where there is no store yet, a backup becomes it, its history included."""
    file = tmp_path / "kept.db"
    run(capsys, "backup", file)
    monkeypatch.setenv("GEO_STATE", str(tmp_path / "new"))
    code, said = run(capsys, "restore", tmp_path / "none.db")
    assert (code, "none.db" in said, (tmp_path / "new").exists()) == (REFUSED, True, False)
    assert run(capsys, "restore", file)[0] == DONE
    moved = open_store(tmp_path / "new" / FILE)
    same(moved.projects(), store.projects())
    assert moved.history() == store.history()
    moved.close()


@pytest.mark.parametrize(
    "command", [["backup", "x.db"], ["export", "x.csv"], ["history"], ["undo", "1"]]
)
def test_no_command_makes_a_store_by_mistake(command, tmp_path, capsys, monkeypatch):
    """With a state folder that holds nothing the command is refused, and nothing is made."""
    monkeypatch.setenv("GEO_STATE", str(tmp_path / "wrong"))
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    for lang in ("zh", "en"):
        code, said = run(capsys, *command, "--lang", lang)
        assert (code, "GEO_STATE" in said) == (REFUSED, True)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_never_replaces_the_store_itself(store, tmp_path, capsys, monkeypatch):
    """The file of the store in use, however it is named, is refused as the backup's."""
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "var" / FILE
    inode = own.stat().st_ino
    (tmp_path / "link.db").symlink_to(own)
    for name in (own, f"var/../var/{FILE}", "link.db"):
        assert run(capsys, "backup", name)[0] == REFUSED
    assert own.stat().st_ino == inode
    assert store.version() == 4


def test_the_history_says_who_did_what(store, capsys):
    """Versions are listed newest first, for people and as JSON; a project's with its fields."""
    code, said = run(capsys, "history")
    lines = said.splitlines()
    assert (code, len(lines)) == (DONE, 4)
    assert [line.split()[0] for line in lines] == ["4", "3", "2", "1"]
    assert "编辑  王  改  新增 0，修改 1，删除 0" in lines[0]
    assert "初始数据" in lines[3]
    assert "0 new, 1 changed, 0 deleted" in run(capsys, "history", "--lang", "en")[1]
    listed = json.loads(run(capsys, "history", "--json", "--project", "s001")[1])["versions"]
    assert [entry["number"] for entry in listed] == [2, 1]
    assert (listed[0]["after"], listed[0]["before"]["phone"]) == (
        {"contact": SECRET[1], "phone": SECRET[0]},
        None,
    )
    assert listed[0]["at"].endswith("+00:00")
    people = run(capsys, "history", "--project", "s001")[1]
    assert f"phone: — → {SECRET[0]}" in people
    code, said = run(capsys, "history", "--project", "nobody")
    assert (code, "nobody" in said) == (REFUSED, True)


def test_text_of_people_does_not_move_the_cursor(store, capsys):
    """A name with control characters stands in one line without them."""
    frame = store.projects()
    expected = dict(zip(frame["id"], frame["row_version"].tolist(), strict=True))
    store.apply(
        [Update("s001", {"remark": "x"})],
        who="a\x1b[2J\nb",
        why="c\rd",
        kind="edit",
        expected=expected,
    )
    first = run(capsys, "history")[1].splitlines()[0]
    assert first.startswith("5  ")
    assert "a[2J b  c d" in first
    assert first.isprintable()


def test_undo_takes_a_version_back_or_says_why_not(store, capsys):
    """A version is taken back once, under the name given; the second time says by which."""
    code, said = run(capsys, "undo", 2, "--who", "赵")
    assert (code, said) == (DONE, "已撤销数据版本 2，现为数据版本 5。\n")
    assert store.history()[0].who == "赵"
    assert store.projects().set_index("id").at["s001", "phone"] is pd.NA
    code, said = run(capsys, "undo", 2)
    assert (code, said) == (REFUSED, "数据版本 2 已由版本 5 撤销。\n")
    assert run(capsys, "undo", 1, "--lang", "en")[0] == REFUSED
    assert "撤销" in run(capsys, "history")[1]


def test_an_account_without_a_name_still_signs(store, capsys, monkeypatch):
    """Where the system knows no name for the account its number stands in the history."""
    monkeypatch.setattr("getpass.getuser", lambda: {}["nobody"])
    assert run(capsys, "undo", 2)[0] == DONE
    assert store.history()[0].who == f"uid {os.getuid()}"


def test_a_full_disk_is_said_in_one_sentence(store, tmp_path, capsys):
    """A place that takes no file is named, with exit code 2, and nothing is left there."""
    place = tmp_path / "missing" / "out.db"
    for command in ("backup", "export"):
        target = place if command == "backup" else place.with_suffix(".csv")
        code, said = run(capsys, command, target)
        assert (code, str(target) in said) == (REFUSED, True)
    assert not place.parent.exists()
