"""Ask one backend after the other until one answers, and say which did not and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import GeoError
from geo.tour.travel.protocol import Backend, Matrix, Notice, Route, checked

Answer = TypeVar("Answer", Matrix, Route)
_ASKED_WRONGLY = "travel.places"
_NO_WAY = "travel.path"


class Chain:
    """Fall back from backend to backend; only places that mean nothing fail at once.

    The last backend is a last resort: it stands in for those that fail, never for those that find
    no way, since it may know none. An answer that was fallen back to carries what each backend
    before it said, and then `travel.fell_back` (source, used).
    """

    def __init__(self, backends: Sequence[Backend]) -> None:
        if not backends:
            raise GeoError("travel.setting", expected="graph")
        self.backends = tuple(backends)

    @property
    def id(self) -> str:
        """Return the id of the backend that is asked first."""
        return self.backends[0].id

    def matrix(self, places: ArrayLike) -> Matrix:
        """Return the first backend's times that can be had; error of the last one if none can.

        Where it finds no way, the first of the next ones that finds more ways answers instead.
        """
        found = checked(places)
        at, answer, failures = self._first(lambda backend: backend.matrix(found))
        for later in range(at + 1, len(self.backends) - 1):
            if np.isfinite(answer.minutes).all():
                break
            try:
                other = self.backends[later].matrix(found)
            except GeoError:
                continue
            if np.isfinite(other.minutes).sum() > np.isfinite(answer.minutes).sum():
                failures = [*failures, *answer.notices]
                at, answer = later, other
        return replace(answer, notices=(*self._said(failures, at), *answer.notices))

    def route(self, places: ArrayLike) -> Route:
        """Return the first backend's drives that can be had; error of the last one if none can."""
        found = checked(places)
        at, answer, failures = self._first(lambda backend: backend.route(found))
        return replace(answer, notices=(*self._said(failures, at), *answer.notices))

    def _first(self, ask: Callable[[Backend], Answer]) -> tuple[int, Answer, list[Notice]]:
        failures: list[Notice] = []
        last = len(self.backends) - 1
        for number, backend in enumerate(self.backends):
            try:
                answer: Answer = ask(backend)
            except GeoError as error:
                no_more = number >= (last - 1 if error.code == _NO_WAY else last)
                if error.code == _ASKED_WRONGLY or no_more:
                    raise
                failures.append(Notice(error.code, dict(error.details)))
            else:
                return number, answer, failures
        raise AssertionError("the last backend has answered or raised")

    def _said(self, failures: list[Notice], at: int) -> tuple[Notice, ...]:
        if at == 0:
            return ()
        used = Notice("travel.fell_back", {"source": self.id, "used": self.backends[at].id})
        return (*failures, used)
