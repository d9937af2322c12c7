"""The page about density: one question, its map, chart and table, and how places compare."""
