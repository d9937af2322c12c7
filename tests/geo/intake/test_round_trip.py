"""What goes out as a list can come in again: every project is found, and nothing has changed."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.__main__ import main
from geo.exchange import reading
from geo.exchange.reading import limits
from geo.intake import applying, records
from geo.intake.faults import Intake
from geo.store import Store, Update, open_store
from geo.store.engine import FILE

KINDS = ("xlsx", "csv", "geojson", "gpkg")
LINE = shapely.LineString([(124.1234567, 40.1), (124.2, 40.2), (124.25, 40.15)])
WORD = st.text(alphabet="丹鸭绿江厂（）#&一1aB.'\"<{", min_size=1, max_size=12)
HOSTILE = st.tuples(st.sampled_from(["", "=", "+", "-", "@", "'", "'=", "－"]), WORD).map("".join)


@pytest.fixture(scope="module")
def store(tmp_path_factory, data_dir):
    """Return the shipped city's store, where the command line finds it."""
    folder = tmp_path_factory.mktemp("var")
    patch = pytest.MonkeyPatch()
    patch.setenv("GEO_STATE", str(folder))
    patch.setenv("GEO_DATA", str(data_dir))
    patch.delenv("GEO_DATABASE_URL", raising=False)
    opened = open_store(folder / FILE, city=data_dir)
    drawn = {"shape": LINE, "precision": "line", "lon": None, "lat": None}
    opened.apply([Update("r08", drawn)], who="a", why="", kind="edit", expected={"r08": 1})
    yield opened
    opened.close()
    patch.undo()


def exported(file: Path, data_dir: Path, lexicon, *, lang: str = "zh") -> Intake:
    assert main(["export", str(file), "--lang", lang]) == 0
    return records.read(reading.read(file, limits=limits.of_city(data_dir)), lexicon)


def unchanged(intake: Intake, store: Store) -> None:
    assert intake.errors == ()
    diff, _ = applying.preview(intake.records, store)
    assert [(m.id, m.changes) for m in diff.changed] == []
    assert (diff.new, diff.errors, diff.missing) == ((), (), ())
    assert sorted(m.id for m in diff.unchanged) == sorted(store.projects()["id"])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ending", KINDS)
def test_the_shipped_projects_come_back_unchanged(store, tmp_path, data_dir, lexicon, ending, lang):
    """All shipped projects, lines and those without a county too, are unchanged; every column is known."""
    intake = exported(tmp_path / f"out.{ending}", data_dir, lexicon, lang=lang)
    assert "column_unrecognised" not in {fault.code for fault in intake.warnings}
    unchanged(intake, store)


@settings(max_examples=8)
@given(name=HOSTILE, owner=HOSTILE, phone=st.sampled_from(["0415-2123456", "+86 13800138000"]))
@pytest.mark.parametrize("ending", KINDS)
def test_any_text_comes_back_unchanged(
    store, tmp_path_factory, data_dir, lexicon, ending, name, owner, phone
):
    """Names and telephones that a spreadsheet would run, quotes and brackets come back as written."""
    row = store.projects().set_index("id").loc["r03"]
    wanted = {"name": f"甲{name}", "owner": owner, "phone": phone, "remark": f"{owner}{name}"}
    wanted |= {
        "responsible": owner,
        "land_m2": 3333333,
        "internal": True,
        "position_internal": True,
        "leader_note": name,
    }
    store.apply(
        [Update("r03", wanted)],
        who="a",
        why="",
        kind="edit",
        expected={"r03": int(row["row_version"])},
    )
    unchanged(exported(tmp_path_factory.mktemp("out") / f"o.{ending}", data_dir, lexicon), store)


@pytest.mark.parametrize("ending", ["geojson", "gpkg"])
def test_a_symbol_that_was_moved_is_a_position(store, tmp_path, data_dir, lexicon, ending):
    """Of projects drawn at their park or county only the one that somebody moved gets a position."""
    file = tmp_path / f"out.{ending}"
    assert main(["export", str(file)]) == 0
    layer = {"layer": "projects"} if ending == "gpkg" else {}
    frame = gpd.read_file(file, **layer)
    own = store.projects().set_index("id")["lon"].notna()
    vague = frame.index[~frame["id"].map(own).astype(bool) & (frame.geom_type == "Point")]
    assert len(vague) > 5
    frame.loc[vague[0], "geometry"] = shapely.Point(124.3, 40.0)
    frame.to_file(file, **layer)
    intake = records.read(reading.read(file, limits=limits.of_city(data_dir)), lexicon)
    places = {r.fields["id"]: r.fields["lon"] for r in intake.records if r.fields["lon"]}
    assert places[frame.at[vague[0], "id"]] == 124.3
    assert not any(frame.at[n, "id"] in places for n in vague[1:])


def test_a_name_that_changes_is_a_change_of_the_same_project(store, tmp_path, data_dir, lexicon):
    """With the house's number a row may rename its project, even one that has no county."""
    intake = exported(tmp_path / "out.csv", data_dir, lexicon)
    bare = next(r for r in intake.records if not r.fields["county"])
    renamed = type(bare)(bare.row, bare.sheet, {**bare.fields, "name": "新名称"})
    diff, _ = applying.preview([renamed], store)
    assert [(m.id, [c.field for c in m.changes]) for m in diff.changed] == [
        (bare.fields["id"], ["name"])
    ]
    unknown = type(bare)(bare.row, bare.sheet, {**bare.fields, "id": "nobody", "name": "又一个"})
    assert [f.code for f in applying.preview([unknown], store)[0].errors] == ["id_unknown"]
    twice, _ = applying.preview([bare, renamed], store)
    assert [f.code for f in twice.errors] == ["match_twice"]


def test_a_sample_stays_a_sample_in_another_store(store, tmp_path, data_dir, lexicon):
    """Brought into an empty store, what was made up is still marked as made up."""
    intake = exported(tmp_path / "out.xlsx", data_dir, lexicon)
    other = open_store(tmp_path / "other.sqlite")
    placed = [record for record in intake.records if record.fields["county"]]
    done = applying.run(placed, other, who="a", source="out.xlsx")
    wanted = store.projects().query("county.notna()")["sample"].sum()
    assert done.version == 1
    assert other.projects()["sample"].sum() == wanted > 0
    other.close()
