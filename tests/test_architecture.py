"""The house keeps its own rules, and the checkers find a breach when there is one."""

from __future__ import annotations

import csv
import json
import re
import statistics
import tomllib
from pathlib import Path

import pytest

from tests import architecture as rules

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ("zh", "en")


def sources(*roots: str, ends: tuple[str, ...] = (".py",)) -> dict[str, str]:
    """Return path → text of the files below some folders (or of single files)."""
    paths: list[Path] = []
    for name in roots:
        place = ROOT / name
        paths += [place] if place.is_file() else sorted(place.rglob("*"))
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if path.suffix in ends and path.is_file()
    }


def module_of(path: str) -> str:
    """Return geo.render for geo/render/__init__.py and for geo/render.py."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def city_names() -> set[str]:
    """Return what data/ calls the city, its counties and parks, its water and its industries."""
    data = ROOT / "data"
    city = tomllib.loads((data / "city.toml").read_text(encoding="utf-8"))["city"]
    names = {*city["name"].values(), city["id"]}
    counties = json.loads((data / "counties.geojson").read_text(encoding="utf-8"))
    for feature in counties["features"]:
        names |= {feature["properties"]["name"], feature["properties"]["name_en"]}
    with (data / "parks.csv").open(encoding="utf-8", newline="") as file:
        parks = list(csv.DictReader(file))
    names |= {row[column] for row in parks for column in ("name", "name_en") if row[column]}
    industries = tomllib.loads((data / "industries.toml").read_text(encoding="utf-8"))["entry"]
    return rules.stems(names) | {entry["zh"] for entry in industries}


def locales() -> dict[str, dict[str, str]]:
    """Return the flat texts of each language; skip while nothing asks for one."""
    paths = {name: ROOT / "locales" / f"{name}.toml" for name in LOCALES}
    if not any(path.exists() for path in paths.values()):
        asked = any(rules.used_keys(text)[0] for text in sources("ui", "app.py", "pages").values())
        assert not asked, "the pages ask for texts, and locales/ has none"
        pytest.skip("no page asks for a text yet")
    return {
        name: rules.flatten(tomllib.loads(path.read_text(encoding="utf-8")))
        for name, path in paths.items()
    }


def test_imports_go_one_way():
    """No module imports what a rule of the house keeps from it."""
    faults = [
        fault
        for path, text in sources("geo", "ui", "pages", "app.py").items()
        for fault in rules.import_faults(text, module_of(path))
    ]
    assert faults == []


def test_files_and_functions_are_short():
    """In geo/ and ui/ a function has at most 50 code lines and a file at most 400 lines."""
    files = sources("geo", "ui", ends=(".py", ".js", ".css"))
    assert "geo/errors.py" in files
    assert [fault for path, text in files.items() for fault in rules.size_faults(text, path)] == []


def test_most_functions_are_small():
    """In geo/ and ui/ half of the functions have at most 12 code lines."""
    lengths = [n for text in sources("geo", "ui").values() for _, n in rules.functions(text)]
    assert statistics.median(lengths) <= 12


def test_pages_are_thin():
    """app.py and each page have at most 80 lines: what they show lives in ui/."""
    faults = [
        fault
        for path, text in sources("app.py", "pages").items()
        for fault in rules.size_faults(text, path, max_lines=rules.MAX_PAGE_LINES)
    ]
    assert faults == []


def test_the_code_names_no_place():
    """geo/, ui/ and the pages name neither the city nor a county, a park or an industry of it."""
    files = sources("geo", "ui", "pages", "app.py", ends=(".py", ".js", ".css", ".html"))
    names = city_names()
    assert len(names) > 10
    assert [f for path, text in files.items() for f in rules.name_faults(text, path, names)] == []


def test_the_languages_are_peers():
    """Chinese and English have the same keys with the same placeholders, and no empty text."""
    texts = locales()
    assert rules.locale_faults(texts["zh"], texts["en"]) == []


def test_every_text_that_is_asked_for_exists():
    """Each key that ui/ and the pages ask for stands in both languages."""
    texts = locales()
    faults = {
        f"{name}: {fault}"
        for path, text in sources("ui", "app.py", "pages").items()
        for name, table in texts.items()
        for fault in rules.key_faults(text, path, table)
    }
    assert sorted(faults) == []


def test_every_error_has_a_sentence():
    """Each code that geo/ raises has its sentence below `error.` in both languages."""
    texts = locales()
    codes = {code for text in sources("geo").values() for code in rules.error_codes(text)}
    missing = [
        f"{name}: error.{code}"
        for name, table in texts.items()
        for code in sorted(codes)
        if f"error.{code}" not in table
    ]
    assert missing == []


# The checkers themselves: each must find the breach it is for.


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("geo.filters", "import streamlit as st"),
        ("geo.filters", "def f():\n    from streamlit.runtime import get_instance"),
        ("geo.filters", "import importlib\nimportlib.import_module('ui.frame')"),
        ("geo.store.reader", "from .. import render"),
        ("geo.filters", "from geo import render"),
        ("geo.filters", "import folium.plugins"),
        ("geo.render.folium_map", "from geo.exchange.xlsx import write"),
        ("ui.frame", "from pages import about"),
        ("ui.map_view", "import folium"),
        ("pages.about", "import app"),
        ("geo.layers", "import bench.peers"),
    ],
)
def test_a_forbidden_import_is_found(module, source):
    """Every way to import is seen: inside functions, relative, by name, from a package."""
    assert rules.import_faults(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("geo.render.folium_map", "import folium"),
        ("geo.filters", "import geopandas\nfrom geo.errors import GeoError"),
        ("geo.filters", "import geo_other\nfrom uistuff import x"),
        ("ui.frame", "import streamlit\nfrom geo.render import folium_map"),
        ("app", "from ui import frame"),
    ],
)
def test_an_allowed_import_is_no_fault(module, source):
    """What the tree is built on passes, and a name that merely begins alike is another name."""
    assert rules.import_faults(source, module) == []


def test_no_code_knows_an_internal_stage():
    """Which stages are kept from the public stands in the city folder alone."""
    entries = tomllib.loads((ROOT / "data" / "stages.toml").read_text("utf-8"))["entry"]
    for id_ in (entry["id"] for entry in entries if entry.get("internal")):
        knowing = [
            path.name
            for folder in ("geo", "ui", "pages")
            for path in sorted((ROOT / folder).rglob("*.py"))
            if re.search(rf"[\"']{id_}[\"']", path.read_text("utf-8"))
        ]
        assert knowing == []


def test_code_lines_leave_out_what_is_no_code():
    """A docstring, comments and blank lines are free; a text over two lines counts as two."""
    source = (
        'def f(a):\n    """Say\n    what."""\n    # why\n\n    b = """x\n    y"""\n    return b\n'
    )
    assert list(rules.functions(source)) == [("f", 4)]


def test_a_long_function_and_a_long_file_are_found():
    """One line above each limit is a fault, the limit itself is none."""
    body = "    x = 1\n"
    assert rules.size_faults("def f():\n" + body * 49, "geo/a.py") == []
    assert len(rules.size_faults("def f():\n" + body * 50, "geo/a.py")) == 1
    assert rules.size_faults("//\n" * 400, "geo/a.js") == []
    assert len(rules.size_faults("//\n" * 401, "geo/a.js")) == 1


def test_a_place_name_is_found_with_and_without_its_kind():
    """A county is found as 东山区 and 东山, a city as a whole word in any case."""
    names = rules.stems(["东山区", "East Hill District"])
    assert names == {"东山区", "东山", "East Hill District", "East Hill"}
    assert rules.name_faults("if county == '东山':", "geo/a.py", names)
    assert rules.name_faults("// the east hill case", "geo/a.js", names)
    assert rules.name_faults("eastern hills; Least Hills", "geo/a.py", names) == []


def test_locales_that_differ_are_found():
    """A missing key, another placeholder and an empty text are three faults."""
    zh = {"page": {"title": "图", "count": "{n} 项", "note": "注"}, "only": "有"}
    en = {"page": {"title": "Map", "count": "{m} items", "note": " "}}
    assert rules.locale_faults(zh, en) == [
        "only in one locale: only",
        "different placeholders: page.count",
        "empty text: page.note",
    ]
    assert rules.placeholders("{n:,} of {row.total}, {{literal}}") == {"n", "row"}


def test_a_text_that_is_asked_for_and_missing_is_found():
    """Plain keys, both branches of a condition and the beginning of a composed key are checked."""
    source = 't("a.b"); i18n.t("a.c" if x else "a.d"); t(f"stage.{s}"); t(f"{all}"); t(name)'
    assert rules.used_keys(source) == ({"a.b", "a.c", "a.d"}, {"stage."})
    assert rules.key_faults(source, "ui/a.py", ["a.b", "a.c", "stage.plan"]) == [
        "ui/a.py asks for a.d"
    ]
    assert rules.key_faults('t(f"stage.{s}")', "ui/a.py", ["a.b"]) == ["ui/a.py asks for stage.…"]


def test_error_codes_are_read_from_the_source():
    """A code is found where GeoError is made, by its bare or its full name."""
    source = 'raise GeoError("a.b", file=1)\nx = errors.GeoError("c" if y else "d")\nGeoError(code)'
    assert rules.error_codes(source) == {"a.b", "c", "d"}
