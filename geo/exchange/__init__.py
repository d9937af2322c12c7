"""Lists in and out of the map."""
