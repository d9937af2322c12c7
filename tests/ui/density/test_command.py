"""The command answers each comparison of the page with the page's own figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from geo.__main__ import main
from geo.cli.context import DONE, REFUSED
from geo.compare import answers
from geo.compare import ranks as compare
from geo.density import per, stated
from geo.density.question import density
from tests.ui.density.test_shown import scope
from ui.density import changes, fits, flips, land, near, notes, quotients, ranks, shown, side, twin
from ui.density.scope import Scope

ASKED = [
    {},
    {"year": 2021},
    {"measure": "output"},
    {"measure": "tax", "per": "population", "year": 2021},
    {"measure": "invest", "per": "firms"},
    {"measure": "jobs", "per": "firms", "year": 2020},
]
OF_PEOPLE = ("--measure", "tax", "--per", "population", "--year", "2021")
COMPARISONS = [
    ("county", "rank"),
    ("park", "rank"),
    ("county", "flips"),
    ("park", "quotients"),
    ("county", "moran"),
    ("park", "concentration"),
    ("county", "side"),
    ("park", "land"),
]


@pytest.fixture(autouse=True)
def folder(data_dir, tmp_path, monkeypatch) -> None:
    """Let the command work on the shipped city too, with no store yet."""
    monkeypatch.setenv("GEO_STATE", str(tmp_path / "var"))
    monkeypatch.setenv("GEO_DATA", str(data_dir))
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)


@pytest.fixture
def ask(capsys) -> Callable[..., dict[str, Any]]:
    """Return what asks the command the page's question."""

    def asking(here: Scope, kind: str, *more: str) -> dict[str, Any]:
        asked = here.state.question
        options = ["--by", asked.by, "--measure", asked.measure, "--compare", kind]
        options += ["--per", asked.per] if asked.per in per.KINDS else []
        options += ["--year", str(asked.year)] if asked.year else []
        assert main(["density", *options, *more, "--json"]) == DONE
        return json.loads(capsys.readouterr().out)["compare"]

    return asking


def exact(value: dict[str, Any] | None) -> Fraction | None:
    return None if value is None else Fraction(value["exact"])


def ids(here: Scope, rows) -> list[str]:
    return here.city.atlas.projects["id"].to_numpy()[rows].tolist()


@pytest.mark.parametrize("by", stated.BY)
@pytest.mark.parametrize("question", ASKED)
def test_ranks(city, ask, by, question):
    """Ranks and the range of each way of doubting are the page's, drawn as often from its seed."""
    here = scope(city, by=by, **question)
    bands = ranks.banded(here, shown.get(here, here.state.question))
    said = ask(here, "rank", "--draws", str(ranks.DRAWS), "--seed", str(ranks.SEED))
    assert said["ways"] == list(ranks.ways(here.state.question))
    got = [(one["place"], one["rank"], one["ranges"]) for one in said["ranks"]]
    wanted = [(b.place, b.rank, {w: list(r) for w, r in b.ranges.items()}) for b in bands]
    assert got == wanted
    assert bool(said["samples"]) == bool(
        notes.samples(here, shown.get(here, here.state.question).found)
    )


@pytest.mark.parametrize("question", ASKED)
def test_flips(city, ask, question):
    """The views are those of the page, by projects where a metric was asked for."""
    here = scope(city, **question)
    views = flips.of_counties(here)
    said = ask(here, "flips")
    assert {n: {p: exact(d) for p, d in v.items()} for n, v in said["views"].items()} == views
    assert [one["place"] for one in said["flips"]] == [f.place for f in compare.flips(views)]
    assert said["measure"] == answers.project_measure(here.state.question)


@pytest.mark.parametrize("question", ASKED)
def test_quotients(city, ask, question):
    """Each quotient has the page's four numbers and rows."""
    here = scope(city, by="park", **question)
    found = quotients.made(here)
    said = ask(here, "quotients")
    assert said["measure"] == found.measure
    assert [(c["park"], c["industry"], c["numbers"], c["projects"]) for c in said["quotients"]] == [
        (c.park_id, c.industry_id, [c.here, c.park, c.industry, c.all], ids(here, c.rows))
        for c in found.cells
    ]
    assert said["unknown"] == ids(here, found.unknown)


@pytest.mark.parametrize("by", ["county", "park", "h3"])
@pytest.mark.parametrize("question", ASKED)
def test_concentration(city, ask, by, question):
    """Gini, Herfindahl and the share in parks are the page's."""
    if by not in stated.BY and ({"per"} & set(question) or "output" in question.values()):
        return
    here = scope(city, by=by, **question)
    found = answers.spread(shown.get_answer(here, here.state.question))
    said = ask(here, "concentration")
    assert (said["places"], exact(said["gini"]), exact(said["herfindahl"])) == (
        found.n,
        found.gini,
        found.herfindahl,
    )
    share = answers.concentration.share_in_parks(here.city.atlas, here.begun)
    assert said["share_in_parks"]["counted"] == ids(here, share.counted)
    assert exact(said["share_in_parks"]["share"]) == share.value


@pytest.mark.parametrize("question", ASKED)
def test_misfits_and_land(city, ask, question):
    """What does not fit, and what remains, is of the projects that had begun by the year."""
    here = scope(city, by="park", **question)
    found = fits.misfits.misfits(here.city.atlas, here.begun)
    said = ask(here, "misfits")["parks"]
    assert [(one["park"], one["misfits"]) for one in said] == [
        (fit.park, ids(here, fit.misfits)) for fit in found
    ]
    parks = land.of_parks(here)
    said = ask(here, "land")["parks"]
    assert {one["park"]: exact(one["remaining_km2"]) for one in said} == {
        place: one.remaining_km2 for place, one in parks.items()
    }


@pytest.mark.parametrize("question", ASKED)
def test_nearness(city, ask, question):
    """The index is of what had begun; Moran's I is of the metric asked for, over areas."""
    here = scope(city, **question)
    said = ask(here, "nearest")
    found = near.neighbours.nearest(here.city.atlas, here.begun)
    assert (said["index"], said["n"]) == (found.index, found.n)
    asked = answers.over_areas(here.state.question)
    result, _ = near._computed(here, shown.get(here, asked))
    said = ask(here, "moran")
    assert (said["moran"], said["p"], said["n"]) == (result.value, result.p, result.n)
    assert [(one["place"], one["value"], one["p"]) for one in said["local"]] == [
        (one.place, one.value, one.p) for one in result.local
    ]


@pytest.mark.parametrize("by", stated.BY)
@pytest.mark.parametrize("question", ASKED)
def test_side_by_side(city, ask, by, question):
    """The densest places that the page offers have every measure that the page shows, marked."""
    here = scope(city, by=by, **question)
    found = shown.get(here, here.state.question)
    rows = [row for row in found.rows if row.rank is not None and row.value][:4]
    measured = side.by_measure(here)
    if len(rows) < 2:  # of parks no people are stated: the page offers none, the command refuses
        assert main(["density", "--by", by, *OF_PEOPLE, "--compare", "side"]) == REFUSED
        return
    said = ask(here, "side")
    assert [one["place"] for one in said["places"]] == [row.id for row in rows]
    assert list(said["measures"]) == list(measured)
    for measure, figures in measured.items():
        assert [exact(one["value"]) for one in said["measures"][measure]] == [
            density(figures[row.id], here.state.question.per) for row in rows
        ]
    assert bool(said["samples"]) == bool(side.samples(here, rows, measured))
    chosen = [row.id for row in rows][:2]
    assert [p["place"] for p in ask(here, "side", "--with", ",".join(chosen))["places"]] == chosen


@pytest.mark.parametrize("by", ["county", "park", "h3"])
@pytest.mark.parametrize("question", ASKED)
def test_twin(city, ask, by, question):
    """For everything the page lets differ, the differences are the page's, in its order."""
    if by not in stated.BY and ({"per"} & set(question) or "output" in question.values()):
        return
    here = scope(city, by=by, **question)
    one = here.state.question
    for text in twin.choices(here)[-3:]:
        pair = twin.both(here, one, answers.twin(one, text))
        said = ask(here, "twin", "--twin", text)
        rows = changes.compared(here, *pair)
        assert [c["place"] for c in said["changes"]] == [row["id"] for row in rows]
        got = [exact(c["change"]) for c in said["changes"]]
        assert [None if c is None else float(c) for c in got] == [row["change"] for row in rows]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("by", "kind"), COMPARISONS)
def test_stated_metrics_are_said_in_words(capsys, by, kind, lang):
    """A comparison of a metric says what it is of, and that figures are samples."""
    options = ["--by", by, "--measure", "output", "--per", "population", "--year", "2021"]
    assert main(["density", *options, "--compare", kind, "--lang", lang]) == DONE
    said = capsys.readouterr().out
    assert "density." not in said
    assert "{" not in said
    if kind in ("flips", "quotients"):
        assert {"zh": "只能按项目计", "en": "is of projects"}[lang] in said
    elif kind != "land":
        assert {"zh": "个数字是示例", "en": "are samples"}[lang] in said
