"""When a site was last visited, from tours that are kept."""

from __future__ import annotations

from datetime import date

from geo.tour import visits
from geo.tour.itinerary import Place
from geo.tour.tour import Asked, Span, Tour

HERE = Place("起点", 120.0, 40.0)


def tour(day: date, *order: tuple[str, ...]) -> Tour:
    return Tour(
        "观摩",
        day,
        tuple(Span(HERE, HERE) for _ in range(max(1, len(order)))),
        stops=tuple(Asked(project=id_) for id_ in "abc"),
        order=order,
    )


def test_the_newest_earlier_day_counts():
    """Of several visits the newest before the day counts; the second day is a day later."""
    kept = [
        tour(date(2026, 6, 1), ("a",), ("b",)),
        tour(date(2026, 3, 1), ("a", "b")),
        tour(date(2026, 9, 1), ("a",)),
    ]
    for tours in (kept, kept[::-1]):
        found = visits.last(tours, before=date(2026, 9, 1))
        assert found == {"a": date(2026, 6, 1), "b": date(2026, 6, 2)}


def test_what_was_not_driven_to_was_not_visited():
    """A site that was asked for and left out, or a tour never planned, is no visit."""
    assert visits.last([tour(date(2026, 6, 1))], before=date(2027, 1, 1)) == {}
    assert "c" not in visits.last([tour(date(2026, 6, 1), ("a",))], before=date(2027, 1, 1))
