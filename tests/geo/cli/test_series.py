"""The series command brings lists in, shows what there is, and writes a template."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from geo.__main__ import main
from geo.cli.context import DONE, REFUSED
from geo.errors import GeoError
from geo.series import importing
from geo.store import open_store
from geo.store.engine import FILE

GOOD = "园区,年份,规上产值（亿元）,税收（万元）\n{park},2021,45.5,1200\n全部园区,2021,62,9000\n"
BAD = "园区,年份,规上产值\n没有的园区,三季度,约3\n{park},2021,5\n"


@pytest.fixture
def park(atlas) -> str:
    """Return the name of a park that has a sample figure."""
    return str(atlas.parks["name"].iloc[0])


def run(capsys, *arguments: object) -> tuple[int, str]:
    code = main(["series", *(str(argument) for argument in arguments)])
    said = capsys.readouterr()
    return code, said.out + said.err


def written(tmp_path: Path, text: str, park: str) -> Path:
    file = tmp_path / "list.csv"
    file.write_text(text.format(park=park), "utf-8")
    return file


def test_a_list_is_brought_in_as_one_version(capsys, tmp_path, city, park):
    """A dry run writes nothing, an import one version, the same again none."""
    file = written(tmp_path, GOOD, park)
    code, said = run(capsys, "import", file, "--dry-run")
    assert code == DONE
    assert not (city / FILE).exists()
    code, said = run(capsys, "import", file, "--who", "ann", "--json")
    report = json.loads(said)
    assert (code, report["imported"], report["version"], report["errors"]) == (DONE, 4, 2, [])
    assert report["diff"] == {"new": 2, "changed": 2, "same": 0}
    assert json.loads(run(capsys, "import", file, "--dry-run", "--json")[1])["diff"]["same"] == 4
    assert run(capsys, "import", file)[0] == DONE
    store = open_store(city / FILE)
    assert (store.version(), store.history()[0].who) == (2, "ann")
    store.close()


def test_faults_are_all_named_and_nothing_is_written(capsys, tmp_path, city, park):
    """Every fault of a list is said with row and column in either language, and no store is made."""
    file = written(tmp_path, BAD, park)
    for language, word in (("zh", "第 2 行"), ("en", "Row 2")):
        code, said = run(capsys, "import", file, "--lang", language)
        assert code == REFUSED
        assert said.casefold().count(word.casefold()) == 2
    report = json.loads(run(capsys, "import", file, "--json")[1])
    assert [(e["row"], e["code"]) for e in report["errors"]] == [
        (2, "series_place"),
        (2, "series_period"),
        (3, "series_unit"),
    ]
    assert not (city / FILE).exists()
    missing = run(capsys, "import", tmp_path / "none.csv")
    assert missing[0] == REFUSED


def test_what_there_is_is_listed(capsys, tmp_path, park):
    """Published figures, samples and imported ones are listed by place, metric and year."""
    code, said = run(capsys, "list", "--place", "全部园区", "--metric", "单位面积产值")
    assert code == DONE
    assert "3.06" in said
    assert "4.5" in said
    assert said.count("面积口径未说明") == 4
    assert "示例" in run(capsys, "list", "--place", park, "--year", 2021)[1]
    run(capsys, "import", written(tmp_path, GOOD, park))
    found = json.loads(
        run(capsys, "list", "--place", park, "--metric", "产值", "--year", 2021, "--json")[1]
    )
    assert [(p["value"], p["exact"], p["unit"], p["sample"]) for p in found["points"]] == [
        (455_000, "91/2", "yi", False)
    ]
    for asked in (("--place", "没有的地方"), ("--metric", "天气")):
        assert run(capsys, "list", *asked)[0] == REFUSED


def test_internal_figures_are_not_public(capsys, tmp_path, park):
    """What a list marks as internal is left out with --public, in lists and in densities."""
    text = "园区,指标,时期,数值,单位,内部\n{park},税收,2021,777,万元,是\n"
    run(capsys, "import", written(tmp_path, text, park))
    asked = ("list", "--place", park, "--metric", "税收", "--year", 2021)
    assert "777" in run(capsys, *asked)[1]
    assert "777" not in run(capsys, *asked, "--public")[1]
    density = ["density", "--by", "park", "--measure", "tax", "--year", "2021"]
    assert main(density) == DONE
    assert "777 " in capsys.readouterr().out
    assert main([*density, "--public"]) == DONE
    assert "777 " not in capsys.readouterr().out


@pytest.mark.parametrize("wide", [False, True])
def test_a_filled_template_leaks_nothing(capsys, tmp_path, park, wide):
    """What the template says is internal is in no public list, answer or comparison, as value or sum."""
    file, secret = tmp_path / "t.xlsx", 77_777_777
    assert run(capsys, "template", file)[0] == DONE
    book = openpyxl.load_workbook(file)
    page = book.worksheets[1]
    at = {cell.value.strip("*"): cell.column for cell in page[1]}
    if wide:
        page.cell(1, at["数值"], "2021年税收（万元）")
        cells = {"地方": park, "数值": secret, "是否内部": "yes"}
    else:
        cells = {"地方": park, "指标": "税收", "时期": "2021", "数值": secret, "单位": "万元"}
        cells |= {"是否内部": "是"}
    for name, value in cells.items():
        page.cell(3, at[name], value)
    book.save(file)
    assert run(capsys, "import", file)[0] == DONE
    asked = ["--by", "park", "--measure", "tax", "--year", "2021"]
    for more in ((), ("--compare", "side"), ("--compare", "rank"), ("--compare", "concentration")):
        for public in ((), ("--public",)):
            assert main(["density", *asked, *more, *public, "--json"]) == DONE
            assert (str(secret) in capsys.readouterr().out) is (not public)
    listed = ("list", "--json")
    assert str(secret) in run(capsys, *listed)[1]
    assert str(secret) not in run(capsys, *listed, "--public")[1]


def test_only_a_no_makes_public_again(capsys, tmp_path, park):
    """A list that is silent about an internal figure keeps it internal, one that says no shows it."""
    head = "园区,指标,时期,数值,单位,是否内部\n"
    asked = ("list", "--place", park, "--metric", "税收", "--year", 2021, "--public")
    for said, shown in (("yes", False), ("", False), ("no", True)):
        line = f"{{park}},税收,2021,777,万元,{said}\n"
        assert run(capsys, "import", written(tmp_path, head + line, park))[0] == DONE
        assert ("777" in run(capsys, *asked)[1]) is shown


@pytest.mark.parametrize(
    ("lang", "name"), [("zh", "税收·2021年"), ("en", "Tax revenue"), ("en", "2021")]
)
def test_what_cannot_be_undone_is_named(capsys, tmp_path, atlas, park, lang, name):
    """A point that stands in the way is named by place, metric and period in either language."""
    for value in (777, 888):
        text = f"园区,指标,时期,数值,单位\n{{park}},税收,2021,{value},万元\n"
        assert run(capsys, "import", written(tmp_path, text, park), "--who", "ann")[0] == DONE
    assert main(["undo", "2", "--lang", lang]) == REFUSED
    said = capsys.readouterr().err
    place = park if lang == "zh" else str(atlas.parks["name_en"].iloc[0])
    assert place in said
    assert name in said
    assert "ann" in said
    assert "|" not in said


def test_a_conflict_is_named_on_import(capsys, tmp_path, atlas, park, monkeypatch):
    """Where others keep writing the same point, the import says which, as a person would."""

    place = str(atlas.counties["code"].iloc[0])
    point = f"{place}|tax|2021|estimate|"

    def stale(*_: object, **__: object) -> int:
        raise GeoError("store.series_conflict", point=point, who="ben")

    monkeypatch.setattr(importing, "apply", stale)
    code, said = run(capsys, "import", written(tmp_path, GOOD, park))
    assert code == REFUSED
    assert f"{atlas.counties['name'].iloc[0]}·税收·2021年 (预计)" in said
    assert "ben" in said


def test_the_template_is_a_workbook(capsys, tmp_path):
    """The template is written as .xlsx, and under no other ending."""
    file = tmp_path / "t.xlsx"
    assert run(capsys, "template", file)[0] == DONE
    assert file.read_bytes()[:2] == b"PK"
    assert run(capsys, "template", tmp_path / "t.csv")[0] == REFUSED
