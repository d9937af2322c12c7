"""What a city says of driving in it: speeds and detours by class of terrain, and how far they err."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model.city import Title


@dataclass(frozen=True)
class Driving:
    """Say how fast one gets on (km/h on the road) and how much longer a road is than its line."""

    speed_kmh: float
    circuity: float

    @property
    def minutes_per_km(self) -> float:
        """Return the minutes that one km of straight line costs."""
        return self.circuity * 60.0 / self.speed_kmh


@dataclass(frozen=True)
class Terrain:
    """Describe a class of terrain: driving on its main roads, and the counties (codes) it covers."""

    id: str
    title: Title
    driving: Driving
    counties: tuple[str, ...]


@dataclass(frozen=True)
class Travel:
    """Hold what travel times without a routing service are estimated from.

    `local` is driving off the road graph, `straight` driving where there is no graph at all;
    `band_pct` and `straight_band_pct` are how far either is off the known figures, in percent of
    the estimate; a place farther than `reach_km` from every county cannot be reached.
    """

    terrains: tuple[Terrain, ...]
    local: Driving
    straight: Driving
    reach_km: float
    band_pct: int
    straight_band_pct: int
    source: Title
