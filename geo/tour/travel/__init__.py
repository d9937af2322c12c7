"""Travel times and drives between places: one protocol, several backends, and a chain of them."""

from geo.tour.travel.chain import Chain
from geo.tour.travel.graph import Graph
from geo.tour.travel.great_circle import GreatCircle
from geo.tour.travel.protocol import Backend, Matrix, Notice, Route
from geo.tour.travel.setting import chosen

__all__ = ["Backend", "Chain", "Graph", "GreatCircle", "Matrix", "Notice", "Route", "chosen"]
