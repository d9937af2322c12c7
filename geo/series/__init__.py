"""Metrics of parks, counties and the city over time: exact values, each with its status and source."""

from geo.series.points import Point, Series, latest, of

__all__ = ["Point", "Series", "latest", "of"]
