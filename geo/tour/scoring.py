"""What members of a tour judge, and what their scores say together: means, spread, ranks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from geo.model import Criterion

LOWEST, HIGHEST = 1, 5
ENOUGH = 3  # below so many scores a figure has no rank: one voice is no judgement of a county


@dataclass(frozen=True)
class Score:
    """Hold what one member gave one stop at one moment: points by criterion, 1 to 5.

    `uuid` is made where the score is made, so that it counts once however often it is sent;
    `device` tells two members of the same name apart.
    """

    uuid: str
    project: str
    member: str
    criteria: Mapping[str, int]
    at: datetime
    remark: str = ""
    device: str = ""


@dataclass(frozen=True)
class Judgement:
    """Hold what one member thinks of one stop by now: the weighted mean of what they gave."""

    project: str
    member: str
    points: Fraction


@dataclass(frozen=True)
class Figure:
    """Sum up the judgements of a stop or a county; `spread` is their standard deviation.

    `rank` is None where there are fewer than three scores; equal means share a rank.
    """

    key: str
    mean: Fraction
    scores: int
    members: int
    spread: float
    low: Fraction
    high: Fraction
    rank: int | None = None

    @property
    def enough(self) -> bool:
        """Tell whether there are enough scores to compare by."""
        return self.scores >= ENOUGH


def judgements(scores: Iterable[Score], criteria: Mapping[str, Criterion]) -> list[Judgement]:
    """Return one judgement a member and stop; of each criterion the latest score counts.

    Criteria that the sheet no longer has are left out. Weights are those of the criteria given.
    """
    given: dict[tuple[str, str], dict[str, int]] = {}
    for score in sorted(scores, key=lambda one: (one.at, one.uuid)):
        known = {name: points for name, points in score.criteria.items() if name in criteria}
        given.setdefault((score.project, score.member), {}).update(known)
    return [
        Judgement(project, member, _weighted(points, criteria))
        for (project, member), points in given.items()
        if points
    ]


def _weighted(points: Mapping[str, int], criteria: Mapping[str, Criterion]) -> Fraction:
    total = sum(criteria[name].weight for name in points)
    return Fraction(sum(criteria[name].weight * value for name, value in points.items()), total)


def by_stop(found: Iterable[Judgement]) -> list[Figure]:
    """Return one figure a stop, best first; see `ranked`."""
    return ranked(_figures((one.project, one) for one in found))


def by_county(found: Iterable[Judgement], county_of: Mapping[str, str]) -> list[Figure]:
    """Return one figure a county, best first; each judgement of a stop in it counts the same.

    Stops that lie in no known county are left out.
    """
    return ranked(
        _figures((county_of[one.project], one) for one in found if county_of.get(one.project))
    )


def _figures(keyed: Iterable[tuple[str, Judgement]]) -> list[Figure]:
    groups: dict[str, list[Judgement]] = {}
    for key, one in keyed:
        groups.setdefault(key, []).append(one)
    return [_figure(key, group) for key, group in groups.items()]


def _figure(key: str, group: list[Judgement]) -> Figure:
    points = [one.points for one in group]
    mean = Fraction(sum(points), len(points))
    return Figure(
        key=key,
        mean=mean,
        scores=len(points),
        members=len({one.member for one in group}),
        spread=math.sqrt(Fraction(sum((value - mean) ** 2 for value in points), len(points))),
        low=min(points),
        high=max(points),
    )


def ranked(figures: Iterable[Figure]) -> list[Figure]:
    """Return figures best first with their ranks: 1, 2, 2, 4; those with too few scores last."""
    ordered = sorted(figures, key=lambda one: (not one.enough, -one.mean, one.key))
    means = [one.mean for one in ordered if one.enough]
    return [
        Figure(**{**vars(one), "rank": means.index(one.mean) + 1 if one.enough else None})
        for one in ordered
    ]


def change(now: Iterable[Figure], before: Iterable[Figure]) -> dict[str, Fraction]:
    """Return by how much each mean has risen since an earlier tour, where both have enough."""
    earlier = {one.key: one.mean for one in before if one.enough}
    return {
        one.key: one.mean - earlier[one.key] for one in now if one.enough and one.key in earlier
    }


def shared_names(scores: Iterable[Score]) -> list[str]:
    """Return the members whose scores came from more than one phone: two people, or one name."""
    phones: dict[str, set[str]] = {}
    for score in scores:
        phones.setdefault(score.member, set()).add(score.device)
    return sorted(member for member, devices in phones.items() if len(devices) > 1)
