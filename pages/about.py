"""About the data: sources, licences, samples, what is unverified, published beside computed."""

from __future__ import annotations

from geo.view import View
from ui import about, frame
from ui.cache import City
from ui.i18n import Translate


def page(city: City, view: View, t: Translate) -> None:
    """Show the sections of the page in order."""
    about.sources(city, view, t)
    about.samples(city, t)
    about.unverified(city, view, t)
    about.published(city, view, t)
    about.areas(city, view, t)
    about.software(t)


frame.run(page, title="app.nav_about")
