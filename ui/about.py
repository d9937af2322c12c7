"""The sections of the page about the data."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st
from markupsafe import Markup

from geo import published as figures
from geo.layers import Atlas
from geo.model import Published
from geo.view import View
from ui import names
from ui.cache import City
from ui.i18n import Translate, money, trimmed, yi


def _table(rows: list[dict[str, object]], labels: dict[str, str]) -> None:
    """Draw rows as an HTML table that wraps; on a phone each row becomes a block."""
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(v) for v in labels.values())
    body = Markup("").join(_row(row, labels) for row in rows)
    st.html(
        Markup(
            '<div class="about-scroll"><table class="about-table"><thead><tr>{}</tr></thead>'
            "<tbody>{}</tbody></table></div>"
        ).format(head, body)
    )


def _row(row: dict[str, object], labels: dict[str, str]) -> Markup:
    first, *others = labels
    cells = Markup("").join(
        Markup('<td data-label="{}">{}</td>').format(labels[column], row[column])
        for column in others
    )
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(row[first], cells)


def sources(city: City, view: View, t: Translate) -> None:
    """List every layer with its source, licence, date and what was changed."""
    st.header(t("about.title"))
    st.markdown(t("about.intro"))
    st.subheader(t("about.layers"))
    rows = [
        {
            "layer": layer.title[view.language],
            "records": _records(city.atlas, layer.id),
            "source": layer.source[view.language],
            "licence": layer.licence[view.language],
            "date": layer.date,
            "changes": t("app.separator").join(c[view.language] for c in layer.changes),
        }
        for layer in city.atlas.catalogue.layers.values()
    ]
    labels = {column: t(f"about.{column}") for column in rows[0]}
    _table(rows, labels)


def _records(atlas: Atlas, layer: str) -> str:
    projects = atlas.projects
    counted = {
        "counties": len(atlas.counties),
        "parks": len(atlas.parks),
        "projects": int((~projects["sample"]).sum()),
        "projects_sample": int(projects["sample"].sum()),
        "series": sum(not point.sample for point in atlas.series.points),
        "series_sample": sum(point.sample for point in atlas.series.points),
    } | {name: len(frame) for name, frame in atlas.base.items()}
    return str(counted.get(layer, ""))


def samples(city: City, t: Translate) -> None:
    """Say what the sample is."""
    st.subheader(t("about.sample_title"))
    st.warning(
        t("about.sample_body", n=int(city.atlas.projects["sample"].sum())),
        icon=":material/warning:",
    )


def unverified(city: City, view: View, t: Translate) -> None:
    """List the names and places that nobody has confirmed."""
    st.subheader(t("about.unverified_title"))
    st.markdown(t("about.unverified_industries"))
    industries = [
        {
            "industry": industry.title[view.language],
            "status": t("about.confirmed" if industry.confirmed else "about.unverified"),
            "source": industry.source,
        }
        for industry in city.atlas.catalogue.industries.values()
    ]
    _table(industries, {c: t(f"about.{c}") for c in industries[0]})
    st.markdown(t("about.unverified_parks"))
    st.caption(t("about.grades"))
    known = names.of_rows(city.atlas.parks, "id", view.language)
    parks = [
        {
            "park": known[park.id],
            "status": t(f"about.{park.status}"),
            "source": park.source,
            "place": t(f"about.place_{park.outline}"),
            "changes": park.note if isinstance(park.note, str) else "",
        }
        for park in city.atlas.parks.itertuples()
    ]
    labels = {c: t(f"about.{c}") for c in parks[0]} | {"changes": t("table.remark")}
    _table(parks, labels)


def published(city: City, view: View, t: Translate) -> None:
    """Set each published figure beside what the rows give."""
    st.subheader(t("about.published_title"))
    st.markdown(t("about.published_body"))
    found = figures.computed(city.atlas)
    rows = []
    for entry in city.atlas.catalogue.published.values():
        own = found.get(entry.id)
        rows.append(
            {
                "figure": entry.title[view.language],
                "published": _amount(entry.value, entry.unit, view, t),
                "computed": t("about.not_computed")
                if own is None
                else _amount(own, entry.unit, view, t),
                "difference": "" if own is None else _gap(own, entry, view, t),
                "kind": t(f"about.kind_{entry.kind}"),
                "as_of": entry.as_of,
                "source": entry.source,
            }
        )
    _table(rows, {column: t(f"about.{column}") for column in rows[0]})
    st.markdown(f"**{t('about.remarks_title')}**")
    st.markdown("\n".join(f"- {remark[view.language]}" for remark in city.atlas.catalogue.remarks))


def _amount(value: int, unit: str, view: View, t: Translate) -> str:
    if unit == "wan":
        return money(value, view.language)
    if unit == "bp":
        return f"{trimmed(Fraction(value, 100))}%"
    return t(f"unit.{unit}", n=yi(value) if unit == "wan_per_km2" else f"{value:,}")


def _gap(own: int, entry: Published, view: View, t: Translate) -> str:
    # a rate published with one decimal agrees with any value that rounds to it
    step = 10 if entry.unit == "bp" and entry.value % 10 == 0 else 1
    if (own + step // 2) // step * step == entry.value:
        return f"✓ {t('about.same')}"
    gap = own - entry.value
    sign = "+" if gap > 0 else "−"
    if entry.unit == "bp":
        return f"⚠ {sign}{t('unit.points', n=trimmed(Fraction(abs(gap), 100)))}"
    return f"⚠ {sign}{_amount(abs(gap), entry.unit, view, t)}"


def areas(city: City, view: View, t: Translate) -> None:
    """Show each county's area by either source, and how the map is drawn."""
    st.subheader(t("about.area_title"))
    st.markdown(t("about.area_body"))
    known = names.of_rows(city.atlas.counties, "code", view.language)
    rows = [
        {
            "county": known[county.code],
            "area_tianditu": f"{county.area_km2:,.0f}",
            "area_amap": f"{county.area_km2_amap:,.0f}",
            "area_gap": f"{(county.area_km2_amap / county.area_km2 - 1) * 100:+.1f}%",
        }
        for county in city.atlas.counties.itertuples()
    ]
    _table(rows, {column: t(f"about.{column}") for column in rows[0]})
    st.subheader(t("about.map_title"))
    st.markdown(t("about.map_body"))


def software(t: Translate) -> None:
    """Name the software."""
    st.caption(t("about.software"))
