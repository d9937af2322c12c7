"""FastMarkerCluster through a feature group, so that a filter keeps the frame and the zoom."""

from __future__ import annotations

import folium
from folium.plugins import FastMarkerCluster
from streamlit_folium import st_folium

from bench.peers import shared

# the default one wants an icon font from the web
MARKER = "function (row) { return L.marker(new L.LatLng(row[0], row[1])); };"

shown = shared.page()
drawn = folium.Map(location=shared.centre(), zoom_start=8, tiles=None)
drawn.options["maxZoom"] = 18  # without tiles folium leaves it out
drawn.default_js, drawn.default_css = shared.leaflet(), shared.styles()
group = folium.FeatureGroup(name="projects")
points = FastMarkerCluster(shown[["lat", "lon"]].to_numpy().tolist(), callback=MARKER)
points.default_js, points.default_css = [], []  # the map has them already, from this machine
points.add_to(group)
st_folium(
    drawn,
    key="map",
    height=shared.HEIGHT,
    use_container_width=True,
    returned_objects=[],
    feature_group_to_add=group,
)
