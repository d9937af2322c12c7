"""The store: projects in numbered data versions, and tours, in SQLite or PostGIS."""

from geo.store.edits import Change, Clash, Create, Delete, Update
from geo.store.engine import locate
from geo.store.history import Difference, Version
from geo.store.store import Store, open_store
from geo.store.tours import Action, Photo, StoredTour, Tours

__all__ = [
    "Action",
    "Change",
    "Clash",
    "Create",
    "Delete",
    "Difference",
    "Photo",
    "Store",
    "StoredTour",
    "Tours",
    "Update",
    "Version",
    "locate",
    "open_store",
]
