"""The figures above the map; each opens the rows that it was computed from."""

from __future__ import annotations

import numpy as np
import streamlit as st

from geo import rates
from geo.rates import Figures, Rate, Total
from geo.view import View
from ui import table
from ui.cache import City
from ui.i18n import Translate, money, percent


def show(city: City, view: View, rows: np.ndarray, t: Translate) -> None:
    """Draw the figures of the marked rows as buttons."""
    found = city.recent.get(("figures", view.filters), lambda: rates.figures(city.atlas, rows))
    shown = {
        "projects": t("figure.projects_value", n=found.projects.value),
        "invest": money(found.invest_wan.value, view.language),
        "plan": money(found.plan_wan.value, view.language),
        "rate": percent(found.start_rate.value, t),
        "rate_value": percent(found.start_rate_by_value.value, t),
    }
    with st.container(horizontal=True, key="figures", gap="small"):
        for name, value in shown.items():
            label = f"**{value}**  \n{t(f'figure.{name}')}"
            if st.button(label, key=f"figure_{name}", help=t("figure.open"), width="stretch"):
                _open(city, view, found, name=name, t=t)


def _open(city: City, view: View, found: Figures, *, name: str, t: Translate) -> None:
    @st.dialog(t(f"figure.{name}"), width="large")
    def dialog() -> None:
        if name == "projects":
            _sum(city, view, found.projects, how=t("figure.projects_how"), t=t)
        elif name in ("invest", "plan"):
            total = found.invest_wan if name == "invest" else found.plan_wan
            how = t(
                "figure.sum_how",
                n=int(total.rows.sum()),
                name=t(f"figure.{name}"),
                unknown=total.unknown,
            )
            _sum(city, view, total, how=f"**{money(total.value, view.language)}** · {how}", t=t)
        else:
            _rate(city, view, found, by_value=name == "rate_value", t=t)

    dialog()


def _sum(city: City, view: View, total: Total, *, how: str, t: Translate) -> None:
    st.markdown(how)
    st.caption(_samples(city, total.rows, t))
    table.plain_rows(city, view, total.rows, key="figure", t=t)


def _rate(city: City, view: View, found: Figures, *, by_value: bool, t: Translate) -> None:
    rate: Rate = found.start_rate_by_value if by_value else found.start_rate
    part, whole = (
        (money(rate.part, view.language), money(rate.whole, view.language))
        if by_value
        else (rate.part, rate.whole)
    )
    year = city.atlas.catalogue.city.plan_year
    how = t("figure.rate_how", year=year, part=part, whole=whole)
    st.markdown(f"**{percent(rate.value, t)}** · {how}")
    st.caption(f"{t('figure.rate_note')} {_samples(city, rate.whole_rows, t)}")
    parts = (
        (t("figure.rate_open"), rate.whole_rows & ~rate.part_rows),
        (t("figure.rate_begun"), rate.part_rows),
    )
    for number, (label, rows) in enumerate(parts):
        st.markdown(f"**{label}** · {int(rows.sum())}")
        table.plain_rows(city, view, rows, key=f"rate_{number}", t=t)


def _samples(city: City, rows: np.ndarray, t: Translate) -> str:
    return t("figure.sample_note", n=int(city.atlas.projects["sample"].to_numpy()[rows].sum()))
