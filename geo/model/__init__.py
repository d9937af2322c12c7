"""What the maps speak of: a city, its layers, and the dictionaries that name stages and industries."""

from geo.model.city import City, Layer, LayerColumn, Title
from geo.model.dictionary import Criterion, Entry, Group, Industry, ProjectList, Published, Stage

__all__ = [
    "City",
    "Criterion",
    "Entry",
    "Group",
    "Industry",
    "Layer",
    "LayerColumn",
    "ProjectList",
    "Published",
    "Stage",
    "Title",
]
