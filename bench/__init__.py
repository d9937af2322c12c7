"""Measure the map against its peers: `python -m bench`. It measures; it never fails a build."""
