"""What a source says of its columns is kept for it alone, and can be taken back."""

from __future__ import annotations

import pytest

from geo.exchange.reading.grid import Book
from tests.geo.intake.sheets import sheet
from ui.desk import asking, columns


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Return what sets who is signed in, with an empty state folder."""
    monkeypatch.setattr(columns.settings, "state_folder", lambda: tmp_path)

    def sign_in(name: str) -> None:
        monkeypatch.setattr(columns.account, "name", lambda: name)

    sign_in("甲")
    return sign_in


def test_left_out_is_an_answer_and_not_said_is_none(source):
    """A column left out is remembered and goes to the intake as such; one not said is forgotten."""
    columns.remember({"责任单位": columns.LEFT_OUT, "牵头单位": "responsible", "怪列": ""})
    assert columns.remembered() == {"责任单位": columns.LEFT_OUT, "牵头单位": "responsible"}
    assert columns.mapping() == {"责任单位": "", "牵头单位": "responsible"}
    source("乙")
    assert columns.mapping() == {}
    source("甲")
    columns.remember({"责任单位": ""})
    assert columns.mapping() == {"牵头单位": "responsible"}


def test_answers_are_shown_again_where_their_headings_stand():
    """A heading of one row, or of two levels, is found in a file; another one is not."""
    book = Book("a.xlsx", "xlsx", (sheet(["责任", "怪列"], ["单位", "x"]),))
    assert asking._standing(["怪列", "责任/单位", "责任/部门"], book) == {"怪列", "责任/单位"}
