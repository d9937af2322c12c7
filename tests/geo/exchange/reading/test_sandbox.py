"""The file is read in another process, which is bounded, and which tells nothing but the book."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from geo.errors import GeoError
from geo.exchange.reading import Limits, read, sandbox, wire
from geo.exchange.reading.limits import of, of_city
from tests.geo.exchange.reading.files import xlsx
from tests.geo.exchange.reading.test_hostile import measure


def code(path, **limits) -> GeoError:
    with pytest.raises(GeoError) as caught:
        read(path, limits=Limits(**limits))
    return caught.value


@pytest.fixture
def list_of_335(tmp_path):
    """A list of the usual size."""

    def fill(made):
        sheet = made.add_worksheet("项目")
        for number in range(336):
            sheet.write_row(number, 0, [f"2301-210600-04-01-{number:06d}", *range(18)])

    return xlsx(tmp_path / "清单.xlsx", fill)


def test_a_usual_list_is_quick(list_of_335):
    """Starting the process and reading 335 projects takes a fraction of the 1.5 s allowed."""
    found = measure(list_of_335)
    assert found["rows"] == 336
    assert found["spent"] < 1.5
    assert found["child_mb"] < 100


def test_the_user_s_name_counts(list_of_335, tmp_path):
    """An upload lies under a temporary name; its own name says what it should be."""
    stored = list_of_335.rename(tmp_path / "upload-1")
    assert read(stored, limits=Limits(), name="c:/x/清单.XLSX").file.endswith("清单.XLSX")
    assert code(stored).code == "file_kind_unsupported"
    assert code(tmp_path / "none.xlsx").details == {"file": "none.xlsx"}


STUCK = "import time; time.sleep(60)"
BUSY = """import sys; sys.path.insert(0, {root!r})
from geo.exchange.reading import Limits, child
child.confine(Limits(seconds=1))
while True: pass"""


@pytest.mark.parametrize(("script", "patience"), [(STUCK, 1), (BUSY, 45)])
def test_time_is_bounded(tmp_path, monkeypatch, root, script, patience):
    """A reader that stands still is ended by the clock, a busy one by its processor seconds."""
    if script is BUSY:
        pytest.importorskip("resource")
    (tmp_path / "reader.py").write_text(script.format(root=str(root)))
    (tmp_path / "a.csv").write_text("a,b\n")
    monkeypatch.setattr(sandbox, "_ROOT", tmp_path)
    monkeypatch.setattr(sandbox, "_MODULE", "reader")
    monkeypatch.setattr(sandbox, "_PATIENCE", patience)
    clock = time.monotonic()
    assert code(tmp_path / "a.csv", seconds=1).code == "file_too_demanding"
    assert 1 <= time.monotonic() - clock < 40


def test_memory_is_bounded(tmp_path):
    """A file that takes too much memory is given up; the parent lives on."""
    pytest.importorskip("resource")
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * (10 * 2**20))
    assert code(path, memory_mb=48).code == "file_too_demanding"


@pytest.mark.parametrize(
    "ending",
    [
        "import os; os.abort()",
        "import os; os.kill(os.getpid(), 9)",
        "raise SystemExit",
        "print('{\"end')",
    ],
)
def test_a_crash_is_a_refusal(tmp_path, ending):
    """However the process ends, without the end of the book there is no book."""
    process = subprocess.run([sys.executable, "-c", ending], capture_output=True)
    with pytest.raises(GeoError) as caught:
        wire.receive(process.stdout.splitlines(keepends=True), "a.xlsx")
    assert caught.value.code == "file_too_demanding"


def test_the_process_gets_no_secrets(monkeypatch, tmp_path):
    """Whoever takes over the reader finds no address of a database and no key."""
    monkeypatch.setenv("GEO_DATABASE_URL", "postgresql://user:secret@localhost/x")
    kept = {}
    monkeypatch.setattr(subprocess, "Popen", lambda *_, env, **__: kept.update(env))
    sandbox._start(tmp_path, ".csv", Limits())
    assert "secret" not in "".join(kept.values())
    assert set(kept) & set(os.environ) <= {*sandbox._KEPT, "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


def test_limits_come_from_the_city(data_dir, tmp_path):
    """What a city does not set keeps its default; what is no limit is named."""
    assert of_city(data_dir).rows == 50_000
    (tmp_path / "city.toml").write_text("[limits]\nrows = 100\n")
    assert of_city(tmp_path) == Limits(rows=100)
    for wrong in ({"rows": 0}, {"rows": "5"}, {"rows": True}, {"lines": 5}):
        with pytest.raises(GeoError) as caught:
            of(wrong)
        assert caught.value.code == "catalogue_invalid"
    with pytest.raises(GeoError) as caught:
        of_city(tmp_path / "none")
    assert caught.value.code == "file_missing"


def test_the_city_s_limits_are_kept(tmp_path):
    """A smaller number of rows, columns or characters is refused at its cell."""
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n" * 300 + "1,2,345678\n", encoding="utf-8")
    assert code(path, rows=100).details["cell"] == "C301"
    assert code(path, columns=2).details["cell"] == "C1"
    fault = code(path, cell_chars=5)
    assert fault.details == {"file": "a.csv", "sheet": "a", "cell": "C301", "read": 6, "limit": 5}
    assert code(path, cells=600).code == "file_too_many_cells"
