"""The session's role, from the environment, the request and the roles file; the guards of writing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st

from geo.errors import GeoError
from geo.intake import applying
from geo.intake.faults import Record
from geo.store import Create, Store, Update, open_store
from geo.store.roles import AUDITOR, OFFICE, VISITOR, Role, staff
from ui import account, cache
from ui.desk import applied, edit, intake


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Begin with no setting of the developer's shell, and with a session that holds nothing."""
    for name in ("GEO_EDITION", "GEO_EDITION_DRAFT", "GEO_LOCAL_SIGN_IN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEO_ROLES", str(tmp_path / "roles.toml"))
    monkeypatch.setattr(st, "session_state", {})


def reached(monkeypatch: pytest.MonkeyPatch, *, address: str | None, **headers: str) -> None:
    """Pretend that the server listens on an address and that a browser came with headers."""
    monkeypatch.setattr(st, "get_option", {"server.address": address}.get)
    monkeypatch.setattr(st, "context", SimpleNamespace(headers=headers))


class TestLocalSignIn:
    """A role that may be chosen freely, on this machine only."""

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
    def test_runs_on_loopback(self, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
        """On a loopback address the chosen role holds, and a visitor is who has chosen none."""
        monkeypatch.setenv("GEO_LOCAL_SIGN_IN", "1")
        reached(monkeypatch, address=address, Host="localhost:8501", Origin="http://[::1]:8501")
        assert account.role() == VISITOR
        account.choose("staff", ("a", "b"))
        assert account.role() == staff("a", "b")

    def test_is_offered_where_it_would_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Who may try it is told how; not who reaches the server from elsewhere, nor once it runs."""
        reached(monkeypatch, address="127.0.0.1", Host="localhost:8501")
        assert account.could_try()
        monkeypatch.setattr(account, "has_sign_in", lambda: True)
        assert not account.could_try()
        monkeypatch.setattr(account, "has_sign_in", lambda: False)
        reached(monkeypatch, address="127.0.0.1", Host="maps.example.cn")
        assert not account.could_try()
        reached(monkeypatch, address="127.0.0.1", Host="localhost:8501")
        monkeypatch.setenv("GEO_LOCAL_SIGN_IN", "1")
        assert not account.could_try()

    @pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.4"])  # noqa: S104
    def test_refuses_other_addresses(
        self, monkeypatch: pytest.MonkeyPatch, address: str | None
    ) -> None:
        """On any other address, and without one, it is refused even if a role was chosen."""
        monkeypatch.setenv("GEO_LOCAL_SIGN_IN", "1")
        reached(monkeypatch, address=address, Host="127.0.0.1:8501")
        account.choose("office")
        with pytest.raises(GeoError) as error:
            account.role()
        assert error.value.code == "sign_in_public"

    @pytest.mark.parametrize(
        "headers", [{"Host": "map.example.org"}, {"Origin": "https://map.example.org"}]
    )
    def test_refuses_what_comes_through_a_proxy(
        self, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
    ) -> None:
        """A request that names another machine came through a proxy on this one: refused."""
        monkeypatch.setenv("GEO_LOCAL_SIGN_IN", "1")
        reached(monkeypatch, address="127.0.0.1", **{"Host": "127.0.0.1:8501"} | headers)
        with pytest.raises(GeoError) as error:
            account.role()
        assert error.value.code == "sign_in_public"

    def test_public_edition_has_visitors_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In the public edition everybody is a visitor, whatever was chosen or signed in."""
        monkeypatch.setenv("GEO_LOCAL_SIGN_IN", "1")
        reached(monkeypatch, address="127.0.0.1")
        account.choose("office")
        assert account.role() == OFFICE
        monkeypatch.setenv("GEO_EDITION", "public")
        assert account.role() == VISITOR

    def test_another_role_leaves_the_earlier_version(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Who takes another role looks at the newest data again."""
        monkeypatch.setenv("GEO_LOCAL_SIGN_IN", "1")
        reached(monkeypatch, address="127.0.0.1")
        st.session_state["as_of"] = 1
        account.choose("visitor")
        assert "as_of" not in st.session_state


class TestRolesFile:
    """The file that maps the provider's identities to roles."""

    @pytest.fixture
    def signed_in(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> Iterator[SimpleNamespace]:
        """Sign somebody in through a provider, with a roles file that can be written."""
        user = SimpleNamespace(is_logged_in=True, identity={"email": "li@example.org"})
        user.get = lambda name: user.identity.get(name)
        monkeypatch.setattr(account, "has_sign_in", lambda: True)
        monkeypatch.setattr(st, "user", user)
        account._roles.clear()

        def roles(text: str) -> None:
            (tmp_path / "roles.toml").write_text(text, encoding="utf-8")
            account._roles.clear()

        user.roles = roles
        yield user
        account._roles.clear()

    def test_role_of_an_identity(self, signed_in: SimpleNamespace) -> None:
        """An identity in the file has its role and units; by e-mail, else by subject."""
        signed_in.roles(
            '[[user]]\nidentity = "li@example.org"\nrole = "staff"\nunits = ["210681", "qianyang"]\n'
            '[[user]]\nidentity = "s-17"\nrole = "auditor"\n'
        )
        assert account.role() == staff("210681", "qianyang")
        assert account.name() == "li@example.org"
        signed_in.identity = {"sub": "s-17"}
        assert account.role() == AUDITOR

    @pytest.mark.parametrize(
        "identity", [{"email": "x@example.org"}, {"email": "LI@example.org "}, {}]
    )
    def test_others_are_visitors(
        self, signed_in: SimpleNamespace, identity: dict[str, str]
    ) -> None:
        """Who is signed in and not in the file is a visitor, and so is one without an identity."""
        signed_in.roles(
            '[[user]]\nidentity = "li@example.org"\nrole = "office"\n'
            '[[user]]\nidentity = ""\nrole = "office"\n'
        )
        signed_in.identity = identity
        assert account.role() == VISITOR

    def test_no_file_no_roles(self, signed_in: SimpleNamespace) -> None:
        """Without a roles file everybody is a visitor."""
        assert account.role() == VISITOR

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ('[[user]]\nidentity = "li@example.org"\nrole = "admin"\n', "role_unknown"),
            ("[[user]\n", "file_unreadable"),
        ],
    )
    def test_faulty_file_gives_no_role(
        self, signed_in: SimpleNamespace, text: str, code: str
    ) -> None:
        """A role that does not exist and a file that cannot be read are errors, never a role."""
        signed_in.roles(text)
        with pytest.raises(GeoError) as error:
            account.role()
        assert error.value.code == code


class TestGuards:
    """Every write asks for the role again: a page was drawn some time ago, an event can be forged."""

    @pytest.fixture
    def store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
        """Open a store with a project in each of two counties, as the callbacks find it."""
        kept = open_store(tmp_path / "store.sqlite")
        rows = [Create({"name": f"项目{c}", "county": c, "remark": "原"}, id=c) for c in "ab"]
        kept.apply(rows, who="甲", why="", kind="import", expected={})
        monkeypatch.setattr(cache, "database", lambda: kept)
        yield kept
        kept.close()

    @staticmethod
    def act(monkeypatch: pytest.MonkeyPatch, role: Role, name: str = "乙") -> None:
        monkeypatch.setattr(account, "role", lambda: role)
        monkeypatch.setattr(account, "name", lambda: name)

    @staticmethod
    def bring(kept: Store, *rows: dict[str, object]) -> None:
        records = [Record(n, "Sheet", row) for n, row in enumerate(rows, start=3)]
        intake._apply(*applying.preview(records, kept), "清单.xlsx")

    @pytest.mark.parametrize("role", [VISITOR, AUDITOR, staff(), staff("b")])
    def test_import_is_refused(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, role: Role
    ) -> None:
        """Who does not answer for a row's unit imports nothing, be the row new, changed or moved."""
        self.act(monkeypatch, role)
        for row in (
            {"name": "新项目", "county": "a"},
            {"name": "项目a", "county": "a", "remark": "改"},
        ):
            self.bring(store, row)
            assert st.session_state.pop(applied.REFUSED).code == "store.not_yours"
        assert store.version() == 1

    def test_mixed_import_is_refused_whole(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One row of another unit refuses the whole list; without it the list is written."""
        self.act(monkeypatch, staff("b"))
        own = {"name": "项目b", "county": "b", "remark": "改"}
        self.bring(store, own, {"name": "项目a", "county": "a", "remark": "改"})
        assert st.session_state.pop(applied.REFUSED).code == "store.not_yours"
        assert store.version() == 1
        self.bring(store, own)
        assert applied.REFUSED not in st.session_state
        assert store.version() == 2

    @pytest.mark.parametrize("role", [VISITOR, AUDITOR, staff(), staff("b")])
    def test_edit_is_refused(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, role: Role
    ) -> None:
        """Who does not answer for a project does not change it."""
        self.act(monkeypatch, role)
        edit._write("a", {"remark": "改"}, version=1)
        assert st.session_state[applied.REFUSED].code == "store.not_yours"
        assert store.version() == 1

    @pytest.mark.parametrize(("id_", "county"), [("a", "b"), ("b", "a")])
    def test_no_project_is_moved_in_or_away(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, id_: str, county: str
    ) -> None:
        """Staff neither fetch a project from another unit nor send one there."""
        self.act(monkeypatch, staff("b"))
        edit._write(id_, {"county": county}, version=1)
        assert st.session_state[applied.REFUSED].code == "store.not_yours"
        assert store.version() == 1

    @pytest.mark.parametrize("role", [VISITOR, AUDITOR, staff(), staff("a"), staff("a", "b")])
    def test_undo_of_others_is_refused(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, role: Role
    ) -> None:
        """Nobody but the office takes back what somebody else has done."""
        self.act(monkeypatch, role, name="乙")
        applied.undo(1)
        assert st.session_state[applied.REFUSED].code == "not_your_version"
        assert store.version() == 1

    @pytest.mark.parametrize(
        ("role", "name", "allowed"),
        [
            (staff("a", "b"), "甲", True),
            (staff("a"), "甲", False),  # the version touches b as well
            (AUDITOR, "甲", False),  # was something else when it wrote
            (OFFICE, "乙", True),
        ],
    )
    def test_undo_of_ones_own(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, role: Role, name: str, allowed: bool
    ) -> None:
        """Staff take back their own version if all of it lies in their units, the office any."""
        self.act(monkeypatch, role, name=name)
        applied.undo(1)
        assert store.version() == (2 if allowed else 1)
        assert (applied.UNDONE in st.session_state) == allowed

    def test_undo_minds_where_a_project_came_from(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A version that moved a project out of another unit is not taken back by the new unit."""
        store.apply(
            [Update("a", {"county": "b"})], who="甲", why="", kind="edit", expected={"a": 1}
        )
        self.act(monkeypatch, staff("b"), name="甲")
        applied.undo(2)
        assert st.session_state[applied.REFUSED].code == "not_your_version"
        assert store.version() == 2

    def test_edit_of_what_is_gone_says_so(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A project that no longer exists cannot be written back."""
        self.act(monkeypatch, OFFICE)
        edit._write("c", {"remark": "改"}, version=1)
        assert st.session_state[applied.REFUSED].code == "store.gone"
        assert store.version() == 1
