"""The store: projects in numbered data versions, in SQLite or PostGIS, with history and undo."""

from geo.store.edits import Change, Clash, Create, Delete, Update
from geo.store.engine import locate
from geo.store.history import Difference, Version
from geo.store.store import Store, open_store

__all__ = [
    "Change",
    "Clash",
    "Create",
    "Delete",
    "Difference",
    "Store",
    "Update",
    "Version",
    "locate",
    "open_store",
]
