"""What the store holds: the fields of a project, and the tables as SQLAlchemy sees them."""

from __future__ import annotations

from enum import Enum
from typing import Any

import shapely
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

# What a data version can be: the city folder, a form, a list, taking one back, a backup brought in.
KINDS = ("seed", "edit", "import", "undo", "restore")


class Kind(Enum):
    """Say what values a field has; money is whole 万元, land whole m², a shape is WGS-84."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    SHAPE = "shape"


# Who may receive a field of a project that is not hidden: a new one has to be put under one of them.
_PUBLIC, _INTERNAL = "public", "internal"
_IN_ORDER = (
    (_PUBLIC, Kind.TEXT, "code name county park industry stage plan_year plan_attr"),
    (_PUBLIC, Kind.WHOLE, "invest_wan plan_wan done_wan land_m2"),
    (_PUBLIC, Kind.NUMBER, "progress_pct"),
    (_PUBLIC, Kind.TEXT, "progress_note start_date end_date owner responsible leader lists place"),
    (_PUBLIC, Kind.TEXT, "precision"),
    (_PUBLIC, Kind.NUMBER, "lon lat"),
    (_PUBLIC, Kind.TEXT, "coord_source source source_url source_grade source_date updated remark"),
    (_INTERNAL, Kind.TEXT, "contact phone leader_note"),
    (_PUBLIC, Kind.FLAG, "sample"),
    (_INTERNAL, Kind.FLAG, "internal position_internal"),
    (_PUBLIC, Kind.SHAPE, "shape"),
)
# As in the project files, then what only the store has; a line has a shape, a point lon and lat.
FIELDS: dict[str, Kind] = {name: kind for _, kind, names in _IN_ORDER for name in names.split()}
PUBLIC_FIELDS = tuple(n for who, _, names in _IN_ORDER if who == _PUBLIC for n in names.split())
INTERNAL_FIELDS = tuple(n for n in FIELDS if n not in PUBLIC_FIELDS)
COLUMNS = ("id", *FIELDS, "row_version")


class Shape(sa.TypeDecorator[shapely.Geometry]):
    """Keep a geometry as plain little-endian WKB, in SQLite and PostgreSQL alike."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Take a geometry or its WKB in hexadecimal digits."""
        if value is None or isinstance(value, bytes):
            return value
        return bytes.fromhex(value) if isinstance(value, str) else to_wkb(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> shapely.Geometry | None:
        """Give a geometry."""
        return None if value is None else shapely.from_wkb(bytes(value))


def to_wkb(shape: shapely.Geometry) -> bytes:
    """Write a geometry as two-dimensional little-endian WKB without a reference system."""
    return bytes(shapely.to_wkb(shape, output_dimension=2, byte_order=1, include_srid=False))


_TYPES: dict[Kind, Any] = {
    Kind.TEXT: sa.Text,
    Kind.WHOLE: sa.BigInteger,
    Kind.NUMBER: sa.Double,
    Kind.FLAG: sa.Boolean,
    Kind.SHAPE: Shape,
}
BOUNDS = ("west", "south", "east", "north")

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

data_version = sa.Table(
    "data_version",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("source", sa.Text),
    sa.Column("undone", sa.Integer, sa.ForeignKey("data_version.number")),
)

# `key` is the place of a project in every list; it is never given twice and comes back on undo.
project = sa.Table(
    "project",
    metadata,
    sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    *(
        sa.Column(name, _TYPES[kind], nullable=kind is not Kind.FLAG)
        for name, kind in FIELDS.items()
    ),
    sa.Column("row_version", sa.Integer, sa.ForeignKey("data_version.number"), nullable=False),
    *(sa.Column(name, sa.Double) for name in BOUNDS),
)

# `before` is NULL where the project was made, `after` where it was deleted; else only what changed.
change = sa.Table(
    "change",
    metadata,
    sa.Column("project_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, sa.ForeignKey("data_version.number"), primary_key=True),
    sa.Column("key", sa.Integer, nullable=False),
    sa.Column("before", sa.JSON(none_as_null=True)),
    sa.Column("after", sa.JSON(none_as_null=True)),
)

# What was brought in of series; the city's own files stand behind it.
series_point = sa.Table(
    "series_point",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("place", "metric", "period")),
    sa.Column("value", sa.BigInteger, nullable=False),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("status", "area_kind", "source", "source_url", "source_grade", "note")
    ),
    *(sa.Column(name, sa.Boolean, nullable=False) for name in ("sample", "internal")),
)

# Whole points before and after; NULL where there is none.
series_change = sa.Table(
    "series_change",
    metadata,
    sa.Column("point_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, sa.ForeignKey("data_version.number"), primary_key=True),
    sa.Column("before", sa.JSON(none_as_null=True)),
    sa.Column("after", sa.JSON(none_as_null=True)),
)

tour = sa.Table(
    "tour",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("code_hash", sa.Text),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("created_at", "created_by", "updated_at", "updated_by")
    ),
    sa.Column("deleted", sa.Boolean, nullable=False),
)

# `at` is the phone's clock, `received` the server's.
tour_score = sa.Table(
    "tour_score",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("tour_id", sa.Text, sa.ForeignKey("tour.id"), nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("project", "member", "device")),
    sa.Column("criteria", sa.JSON, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("remark", "at", "received")),
)

# `digest` is of what was sent, `content` what was made of it; NULL where the office removed it.
tour_photo = sa.Table(
    "tour_photo",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("tour_id", sa.Text, sa.ForeignKey("tour.id"), nullable=False),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("project", "member", "digest", "at", "received")
    ),
    sa.Column("content", sa.LargeBinary),
)

tour_action = sa.Table(
    "tour_action",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tour_id", sa.Text, sa.ForeignKey("tour.id"), nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("text", "owner")),
    sa.Column("due", sa.Text),
    sa.Column("done", sa.Boolean, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("at", "who")),
)
