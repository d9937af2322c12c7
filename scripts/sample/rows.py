"""Put the drawn amounts, places and dates together as rows of the project table."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
from numpy.random import Generator, default_rng

from sample import money as amounts
from sample import places
from sample.city import City

SEED = 20220921
PLAN_YEAR = 2022
LEADERS = 20
LAND = 1  # its own stream of the seed
MOST_MU = 1500
COMPLETED = ("done", "run", "full")
WAITING = ("prep", "signed", "reserve")
NOTES = {
    "prep": "示例：办理前期手续",
    "start": "示例：基础施工",
    "build": "示例：主体施工",
    "done": "示例：已竣工",
    "run": "示例：已投产",
    "full": "示例：已达产",
}


def _month(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def _dates(rng: Generator, stage: str, attribute: str, invest: int) -> dict[str, str]:
    """Give start and end months; a start still to come, and an end not reached, are planned."""
    january, new = PLAN_YEAR * 12, attribute == "new"
    if stage in COMPLETED:
        start = january + int(rng.integers(1, 4)) if new else january - int(rng.integers(2, 30))
        end = january + int(rng.integers(5 if new else 2, 9))
    else:
        months = (4, 12) if stage in WAITING else (2, 9)
        start = january + (int(rng.integers(*months)) if new else -int(rng.integers(2, 24)))
        length = 8 + int(math.log2(invest / 5_000) * 5) + int(rng.integers(0, 9))
        end = max(start + length, january + int(rng.integers(6, 24)))
    return {"start_date": _month(start), "end_date": _month(end)}


def _progress(stage: str, done: int, invest: int) -> dict[str, str]:
    percent = 100 if stage in COMPLETED else done * 100 // invest
    return {"progress_pct": str(percent), "progress_note": NOTES.get(stage, NOTES["prep"])}


def make_rows(city: City, *, seed: int = SEED) -> list[dict[str, str]]:
    """Draw all sample projects; keys are the header's, every value is text, empty is unknown."""
    rng = default_rng(seed)
    money = amounts.draw_money(rng)
    members = amounts.draw_lists(rng, money)
    codes = list(places.COUNTY_SHARES)
    shares = np.array(list(places.COUNTY_SHARES.values())) / sum(places.COUNTY_SHARES.values())
    charges = iter(rng.permutation(np.arange(amounts.LIST_SIZES["leader"]) % LEADERS + 1))
    rows = []
    for number, index in enumerate(rng.permutation(amounts.COUNT), start=1):
        county = codes[rng.choice(len(codes), p=shares)]
        rows.append(
            dict.fromkeys(city.header, "")
            | _subject(rng, city, county=county, number=number)
            | _state(rng, money, index)
            | {
                "lists": ";".join(members[index]),
                "leader": f"示例领导{next(charges)}" if "leader" in members[index] else "",
                "source": f"示例数据（随机生成，种子 {seed}）",
            }
        )
    return _with_land(rows, seed)


def _with_land(rows: list[dict[str, str]], seed: int) -> list[dict[str, str]]:
    """Give two thirds of the projects land: whole 亩, by an investment of 3 to 9 million yuan each.

    It is drawn apart, so that every other value stays as it is without it.
    """
    rng = default_rng([seed, LAND])
    for row in rows:
        stated, wan_per_mu = rng.random() < 2 / 3, rng.uniform(300, 900)
        mu = min(MOST_MU, max(5, round(int(row["invest_wan"]) / wan_per_mu)))
        row["land_m2"] = str((mu * 2000 + 1) // 3) if stated else ""
    return rows


def _subject(rng: Generator, city: City, *, county: str, number: int) -> dict[str, str]:
    """Give the columns that say what the project is and where."""
    place = places.choose_place(rng, city, county)
    industry = places.choose_industry(rng, city, place.get("park", ""))
    return place | {
        "id": f"s{number:03d}",
        "name": f"示例·{city.counties[county]}·{industry['zh']}项目 {number:03d}",
        "county": county,
        "industry": industry["id"],
        "owner": f"示例企业{rng.integers(1, 261):03d}",
        "remark": "示例，非真实项目",
    }


def _state(rng: Generator, money: amounts.Money, index: int) -> dict[str, str]:
    """Give the columns that say how far the project is; a plan of zero is unknown, so empty."""
    stage, attribute = str(money.stage[index]), str(money.attribute[index])
    invest, done = int(money.invest[index]), int(money.done[index])
    dates = _dates(rng, stage, attribute, invest)
    return (
        dates
        | _progress(stage, done, invest)
        | {
            "stage": stage,
            "plan_year": str(PLAN_YEAR),
            "plan_attr": attribute,
            "invest_wan": str(invest),
            "plan_wan": str(money.plan[index] or ""),
            "done_wan": str(done),
            "source_date": "2022-09-27",
            "updated": str(rng.choice(["2022-08-31", "2022-09-15", "2022-09-21"])),
        }
    )


def to_csv(rows: list[dict[str, str]], header: tuple[str, ...]) -> bytes:
    """Give the table as UTF-8 CSV with LF line ends."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
