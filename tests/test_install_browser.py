"""Which browser the tests and the benchmark take."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import install_browser


def program(folder: Path, name: str, *, code: int) -> Path:
    """Write a program that ends with a code at once."""
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def bare_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PATH hold nothing but what a test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)


def test_a_placeholder_is_not_a_browser(tmp_path: Path):
    """A program of the right name that does not run is passed over for one that does."""
    program(tmp_path, "chromium", code=1)
    assert install_browser.find_browser() is None
    chrome = program(tmp_path, "google-chrome", code=0)
    assert install_browser.find_browser() == str(chrome)


def test_tests_take_the_one_without_a_window(tmp_path: Path):
    """Where both are there the tests take the shell, who measures takes the browser people have."""
    whole = program(tmp_path, "chromium", code=0)
    assert install_browser.find_browser(windowless=True) == str(whole)
    bare = program(tmp_path, "chromium-headless-shell", code=0)
    assert install_browser.find_browser(windowless=True) == str(bare)
    assert install_browser.find_browser() == str(whole)


def test_the_named_browser_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """CHROMIUM decides before any browser on PATH."""
    program(tmp_path, "chromium", code=0)
    mine = program(tmp_path, "mine", code=0)
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert install_browser.find_browser() == str(mine)


def test_no_browser_is_none_and_a_missing_apt_is_no_crash():
    """On a machine with neither browser nor apt nothing is found and nothing is installed."""
    assert install_browser.find_browser() is None
    assert not install_browser._apt_install(["chromium"])
