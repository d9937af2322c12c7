"""Sign-in through an identity provider: who it vouches for has the role of the roles file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import open_page
from tests.browser.provider import Provider
from tests.browser.server import Server, free_port

EMAIL = "li@example.org"
ROLES = f"""
[[user]]
identity = "{EMAIL}"
role = "staff"
units = ["210681"]
[[user]]
identity = "s-office"
role = "office"
"""


@pytest.fixture
def sign_in(
    make_server: Callable[..., Server], new_page: Callable[..., Page], tmp_path: Path
) -> Callable[..., Page]:
    """Return a function that signs somebody in with the provider's claims and shows the desk."""
    state, port = tmp_path / "state", free_port()
    state.mkdir()
    (state / "roles.toml").write_text(ROLES, "utf-8")

    def go(**claims: object) -> Page:
        provider.claims = claims
        page = new_page()
        open_page(page, f"{server.url}/desk")
        expect(page.get_by_text("登录后可以导入项目清单")).to_be_visible()
        with page.expect_response(lambda answer: "/oauth2callback" in answer.url):
            page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(f"{server.url}/")
        open_page(page, f"{server.url}/desk")
        return page

    with Provider() as provider:
        file = tmp_path / "secrets.toml"
        file.write_text(provider.secrets(f"http://127.0.0.1:{port}"), "utf-8")
        server = make_server(
            env={"GEO_STATE": str(state)}, args=[f"--secrets.files={file}"], port=port
        )
        yield go


def test_identity_has_the_role_of_the_file(sign_in: Callable[..., Page]) -> None:
    """A verified address opens the desk with its role and units, and signing out closes it."""
    page = sign_in(email=EMAIL, email_verified=True)
    expect(page.get_by_text("（单位人员）")).to_have_text(f"已登录：{EMAIL}（单位人员）")
    expect(page.locator("input[type=file]")).to_have_count(1)
    expect(page.locator(".st-key-edit_project")).to_have_count(1)
    with page.expect_response(lambda answer: "/auth/logout" in answer.url):
        page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile(r":\d+/$"))
    open_page(page, f"{page.url}desk")
    expect(page.get_by_text("登录后可以导入项目清单")).to_be_visible()


@pytest.mark.parametrize(
    "claims",
    [
        {"email": EMAIL, "email_verified": False, "sub": "s-2"},
        {"email": "other@example.org", "email_verified": True},
        {"email": "s-office", "email_verified": False, "sub": "s-3"},
    ],
    ids=["unverified", "unknown", "disguised"],
)
def test_who_is_not_vouched_for_stays_a_visitor(
    sign_in: Callable[..., Page], claims: dict[str, object]
) -> None:
    """An address that the provider has not verified is nobody's, nor is one that is not listed."""
    page = sign_in(**claims)
    expect(page.get_by_text("（公众）")).to_be_visible()
    assert page.locator("input[type=file], .st-key-edit_project").count() == 0
    assert page.locator(".st-key-desk_versions").count() == 0
