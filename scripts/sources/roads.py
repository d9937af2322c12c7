"""The schematic road graph of scgraph_data, cut out as text (the module is never imported)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

import shapely

from sources.metric import Plane, distance_km
from sources.package import BuildError, Package

_MEMBER = "scgraph_data/world_highways.py"
_MISPLACED = 200.0  # m; nodes are rounded to 0.001 degrees, so one may lie off its own coast
_JOIN = 0.3  # km


@dataclass(frozen=True)
class Edge:
    """Hold one undirected edge: node numbers in rising order and its length in km."""

    a: int
    b: int
    length_km: float
    joined: bool = False


@dataclass(frozen=True)
class Graph:
    """Hold node positions (lon, lat) by number, and edges in rising order of their nodes."""

    nodes: dict[int, tuple[float, float]]
    edges: tuple[Edge, ...]

    def line(self, edge: Edge) -> shapely.LineString:
        """Return the straight lon/lat line between an edge's nodes."""
        return shapely.LineString([self.nodes[edge.a], self.nodes[edge.b]])


def graph(package: Package, box: shapely.Polygon) -> Graph:
    """Return the part of the world graph with at least one node inside a lon/lat box.

    Only the adjacency of the nodes inside is decoded, which takes about a second and 200 MB
    where evaluating the whole literal takes a minute and gigabytes.
    """
    text = package.text(_MEMBER)
    head, tail = text.split("\nnodes=", 1)
    places = json.loads(tail[: tail.index("\n")])
    adjacency = re.findall(r"\{([^{}]*)\}", head)
    if len(adjacency) != len(places):
        raise BuildError(f"{_MEMBER}: {len(adjacency)} adjacencies for {len(places)} nodes")
    west, south, east, north = box.bounds
    inside = [i for i, (y, x) in enumerate(places) if west < x < east and south < y < north]
    lengths = {pair: km for i in inside for pair, km in _neighbours(i, adjacency[i])}
    edges = tuple(Edge(a, b, km) for (a, b), km in sorted(lengths.items()))
    used = sorted({node for edge in edges for node in (edge.a, edge.b)})
    return Graph({i: (places[i][1], places[i][0]) for i in used}, edges)


def within(
    roads: Graph, *, country: shapely.Geometry, zone: shapely.Geometry, plane: Plane
) -> Graph:
    """Return the edges that touch `zone` and have both ends in `country` (both metric)."""
    reach = country.buffer(_MISPLACED)
    shapely.prepare(reach)
    home = {i for i, xy in roads.nodes.items() if reach.contains(plane.metres(shapely.Point(xy)))}
    edges = tuple(
        edge
        for edge in roads.edges
        if {edge.a, edge.b} <= home and plane.metres(roads.line(edge)).intersects(zone)
    )
    return _trimmed(replace(roads, edges=edges))


def joined(roads: Graph) -> Graph:
    """Return the graph with each dead end tied to the nearest node within 300 m, if any.

    The source broke roads at such places; without the ties the way round is up to 3.5 times
    too long.
    """
    ties = {_tie(roads, end) for end in _dead_ends(roads)} - {None}
    edges = sorted([*roads.edges, *ties], key=lambda edge: (edge.a, edge.b))
    return replace(roads, edges=tuple(edges))


def _neighbours(node: int, literal: str) -> list[tuple[tuple[int, int], float]]:
    pairs = (item.split(":") for item in literal.split(",") if item.strip())
    return [((min(node, int(k)), max(node, int(k))), float(km)) for k, km in pairs]


def _trimmed(roads: Graph) -> Graph:
    used = {node for edge in roads.edges for node in (edge.a, edge.b)}
    return replace(roads, nodes={i: xy for i, xy in roads.nodes.items() if i in used})


def _dead_ends(roads: Graph) -> list[int]:
    ends = [node for edge in roads.edges for node in (edge.a, edge.b)]
    return [node for node in roads.nodes if ends.count(node) == 1]


def _tie(roads: Graph, end: int) -> Edge | None:
    tied = {edge.a + edge.b - end for edge in roads.edges if end in (edge.a, edge.b)}
    others = [
        (distance_km(roads.nodes[end], xy), node)
        for node, xy in roads.nodes.items()
        if node != end and node not in tied
    ]
    km, node = min(others)
    return Edge(min(end, node), max(end, node), round(km, 3), joined=True) if km <= _JOIN else None
