"""The density command's composite index is the domain's, and refuses what makes no index."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from geo.__main__ import main
from geo.cli.context import DONE, REFUSED
from geo.compare import composite, indexed
from geo.density.question import Question, answer
from tests.geo.density.worlds import every

WEIGHTS = "output=40,tax/firms=30,invest=30"


def run(capsys, *arguments: object) -> tuple[int, str]:
    code = main(["density", *(str(argument) for argument in arguments)])
    said = capsys.readouterr()
    return code, said.out + said.err


@pytest.mark.parametrize("by", ["county", "park"])
@pytest.mark.parametrize("way", composite.NORMALISE)
def test_the_figures_are_the_domains(atlas, capsys, by, way):
    """Scores, parts, bands and what is missing are those that `composite` gives, exactly."""
    options = ("--by", by, "--compare", "index", "--weights", WEIGHTS, "--normalise", way)
    code, said = run(capsys, *options, "--draws", 50, "--json")
    assert code == DONE
    found = json.loads(said)["compare"]
    weights = indexed.read(WEIGHTS)
    answered = indexed.answered(
        lambda asked: answer(atlas, every(atlas), asked), Question(by=by), weights
    )
    wanted = composite.composite(answered.values, weights, way)
    doubts = composite.doubted(wanted, draws=50)
    assert found["weights"] == weights
    assert [one["place"] for one in found["scores"]] == [score.place for score in wanted.scores]
    for one, score, doubt in zip(found["scores"], wanted.scores, doubts, strict=True):
        assert Fraction(one["score"]["exact"]) == score.score
        assert one["rank"] == score.rank
        assert (one["best"], one["worst"]) == (doubt.band.best, doubt.band.worst)
        assert Fraction(one["first"]["exact"]) == doubt.first
        for item, own in one["measures"].items():
            assert Fraction(own["part"]["exact"]) == score.parts[item]
            assert own["sample"] == (item != "invest")
    lacking = {one["place"]: tuple(one["lacks"]) for one in found["missing"]}
    assert lacking == wanted.missing
    assert all(reason for one in found["missing"] for reason in one["lacks"].values())


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("zh", ("综合评价（极差法", "［示例］", "不评分，缺", "没有公布面积", "权重是判断")),
        ("en", ("Composite index (min–max", "(sample)", "no score, lacks", "no area is stated")),
    ],
)
def test_the_lines_say_how_it_is_made_what_is_missing_and_what_is_a_sample(capsys, lang, wanted):
    """Without weights it is the usual index; head, marks, reasons and caveat are in both languages."""
    code, said = run(capsys, "--by", "park", "--compare", "index", "--lang", lang)
    assert code == DONE
    assert all(words in said for words in wanted)


@pytest.mark.parametrize(
    "options",
    [
        ("--weights", WEIGHTS),
        ("--normalise", "rank"),
        ("--compare", "rank", "--weights", WEIGHTS),
        ("--compare", "index", "--weights", "output=40"),
        ("--compare", "index", "--weights", "output=0,tax=0"),
        ("--compare", "index", "--weights", "gold=40,tax=30"),
        ("--compare", "index", "--weights", "output=400,tax=30"),
        ("--compare", "index", "--per", "firms"),
        ("--compare", "index", "--by", "h3"),
        ("--compare", "index", "--draws", "0"),
    ],
)
def test_what_makes_no_index_is_refused(capsys, options):
    """Weights without an index, too few, all 0, unknown, too large, and cells are refused in words."""
    code, said = run(capsys, *options)
    assert code == REFUSED
    assert said.strip().endswith("。")


def test_a_single_place_is_not_called_the_best(capsys):
    """Where one place alone has all measures, the command says that nothing is compared."""
    code, said = run(capsys, "--by", "park", "--compare", "index", "--area", "total")
    assert code == DONE
    assert "没有可以比较的" in said


def test_a_year_is_that_of_every_measure(capsys):
    """With a year, stated measures are of it."""
    options = ("--compare", "index", "--weights", "output=1,tax=1", "--year", "2021", "--json")
    code, said = run(capsys, *options)
    assert code == DONE
    scores = json.loads(said)["compare"]["scores"]
    assert {own["year"] for one in scores for own in one["measures"].values()} == {2021}
