"""Who is looking: the role of this session, from the site's sign-in or, locally, from a choice."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from geo.errors import GeoError
from geo.store.roles import AUDITOR, OFFICE, VISITOR, Role, staff
from ui import session, settings

LOCAL_ROLE = "local_role"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
KINDS = ("visitor", "staff", "office", "auditor")


def role() -> Role:
    """Return the session's role; the public edition and anybody not signed in is a visitor.

    Errors: `sign_in_public` where the local sign-in is switched on for an address that others
    reach; those of the roles file.
    """
    if settings.is_public():
        return VISITOR
    if settings.local_sign_in():
        if not _is_here():
            raise GeoError("sign_in_public", setting="GEO_LOCAL_SIGN_IN")
        return st.session_state.get(LOCAL_ROLE, VISITOR)
    if has_sign_in() and st.user.is_logged_in:
        return _mapped(_identity())
    return VISITOR


def can_sign_in() -> bool:
    """Tell whether there is any way to take a role, the site's or this machine's."""
    return settings.local_sign_in() or has_sign_in()


def could_try() -> bool:
    """Tell whether no way to sign in is set up, and the local one would be allowed."""
    return not can_sign_in() and _is_here()


def _is_here() -> bool:
    """Tell whether only this machine is served: by the address, and as the browser names it.

    The second finds a proxy that stands on this machine and passes others through.
    """
    named = (st.context.headers.get(name) for name in ("Host", "Origin"))
    hosts = (urlsplit(name if "//" in name else f"//{name}").hostname for name in named if name)
    return st.get_option("server.address") in LOOPBACK and all(host in LOOPBACK for host in hosts)


def has_sign_in() -> bool:
    """Tell whether the site has an identity provider (`[auth]` in Streamlit's secrets)."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def name() -> str:
    """Return who acts, as it is written into the history."""
    if settings.local_sign_in():
        return f"local:{role().kind}"
    return _identity() if has_sign_in() else ""


def choose(kind: str, units: tuple[str, ...] = ()) -> None:
    """Take the role that somebody at this machine chose for trying things out."""
    fixed = {"office": OFFICE, "auditor": AUDITOR, "visitor": VISITOR}
    st.session_state.pop(session.AS_OF, None)  # an earlier version is shown to few
    st.session_state[LOCAL_ROLE] = staff(*units) if kind == "staff" else fixed[kind]


def _identity() -> str:
    """Return the address that the provider vouches for, else its own name for the person."""
    address = "" if st.user.get("email_verified") is False else st.user.get("email")
    return str(address or st.user.get("sub") or "")


def _mapped(identity: str) -> Role:
    """Return the role of an identity from the roles file; who is not in it is a visitor."""
    for entry in _roles(settings.roles_file()):
        if entry.get("identity") == identity and identity:
            kind = entry.get("role")
            if kind not in KINDS:
                raise GeoError("role_unknown", read=str(kind), expected=" / ".join(KINDS))
            return Role(kind, frozenset(map(str, entry.get("units", ()))))
    return VISITOR


@st.cache_data(ttl=5, show_spinner=False)
def _roles(file: Path) -> list[dict[str, object]]:
    try:
        return tomllib.loads(file.read_text("utf-8")).get("user", [])
    except FileNotFoundError:
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GeoError("file_unreadable", file=file.name, reason=str(error)) from None
