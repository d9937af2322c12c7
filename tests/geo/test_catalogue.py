"""The catalogue of a city folder: what it gives, and every fault by its name."""

from __future__ import annotations

import tomllib

import pytest

from geo import catalogue
from geo.errors import GeoError

DICTIONARIES = (
    "industries.toml",
    "stages.toml",
    "lists.toml",
    "published.toml",
    "scoring.toml",
    "metrics.toml",
)


def fault(folder) -> GeoError:
    with pytest.raises(GeoError) as caught:
        catalogue.read(folder)
    return caught.value


def test_the_shipped_catalogue_is_read_whole(atlas, data_dir):
    """Every layer and dictionary entry of the files is there, under its id and in shown order."""
    declared = atlas.catalogue
    head = tomllib.loads((data_dir / "city.toml").read_text("utf-8"))
    assert list(declared.layers) == [layer["id"] for layer in head["layers"]]
    for name, found in (
        ("stages", declared.stages),
        ("industries", declared.industries),
        ("lists", declared.lists),
        ("published", declared.published),
        ("scoring", declared.criteria),
        ("metrics", declared.metrics),
    ):
        entries = tomllib.loads((data_dir / f"{name}.toml").read_text("utf-8"))["entry"]
        entries.sort(key=lambda entry: entry.get("order", 0))
        assert list(found) == [entry["id"] for entry in entries]
        assert [title["zh"] for title in (e.title for e in found.values())] == [
            entry["zh"] for entry in entries
        ]


def test_internal_stages_are_those_of_the_file(atlas, data_dir, city_copy):
    """Exactly the stages marked as internal are, and without a mark a stage is public."""
    entries = tomllib.loads((data_dir / "stages.toml").read_text("utf-8"))["entry"]
    marked = {entry["id"] for entry in entries if entry.get("internal")}
    assert atlas.catalogue.internal_stages == marked
    assert marked
    city_copy.replace("stages.toml", "internal = true\n", "")
    assert catalogue.read(city_copy.folder).internal_stages == frozenset()


def test_titles_speak_both_languages(atlas):
    """A title gives English for `en` and Chinese for anything else."""
    title = atlas.catalogue.city.name
    assert (title["en"], title["zh"], title["xx"]) == (title.en, title.zh, title.zh)
    assert title.en != title.zh


def test_a_layer_that_is_not_declared_has_no_path(atlas):
    """Asking for the file of an unknown layer says which layer is missing."""
    with pytest.raises(GeoError) as caught:
        atlas.catalogue.path("nowhere")
    assert (caught.value.code, caught.value.details) == ("layer_missing", {"layer": "nowhere"})


@pytest.mark.parametrize("file", ["city.toml", *DICTIONARIES])
def test_a_missing_file_is_named(city_copy, file):
    """A file of the catalogue that is not there is named."""
    (city_copy.folder / file).unlink()
    error = fault(city_copy.folder)
    assert (error.code, error.details) == ("file_missing", {"file": file})


@pytest.mark.parametrize("file", ["city.toml", *DICTIONARIES])
@pytest.mark.parametrize("content", [b"[[entry\n", b'name = "\xb5\xa4"\n'], ids=["broken", "gbk"])
def test_a_file_that_is_no_utf8_toml_is_named(city_copy, file, content):
    """Broken TOML and text that is not UTF-8 are refused with the file and the parser's reason."""
    (city_copy.folder / file).write_bytes(content)
    error = fault(city_copy.folder)
    assert (error.code, error.details["file"]) == ("file_unreadable", file)
    assert error.details["reason"]


@pytest.mark.parametrize(
    ("file", "old", "new", "entry", "field"),
    [
        ("industries.toml", 'symbol = "square"', 'symbol = "heart"', "equip", "heart"),
        ("industries.toml", 'group = "traditional"', 'group = "third"', "equip", "third"),
        ("industries.toml", 'gbt4754 = ["33"', 'other = ["33"', "equip", "gbt4754"),
        ("industries.toml", 'id = "food"', 'id = "equip"', "equip", "id"),
        ("stages.toml", 'phase = "prep"', 'phase = "limbo"', "talk", "limbo"),
        ("stages.toml", "plain = {", "other = {", "talk", "plain"),
        ("stages.toml", "internal = true", 'internal = "true"', "talk", "internal"),
        ("stages.toml", 'id = "plan"', 'id = "talk"', "talk", "id"),
        ("lists.toml", "source =", "other =", None, "source"),
        ("published.toml", 'value = "335"', 'value = "many"', "planned_count", "many"),
        ("metrics.toml", 'unit = "wan"', 'unit = "yuan"', "industrial_investment", "yuan"),
        ("metrics.toml", 'kind = "ratio"', 'kind = "rate"', "investment_share", "rate"),
        ("metrics.toml", 'id = "tax"', 'id = "output"', "output", "id"),
        ("city.toml", 'id = "land"', 'id = "counties"', "counties", "id"),
        ("city.toml", "[city]", "[town]", "?", "city"),
        ("city.toml", "bbox =", "box =", None, "bbox"),
        ("city.toml", 'lists = "lists.toml", ', "", None, "lists"),
    ],
)
def test_a_wrong_entry_is_named(city_copy, file, old, new, entry, field):
    """An entry that lacks something, repeats an id or refers to nothing is named with its field."""
    city_copy.replace(file, old, new)
    error = fault(city_copy.folder)
    assert (error.code, error.details["file"]) == ("catalogue_invalid", file)
    assert entry in (None, error.details["entry"])
    assert field in error.details["field"]


def test_a_city_without_a_scoring_sheet_is_a_city(city_copy):
    """The sheet of site-visit tours may be left out; then there are no criteria."""
    city_copy.replace("city.toml", ', scoring = "scoring.toml"', "")
    assert catalogue.read(city_copy.folder).criteria == {}


@pytest.mark.parametrize("weight", ["0", "-1", "1.5", "true", '"2"'])
def test_a_criterion_weighs_a_whole_number(city_copy, weight):
    """A weight that is no whole number from 1 is named with its criterion."""
    city_copy.replace("scoring.toml", "weight = 3", f"weight = {weight}")
    error = fault(city_copy.folder)
    assert error.code == "catalogue_invalid"
    assert (error.details["file"], error.details["entry"]) == ("scoring.toml", "progress")
