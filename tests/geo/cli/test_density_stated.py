"""The density command speaks of stated amounts and other denominators, each figure with its source."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from geo.__main__ import main
from geo.cli.context import DONE, REFUSED
from geo.series import latest


def run(capsys, *arguments: object) -> tuple[int, str]:
    code = main(["density", *(str(argument) for argument in arguments)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_output_per_head_names_its_figures(atlas, capsys):
    """Each county's output per 10,000 people is that of the series of the year, marked as sample."""
    asked = ("--measure", "output", "--per", "population", "--year", 2021)
    code, said = run(capsys, *asked, "--json")
    assert code == DONE
    found = json.loads(said)
    assert (found["per"], found["year"]) == ("population", 2021)
    for figure in found["figures"]:
        place = figure["place"]
        output, people = (
            latest(atlas.series, place=place, metric=metric, year=2021).value
            for metric in ("output", "population")
        )
        assert Fraction(figure["value"]["exact"]) == Fraction(output * 10_000, people)
        assert figure["unit"] == "wan_per_10k_people"
        assert figure["amount"]["stated"]["sample"]
        assert figure["per"]["sample"]
    _, text = run(capsys, *asked)
    assert text.count("［示例］") == 2 * len(found["figures"])


def test_a_park_without_a_figure_is_listed_with_its_reason(capsys):
    """A park for which nothing is stated stands in the list with a dash and why, in both languages."""
    for lang, reason in (("zh", "没有该年的数字"), ("en", "there is no figure of that year")):
        code, said = run(capsys, "--by", "park", "--measure", "tax", "--lang", lang)
        assert code == DONE
        assert reason in said


def test_projects_are_divided_by_firms(capsys):
    """Investment per firm keeps the projects behind it."""
    code, said = run(capsys, "--measure", "invest", "--per", "firms", "--json")
    assert code == DONE
    figures = json.loads(said)["figures"]
    assert all(f["unit"] == "wan_per_firm" and f["amount"]["projects"] for f in figures)
    assert run(capsys, "--measure", "invest", "--per", "firms")[0] == DONE


@pytest.mark.parametrize(
    "asked",
    [
        ("--by", "h3", "--measure", "output"),
        ("--by", "surface", "--per", "firms"),
        ("--measure", "output", "--year", "1990", "--compare", "concentration"),
        ("--measure", "output", "--year", "1990", "--compare", "moran"),
        ("--measure", "output", "--compare", "side", "--with", "nowhere,too"),
        ("--measure", "output", "--compare", "twin", "--twin", "measure=jobs"),
        ("--measure", "output", "--twin", "year=2020"),
    ],
)
def test_what_has_no_figures_is_refused(capsys, asked):
    """Hexagons have no stated amounts, and what nobody has stated cannot be compared."""
    code, said = run(capsys, *asked)
    assert code == REFUSED
    assert said.strip()


def test_a_year_without_any_figure_is_all_dashes(capsys):
    """A year of which nothing is known gives reasons, no zero."""
    code, said = run(capsys, "--measure", "output", "--year", "1990", "--json")
    assert code == DONE
    assert {f["reason"] for f in json.loads(said)["figures"]} == {"not_stated"}
    code, said = run(capsys, "--measure", "output", "--year", "1990")
    assert code == DONE
