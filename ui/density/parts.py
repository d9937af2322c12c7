"""The parts of the page, one at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.errors import GeoError
from ui import i18n
from ui.controls import plain
from ui.density import (
    asked,
    fits,
    index,
    near,
    overview,
    quotients,
    ranks,
    side,
    spread,
    trend,
    twin,
    whatif,
)
from ui.density.scope import Scope

Part = Callable[[Scope], None]
MAKERS: dict[str, Part] = {
    "overview": overview.show,
    "rank": ranks.show,
    "index": index.show,
    "side": side.show,
    "twin": twin.show,
    "quotients": quotients.show,
    "spread": spread.show,
    "fits": fits.show,
    "near": near.show,
    "trend": trend.show,
    "whatif": whatif.show,
}
PARTS = tuple(MAKERS)
KEY = "density_part"


def show(scope: Scope) -> None:
    """Draw the parts as a switch, and the one that is open."""
    open_ = scope.state.part if scope.state.part in PARTS else PARTS[0]
    st.session_state[KEY] = open_
    st.segmented_control(
        scope.t("dense.parts"),
        PARTS,
        key=KEY,
        required=True,
        label_visibility="collapsed",
        format_func=lambda part: scope.t(f"dense.part_{part}"),
        on_change=lambda: asked.change(part=st.session_state[KEY]),
    )
    try:
        MAKERS[open_](scope)
    except GeoError as error:  # what was asked has no answer; the controls must stay
        st.info(plain(i18n.sentence(error, scope.t)), icon=":material/info:")
