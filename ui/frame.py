"""What every page shares: its head, its style, its way to the other pages, and how it fails."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import streamlit as st
from markupsafe import Markup

from geo.errors import GeoError
from geo.store.roles import VISITOR
from geo.view import LANGUAGES, View, to_query
from ui import account, cache, i18n, session, settings
from ui.cache import City
from ui.failing import refusal
from ui.i18n import Translate

ICON = Path(__file__).parent / "icon.svg"
STYLE = (Path(__file__).parent / "style.css").read_text("utf-8")
PAGES = {
    "app.py": "app.nav_map",
    "pages/tour.py": "app.nav_tour",
    "pages/density.py": "app.nav_density",
    "pages/desk.py": "app.nav_desk",
    "pages/about.py": "app.nav_about",
}
INSIDE = ("pages/tour.py", "pages/desk.py")  # no pages of the public edition
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
log = logging.getLogger(__name__)

Page = Callable[[City, View, Translate], None]


def run(page: Page, *, title: str, sidebar: Literal["auto", "collapsed"] = "auto") -> None:
    """Run a page: open the city, show head and navigation, then the page itself.

    A fault in the data is said in the visitor's language; anything unforeseen shows only an
    id, under which the log holds the whole.
    """
    st.set_page_config(page_icon=str(ICON), layout="wide", initial_sidebar_state=sidebar)
    st.html(f"<style>{STYLE}</style>")
    t = i18n.translator(st.query_params.get("lang", LANGUAGES[0]))
    role = VISITOR
    try:
        settings.check_edition(cache.approval())
        role = account.role()
        city = cache.city(role, as_of=st.session_state.get(session.AS_OF))
        view = session.current(city)
        t = i18n.translator(view.language)
        st.set_page_config(page_title=_tab_title(city, view, t, title))
        _head(city, view, t)
        # Streamlit says "en" whatever the page speaks; screen readers pronounce by it
        st.html(_spoken(view.language), unsafe_allow_javascript=True)
        st.html(_named(t("filter.title"), t("desk.upload_button")))
        if settings.is_draft():
            st.html(Markup('<div class="draft" aria-hidden="true">{}</div>').format(t("app.draft")))
        page(city, view, t)
    except GeoError as error:
        said = refusal(error, role, t)
        st.error(f"{t('app.data_broken')}\n\n{said}", icon=":material/warning:")
    except Exception:  # visitors never see a traceback; the log does
        number = uuid.uuid4().hex[:8]
        log.exception("error %s on page %s", number, title)
        st.error(
            f"**{t('app.error_title')}** {t('app.error_body', id=number)}",
            icon=":material/warning:",
        )


def _spoken(language: str) -> Markup:
    tag = {"zh": "zh-CN"}.get(language, language)
    return Markup("<script>document.documentElement.lang = '{}'</script>").format(tag)


def _named(arrow: str, upload: str) -> Markup:
    """Name what Streamlit leaves bare or English: the arrow to the filters, the uploader."""
    return Markup(
        "<style>[data-testid=stExpandSidebarButton]::after"
        '{{content: "{}"; font-size: 0.9rem; margin-left: 0.2rem}}'
        ':root {{--upload: "{}"}}</style>'
    ).format(arrow, upload)


def _tab_title(city: City, view: View, t: Translate, title: str) -> str:
    return f"{t(title)} · {city.atlas.catalogue.city.name[view.language]}"


def _head(city: City, view: View, t: Translate) -> None:
    place = city.atlas.catalogue.city
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        name = t("app.title", city=place.name[view.language])
        st.html(Markup('<h1 class="app-title">{}</h1>').format(name), width="content")
        with st.container(key="nav", horizontal=True, width="content", gap="small"):
            for script, label in PAGES.items():
                if script in INSIDE and settings.is_public():
                    continue
                st.page_link(script, label=t(label), query_params=to_query(view))
        other = LANGUAGES[1 - LANGUAGES.index(view.language)]
        st.button(
            LANGUAGE_NAMES[other],
            key="language",
            help=t("app.language"),
            on_click=session.change,
            kwargs={"language": other},
        )
