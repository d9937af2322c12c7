"""What the maps speak of: a city, its layers, and the dictionaries that name stages and industries."""

from geo.model.city import City, Layer, LayerColumn, Title
from geo.model.dictionary import (
    Criterion,
    Entry,
    Group,
    Industry,
    Metric,
    ProjectList,
    Published,
    Stage,
)
from geo.model.travel import Driving, Terrain, Travel

__all__ = [
    "City",
    "Criterion",
    "Driving",
    "Entry",
    "Group",
    "Industry",
    "Layer",
    "LayerColumn",
    "Metric",
    "ProjectList",
    "Published",
    "Stage",
    "Terrain",
    "Title",
    "Travel",
]
