"""What goes out as a list can come in again: every project is found, and nothing has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.__main__ import main
from geo.exchange import reading
from geo.exchange.reading import limits
from geo.intake import applying, records
from geo.intake.faults import Intake
from geo.store import Store, Update, open_store
from geo.store.engine import FILE

LIST = ("xlsx", "csv")
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
    yield opened
    opened.close()
    patch.undo()


def exported(file: Path, data_dir: Path, lexicon) -> Intake:
    assert main(["export", str(file)]) == 0
    return records.read(reading.read(file, limits=limits.of_city(data_dir)), lexicon)


def unchanged(intake: Intake, store: Store) -> None:
    assert intake.errors == ()
    diff, _ = applying.preview(intake.records, store)
    assert [(m.id, m.changes) for m in diff.changed] == []
    assert (diff.new, diff.errors, diff.missing) == ((), (), ())
    assert sorted(m.id for m in diff.unchanged) == sorted(store.projects()["id"])


@pytest.mark.parametrize("ending", LIST)
def test_the_shipped_projects_come_back_unchanged(store, tmp_path, data_dir, lexicon, ending):
    """All shipped projects, those without a county too, are unchanged; every column is known."""
    intake = exported(tmp_path / f"out.{ending}", data_dir, lexicon)
    assert "column_unrecognised" not in {fault.code for fault in intake.warnings}
    unchanged(intake, store)


@settings(max_examples=8)
@given(name=HOSTILE, owner=HOSTILE, phone=st.sampled_from(["0415-2123456", "+86 13800138000"]))
@pytest.mark.parametrize("ending", LIST)
def test_any_text_comes_back_unchanged(
    store, tmp_path_factory, data_dir, lexicon, ending, name, owner, phone
):
    """Names and telephones that a spreadsheet would run, quotes and brackets come back as written."""
    row = store.projects().set_index("id").loc["r03"]
    wanted = {"name": f"甲{name}", "owner": owner, "phone": phone, "remark": f"{owner}{name}"}
    wanted |= {
        "responsible": owner,
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
