"""Read an uploaded list, whatever its format, without trusting it."""

from geo.exchange.reading.limits import Limits
from geo.exchange.reading.sandbox import read

__all__ = ["Limits", "read"]
