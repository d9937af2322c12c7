"""`st.pydeck_chart` with a scatterplot layer and no base map, since its own is remote."""

from __future__ import annotations

import pydeck
import streamlit as st

from bench.peers import shared

shown = shared.page()
lat, lon = shared.centre()
st.pydeck_chart(
    pydeck.Deck(
        map_style=None,
        initial_view_state=pydeck.ViewState(latitude=lat, longitude=lon, zoom=8),
        layers=[
            pydeck.Layer(
                "ScatterplotLayer",
                data=shown[["name", "lon", "lat"]],
                get_position="[lon, lat]",
                get_fill_color=[11, 87, 208, 200],
                get_radius=300,
                radius_min_pixels=4,
                pickable=True,
            )
        ],
        tooltip={"text": "{name}"},
    ),
    height=shared.HEIGHT,
)
