"""Names of choices, in the order in which they are offered."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.filters import FACETS, GROUP, UNKNOWN
from geo.view import LANGUAGES
from ui import names
from ui.i18n import translator


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("facet", FACETS)
def test_every_choice_has_a_name(city, facet, language):
    """The choices of a facet are named one by one, in the order of the facet, with none left over."""
    found = names.of_facet(city.atlas, facet, language=language, t=translator(language))
    assert tuple(found) == city.options[facet]
    assert all(isinstance(name, str) and name for name in found.values())
    assert len(set(found.values())) == len(found)


def test_groups_are_marked_and_in_the_language(city):
    """A group's name carries a mark, an entry's name is the dictionary's."""
    declared = city.atlas.catalogue
    for language in LANGUAGES:
        t = translator(language)
        found = names.of_facet(city.atlas, "industry", language=language, t=t)
        for id_, group in declared.industry_groups.items():
            assert found[GROUP + id_] == f"▸ {group.title[language]}"
        for id_, industry in declared.industries.items():
            assert found[id_] == industry.title[language]
        assert found[UNKNOWN] == t("filter.unknown")


def test_a_row_without_an_english_name_keeps_its_own():
    """English takes `name_en`, else the name; a layer without that column has its names in both."""
    frame = pd.DataFrame({"id": ["a", "b"], "name": ["甲", "乙"], "name_en": ["A", None]})
    assert names.of_rows(frame, "id", "en") == {"a": "A", "b": "乙"}
    assert names.of_rows(frame, "id", "zh") == {"a": "甲", "b": "乙"}
    assert names.of_rows(frame.drop(columns="name_en"), "id", "en") == {"a": "甲", "b": "乙"}


def test_lists_of_a_cell_are_named(city):
    """The ids of a cell become titles in their order; unknown ids and empty cells become nothing."""
    lists = city.atlas.catalogue.lists
    one, two = list(lists)[:2]
    for language in LANGUAGES:
        titles = [lists[two].title[language], lists[one].title[language]]
        said = names.of_lists(f"{two};nowhere;{one}", city.atlas, language)
        assert [said.index(title) for title in titles] == sorted(map(said.index, titles))
        assert "nowhere" not in said
        assert names.of_lists(one, city.atlas, language) == lists[one].title[language]
    for empty in (pd.NA, None, "", float("nan")):
        assert names.of_lists(empty, city.atlas, "zh") == ""
