"""Forged messages: what no page offers is sent all the same, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from geo.store import Create, Store, open_store
from tests.browser.forger import Forger
from tests.browser.server import Server

DATA = Path(__file__).parents[2] / "data"
NAME, ID, COUNTY = "试验项目癸", "forged", "210681"
SUBMIT = "FormSubmitter:edit_form-保存修改"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Serve the shipped city and one more project, with the local sign-in."""
    state = tmp_path_factory.mktemp("state")
    store = open_store(state / "store.sqlite", city=DATA)
    row = {
        "name": NAME,
        "county": COUNTY,
        "stage": "build",
        "remark": "原来的",
        "phone": "机密电话",
    }
    store.apply([Create(row, id=ID)], who="甲", why="", kind="edit", expected={})
    environment = {"GEO_STATE": str(state), "GEO_LOCAL_SIGN_IN": "1"}
    with Server(state / "server.log", env=environment) as server:
        yield SimpleNamespace(url=server.url, store=store)
    store.close()


def row_version(store: Store) -> int:
    return int(store.projects().set_index("id").at[ID, "row_version"])


def remark(store: Store) -> str:
    return str(store.projects().set_index("id").at[ID, "remark"])


def take(session: Forger, role: str, *units: str) -> None:
    session.set("local_kind", role)
    if units:
        session.set("local_units", list(units))


def open_form(session: Forger) -> dict[str, str]:
    """Open the project's form and return the ids of its widgets by key."""
    session.set("edit_project", f"{NAME}（{ID}）")
    return {key: id_ for key, (_, id_) in session.shown.items()}


def learn(site: SimpleNamespace) -> dict[str, str]:
    """Return the ids of the office's form, which are the same in every session."""
    with Forger(site.url, "desk") as office:
        take(office, "市项目办")
        return open_form(office)


def forge(session: Forger, ids: dict[str, str], version: int, text: str) -> None:
    """Send what the office's browser would: the project chosen, a new remark, a press on save."""
    for press in ("", ids[SUBMIT], ids[SUBMIT]):
        session.say(ids["edit_project"], f"{NAME}（{ID}）")
        session.say(ids[f"e_{ID}_{version}_remark"], text)
        session.run(press=press)
    session.run()  # a run that a press cut short has its end here


def test_the_office_changes_by_such_messages(site: SimpleNamespace) -> None:
    """The messages are right: from a session of the office they change the project."""
    before, version = site.store.version(), row_version(site.store)
    ids = learn(site)
    with Forger(site.url, "desk") as office:
        take(office, "市项目办")
        forge(office, ids, version, "市里改的")
    assert site.store.version() == before + 1
    assert remark(site.store) == "市里改的"


@pytest.mark.parametrize(
    "role", [("公众",), ("督查（只读）",), ("单位人员",), ("单位人员", "凤城市")], ids="/".join
)
def test_who_may_not_changes_nothing(site: SimpleNamespace, role: tuple[str, ...]) -> None:
    """Neither visitor nor auditor nor staff of no or another unit change a project, or learn more
    of it, by sending what the office's page sends."""
    before, version, said = site.store.version(), row_version(site.store), remark(site.store)
    ids = learn(site)
    with Forger(site.url, "desk") as session:
        take(session, *role)
        forge(session, ids, version, "伪造的")
        secret = "机密电话" in "".join(session.texts)
    assert site.store.version() == before
    assert remark(site.store) == said
    assert not secret


def test_staff_move_no_project_to_another_unit(site: SimpleNamespace) -> None:
    """From their own form, which offers every county, staff send no project away, and are told."""
    before, version = site.store.version(), row_version(site.store)
    with Forger(site.url, "desk") as session:
        take(session, "单位人员", "东港市")
        ids = open_form(session)
        session.say(ids[f"e_{ID}_{version}_county"], "凤城市")
        session.run(press=ids[SUBMIT])
        assert any("不属于您负责的单位" in text for text in session.texts)
    assert site.store.version() == before
    assert site.store.projects().set_index("id").at[ID, "county"] == COUNTY


def test_a_role_given_up_takes_its_form_along(site: SimpleNamespace) -> None:
    """A session that was the office's and is a visitor's changes nothing through the old form."""
    before, version = site.store.version(), row_version(site.store)
    with Forger(site.url, "desk") as session:
        take(session, "市项目办")
        ids = open_form(session)
        take(session, "公众")
        forge(session, ids, version, "伪造的")
    assert site.store.version() == before


def test_nobody_but_the_office_undoes_by_a_message(site: SimpleNamespace) -> None:
    """A press on an undo that another session was shown is nothing in a session without the right."""
    ids, version = learn(site), row_version(site.store)
    with Forger(site.url, "desk") as office, Forger(site.url, "desk") as visitor:
        take(office, "市项目办")
        forge(office, ids, version, "可撤销的")
        made = site.store.version()
        office.run()
        undo = office.shown["desk_undo"][1]
        visitor.run(press=undo)
        visitor.run(press=undo)
        assert site.store.version() == made
        office.run(press=undo)
        assert site.store.version() == made + 1
