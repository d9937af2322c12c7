"""The density command's answer as lines of text, from the same values as its JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from geo.cli import density_index
from geo.wording import Translate, land

FIRST = 5  # ids named on a line
CELLS = 20  # hexagons listed, the densest first
LIKELY = 0.05


def lines(found: dict[str, Any], t: Translate) -> Iterator[str]:
    """Return the lines of an answer: what is measured, the places, what is left out, a comparison."""
    yield _head(found, t)
    version = found["data_version"]
    yield t("density.from_files") if version is None else t("density.version", version=version)
    if found["what_if"]:
        yield t("density.what_if", text=found["what_if"])
    if "surface" in found:
        yield _surface(found, t)
    else:
        yield from _figures(found, t)
    if "classes" in found:
        bounds = [_number(bound) for bound in found["classes"]["bounds"]]
        scheme = t(f"density.classes_{found['classes']['scheme']}")
        yield t("density.classes", scheme=scheme, bounds=" / ".join(bounds))
    for reason, ids in found["left_out"].items():
        yield t("density.left_out", reason=t(f"density.left_{reason}"), **_ids(ids))
    for note in found.get("notes", ()):
        yield _note(note, t)
    if "compare" in found:
        yield from _compared(found, t)


def _head(found: dict[str, Any], t: Translate) -> str:
    measure, city = t(f"density.measure_{found['measure']}"), found["city"]
    stated = [f["amount"]["stated"] for f in found.get("figures", ())]
    if any(stated):
        known = [one for one in stated if one]
        samples = sum(one["sample"] for one in known)
        return t("density.head_stated", city=city, measure=measure, n=len(known), samples=samples)
    counts = {name: found[name] for name in ("selected", "samples")}
    return t("density.head", measure=measure, city=city, **counts)


def _note(note: dict[str, Any], t: Translate) -> str:
    parts = {**note, "km2": _number(note["km2"])}
    if note["code"] == "mixed_kinds":
        kinds = [t(f"density.area_{kind or 'unknown'}") for kind in note["other"].split(", ")]
        parts["other"] = t("density.comma").join(kinds)
    if note["code"] == "stated_whole":
        parts["other"] = _number(float(note["other"]))
    return t(f"density.note_{note['code']}", **parts)


def _figures(found: dict[str, Any], t: Translate) -> Iterator[str]:
    figures = found["figures"]
    if found["by"] == "h3":
        figures = sorted(figures, key=lambda f: -((f["per_km2"] or {}).get("value", 0)))
    units = {name: t(f"density.unit_{unit}") for name, unit in found["units"].items()}
    for figure in figures[: CELLS if found["by"] == "h3" else None]:
        yield _figure(figure, units, t)
    if found["by"] == "h3" and len(figures) > CELLS:
        yield t("density.more_cells", n=len(figures) - CELLS)


def _figure(figure: dict[str, Any], units: dict[str, str], t: Translate) -> str:
    amount = figure["amount"]
    parts = {
        "name": ("· " if figure["within"] else "") + figure["name"],
        "amount": _number(_value(amount["value"])),
        "unit": units["amount"],
        "behind": _behind(figure, t),
    }
    if figure["reason"]:
        reason = t(f"density.reason_{figure['reason']}")
        nothing = not (amount["value"] or amount["unknown"])
        return t("density.no_amount" if nothing else "density.no_figure", reason=reason, **parts)
    if figure["per"]:
        return _per(figure, parts, t)
    area = figure["area"]
    return t(
        "density.figure",
        per_km2=_number(_value(figure["per_km2"])),
        unit_km2=units["per_km2"],
        per_mu=_number(_value(figure["per_mu"])),
        unit_mu=units["per_mu"],
        km2=_number(_value(area["km2"])),
        kind=t(f"density.area_{area['kind'] or 'unknown'}"),
        source=area["source"],
        year=area["year"] or t(_no_year(area["kind"])),
        **parts,
    )


def _behind(figure: dict[str, Any], t: Translate) -> str:
    """Say what an amount comes from: project rows, or the source that states it."""
    amount = figure["amount"]
    if amount["stated"]:
        return t("density.behind_stated", **_source(amount["stated"], t))
    return t("density.behind_rows", rows=len(amount["projects"]), unknown=len(amount["unknown"]))


def _source(stated: dict[str, Any], t: Translate) -> dict[str, str]:
    mark = t("density.sample_mark") if stated["sample"] else ""
    status = t(f"series.status_{stated['status']}")
    when = stated.get("period") or stated.get("year")
    return {"when": f"{when}{mark}", "status": status, "source": stated["source"]}


def _per(figure: dict[str, Any], parts: dict[str, str], t: Translate) -> str:
    per = figure["per"]
    return t(
        "density.figure_per",
        value=_number(_value(figure["value"])),
        unit_value=t(f"density.unit_{figure['unit']}"),
        count=_number(_value(per["count"])),
        unit_count=t(f"density.unit_of_{per['kind']}"),
        **_source(per, t),
        **parts,
    )


def _no_year(kind: str) -> str:
    return "density.timeless" if kind == "geodesic" else "density.no_year"


def _surface(found: dict[str, Any], t: Translate) -> str:
    surface = found["surface"]
    return t(
        "density.surface",
        bandwidth=_number(surface["bandwidth_m"]),
        total=_number(_value(surface["total"])),
        integral=_number(surface["integral"]),
        unit=t(f"density.unit_{found['units']['amount']}"),
        outside=_percent(surface["outside"]),
        peak=_number(surface["peak"]["per_km2"]),
        unit_km2=t(f"density.unit_{found['units']['per_km2']}"),
        lon=surface["peak"]["lon"],
        lat=surface["peak"]["lat"],
    )


def _compared(found: dict[str, Any], t: Translate) -> Iterator[str]:
    """Say first where a comparison counts something else than was asked for, or has samples."""
    value = found["compare"]
    measure, per = (value.get(name, found[name]) for name in ("measure", "per"))
    if measure != found["measure"]:
        yield t("density.compare_measure", measure=t(f"density.measure_{measure}"))
    if per != found["per"]:
        yield t("density.compare_per", per=t(f"density.per_{per}"))
    yield from _COMPARED[value["kind"]](value, t)
    if value.get("samples"):
        yield t("density.compare_samples", n=value["samples"])


def _rank(value: dict[str, Any], t: Translate) -> Iterator[str]:
    if "bootstrap" in value["ways"]:
        yield t("density.rank_head", draws=value["draws"], seed=value["seed"])
    else:
        yield t("density.rank_by_area" if value["ways"] else "density.rank_untested")
    if not value["ranks"]:
        yield t("density.rank_none")
    for one in value["ranks"]:
        if not one["ranges"]:
            yield t("density.rank_alone", **_only(one, "ranges"))
            continue
        ways = [
            t(f"density.rank_{way}", low=low, high=high)
            for way, (low, high) in one["ranges"].items()
        ]
        yield t("density.rank", ways=t("density.comma").join(ways), **_only(one, "ranges"))


def _flips(value: dict[str, Any], t: Translate) -> Iterator[str]:
    yield t("density.flips_head" if value["flips"] else "density.flips_none")
    for flip in value["flips"]:
        ranks = [
            t("density.flip_rank", view=t(f"density.view_{view}"), rank=rank or "—")
            for view, rank in flip["ranks"].items()
        ]
        yield t("density.flip", name=flip["name"], ranks=t("density.comma").join(ranks))


def _side(value: dict[str, Any], t: Translate) -> Iterator[str]:
    yield t("density.side_head", names=t("density.comma").join(p["name"] for p in value["places"]))
    for measure, figures in value["measures"].items():
        said = [
            t(
                "density.side_one",
                name=figure["name"],
                value=_number(_value(figure["value"])),
                mark=t("density.sample_mark") if _is_sample(figure) else "",
                share=_number(_value(figure["share"])),
            )
            for figure in figures
        ]
        yield t(
            "density.side",
            measure=t(f"density.measure_{measure}"),
            unit=t(f"density.unit_{figures[0]['unit']}"),
            figures=t("density.comma").join(said),
        )


def _is_sample(figure: dict[str, Any]) -> bool:
    stands_on = (figure["amount"]["stated"], figure["per"])
    return any(one and one["sample"] for one in stands_on)


def _twin(value: dict[str, Any], t: Translate) -> Iterator[str]:
    yield t("density.twin_head", twin=value["twin"], unit=t(f"density.unit_{value['unit']}"))
    for one in value["changes"][:CELLS]:
        numbers = {name: _number(_value(one[name])) for name in ("left", "right", "change")}
        yield t("density.twin", name=one["name"], **numbers)
    if len(value["changes"]) > CELLS:
        yield t("density.twin_more", n=len(value["changes"]) - CELLS)


def _quotients(value: dict[str, Any], t: Translate) -> Iterator[str]:
    yield t("density.quotients_head", unknown=len(value["unknown"]))
    for cell in value["quotients"]:
        if cell["numbers"][0]:
            here, park, industry, whole = cell["numbers"]
            yield t(
                "density.quotient",
                park=cell["park_name"],
                industry=cell["industry_name"],
                quotient=_number(_value(cell["quotient"])),
                numbers=f"({here}/{park}) ÷ ({industry}/{whole})",
                small=t("density.small") if cell["small"] else "",
            )


def _concentration(value: dict[str, Any], t: Translate) -> Iterator[str]:
    yield t(
        "density.concentration",
        n=value["places"],
        gini=_number(_value(value["gini"])),
        herfindahl=_number(_value(value["herfindahl"])),
    )
    share = value["share_in_parks"]
    counts = {name: len(ids) for name, ids in share.items() if isinstance(ids, list)}
    found, target = _value(share["share"]), _value(share["target"])
    yield t(
        "density.share",
        share="—" if found is None else _percent(found),
        target="—" if target is None else _percent(target),
        **counts,
    )


def _misfits(value: dict[str, Any], t: Translate) -> Iterator[str]:
    for fit in value["parks"]:
        yield t(
            "density.fit",
            name=fit["name"],
            named=t("density.comma").join(fit["named"]) or "—",
            fitting=len(fit["fitting"]),
            misfits=len(fit["misfits"]),
            unknown=len(fit["unknown"]),
            ids=_ids(fit["misfits"])["ids"] or "—",
            leading=fit["leading"] or "—",
        )


def _land(value: dict[str, Any], t: Translate) -> Iterator[str]:
    yield t("density.land_head")
    for one in value["parks"]:
        area, left = one["area"], _value(one["remaining_km2"])
        parts = {
            "name": ("· " if one["within"] else "") + one["name"],
            "used": land(one["used_m2"], t),
            "rows": len(one["projects"]),
            "unknown": len(one["unknown"]),
            "off": len(one["off"]),
        }
        if left is None:
            reason = t(f"density.reason_{one['reason']}")
            yield t("density.land_none", reason=reason, **parts)
            continue
        kind = "over" if left < 0 else "left"
        yield t(
            f"density.land_{kind}{'_at_most' if one['at_most'] else ''}",
            left=_number(abs(left)),
            km2=_number(_value(area["km2"])),
            kind=t(f"density.area_{area['kind'] or 'unknown'}"),
            source=area["source"],
            year=area["year"] or t(_no_year(area["kind"])),
            **parts,
        )


def _nearest(value: dict[str, Any], t: Translate) -> Iterator[str]:
    pattern = value["pattern"]
    yield t(
        "density.nearest",
        index=_number(value["index"]),
        observed=_number(value["observed_m"]),
        expected=_number(value["expected_m"]),
        z=_number(value["z"]),
        n=value["n"],
        pattern=t(f"density.pattern_{pattern}"),
        left=sum(len(ids) for ids in value["left_out"].values()),
    )


def _moran(value: dict[str, Any], t: Translate) -> Iterator[str]:
    yield t(
        "density.moran",
        value=_number(value["moran"]),
        expected=_number(value["expected"]),
        p=_number(value["p"]),
        n=value["n"],
        pattern=t(f"density.pattern_{value['pattern']}"),
    )
    likely = [one for one in value["local"] if one["p"] < LIKELY]
    for one in sorted(likely, key=lambda one: (one["p"], -abs(one["value"])))[:CELLS]:
        yield t(
            "density.local",
            name=one["name"],
            value=_number(one["value"]),
            quadrant=t(f"density.quadrant_{one['quadrant']}"),
            p=_number(one["p"]),
        )


_COMPARED: dict[str, Callable[[dict[str, Any], Translate], Iterator[str]]] = {
    "rank": _rank,
    "flips": _flips,
    "side": _side,
    "twin": _twin,
    "quotients": _quotients,
    "concentration": _concentration,
    "misfits": _misfits,
    "nearest": _nearest,
    "moran": _moran,
    "land": _land,
    "index": density_index.lines,
}


def _value(exact: dict[str, Any] | None) -> float | None:
    return None if exact is None else float(exact["value"])


def _number(value: float | None) -> str:
    """Write a number to four significant digits, whole numbers in full, none as a dash."""
    if value is None:
        return "—"
    if float(value).is_integer() or abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{float(f'{value:.4g}'):,}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%"


def _ids(ids: list[str]) -> dict[str, Any]:
    return {"n": len(ids), "ids": ", ".join(ids[:FIRST]) + (" …" if len(ids) > FIRST else "")}


def _only(value: dict[str, Any], *without: str) -> dict[str, Any]:
    return {name: kept for name, kept in value.items() if name not in without}
