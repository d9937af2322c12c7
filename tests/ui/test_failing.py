"""What somebody is told of a refusal, and what only the log says."""

from __future__ import annotations

import logging

import pytest

from geo.errors import GeoError
from geo.store.roles import AUDITOR, OFFICE, VISITOR, Role, staff
from geo.view import LANGUAGES
from ui.failing import refusal
from ui.i18n import translator

FAULT = GeoError("store.unreachable", place="/srv/geheim/store", reason="FATAL: role geo")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [VISITOR, AUDITOR, staff("a"), OFFICE])
def test_paths_are_for_the_office(
    role: Role, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Only the office reads where a store is and what its server said; the log always does."""
    with caplog.at_level(logging.ERROR):
        said = refusal(FAULT, role, translator(language))
    told = "geheim" in said and "FATAL" in said
    assert told == (role == OFFICE)
    assert len(said) > 10
    assert "/srv/geheim/store" in caplog.text
    assert "FATAL" in caplog.text
