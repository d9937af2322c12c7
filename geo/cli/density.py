"""How dense projects and investment are, and how places compare: a table or JSON of exact figures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import numpy as np

from geo import filters, layers, view, wording
from geo.cli import context, density_compare, density_index, density_text
from geo.cli.density_values import Names, densities_value, left_out_value, surface_value
from geo.compare import classes, scenario
from geo.density import areas, per, stated
from geo.density.measures import MEASURES, VAGUE
from geo.density.question import YEARS, Question, answer
from geo.density.surface import Surface
from geo.errors import GeoError
from geo.layers import Atlas
from geo.series import importing
from geo.store.roles import VISITOR, visible, visible_series

BY = ("county", "park", "h3", "surface")
MEASURED = (*MEASURES, *stated.METRICS)
AREAS = (*areas.COUNTY_SOURCES, *areas.PARK_CHOICES)
DEFAULT_AREA = {"county": "tianditu", "park": "stated"}
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "county": tuple(areas.COUNTY_SOURCES),
    "park": areas.PARK_CHOICES,
}


def add(commands: Any) -> None:
    """Add `density`."""
    command = commands.add_parser("density", help="密度与比较 / densities and how places compare")
    command.add_argument("--by", choices=BY, default="county", help="按什么统计 / by what")
    command.add_argument("--measure", choices=MEASURED, default="projects", help="分子 / numerator")
    command.add_argument(
        "--per", choices=("area", *per.KINDS), default="area", help="分母 / denominator"
    )
    command.add_argument("--year", type=_year, help="年份 / year")
    command.add_argument("--area", choices=AREAS, help="面积口径 / which area")
    command.add_argument("--resolution", type=int, default=7, help="H3 6–9")
    command.add_argument(
        "--bandwidth", type=float, default=3000.0, metavar="M", help="核半径（米） / kernel radius"
    )
    command.add_argument(
        "--vague",
        choices=VAGUE,
        default="left_out",
        help="位置只到园区、乡镇或区县的项目 / projects without an exact place",
    )
    command.add_argument("--filter", default="", metavar="Q", help="同页面地址，如 c=…&i=…")
    command.add_argument("--compare", choices=density_compare.KINDS, help="比较 / comparison")
    command.add_argument(
        "--with",
        dest="places",
        default="",
        metavar="ID,ID",
        help="并排的地方 / places side by side",
    )
    command.add_argument(
        "--twin", default="", metavar="year=…", help="对照的另一个 / the other one"
    )
    command.add_argument("--classes", choices=classes.SCHEMES, help="分级 / class breaks")
    command.add_argument("--k", type=int, default=5, help="级数 / number of classes")
    command.add_argument("--what-if", default="", metavar="S", help="假设方案 / a scenario")
    density_index.add(command)
    command.add_argument("--draws", type=int, default=1000, help="重抽样次数 / bootstrap draws")
    command.add_argument("--seed", type=int, default=0, help="随机种子 / seed of what is random")
    command.add_argument("--public", action="store_true", help="只含公开内容 / public rows only")
    command.add_argument("--json", action="store_true", help="输出 JSON / as JSON")
    context.add_options(command)
    command.set_defaults(run=_density)


def _year(text: str) -> int:
    year = int(text)
    if year not in YEARS:
        raise argparse.ArgumentTypeError(text)
    return year


def _density(chosen: argparse.Namespace) -> int:
    area = _area(chosen)
    density_compare.check(chosen)
    atlas, version = _atlas(chosen)
    rows = _rows(atlas, chosen)
    if chosen.what_if:
        scratch = scenario.applied(atlas, scenario.read(chosen.what_if))
        rows = scenario.rows_of(atlas, scratch, rows)
        atlas = scratch
    found = {
        "city": atlas.catalogue.city.name[chosen.lang],
        "data_version": version,
        "by": chosen.by,
        "measure": chosen.measure,
        "per": chosen.per,
        "year": chosen.year,
        "filter": chosen.filter,
        "what_if": chosen.what_if,
        "selected": int(rows.sum()),
        "samples": int(atlas.projects["sample"].to_numpy(dtype=bool)[rows].sum()),
        **_figures(atlas, rows, chosen, area),
    }
    if chosen.json:
        context.show(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for line in density_text.lines(found, wording.translator(chosen.lang)):
            context.show(context.one_line(line))
    return context.DONE


def _area(chosen: argparse.Namespace) -> str:
    """Return the area asked for; one that does not belong to `--by` is refused, not ignored."""
    allowed = ALLOWED.get(chosen.by, ())
    if chosen.area is None:
        return DEFAULT_AREA.get(chosen.by, "")
    if chosen.area not in allowed:
        expected = " / ".join(allowed) or "—"
        raise GeoError("density.area_by", by=chosen.by, read=chosen.area, expected=expected)
    return str(chosen.area)


def _atlas(chosen: argparse.Namespace) -> tuple[Atlas, int | None]:
    """Return the newest data version of the store, else the city folder's own projects."""
    folder = context.city_folder(chosen)
    base = layers.load(folder)
    table, version = layers.read_projects(folder), None
    if not context.is_new(context.place()):
        with context.existing_store() as store:
            version = store.version()
            table = store.projects(version)
            base = layers.with_series(base, importing.known(base.series, store))
    if chosen.public:
        table = visible(table, VISITOR, internal_stages=base.catalogue.internal_stages)
        base = layers.with_series(base, visible_series(base.series, VISITOR))
    return layers.with_projects(base, table), version


def _rows(atlas: Atlas, chosen: argparse.Namespace) -> np.ndarray:
    query = dict(parse_qsl(chosen.filter.lstrip("?"), keep_blank_values=True))
    index = filters.build_index(atlas)
    options = {name: index.facets[name].options for name in filters.FACETS}
    read, dropped = view.from_query(query, options=options, projects=set(atlas.projects["id"]))
    if dropped or (chosen.filter.strip("?& ") and not query):
        keys = ", ".join(dropped) or chosen.filter
        raise GeoError("density.filter", read=chosen.filter, keys=keys)
    return filters.select(index, read.filters).rows


def _figures(
    atlas: Atlas, rows: np.ndarray, chosen: argparse.Namespace, area: str
) -> dict[str, Any]:
    names = Names(atlas, chosen.lang)
    asked = _question(chosen, area)
    found = answer(atlas, rows, asked)
    if isinstance(found, Surface):
        return {**surface_value(found), "left_out": left_out_value(found.left_out, names)}
    value = densities_value(found, names)
    if chosen.classes:
        value |= _classes(value["figures"], chosen)
    if chosen.compare:
        case = density_compare.Case(atlas, rows, asked, found, chosen, names)
        value["compare"] = density_compare.compared(case)
    return value


def _question(chosen: argparse.Namespace, area: str) -> Question:
    return Question(
        by=chosen.by,
        measure=chosen.measure,
        per="km2" if chosen.per == "area" else chosen.per,
        area=area,
        resolution=chosen.resolution,
        bandwidth_m=chosen.bandwidth,
        vague=chosen.vague,
        year=chosen.year,
    )


def _classes(figures: list[dict[str, Any]], chosen: argparse.Namespace) -> dict[str, Any]:
    """Return the class breaks, and the figures with their classes, counted from 0."""
    known = [None if f["value"] is None else f["value"]["value"] for f in figures]
    bounds = classes.breaks(
        [value for value in known if value is not None], scheme=chosen.classes, k=chosen.k
    )
    placed = zip(figures, classes.classes(known, bounds), strict=True)
    return {
        "figures": [{**figure, "class": number} for figure, number in placed],
        "classes": {"scheme": chosen.classes, "bounds": list(bounds)},
    }
