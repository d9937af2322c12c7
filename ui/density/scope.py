"""What every part of the page about density works on in one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from geo.density import question
from geo.filters import Selection
from geo.view import View
from ui.cache import City
from ui.density.asked import Asked
from ui.i18n import Translate

Made = TypeVar("Made")


@dataclass(frozen=True)
class Scope:
    """Hold the city, the visitor's view with what it selects, the page's state, the words.

    `real` is the city without the visitor's scenario; `tag` tells the two apart in what is
    remembered.
    """

    city: City
    real: City
    view: View
    selection: Selection
    state: Asked
    t: Translate
    tag: str = ""

    @property
    def rows(self) -> np.ndarray:
        """Return the selected projects as a mask."""
        return self.selection.rows

    @property
    def begun(self) -> np.ndarray:
        """Return the selected projects that had begun by the end of the year asked for, as a mask."""
        return question.begun(self.city.atlas, self.rows, self.state.question.year)[0]

    @property
    def language(self) -> str:
        """Return the visitor's language."""
        return self.view.language

    def recall(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """Return what is remembered for these filters in this language, or make it."""
        return self.city.recent.get((self.tag, self.view.filters, self.language, *key), make)
