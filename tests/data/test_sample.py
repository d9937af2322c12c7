"""The sample projects: exact totals, consistent rows, the same bytes every time."""

from __future__ import annotations

import csv
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

STARTED = {"start", "build", "done", "run", "full"}
MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")


@pytest.fixture(scope="module")
def sample(data_dir: Path) -> list[dict[str, str]]:
    with (data_dir / "projects_sample.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def published(data_dir: Path) -> dict[str, int]:
    entries = tomllib.loads((data_dir / "published.toml").read_text("utf-8"))["entry"]
    return {entry["id"]: int(entry["value"]) for entry in entries}


@pytest.fixture(scope="module")
def counties(data_dir: Path) -> dict[str, tuple[str, shapely.Geometry]]:
    features = json.loads((data_dir / "counties.geojson").read_text("utf-8"))["features"]
    return {
        f["properties"]["code"]: (f["properties"]["name"], shape(f["geometry"])) for f in features
    }


@pytest.fixture(scope="module")
def maker(root: Path) -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root / "scripts"))
        import make_sample

        yield make_sample


def total(rows: list[dict[str, str]], column: str) -> int:
    return sum(int(row[column] or 0) for row in rows)


def started(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if row["stage"] in STARTED]


def test_totals_are_the_published_ones(
    sample: list[dict[str, str]], published: dict[str, int]
) -> None:
    """Counts and sums of the sample equal the published figures to the last 万元."""
    begun = started(sample)
    assert len(sample) == published["planned_count"]
    assert total(sample, "invest_wan") == published["planned_invest"]
    assert len(begun) == published["started_count"]
    assert total(begun, "invest_wan") == published["started_invest"]
    assert total(begun, "plan_wan") == total(sample, "plan_wan") == published["started_plan"]
    assert sum(row["plan_attr"] == "new" for row in begun) == published["new_started"]
    assert sum(int(row["invest_wan"]) >= 10_000 for row in sample) == published["over_100m"]
    assert min(int(row["invest_wan"]) for row in sample) >= 5_000


def test_all_resumed_projects_started(sample: list[dict[str, str]]) -> None:
    """206 resumed projects all started, and the 21 that did not start are planned new."""
    assert Counter((row["plan_attr"], row["stage"] in STARTED) for row in sample) == {
        ("resumed", True): 206,
        ("new", True): 108,
        ("new", False): 21,
    }


def test_list_sizes_are_the_published_ones(
    sample: list[dict[str, str]], published: dict[str, int], data_dir: Path
) -> None:
    """Each list has as many members as published, and every list is in the dictionary."""
    sizes = Counter(name for row in sample for name in row["lists"].split(";"))
    assert sizes == {
        "restart": published["planned_count"],
        "leader": published["leader_count"],
        "techreform": published["techreform_count"],
        "prelim": published["prelim_count"],
        "provincial": published["provincial_count"],
    }
    lists = tomllib.loads((data_dir / "lists.toml").read_text("utf-8"))["entry"]
    assert set(sizes) <= {entry["id"] for entry in lists}


def test_leaders_share_the_load(sample: list[dict[str, str]]) -> None:
    """Twenty leaders have five projects each, and exactly the projects of the leaders' list."""
    load = Counter(row["leader"] for row in sample if row["leader"])
    assert load == {f"示例领导{n}": 5 for n in range(1, 21)}
    assert all(("leader" in row["lists"].split(";")) == bool(row["leader"]) for row in sample)


def test_everything_made_up_says_so(sample: list[dict[str, str]]) -> None:
    """Names, owners, places and sources all say 示例, and no row has a project code or a link."""
    for row in sample:
        for column in ("name", "owner", "place", "source", "progress_note", "remark"):
            assert row[column].startswith("示例"), (row["id"], column)
        assert row["code"] == row["source_url"] == row["source_grade"] == ""


def test_ids_are_unique(sample: list[dict[str, str]]) -> None:
    """Sample ids are s and digits, each used once, and names are unique too."""
    assert all(re.fullmatch(r"s\d+", row["id"]) for row in sample)
    assert len({row["id"] for row in sample}) == len({row["name"] for row in sample}) == 335


def test_references_exist(
    sample: list[dict[str, str]], counties: dict[str, tuple], data_dir: Path
) -> None:
    """County, park, industry and stage exist, and the name tells the county and the industry."""
    industries = tomllib.loads((data_dir / "industries.toml").read_text("utf-8"))["entry"]
    stages = tomllib.loads((data_dir / "stages.toml").read_text("utf-8"))["entry"]
    named = {entry["id"]: entry["zh"] for entry in industries}
    with (data_dir / "parks.csv").open(encoding="utf-8", newline="") as file:
        county_of = {park["id"]: park["county"] for park in csv.DictReader(file)}
    for row in sample:
        assert f"·{counties[row['county']][0]}·{named[row['industry']]}项目" in row["name"]
        assert row["stage"] in {entry["id"] for entry in stages}
        assert not row["park"] or county_of[row["park"]] == row["county"]


def test_all_counties_and_industries_occur(
    sample: list[dict[str, str]], counties: dict[str, tuple]
) -> None:
    """The sample covers every county, all ten industries, and all started stages."""
    assert {row["county"] for row in sample} == set(counties)
    assert len({row["industry"] for row in sample}) == 10
    assert {row["stage"] for row in sample} >= STARTED


def test_money_and_progress_agree(sample: list[dict[str, str]]) -> None:
    """Spending never exceeds the investment and fits the stage: 0, little, part or finished."""
    for row in sample:
        invest, done = int(row["invest_wan"]), int(row["done_wan"])
        progress = int(row["progress_pct"])
        assert 0 <= done <= invest
        assert int(row["plan_wan"] or 0) <= invest
        if row["stage"] in {"done", "run", "full"}:
            assert progress == 100
            assert done >= 0.94 * invest
        elif row["stage"] in STARTED:
            assert progress == done * 100 // invest
            assert (progress < 10) == (row["stage"] == "start")
        else:
            assert done == progress == 0


def test_about_two_thirds_state_their_land(sample: list[dict[str, str]]) -> None:
    """Land is whole square metres of 5 to 1500 亩 in about two thirds of the rows, empty in the rest."""
    land = [int(row["land_m2"]) for row in sample if row["land_m2"]]
    assert 0.6 < len(land) / len(sample) < 0.73
    assert all(3333 <= m2 <= 1_000_000 for m2 in land)


def test_dates_agree_with_stage_and_plan(sample: list[dict[str, str]]) -> None:
    """Starts precede ends, new projects start in the plan year, finished ones ended by September."""
    for row in sample:
        start, end = row["start_date"], row["end_date"]
        assert MONTH.match(start)
        assert MONTH.match(end)
        assert start < end
        assert (start >= "2022") == (row["plan_attr"] == "new")
        if row["stage"] in STARTED:
            assert start <= "2022-09"
        if row["stage"] in {"done", "run", "full"}:
            assert end <= "2022-09"


def test_points_lie_on_dry_land_of_their_county(
    sample: list[dict[str, str]], counties: dict[str, tuple], data_dir: Path
) -> None:
    """Every random site is inside its county, on land and not in the reservoir."""
    land, water = (
        shapely.union_all(
            [
                shape(f["geometry"])
                for f in json.loads((data_dir / f"{name}.geojson").read_text("utf-8"))["features"]
            ]
        )
        for name in ("land", "water")
    )
    for row in sample:
        if row["precision"] == "site":
            point = shapely.Point(float(row["lon"]), float(row["lat"]))
            assert counties[row["county"]][1].contains(point), row["id"]
            assert land.contains(point), row["id"]
            assert not water.contains(point), row["id"]


def test_precision_and_coordinates_agree(sample: list[dict[str, str]]) -> None:
    """Sites and towns have a point, park rows have a park and none; about three in four are sites."""
    for row in sample:
        assert bool(row["lon"]) == bool(row["lat"]) == (row["precision"] in {"site", "town"})
        assert row["precision"] in {"site", "town", "park"}
        assert row["precision"] != "park" or row["park"]
    assert 0.7 < sum(row["precision"] == "site" for row in sample) / len(sample) < 0.8


def test_the_script_gives_the_shipped_bytes(maker: ModuleType, data_dir: Path) -> None:
    """The shipped file is byte for byte what the script makes, twice in a row."""
    city = maker.read_city(data_dir)
    made = [maker.to_csv(maker.make_rows(city), city.header) for _ in range(2)]
    assert made[0] == made[1] == (data_dir / "projects_sample.csv").read_bytes()


def test_check_notices_a_changed_file(maker: ModuleType, data_dir: Path, tmp_path: Path) -> None:
    """`--check` passes on the shipped folder and fails when one byte of the sample differs."""
    for source in data_dir.iterdir():
        if source.is_file():
            (tmp_path / source.name).write_bytes(source.read_bytes())
    arguments = ["--check", "--data", str(tmp_path)]
    assert maker.main(arguments) == 0
    with (tmp_path / "projects_sample.csv").open("ab") as file:
        file.write(b"\n")
    assert maker.main(arguments) == 1


@given(seed=st.integers(0, 2**32 - 1))
def test_totals_hold_for_any_seed(maker: ModuleType, seed: int) -> None:
    """Whatever the seed, totals are exact and no plan or spending exceeds its investment."""
    amounts = sys.modules["sample.money"]
    money = amounts.draw_money(np.random.default_rng(seed))
    begun = np.isin(money.stage, list(STARTED))
    assert (begun.sum(), money.invest[begun].sum()) == (314, 10_466_000)
    assert (money.invest.sum(), money.plan.sum()) == (12_372_000, 2_499_000)
    assert (money.invest >= 10_000).sum() == 145
    assert (money.plan[begun] > 0).all()
    assert (money.plan <= money.invest).all()
    assert (money.done <= money.invest).all()
    assert money.invest.min() >= 5_000
