"""The planner from the command line: one JSON object, a timetable to read, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.__main__ import main
from geo.cli.context import DONE, REFUSED
from geo.store import open_store
from geo.store.engine import FILE

HOME = "124.383,40.129,起点"


@pytest.fixture
def ids(atlas):
    return atlas.projects[atlas.projects["mapped"]]["id"].tolist()[:5]


def tour(capsys, *arguments: object) -> tuple[int, str, str]:
    try:
        code = main(["tour", *map(str, arguments)])
    except SystemExit as stopped:  # wrongly called
        code = stopped.code
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


def answer(capsys, *arguments: object) -> dict:
    code, out, err = tour(capsys, *arguments, "--json")
    assert (code, err) == (DONE, "")
    return json.loads(out)


def fault(capsys, *arguments: object) -> dict:
    """Return the error that a refused command prints as JSON; its sentence goes to stderr."""
    code, out, err = tour(capsys, *arguments, "--json")
    assert code == REFUSED
    found = json.loads(out)["error"]
    assert found["message"] == err.strip()
    return found


def test_stops_by_id_are_planned(ids, capsys):
    """All stops come with times, the legs with their source, the totals add up, and it is proven."""
    found = answer(capsys, "--stops", ",".join(ids), "--start", HOME, "--return", "22:00")
    (day,) = found["days"]
    assert sorted(stop["id"] for stop in day["stops"]) == sorted(ids)
    assert found["proven"]
    assert len(day["legs"]) == len(ids) + 1
    assert {(leg["source"], leg["band_pct"] > 0) for leg in day["legs"]} == {("graph", True)}
    assert found["totals"]["stops"] == len(ids)
    assert found["totals"]["minutes"] == pytest.approx(day["return_min"] - day["depart_min"])
    assert (day["start"]["name"], day["end"]["name"], day["depart"]) == ("起点", "起点", "08:00")
    for stop in day["stops"]:
        assert (
            stop["arrive"]
            == f"{round(stop['arrive_min']) // 60:02d}:{round(stop['arrive_min']) % 60:02d}"
        )
        assert stop["slack"] >= 0


def test_a_filter_lets_the_planner_choose(capsys):
    """Of what a page's address shows, at most so many are chosen and each left one says why."""
    found = answer(
        capsys, "--filter", "?k=sample&s=build", "--most", 4, "--industries", 2, "--seconds", 0.3
    )
    assert found["totals"]["stops"] == 4
    assert found["totals"]["industries"] >= 2
    assert found["left_out"]
    assert all(left["rule"] and left["id"] for left in found["left_out"])


def test_the_rules_of_the_options_hold(ids, capsys):
    """Times, lunch, stays and the days' number are as the options say."""
    found = answer(
        capsys,
        *("--stops", ",".join(ids), "--start", HOME, "--depart", "09:00", "--return", "01:00"),
        *("--minutes", 20, "--days", 2, "--lunch", "12:00-13:00/45", "--date", "2026-09-21"),
        *("--convoy", 0, "--assembly", 0, "--objective", "driving", "--max-driving", 600),
    )
    assert [day["date"] for day in found["days"]] == ["2026-09-21", "2026-09-22"]
    kept = found["tour"]
    assert kept["meal"] | {"place": None} == {
        "minutes": 45, "earliest": 720, "latest": 780, "place": None,
    }  # fmt: skip
    assert [(day["departs"], day["returns"]) for day in kept["days"]] == [(540, 1500)] * 2
    assert {stop["minutes"] for stop in kept["stops"]} == {20}
    assert (kept["convoy_pct"], kept["assembly"], kept["max_driving"]) == (0, 0, 600)
    assert found["objective"] == "driving"


def test_an_order_is_kept_and_a_tour_read_back(ids, tmp_path, capsys):
    """With --keep-order the stops stay as typed; the printed tour can be planned again."""
    found = answer(capsys, "--stops", ",".join(ids), "--keep-order", "--no-lunch")
    assert [stop["id"] for stop in found["days"][0]["stops"]] == ids
    assert found["best"]["finish"] <= found["totals"]["minutes"] + 1e-6
    file = tmp_path / "tour.json"
    file.write_text(json.dumps(found["tour"], ensure_ascii=False), "utf-8")
    again = answer(capsys, "--tour", file, "--keep-order")
    assert again["days"] == found["days"]


def test_a_timetable_to_read(ids, capsys):
    """Without --json it is a timetable in the language that was asked for."""
    for lang, words in (("zh", "已证明"), ("en", "Proven")):
        code, out, _ = tour(capsys, "--stops", ",".join(ids), "--return", "22:00", "--lang", lang)
        assert code == DONE
        assert words in out
        assert "08:00" in out
        assert all(f"{number}. " in out for number in range(1, 6))


def test_travel_times_follow_the_setting(ids, capsys, monkeypatch):
    """GEO_TRAVEL names the source of the times; a wrong one is a sentence."""
    monkeypatch.setenv("GEO_TRAVEL", "great_circle")
    found = answer(capsys, "--stops", ",".join(ids[:2]))
    assert {leg["source"] for leg in found["days"][0]["legs"]} == {"great_circle"}
    monkeypatch.setenv("GEO_TRAVEL", "teleport:secret")
    error = fault(capsys, "--stops", ids[0])
    assert error["code"] == "travel.setting"
    assert "secret" not in str(error)


def test_the_projects_are_those_of_the_store(ids, data_dir, tmp_path, capsys):
    """Where there is a store, a name changed in it is the name of the stop."""
    from geo.store import Update

    store = open_store(tmp_path / "var" / FILE, city=data_dir)
    frame = store.projects()
    expected = dict(zip(frame["id"], frame["row_version"].tolist(), strict=True))
    store.apply([Update(ids[0], {"name": "新名"})], who="w", why="", kind="edit", expected=expected)
    store.close()
    found = answer(capsys, "--stops", ids[0])
    assert found["days"][0]["stops"][0]["name"] == "新名"


def test_what_is_impossible_says_what_would_have_to_give(ids, capsys):
    """No tour is exit 2, with obstacles that carry a rule, minutes and a sentence."""
    where = ("--stops", ",".join(ids), "--return", "08:30")
    error = fault(capsys, *where)
    assert (error["code"], error["proven"]) == ("tour.infeasible", True)
    first = error["obstacles"][0]
    assert (first["rule"], first["minutes"] > 0) == ("return", True)
    assert first["message"]
    code, out, err = tour(capsys, *where)
    assert code == REFUSED
    assert first["message"] in out
    assert err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--stops", ""), "tour.no_stop"),
        (("--stops", "gone"), "tour.stop_gone"),
        (("--stops", "s001,s001"), "tour.twice"),
        (("--stops", "s001", "--days", "0"), "tour.number"),
        (("--stops", "s001", "--days", "x"), "tour.number"),
        (("--stops", "s001", "--depart", "8"), "tour.clock"),
        (("--stops", "s001", "--return", "25:00"), "tour.clock"),
        (("--stops", "s001", "--lunch", "noon"), "tour.clock"),
        (("--stops", "s001", "--lunch", "13:00-12:00"), "tour.lunch_window"),
        (("--stops", "s001", "--start", "here"), "tour.place"),
        (("--stops", "s001", "--start", "999,40,x"), "tour.place"),
        (("--stops", "s001", "--minutes", "nan"), "tour.number"),
        (("--stops", "s001", "--minutes", "-5"), "tour.number"),
        (("--stops", "s001", "--convoy", "1e9"), "tour.number"),
        (("--stops", "s001", "--seconds", "inf"), "tour.number"),
        (("--stops", "s001", "--date", "soon"), "tour.number"),
        (("--stops", "s001", "--industries", "9"), "tour.industries_few"),
        (("--filter", "c=000000"), "tour.filter"),
        (("--filter", "nonsense"), "tour.filter"),
        (("--filter", "k=real", "--city", "nowhere"), "file_missing"),
        (("--tour", "nowhere.json"), "file_missing"),
        (("--problem", "nowhere.json"), "file_missing"),
    ],
)
def test_bad_options_are_a_sentence(arguments, code, capsys):
    """Whatever is wrong with an option has its code and a sentence, and never a traceback."""
    assert fault(capsys, *arguments)["code"] == code


BARE = {
    "minutes": [[0, 10, 20], [10, 0, 5], [20, 5, None]],
    "visits": [{"node": 1, "service": 5, "groups": ["a"]}, {"node": 2, "must": False, "prize": 3}],
    "days": [{"start": 0, "end": 0, "departs": 480, "latest_return": 600}],
    "lunch": {"minutes": 10, "earliest": 490, "latest": 500, "node": None},
    "covers": [{"groups": ["a"], "at_least": 1, "weight": 2}],
    "max_visits": None,
    "max_driving": 100,
    "leg_extra": 1,
    "objective": "driving",
}


def written(path: Path, body: object) -> Path:
    path.write_text(body if isinstance(body, str) else json.dumps(body), "utf-8")
    return path


def test_a_matrix_problem_needs_no_city(tmp_path, capsys, monkeypatch):
    """The bare solver reads every field and answers with routes, sums and a proof."""
    monkeypatch.setenv("GEO_DATA", str(tmp_path / "nowhere"))
    file = written(tmp_path / "p.json", BARE)
    found = answer(capsys, "--problem", file)
    assert sorted(found["routes"][0]) == [0, 1]
    sums = {key: found[key] for key in ("value", "finish", "driving", "proven", "bound")}
    assert sums == {"value": 5, "finish": 53, "driving": 35, "proven": True, "bound": None}
    code, out, _ = tour(capsys, "--problem", file)
    assert (code, "driving 35" in out) == (DONE, True)
    tight = {**BARE, "days": [{**BARE["days"][0], "latest_return": 490}]}
    error = fault(capsys, "--problem", written(tmp_path / "q.json", tight))
    assert error["obstacles"][0]["rule"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "tour.problem_invalid"),
        ("[" * 100_000, "tour.problem_invalid"),
        ([], "tour.problem_invalid"),
        ({"visits": [], "days": []}, "tour.problem_invalid"),
        ({**BARE, "surprise": 1}, "tour.problem_invalid"),
        ({**BARE, "minutes": [[0, 1], [1]]}, "tour.problem_invalid"),
        ({**BARE, "minutes": []}, "tour.problem_invalid"),
        ({**BARE, "minutes": [["a"]]}, "tour.problem_invalid"),
        ({**BARE, "minutes": [[10**400]]}, "tour.problem_invalid"),
        ({**BARE, "minutes": [[-1]]}, "tour.minutes"),
        ({**BARE, "visits": [{"node": True}]}, "tour.problem_invalid"),
        ({**BARE, "visits": [{"node": 7}]}, "tour.node"),
        ({**BARE, "visits": [{"node": 1, "position": -2}]}, "tour.number"),
        ({**BARE, "visits": [{"node": 1, "must": "yes"}]}, "tour.problem_invalid"),
        ({**BARE, "days": []}, "tour.no_day"),
        ({**BARE, "objective": "fun"}, "tour.problem_invalid"),
        ({**BARE, "objective": ["finish"]}, "tour.problem_invalid"),
    ],
)
def test_a_bad_problem_is_a_sentence(body, code, tmp_path, capsys):
    """A file that is no problem, or one that means nothing, is refused with its code."""
    assert fault(capsys, "--problem", written(tmp_path / "p.json", body))["code"] == code
