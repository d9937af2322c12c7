"""The H3 cells of many points at once, equal to the library's own answer for each of them.

The grid lies flat on each face of an icosahedron whose corners are the twelve pentagons: a point's
cell is the nearest centre of a hexagonal lattice in the gnomonic plane of the face around it. That
is array arithmetic. Which id a cell has, the library is asked once, with one of the cell's points;
and points so near an edge that rounding decides are asked for one by one, so every answer is the
library's. Sources: Sahr, White, Kimerling (2003), https://doi.org/10.1559/152304003100011090;
the H3 documentation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import h3.api.basic_int as h3
import numpy as np

from geo.density.measures import one_of

FINEST = 15
_UNIT = (3 - math.sqrt(5)) / 2  # between two centres of resolution 0, in the plane of a face
_TURN = math.asin(math.sqrt(3 / 28))  # by which the lattices of odd resolutions are turned
_NEAR = 1e-6  # of a lattice step; far above what doubles lose up to the finest resolution
_TIE = 1e-12  # a point that is nearer than this to two faces belongs to neither for sure
_CHUNK = 2**14  # points that stay in the processor's cache
_FEW = 1000  # points that the library is sooner asked for one by one
_DENSE = 4  # lattice places in the rectangle around the points, by point, that a table may hold


@dataclass(frozen=True)
class Grouped:
    """Hold the cells of points: `ids` (uint64, ascending) and, for each point, its position there.

    `group` is -1 for a point without a place on earth.
    """

    ids: np.ndarray
    group: np.ndarray


def grouped(lon: np.ndarray, lat: np.ndarray, resolution: int) -> Grouped:
    """Find the cells of points in degrees WGS-84, as the library would one by one.

    A point that is not finite belongs to none. Errors: `density.choice`.
    """
    one_of("resolution", resolution, tuple(range(FINEST + 1)))
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    known = np.isfinite(lon) & np.isfinite(lat)
    if not known.all():
        some = grouped(lon[known], lat[known], resolution)
        group = np.full(len(lon), -1, dtype=np.int64)
        group[known] = some.group
        return Grouped(some.ids, group)
    if len(lon) < _FEW:
        return Grouped(*np.unique(_ask(lon, lat, resolution), return_inverse=True))
    place = np.empty((3, len(lon)), dtype=np.int32)
    near = np.empty(len(lon), dtype=bool)
    for start in range(0, len(lon), _CHUNK):
        part = slice(start, start + _CHUNK)
        place[:, part], near[part] = _lattice(lon[part], lat[part], resolution)
    doubtful, sure = np.flatnonzero(near), int(near.argmin())
    place[:, doubtful] = place[:, [sure]]
    sample, number = _numbered(place)
    sample[number[sure]] = sure  # and no doubtful point, which only shares its number
    asked = np.concatenate([sample, doubtful])
    ids, order = np.unique(_ask(lon[asked], lat[asked], resolution), return_inverse=True)
    group = order[number]
    group[doubtful] = order[len(sample) :]
    return Grouped(ids, group)


def _ask(lon: np.ndarray, lat: np.ndarray, resolution: int) -> np.ndarray:
    pairs = zip(lat.tolist(), lon.tolist(), strict=True)
    return np.array([h3.latlng_to_cell(y, x, resolution) for y, x in pairs], dtype=np.uint64)


@dataclass(frozen=True)
class _Face:
    """Hold a face's centre, the axes of its lattice (2 × 3), and what its three neighbours lack.

    `beside` is 3 × 3: the products of its rows with a point are positive where it is nearest here.
    """

    centre: np.ndarray
    axes: np.ndarray
    beside: np.ndarray


@lru_cache(maxsize=2)
def _faces(turned: bool) -> tuple[_Face, ...]:
    corners = [_unit(*h3.cell_to_latlng(cell)[::-1]) for cell in h3.get_pentagons(0)]
    side = max(one @ other for one, other in combinations(corners, 2)) - 1e-9
    sides = [
        three
        for three in combinations(corners, 3)
        if all(one @ other > side for one, other in combinations(three, 2))
    ]
    middles = [np.sum(three, axis=0) for three in sides]
    centres = [middle / np.linalg.norm(middle) for middle in middles]
    turn = _TURN if turned else 0.0
    found = []
    for centre, (corner, *_) in zip(centres, sides, strict=True):
        one = corner - (corner @ centre) * centre
        one /= np.linalg.norm(one)
        other = np.cross(centre, one)
        axes = (
            one * math.cos(turn) + other * math.sin(turn),
            other * math.cos(turn) - one * math.sin(turn),
        )
        around = sorted(centres, key=lambda c: float(c @ centre))[-4:-1]
        found.append(_Face(centre, np.array(axes), centre - np.array(around)))
    return tuple(found)


def _unit(lon: float, lat: float) -> np.ndarray:
    x, y = math.radians(lon), math.radians(lat)
    return np.array([math.cos(y) * math.cos(x), math.cos(y) * math.sin(x), math.sin(y)])


def _lattice(lon: np.ndarray, lat: np.ndarray, resolution: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the place of each point's cell (3 × n: face, two lattice numbers), and who is doubtful.

    Doubtful is what is within `_NEAR` of another cell or nearly as near to another face, and what is
    near a face's centre, where the library's angles have lost digits.
    """
    steps = math.sqrt(7) ** resolution / _UNIT
    x, y = np.radians(lon), np.radians(lat)
    flat = np.cos(y)
    point = np.stack([flat * np.cos(x), flat * np.sin(x), np.sin(y)])
    place = np.zeros((3, len(lon)), dtype=np.int32)
    near = np.zeros(len(lon), dtype=bool)
    faces = _faces(resolution % 2 == 1)
    with np.errstate(all="ignore"):  # the first face is tried for all points, whatever comes of it
        for number, rows, rim in _by_face(point, faces):
            here, face = point[:, rows], faces[number]
            uv = _products(face.axes, here) * (steps / _products(face.centre[None], here))
            lattice, margin = _nearest(*uv)
            place[0, rows] = number
            place[1:, rows] = lattice
            lost = uv[0] ** 2 + uv[1] ** 2 < (1e-9 * steps * steps) ** 2
            near[rows] = lost | (margin < _NEAR)
            near[rim] = True
    return place, near


def _by_face(
    point: np.ndarray, faces: tuple[_Face, ...]
) -> Iterator[tuple[int, np.ndarray | slice, np.ndarray]]:
    """Yield a face, points to be placed there, and those on its rim; the last placing holds.

    Most points are in one face as a rule, so the first comes with all of them, uncopied.
    """
    centres = np.array([face.centre for face in faces])
    left, first = np.arange(point.shape[1]), True
    while len(left):
        number = int((centres @ point[:, left[0]]).argmax())
        here = point if first else point[:, left]
        ahead = _products(faces[number].beside, here).min(axis=0)
        yield number, slice(None) if first else left[ahead > _TIE], left[np.abs(ahead) <= _TIE]
        left, first = left[ahead < -_TIE], False


def _products(axes: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Return what `@` returns, without the threads of the linear algebra, which cost more here."""
    return np.einsum("ij,jk->ik", axes, point)


def _nearest(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest centre of the hexagonal lattice (2 × n), and how far the next edge is."""
    r = v * (2 / math.sqrt(3))
    q = u - r / 2
    s = -q - r
    near_q, near_r, near_s = np.rint(q), np.rint(r), np.rint(s)
    off_q, off_r, off_s = (np.abs(a - b) for a, b in ((near_q, q), (near_r, r), (near_s, s)))
    worst_q = (off_q > off_r) & (off_q > off_s)
    worst_r = ~worst_q & (off_r > off_s)
    near_q = np.where(worst_q, -near_r - near_s, near_q)
    near_r = np.where(worst_r, -near_q - near_s, near_r)
    dq, dr = q - near_q, r - near_r
    across = np.maximum(np.maximum(np.abs(dq + dr / 2), np.abs(dq / 2 + dr)), np.abs(dr - dq) / 2)
    return np.stack([near_q, near_r]), 0.5 - across


def _numbered(place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the distinct columns of 3 × n: one column's position for each, and each one's number."""
    count = place.shape[1]
    low = place.min(axis=1)
    size = [int(n) for n in place.max(axis=1) - low + 1]
    small = np.int32 if math.prod(size) < 2**31 else np.int64
    face, one, other = (
        (row - least).astype(small, copy=False) for row, least in zip(place, low, strict=True)
    )
    key = (face * small(size[1]) + one) * small(size[2]) + other
    if math.prod(size) > _DENSE * count + 1000:
        _, sample, number = np.unique(key, return_index=True, return_inverse=True)
        return sample, number
    last = np.full(math.prod(size), -1, dtype=np.int32)
    last[key] = np.arange(count, dtype=np.int32)
    used = last >= 0
    return last[used], (np.cumsum(used, dtype=np.int32) - 1)[key]
