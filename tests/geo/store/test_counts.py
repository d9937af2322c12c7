"""Counts asked of the database are those of the domain, in SQLite and in PostGIS."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from geo import layers
from geo.density import areas
from geo.density import counts as domain
from geo.density.counts import Counts
from geo.density.outlines import Outlines
from geo.errors import GeoError
from geo.store import Create, Store, counts, open_store
from tests.geo.store.children import row

SIZE = 400


@pytest.fixture(scope="module")
def outlines(data_dir) -> Outlines:
    return areas.lookup(layers.load(data_dir).counties, key="code")


def scattered(outlines: Outlines, seed: int, size: int = SIZE) -> tuple[np.ndarray, np.ndarray]:
    """Return points around the outlines; a half lies on corners or sides, or as near as doubles can."""
    random = np.random.default_rng(seed)
    west, south, east, north = shapely.total_bounds(outlines.shapes)
    lon, lat = random.uniform(west, east, size), random.uniform(south, north, size)
    rings = shapely.get_coordinates(outlines.shapes)
    some = random.integers(0, len(rings) - 1, size // 2)
    along = random.choice([0.0, 0.5, 1 / 3], (len(some), 1))
    lon[: len(some)], lat[: len(some)] = (rings[some] * (1 - along) + rings[some + 1] * along).T
    return lon, lat


def fill(store: Store, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Put a project at each point, every fifth only roughly placed; return what each invests."""
    worth = np.random.default_rng(9).integers(0, 10**6, len(lon))
    changes = [
        Create(
            row(
                n,
                lon=float(x),
                lat=float(y),
                precision="town" if n % 5 == 0 else "site",
                county=None if n % 7 == 0 else f"c{n % 3}",
                lists=("a;b", "ab", "b", None)[n % 4],
                invest_wan=None if value % 10 == 0 else int(value),
            )
        )
        for n, (x, y, value) in enumerate(zip(lon, lat, worth, strict=True))
    ]
    store.apply(changes, who="a", why="", kind="edit", expected={})
    return np.where(worth % 10 == 0, 0, worth)


def test_counts_in_the_database_are_the_domains(store, outlines):
    """By outline and by hexagon: the same numbers and sums, border points once, the rest outside."""
    lon, lat = scattered(outlines, seed=1)
    worth = fill(store, lon, lat)
    exact = np.arange(len(lon)) % 5 != 0
    lon, lat = np.where(exact, lon, np.nan), np.where(exact, lat, np.nan)
    points = counts.projects(value="invest_wan")
    found = store.database.read(lambda c: counts.by_outline(c, points, outlines))
    assert found == domain.by_outline(outlines, lon, lat, worth)
    assert min(found.counts) > 0 < found.outside
    cells = store.database.read(lambda c: counts.by_cell(c, points, 7))
    assert cells == domain.by_cell(lon, lat, 7, worth)


def test_a_filter_and_the_stated_place_are_kept(store, outlines):
    """Only rows that have one of the asked values count; by stated place, the unstated is outside."""
    lon, lat = scattered(outlines, seed=2)
    fill(store, lon, lat)
    number = np.arange(len(lon))

    def read(**only: list[str]) -> tuple[Counts, Counts]:
        points = counts.projects(only=only)
        return store.database.read(
            lambda c: (counts.by_stated(c, points), counts.by_outline(c, points, outlines))
        )

    stated, placed = read(lists=["b"])
    listed = np.isin(number % 4, [0, 2])
    expected = {
        f"c{n}": int((listed & (number % 3 == n) & (number % 7 != 0)).sum()) for n in range(3)
    }
    assert dict(zip(stated.places, stated.counts, strict=True)) == expected
    assert stated.outside == int((listed & (number % 7 == 0)).sum())
    here = listed & (number % 5 != 0)
    assert placed.counts == domain.by_outline(outlines, lon[here], lat[here]).counts
    some = counts.projects(only={"lists": ["b"], "county": ["c0", "c1"]})
    cells = store.database.read(lambda c: counts.by_cell(c, some, 7))
    here &= np.isin(number % 3, [0, 1]) & (number % 7 != 0)
    assert cells.counts == domain.by_cell(lon[here], lat[here], 7).counts
    one, _ = read(lists=["a", "b"], county=["c1"])
    assert one.places == ("c1",)
    assert read(lists=[])[0] == domain.EMPTY
    assert read(county=["c1' OR '1'='1"])[0] == domain.EMPTY


def test_chunks_of_the_stream_add_up(store, outlines, monkeypatch):
    """However small the chunks that are streamed, the hexagons are the same; nothing gives nothing."""
    points = counts.projects()
    assert store.database.read(lambda c: counts.by_cell(c, points, 8)) == domain.EMPTY
    none = store.database.read(lambda c: counts.by_outline(c, points, outlines))
    assert none == domain.by_outline(outlines, np.empty(0), np.empty(0))
    fill(store, *scattered(outlines, seed=3, size=60))
    whole = store.database.read(lambda c: counts.by_cell(c, points, 8))
    monkeypatch.setattr(counts, "CHUNK", 7)
    assert store.database.read(lambda c: counts.by_cell(c, points, 8)) == whole


@pytest.mark.parametrize(
    "asked", [{"value": "name"}, {"place": "nothing"}, {"only": {"x; --": []}}]
)
def test_a_field_that_there_is_not_is_refused(asked):
    """Only fields of the right kind can be asked for, so no other text reaches the database."""
    with pytest.raises(GeoError) as refused:
        counts.projects(**asked)
    assert refused.value.code == "store.field_unknown"


@pytest.mark.postgis
def test_any_table_of_points_can_be_counted_by_its_index(postgis, outlines):
    """Thousands of points in a table of its own: equal to the domain, exact, and found by index."""
    url = sa.make_url(postgis.database()).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    lon, lat = scattered(outlines, seed=4, size=20_000)
    worth = np.random.default_rng(4).integers(2**62, 2**63 - 1, len(lon))  # beyond 64 bits in sum
    rows = zip(lon.tolist(), lat.tolist(), worth.tolist(), strict=True)
    points = counts.table("public.Many points", geom="where", key="no", value="worth")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            'CREATE TABLE "Many points" (no SERIAL, "where" geometry(Point, 4326), worth BIGINT)'
        )
        connection.exec_driver_sql(
            'INSERT INTO "Many points" ("where", worth)'
            " VALUES (ST_SetSRID(ST_MakePoint(%s, %s), 4326), %s)",
            list(rows),
        )
        connection.exec_driver_sql('CREATE INDEX many_where ON "Many points" USING gist ("where")')
        connection.exec_driver_sql('ANALYZE "Many points"')
        found = counts.by_outline(connection, points, outlines)
        cells = counts.by_cell(connection, points, 6)
        query = counts.outline_query(points, outlines).compile(connection)
        plan = connection.exec_driver_sql(f"EXPLAIN {query}", query.params).scalars().all()
    assert found == domain.by_outline(outlines, lon, lat, worth)
    assert cells == domain.by_cell(lon, lat, 6, worth)
    assert any("Index" in line and "many_where" in line for line in plan)
    assert not any("Seq Scan" in line for line in plan)


@pytest.mark.postgis
def test_a_table_that_there_is_not_has_the_stores_own_error(postgis, outlines):
    """A table or a column that does not exist is a fault of the store, streamed or not."""
    store = open_store(postgis.database())
    for ask in (
        lambda c: counts.by_cell(c, counts.table("no; such"), 7),
        lambda c: counts.by_outline(c, counts.table("project", geom="nowhere"), outlines),
    ):
        with pytest.raises(GeoError) as failed:
            store.database.read(ask)
        assert failed.value.code == "store.failed"
    store.close()
