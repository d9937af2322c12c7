"""The hand-gathered content: dictionaries, parks, real projects and published figures."""

from __future__ import annotations

import csv
import itertools
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

GRADES = {"A", "B", "C", "D", "GK"}
LADDER = [
    "talk",
    "plan",
    "reserve",
    "signed",
    "prep",
    "start",
    "build",
    "done",
    "run",
    "full",
    "halt",
    "end",
]
PARTIAL_DATE = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")
HAS_POINT = {"site", "town"}
UNITS = {"count", "wan", "bp", "wan_per_km2"}
# Linear-RGB matrices of Machado et al. 2009, severity 1: protan, deutan, tritan; first normal sight.
SIGHTS = (
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
)
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def toml(path: Path) -> dict:
    return tomllib.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def industries(data_dir: Path) -> list[dict]:
    return toml(data_dir / "industries.toml")["entry"]


@pytest.fixture(scope="module")
def stages(data_dir: Path) -> list[dict]:
    return toml(data_dir / "stages.toml")["entry"]


@pytest.fixture(scope="module")
def parks(data_dir: Path) -> list[dict[str, str]]:
    return rows(data_dir / "parks.csv")


@pytest.fixture(scope="module")
def projects(data_dir: Path) -> list[dict[str, str]]:
    return rows(data_dir / "projects.csv")


@pytest.fixture(scope="module")
def county_codes(data_dir: Path) -> set[str]:
    return set(
        re.findall(r'"code":\s*"(\d{6})"', (data_dir / "counties.geojson").read_text("utf-8"))
    )


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def lightness(colour: str) -> float:
    return float(lab(linear(colour))[0])


def test_no_source_is_a_bare_mark(data_dir: Path) -> None:
    """Sources are named as a reader knows them: no mark such as S3 stands in a cell or a text."""
    files = [*data_dir.glob("*.csv"), *data_dir.glob("*.toml")]
    mark = re.compile(r"(?<![A-Za-z0-9])S\d{1,2}(?![A-Za-z0-9])")
    assert len(files) >= 8
    assert [(f.name, m[0]) for f in files for m in mark.finditer(f.read_text("utf-8"))] == []


def test_four_and_six(industries: list[dict]) -> None:
    """Ten industries exist: four traditional and six emerging, in a gapless order."""
    groups = [entry["group"] for entry in industries]
    assert groups.count("traditional") == 4
    assert groups.count("emerging") == 6
    assert sorted(entry["order"] for entry in industries) == list(range(1, 11))


def test_industries_are_marked_unverified(industries: list[dict]) -> None:
    """No industry name is shown as confirmed, for the official ten are not public."""
    assert {entry["status"] for entry in industries} == {"unverified"}
    assert all(entry["source"] and entry["note"] for entry in industries)


def test_industry_codes_are_prefixes_used_once(industries: list[dict]) -> None:
    """Every GB/T 4754 prefix is two to four digits and belongs to one industry."""
    prefixes = [prefix for entry in industries for prefix in entry["gbt4754"]]
    assert all(re.fullmatch(r"\d{2,4}", prefix) for prefix in prefixes)
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize("sight", range(len(SIGHTS)), ids=["normal", "protan", "deutan", "tritan"])
def test_industry_colours_are_distinct(industries: list[dict], sight: int) -> None:
    """Any two industry colours differ by a CIE76 distance of 20 in each kind of colour sight."""
    colours = [lab(np.array(SIGHTS[sight]) @ linear(entry["colour"])) for entry in industries]
    nearest = min(np.linalg.norm(a - b) for a, b in itertools.combinations(colours, 2))
    assert nearest >= 20


def test_industries_differ_by_symbol_too(industries: list[dict]) -> None:
    """No two industries share a symbol, so colour is never alone."""
    assert len({entry["symbol"] for entry in industries}) == 10


def test_colours_stand_out_on_a_pale_map(industries: list[dict], stages: list[dict]) -> None:
    """Every colour is at least 15 lightness units darker than a pale map background."""
    assert (
        max(lightness(entry["colour"]) for entry in industries + stages)
        <= lightness("#F2EFE9") - 15
    )


def test_stages_are_the_ladder(stages: list[dict]) -> None:
    """The stages are the twelve of the contract, in order, and start to full count as started."""
    assert [entry["id"] for entry in stages] == LADDER
    started = [entry["id"] for entry in stages if entry["started"]]
    assert started == ["start", "build", "done", "run", "full"]


def test_stages_darken_within_a_phase(stages: list[dict]) -> None:
    """Within a phase each later stage is clearly darker, so that order survives colour blindness."""
    for _, group in itertools.groupby(stages, key=lambda entry: entry["phase"]):
        shades = [lightness(entry["colour"]) for entry in group]
        assert all(later <= earlier - 5 for earlier, later in itertools.pairwise(shades))


def test_stage_words_name_one_stage(stages: list[dict]) -> None:
    """A word of a list names one stage only, and each stage has a plain sentence in both languages."""
    words = [word for entry in stages for word in {entry["zh"], *entry["synonyms"]}]
    assert len(words) == len(set(words))
    assert all(entry["plain"]["zh"] and entry["plain"]["en"] for entry in stages)


def test_lists_have_sources(data_dir: Path) -> None:
    """Every named list has an unambiguous id and a source."""
    lists = toml(data_dir / "lists.toml")["entry"]
    assert len({entry["id"] for entry in lists}) == len(lists)
    assert all(entry["source"] and entry["zh"] and entry["en"] for entry in lists)


def test_published_figures_are_integers(data_dir: Path) -> None:
    """Every published figure is a whole number of a known unit, dated and sourced."""
    published = toml(data_dir / "published.toml")
    ids = [entry["id"] for entry in published["entry"]]
    assert len(ids) == len(set(ids))
    for entry in published["entry"]:
        assert re.fullmatch(r"\d+", entry["value"]), entry["id"]
        assert entry["unit"] in UNITS
        assert PARTIAL_DATE.match(entry["as_of"])
        assert entry["source"]
    assert {ref for remark in published["remark"] for ref in remark["entries"]} <= set(ids)


def test_published_arithmetic_is_what_the_remarks_say(data_dir: Path) -> None:
    """The published figures give 337 against 335, and 84.6 % by value against 93.7 % by count."""
    value = {e["id"]: int(e["value"]) for e in toml(data_dir / "published.toml")["entry"]}
    resumed = value["started_count"] - value["new_started"]
    planned_new = round(value["new_started"] * 10_000 / value["new_start_rate"])
    assert planned_new + resumed == value["planned_count"] + 2 == 337
    assert round(value["started_invest"] * 1000 / value["planned_invest"]) == 846
    assert round(value["started_count"] * 1000 / value["planned_count"]) == 937


def test_parks_are_two_levels(
    parks: list[dict[str, str]], county_codes: set[str], industries: list[dict]
) -> None:
    """A sub-park has a zone above it in the same county, and every reference of a park exists."""
    by_id = {park["id"]: park for park in parks}
    assert len(by_id) == len(parks)
    known = {entry["id"] for entry in industries}
    for park in parks:
        assert park["level"] in {"national", "provincial", "municipal", "sub", "historical"}
        assert (park["level"] == "sub") == bool(park["parent"])
        if park["parent"]:
            assert by_id[park["parent"]]["parent"] == ""
            assert by_id[park["parent"]]["county"] == park["county"]
        assert park["county"] in county_codes | {""}
        assert set(filter(None, park["industries"].split(";"))) <= known


def test_parks_say_what_they_know(parks: list[dict[str, str]]) -> None:
    """A park has a source, its area has a kind, and a park with a guessed centre is unverified."""
    for park in parks:
        assert park["source"], park["id"]
        assert park["source_grade"] in GRADES, park["id"]
        assert bool(park["area_km2"]) == bool(park["area_kind"])
        assert park["area_kind"] in {"", "approved", "planned", "built_up", "total", "developed"}
        assert bool(park["lon"]) == bool(park["lat"]) == (park["precision"] == "park_centre_approx")
        if park["lon"]:
            assert park["status"] == "unverified"
            assert "待核实" in park["note"]


def test_real_projects_are_sourced(projects: list[dict[str, str]]) -> None:
    """Every real project has a source, a grade and a date, and its link is a plain web address."""
    for row in projects:
        assert row["source"], row["id"]
        assert row["source_grade"] in GRADES, row["id"]
        assert PARTIAL_DATE.match(row["source_date"]), row["id"]
        assert PARTIAL_DATE.match(row["updated"]), row["id"]
        assert re.fullmatch(r"(https?://[\w./?=-]+)?", row["source_url"]), row["id"]
        assert bool(row["source_url"]) <= (row["source_grade"] in {"A", "B"})


def test_real_project_ids(projects: list[dict[str, str]]) -> None:
    """Real ids are r and digits, unique, and no real project calls itself a sample."""
    ids = [row["id"] for row in projects]
    assert len(set(ids)) == len(ids) >= 30
    assert all(re.fullmatch(r"r\d+", identifier) for identifier in ids)
    assert not any("示例" in value for row in projects for value in row.values())


def test_real_project_references_exist(
    projects: list[dict[str, str]],
    parks: list[dict[str, str]],
    county_codes: set[str],
    data_dir: Path,
    industries: list[dict],
) -> None:
    """County, park, industry, stage and lists of a real project are entries of the dictionaries."""
    county_of = {park["id"]: park["county"] for park in parks}
    lists = {entry["id"] for entry in toml(data_dir / "lists.toml")["entry"]}
    for row in projects:
        assert row["county"] in county_codes | {""}
        assert row["industry"] in {entry["id"] for entry in industries} | {""}
        assert row["stage"] in {*LADDER, ""}
        assert set(filter(None, row["lists"].split(";"))) <= lists
        if row["park"]:
            assert county_of[row["park"]] == row["county"]


def test_real_positions_are_honest(projects: list[dict[str, str]]) -> None:
    """Only a site or a town has coordinates; a line or an unknown place has none."""
    for row in projects:
        assert bool(row["lon"]) == bool(row["lat"]) == (row["precision"] in HAS_POINT), row["id"]
        assert bool(row["lon"]) == bool(row["coord_source"])
        assert bool(row["park"]) >= (row["precision"] == "park")
        assert bool(row["county"]) >= (row["precision"] == "county")


def test_real_values_parse(projects: list[dict[str, str]]) -> None:
    """Dates are days, months or years, money is whole 万元, and the end is not before the start."""
    for row in projects:
        for column in ("start_date", "end_date"):
            assert not row[column] or PARTIAL_DATE.match(row[column])
        for column in ("invest_wan", "plan_wan", "done_wan"):
            assert re.fullmatch(r"\d*", row[column])
        if row["start_date"] and row["end_date"]:
            assert row["start_date"][:4] <= row["end_date"][:4]


def test_an_investment_said_for_several_is_nobodys(projects: list[dict[str, str]]) -> None:
    """A sum published for several projects (737, 320 or 30 亿) is no project's investment."""
    assert not {row["invest_wan"] for row in projects} & {"7370000", "3200000", "300000"}
