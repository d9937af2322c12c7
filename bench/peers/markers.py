"""A plain page: one `folium.Marker` a project, the map drawn anew on every run."""

from __future__ import annotations

import folium
from streamlit_folium import st_folium

from bench.peers import shared

shown = shared.page()
drawn = folium.Map(location=shared.centre(), zoom_start=8, tiles=None)
drawn.default_js, drawn.default_css = shared.leaflet(), shared.styles()
for row in shown.itertuples():
    folium.Marker([row.lat, row.lon], tooltip=row.name).add_to(drawn)
st_folium(drawn, key="map", height=shared.HEIGHT, use_container_width=True, returned_objects=[])
