"""One visitor's view: kept in the session, written to the address, changed only by callbacks."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import streamlit as st

from geo.density import question
from geo.filters import FACETS, Filters
from geo.view import View, from_query, to_query
from ui.cache import City

VIEW = "view"
PUBLISHED = "published"  # the query that this session last wrote
DROPPED = "dropped"  # keys of the address that could not be read
AS_OF = "as_of"  # the data version that this session looks at; absent: the newest
LAST_PICK = "last_pick"  # the map keeps its last event through every rerun; each counts once
WAN_PER_YI = 10_000
DENSITY = (
    *question.KEYS,
    "part",
    "place",
    "with",
    "cell",
    "metric",
    "twin",
    "whatif",
    "weights",
    "norm",
)
# keys of the address that are no part of the view: which tour, as whom, what of the densities
BESIDE = ("tour", "code", *DENSITY)


def current(city: City) -> View:
    """Return this run's view; a changed address (a link, the back button) replaces it."""
    query = _query()
    if VIEW not in st.session_state or query != st.session_state[PUBLISHED]:
        view, dropped = from_query(
            _query(position=True),
            options=city.options,
            projects=city.row_of,
        )
        st.session_state[VIEW] = view
        st.session_state[DROPPED] = dropped
    view = st.session_state[VIEW]
    publish(view)
    return view


def _query(*, position: bool = False) -> dict[str, str]:
    """Return what the address says of the view, without what the browser or a page keeps there."""
    beside = BESIDE if position else (*BESIDE, "at")
    return {key: value for key, value in st.query_params.items() if key not in beside}


def address(page: str, *, seen_from: str | None = None) -> str:
    """Return the whole address of one of this app's pages, whatever path a proxy puts it under.

    `seen_from` is the address of the page that asks, as the browser has it: by itself this run's.
    """
    here = urlsplit(seen_from or st.context.url or "")
    folder = here.path.rsplit("/", 1)[0]
    return f"{here.scheme}://{here.netloc}{folder}/{page}"


def publish(view: View) -> None:
    """Write the view to the address, keeping the position that the browser has put there."""
    wanted = to_query(replace(view, at=None))
    st.session_state[PUBLISHED] = wanted
    if _query() != wanted:
        at = to_query(View(at=view.at)) if view.at else {}
        kept = {key: st.query_params[key] for key in BESIDE if key in st.query_params}
        st.query_params.from_dict(wanted | at | kept)


def change(**changes: object) -> None:
    """Change the view from a callback."""
    st.session_state[VIEW] = replace(st.session_state[VIEW], **changes)  # type: ignore[arg-type]
    st.session_state[DROPPED] = ()


def narrow(**changes: object) -> None:
    """Change the view's filters from a callback."""
    filters = replace(st.session_state[VIEW].filters, **changes)  # type: ignore[arg-type]
    change(filters=filters)


def reset() -> None:
    """Drop every filter from a callback."""
    change(filters=Filters())


def take_choice(facet: str, key: str) -> None:
    """Take a facet's choice from the widget of that key."""
    narrow(**{facet: tuple(st.session_state[key])})


def take_text(key: str) -> None:
    """Take the search words from the widget of that key."""
    narrow(text=(st.session_state[key] or "").strip())


def take_bounds(low_key: str, high_key: str) -> None:
    """Take the investment bounds, typed in 亿元, from two widgets; crossed bounds are swapped."""
    low, high = (
        None if value is None else round(value * WAN_PER_YI)
        for value in (st.session_state[low_key], st.session_state[high_key])
    )
    if low is not None and high is not None and low > high:
        low, high = high, low
    narrow(invest_min_wan=low, invest_max_wan=high)


def toggle(facet: str, choice: str) -> None:
    """Add a choice to a facet, or take it away if it is there."""
    chosen = getattr(st.session_state[VIEW].filters, facet)
    kept = tuple(entry for entry in chosen if entry != choice)
    narrow(**{facet: kept if choice in chosen else (*chosen, choice)})


def open_project(city: City, row: int) -> None:
    """Open the project of a row; a row that does not exist closes what is open."""
    ids = city.atlas.projects["id"]
    change(project=str(ids.iloc[row]) if 0 <= row < len(ids) else "")


def take_event(city: City, key: str) -> None:
    """Act on what was picked on the map: a project, or a county, park or legend entry."""
    event = (st.session_state.get(key) or {}).get("event")
    if not isinstance(event, dict) or event.get("n") == st.session_state.get(LAST_PICK):
        return
    st.session_state[LAST_PICK] = event.get("n")
    facet, choice, row = event.get("facet"), event.get("id"), event.get("row")
    if event.get("kind") == "filter" and facet in FACETS and choice in city.options[facet]:
        toggle(facet, choice)
    elif event.get("kind") == "project" and isinstance(row, int):
        open_project(city, row)
    _remember_place(event.get("at"))


def _remember_place(at: object) -> None:
    text = ",".join(str(part) for part in at) if isinstance(at, list) else ""
    view, dropped = from_query({"at": text}, options=dict.fromkeys(FACETS, ()), projects=())
    if not dropped:
        st.session_state[VIEW] = replace(st.session_state[VIEW], at=view.at)
