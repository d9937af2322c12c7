"""The names of a project's fields, and their values, as staff read them."""

from __future__ import annotations

import streamlit as st

from geo.intake import lexicon
from geo.intake.records import MONEY
from geo.layers import LAND
from geo.view import View
from ui import cache, i18n, names
from ui.cache import City
from ui.i18n import Translate


@st.cache_resource(show_spinner=False)
def words() -> lexicon.Lexicon:
    """Return the words by which lists of this city are read."""
    return lexicon.load(cache.base())


def name(field: str, view: View) -> str:
    """Name a field as the lists do."""
    heading = words().headings.get(field)
    return heading.title[view.language] if heading else field


def value(city: City, field: str, content: object, *, view: View, t: Translate) -> str:
    """Write a field's value in words; unknown is empty."""
    facet = {"plan_attr": "attribute"}.get(field, field)
    if facet in ("county", "park", "industry", "stage", "attribute") and isinstance(content, str):
        known = names.of_facet(city.atlas, facet, language=view.language, t=t)
        return known.get(content, content)
    if field == "lists":
        return names.of_lists(content, city.atlas, view.language)
    if field == "precision" and isinstance(content, str):
        return t(f"precision.{content}")
    if field == LAND and isinstance(content, int):
        return i18n.land(content, t)
    if field in MONEY and isinstance(content, int):
        return t("desk.wan", n=f"{content:,}")
    if isinstance(content, bool):
        return t("cli.yes" if content else "desk.no")
    return "" if content is None else str(content)
