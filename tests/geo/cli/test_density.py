"""The density command answers in exact figures, in both languages, and refuses what it cannot mean."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from geo import wording
from geo.__main__ import main
from geo.cli import density, density_compare, density_text
from geo.cli.context import DONE, REFUSED
from geo.density import areas, land, places
from geo.store import Update, open_store
from geo.store.engine import FILE
from tests.geo.density.worlds import every


def run(capsys, *arguments: object) -> tuple[int, str]:
    code = main(["density", *(str(argument) for argument in arguments)])
    said = capsys.readouterr()
    assert bool(said.err) == (code == REFUSED)
    return code, said.out + said.err


def answer(capsys, *arguments: object) -> dict:
    code, said = run(capsys, *arguments, "--json")
    assert code == DONE
    return json.loads(said)


def test_the_figures_are_the_domains(atlas, capsys):
    """Exact densities, areas with source and year, and the rows behind are what `by_county` gives."""
    found = answer(capsys, "--by", "county", "--measure", "invest", "--area", "amap")
    wanted = places.by_county(atlas, every(atlas), measure="invest", area="amap")
    ids = atlas.projects["id"].to_numpy()
    assert len(found["figures"]) == len(wanted.figures)
    for said, figure in zip(found["figures"], wanted.figures, strict=True):
        assert Fraction(said["per_km2"]["exact"]) == figure.per_km2
        assert Fraction(said["per_mu"]["exact"]) == figure.per_mu
        assert said["amount"]["projects"] == ids[figure.amount.rows].tolist()
        assert said["area"]["year"] == "2025-12"
        assert said["area"]["source"]
    assert found["selected"] == len(atlas.projects)
    assert found["data_version"] is None


def test_a_filter_is_an_address(atlas, capsys):
    """`c=` and `i=` narrow as on the map page."""
    code, industry = atlas.counties["code"].iloc[0], next(iter(atlas.catalogue.industries))
    found = answer(capsys, "--filter", f"?c={code}&i={industry}")
    rows = (atlas.projects["county"] == code) & (atlas.projects["industry"] == industry)
    assert found["selected"] == int(rows.fillna(False).sum()) > 0


@pytest.mark.parametrize("by", density.BY)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_is_said_in_words(capsys, by, lang):
    """Each way to count gives lines without a key or a placeholder left over."""
    code, said = run(capsys, "--by", by, "--measure", "invest", "--lang", lang)
    assert code == DONE
    assert "density." not in said
    assert "{" not in said


def test_classes_hold_every_figure(capsys):
    """With breaks every density has its class, what has none has none, and the text names them."""
    found = answer(capsys, "--by", "park", "--classes", "quantile", "--k", 3)
    bounds = found["classes"]["bounds"]
    for figure in found["figures"]:
        if figure["per_km2"] is None:
            assert figure["class"] is None
        else:
            value, number = figure["per_km2"]["value"], figure["class"]
            assert value <= bounds[number]
            assert number == 0 or value > bounds[number - 1]
    _, said = run(capsys, "--by", "park", "--classes", "quantile", "--k", 3)
    assert len(said.splitlines()) == len(run(capsys, "--by", "park")[1].splitlines()) + 1


@pytest.mark.parametrize("kind", density_compare.KINDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_comparison_is_said_in_words(capsys, kind, lang):
    """Each comparison gives more lines than the figures alone, and a value in JSON."""
    by = density_compare.KINDS[kind][0]
    _, plain = run(capsys, "--by", by, "--lang", lang)
    more = ["--twin", "year=2021"] if kind == "twin" else []
    asked = ["--by", by, "--compare", kind, *more]
    code, said = run(capsys, *asked, "--lang", lang, "--draws", 20)
    assert code == DONE
    assert said.startswith(plain)
    assert len(said) > len(plain)
    assert answer(capsys, *asked)["compare"]["kind"] == kind


def test_every_code_has_its_words():
    """Reasons, notes, kinds of area and units of the domain all have a text in both languages."""
    keys = {
        *(f"area_{kind}" for kind in (*areas.COUNTY_SOURCES, *areas.PARK_KINDS, "outline")),
        *(f"reason_{r}" for r in ("area_not_stated", "area_kind_other", "area_kind_unknown")),
        *(f"reason_{r}" for r in ("no_outline", "amount_unknown")),
        *(f"note_{n}" for n in ("reprojected", "flattened", "rebuilt", "overlap", "above_zone")),
        *(f"left_{r}" for r in ("county_unknown", "outside_parks", "park_only", "town_only")),
        *(f"left_{r}" for r in ("county_only", "line_only", "nowhere", "beyond", "line")),
        *(f"quadrant_{q}" for q in ("high_high", "low_high", "low_low", "high_low")),
    }
    for lang in ("zh", "en"):
        assert {f"density.{key}" for key in keys} <= set(wording.words(lang))


def test_notes_are_sentences():
    """A note of an outline names the places and the size."""
    found = {
        **dict.fromkeys(("city", "what_if"), ""),
        **{"measure": "projects", "selected": 0, "samples": 0, "data_version": 1, "by": "park"},
        **{"figures": [], "left_out": {}, "units": {}},
        "notes": [{"code": "overlap", "place": "A1", "other": "B2", "km2": 1.25}],
    }
    for lang in ("zh", "en"):
        last = list(density_text.lines(found, wording.translator(lang)))[-1]
        assert all(part in last for part in ("A1", "B2", "1.25"))


def test_a_scenario_is_a_trial(atlas, capsys):
    """With a scenario the figures follow, and without it they are what they were."""
    row = atlas.projects[atlas.projects["county"].notna()].iloc[0]
    before = answer(capsys)
    trial = answer(capsys, "--what-if", f"cancel:{row['id']}")
    assert trial["selected"] == before["selected"] - 1
    assert answer(capsys) == before


def test_the_store_is_asked_where_there_is_one(city, data_dir, capsys):
    """The newest data version counts; with --public what is internal does not."""
    store = open_store(city / FILE, city=data_dir)
    frame = store.projects()
    known = dict(zip(frame["id"], frame["row_version"].tolist(), strict=True))
    change = [Update("s001", {"internal": True})]
    store.apply(change, who="王", why="改", kind="edit", expected=known)
    version, selected = store.version(), len(frame)
    store.close()
    found = answer(capsys)
    assert (found["data_version"], found["selected"]) == (version, selected)
    public = answer(capsys, "--public")
    named = {id_ for f in public["figures"] for id_ in f["amount"]["projects"]}
    assert public["selected"] < selected
    assert "s001" not in named


@pytest.mark.parametrize("by", ["county", "park", "h3"])
def test_a_filter_that_finds_nothing_gives_no_density_but_zero(capsys, by):
    """Where nothing is selected every place with an area has 0, and no hexagon is listed."""
    found = answer(capsys, "--by", by, "--filter", "q=qqqqqqqq")
    assert found["selected"] == 0
    known = {f["per_km2"]["exact"] for f in found["figures"] if f["per_km2"] is not None}
    assert known == (set() if by == "h3" else {"0"})


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--by", "county", "--area", "planned"], "amap"),
        (["--by", "h3", "--area", "amap"], "—"),
        (["--by", "h3", "--resolution", "4"], "9"),
        (["--by", "h3", "--compare", "rank"], "county"),
        (["--by", "surface", "--compare", "moran"], "county"),
        (["--filter", "c=999999"], "c"),
        (["--filter", "nonsense"], "nonsense"),
        (["--by", "surface", "--bandwidth", "1"], "100"),
        (["--what-if", "cancel:nobody"], "nobody"),
        (["--compare", "rank", "--draws", "0"], "100000"),
        (["--filter", "q=qqqqqqqq", "--by", "surface"], "位置"),
        (["--filter", "q=qqqqqqqq", "--compare", "concentration"], "零"),
        (["--filter", "q=qqqqqqqq", "--compare", "nearest"], "3"),
        (["--filter", "q=qqqqqqqq", "--compare", "moran"], "莫兰"),
    ],
)
def test_what_cannot_be_meant_is_refused(capsys, arguments, word):
    """A choice that does not go with the others is a sentence that names what does."""
    code, said = run(capsys, *arguments)
    assert code == REFUSED
    assert word in said
    assert "unexplained" not in said
    assert "未说明的错误" not in said


def test_what_remains_of_parks(atlas, capsys):
    """`--compare land` gives the domain's exact areas, bound and rows, and follows a scenario."""
    found = answer(capsys, "--by", "park", "--compare", "land")["compare"]
    wanted = land.by_park(atlas, every(atlas))
    ids = atlas.projects["id"].to_numpy()
    for said, one in zip(found["parks"], wanted.figures, strict=True):
        left = said["remaining_km2"]
        assert (left and Fraction(left["exact"])) == one.remaining_km2
        assert (said["used_m2"], said["at_most"]) == (one.used_m2, one.at_most)
        assert said["unknown"] == ids[one.unknown].tolist()
        assert bool(said["reason"]) == (left is None)
    park = next(one.place for one in wanted.top if one.remaining_km2 is not None)
    more = ("--what-if", f"add:a:park={park},land_m2=9999999999")
    scratch = answer(capsys, "--by", "park", "--compare", "land", *more)["compare"]
    assert scratch["whole_m2"] == found["whole_m2"] + 9_999_999_999


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("剩余至多", "超出", "没有公布面积")),
        ("en", ("at most", "exceeded by at least", "—")),
    ],
)
def test_what_remains_is_said_in_words(atlas, capsys, lang, words):
    """An upper bound, more than there is, and an unknown area have words of their own."""
    wanted = land.by_park(atlas, every(atlas))
    bound = next(one.place for one in wanted.top if one.at_most and one.remaining_km2 is not None)
    more = f"add:a:park={bound},land_m2=9999999999"
    _, plain = run(capsys, "--by", "park", "--compare", "land", "--lang", lang)
    _, over = run(capsys, "--by", "park", "--compare", "land", "--what-if", more, "--lang", lang)
    assert words[0] in plain
    assert words[1] in over
    assert words[2] in plain
