"""How dense projects and investment are: by county, park, hexagon, and as a smooth surface."""
