"""Parts that set named places side by side: they need counties or parks, and offer to switch."""

from __future__ import annotations

import streamlit as st

from geo.density import stated
from ui.density import asked
from ui.density.scope import Scope


def named_places(scope: Scope) -> bool:
    """Tell whether places with names are counted; where not, say so and offer both ways."""
    by = scope.state.question.by
    if by in stated.BY:
        return True
    t = scope.t
    st.info(t("dense.needs_named", by=t(f"dense.by_{by}")), icon=":material/swap_horiz:")
    with st.container(horizontal=True, key="density_needs"):
        for other in stated.BY:
            st.button(
                t("dense.needs_switch", by=t(f"dense.by_{other}")),
                key=f"density_needs_{other}",
                type="primary" if other == stated.BY[0] else "secondary",
                on_click=asked.ask,
                kwargs={"by": other},
            )
    return False
