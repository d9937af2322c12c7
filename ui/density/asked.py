"""What the page about density is asked, kept in its address and changed by callbacks only.

Beside the question itself (`geo/density/question.py`): `part` of the page, `place` that stands
out, `with` (places side by side), `cell` (a park's industry, as `park.industry`), `metric` of the
years, `twin` (how the second map differs), `whatif` (a scenario), `weights` and `norm` (measures of
the composite index with their weights, how they are normalised).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import streamlit as st

from geo.compare import answers, composite, indexed, scenario
from geo.compare.answers import MOST_PLACES
from geo.density import question
from geo.density.question import Question
from geo.errors import GeoError
from ui import session
from ui.cache import City

STATE = "density_asked"
PUBLISHED = "density_published"  # what this session last wrote to the address
DROPPED = "density_dropped"  # what of the address could not be meant
PARTS = (
    "overview",
    "rank",
    "index",
    "side",
    "twin",
    "quotients",
    "spread",
    "fits",
    "near",
    "trend",
    "whatif",
)
MOST_SCENARIO = 1500  # characters that still fit into an address
KEYS = session.DENSITY
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_CELL = re.compile(r"[\w-]{1,60}\.[\w-]{1,60}")


@dataclass(frozen=True)
class Asked:
    """Hold the whole state of the page."""

    question: Question = field(default_factory=Question)
    part: str = PARTS[0]
    place: str = ""
    places: tuple[str, ...] = ()
    cell: str = ""
    metric: str = ""
    twin: str = ""
    whatif: str = ""
    weights: tuple[tuple[str, int], ...] = ()  # none: what an index begins with
    normalise: str = composite.NORMALISE[0]


def to_query(asked: Asked) -> dict[str, str]:
    """Write the state as parameters of an address; what is at its default is left out."""
    own = {
        "part": "" if asked.part == PARTS[0] else asked.part,
        "place": asked.place,
        "with": ",".join(asked.places),
        "cell": asked.cell,
        "metric": asked.metric,
        "twin": asked.twin,
        "whatif": asked.whatif,
        "weights": indexed.write(dict(asked.weights)),
        "norm": "" if asked.normalise == Asked.normalise else asked.normalise,
    }
    return question.to_query(asked.question) | {key: value for key, value in own.items() if value}


def from_query(query: dict[str, str], *, places: set[str]) -> tuple[Asked, tuple[str, ...]]:
    """Read the state; what cannot be meant is dropped and named; never raises."""
    asked, dropped = question.from_query(query)
    found, faults = Asked(asked), list(dropped)
    if (part := query.get("part", found.part)) in PARTS:
        found = replace(found, part=part)
    else:
        faults.append("part")
    if place := query.get("place", ""):
        # a hexagon is a place too, and only the answer knows which there are
        found, faults = _taken(found, faults, place in places or place.isalnum(), place=place[:40])
    if listed := tuple(dict.fromkeys(filter(None, query.get("with", "").split(",")))):
        known = tuple(place for place in listed if place in places)[:MOST_PLACES]
        found = replace(found, places=known)
        faults += ["with"] if known != listed else []
    if cell := query.get("cell", ""):
        found, faults = _taken(found, faults, bool(_CELL.fullmatch(cell)), cell=cell)
    if metric := query.get("metric", ""):
        found, faults = _taken(found, faults, bool(_NAME.fullmatch(metric)), metric=metric)
    if twin := query.get("twin", ""):
        found, faults = _taken(
            found, faults, answers.twin(found.question, twin) is not None, twin=twin
        )
    if text := query.get("whatif", ""):
        found, faults = _taken(found, faults, _readable(text), whatif=text)
    return _weighed(query, found, faults)


def _weighed(
    query: dict[str, str], found: Asked, faults: list[str]
) -> tuple[Asked, tuple[str, ...]]:
    if text := query.get("weights", ""):
        try:
            found = replace(found, weights=tuple(indexed.read(text).items()))
        except GeoError:
            faults = [*faults, "weights"]
    if (way := query.get("norm", found.normalise)) in composite.NORMALISE:
        return replace(found, normalise=way), tuple(faults)
    return found, (*faults, "norm")


def _taken(found: Asked, faults: list[str], meant: bool, **change: str) -> tuple[Asked, list[str]]:
    if meant:
        return replace(found, **change), faults  # type: ignore[arg-type]
    return found, [*faults, *change]


def _readable(text: str) -> bool:
    try:
        return len(text) <= MOST_SCENARIO and bool(scenario.read(text))
    except GeoError:
        return False


def current(city: City) -> Asked:
    """Return this run's state; a changed address (a link, the back button) replaces it."""
    query = {key: st.query_params[key] for key in KEYS if key in st.query_params}
    if STATE not in st.session_state or query != st.session_state.get(PUBLISHED):
        known = {*city.atlas.counties["code"], *city.atlas.parks["id"]}
        st.session_state[STATE], st.session_state[DROPPED] = from_query(query, places=known)
    asked: Asked = st.session_state[STATE]
    wanted = to_query(asked)
    st.session_state[PUBLISHED] = wanted
    if query != wanted:
        rest = {key: value for key, value in st.query_params.items() if key not in KEYS}
        st.query_params.from_dict(rest | wanted)
    return asked


def change(**changes: object) -> None:
    """Change the state from a callback."""
    st.session_state[STATE] = replace(st.session_state[STATE], **changes)
    st.session_state[DROPPED] = ()


def ask(**changes: object) -> None:
    """Change the question from a callback; a place of another kind no longer stands out."""
    asked: Asked = st.session_state[STATE]
    put = replace(asked.question, **changes)  # type: ignore[arg-type]
    if "by" in changes and put.by != asked.question.by:
        put = question.plausible(replace(put, area=""))
        change(question=put, place="", places=(), twin="")
    else:
        change(question=put)


def take(name: str, key: str) -> None:
    """Take a part of the question from the widget of that key."""
    if st.session_state[key] is not None:
        ask(**{name: st.session_state[key]})


def pick_cell(cell: str) -> None:
    """Open a park's industry from a callback; the same one again closes it."""
    change(cell="" if st.session_state[STATE].cell == cell else cell)


def pick(place: str) -> None:
    """Let a place stand out from a callback; the same one again lets it go."""
    change(place="" if st.session_state[STATE].place == place else place)
