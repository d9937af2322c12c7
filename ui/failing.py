"""Why a step was refused, as somebody may be told: paths and servers' own words are for the few."""

from __future__ import annotations

import logging

from geo.errors import GeoError
from geo.store.roles import Role
from ui import i18n
from ui.controls import plain
from ui.i18n import Translate

log = logging.getLogger(__name__)


def refusal(error: GeoError, role: Role, t: Translate) -> str:
    """Return an error's sentence for a role, as Markdown; what it leaves out is in the log."""
    if i18n.is_shortened(error):
        log.error("refused: %s", error)
    return plain(i18n.sentence(error, t, inside=role.kind == "office"))
