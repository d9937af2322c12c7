"""Put a Chromium and a Chinese font on this machine, when they are not there yet.

The browser tests and the benchmark call `find_browser`; `python scripts/install_browser.py` is what
`make test` runs before. Debian's own package is preferred, because it needs no download from a
browser vendor; elsewhere Playwright's build is fetched. Fonts are a matter of legible pictures: when
they cannot be installed, that is said and nothing fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The same Chromium without the window that nobody sees, which costs a fifth of the processor.
SHELL = "chromium-headless-shell"
FONT_PACKAGE = "fonts-noto-cjk"
APT = ("-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=180", "-qq")


def find_browser(*, windowless: bool = False) -> str | None:
    """Return the path of the system's Chromium or Chrome, or None to let Playwright use its own.

    The variable CHROMIUM names another one; `windowless` prefers the one that has no window.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named) or named
    names = (SHELL, *NAMES) if windowless else NAMES
    return next((path for path in map(shutil.which, names) if path and _answers(path)), None)


def sandbox_args() -> list[str]:
    """Return the argument without which Chromium refuses to start as root, and none otherwise."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _answers(browser: str) -> bool:
    # A distribution's placeholder for a browser that lives elsewhere has a path but does not run.
    return _succeeds(browser, *sandbox_args(), "--version")


def _has_chinese_font() -> bool:
    try:
        found = subprocess.run(
            ["fc-list", ":lang=zh", "file"], check=False, capture_output=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(found.stdout.strip())


def _is_debian() -> bool:
    # Derivatives may ship `chromium` as a placeholder, so only Debian itself counts.
    release = Path("/etc/os-release")
    return release.is_file() and "ID=debian" in release.read_text(encoding="utf-8").splitlines()


def _apt_install(packages: list[str]) -> bool:
    if not shutil.which("apt-get"):
        return False
    root = not hasattr(os, "geteuid") or os.geteuid() == 0
    if not root and not _succeeds("sudo", "-n", "true"):
        return False
    prefix = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *APT]
    if not root:
        prefix = ["sudo", "-n", *prefix]
    print("Installing with apt:", *packages, flush=True)
    # A list that could not be refreshed may still be good enough; the install decides.
    subprocess.run([*prefix, "update"], check=False, stdout=subprocess.DEVNULL)
    install = [*prefix, "install", "-y", "--no-install-recommends", *packages]
    return subprocess.run(install, check=False, stdout=subprocess.DEVNULL).returncode == 0


def _apt_knows(package: str) -> bool:
    return bool(shutil.which("apt-cache")) and _succeeds("apt-cache", "show", package)


def _playwright_install() -> bool:
    command = [sys.executable, "-m", "playwright", "install"]
    if sys.platform == "linux" and sandbox_args():
        command.append("--with-deps")
    return subprocess.run([*command, "chromium"], check=False).returncode == 0


def _playwright_has_one() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).is_file()


def main() -> int:
    """Install what is missing; return 1 when no browser can be had."""
    have_browser = bool(find_browser()) or _playwright_has_one()
    have_font = _has_chinese_font()
    wanted = [] if have_browser or not _is_debian() else ["chromium"]
    wanted += [] if have_font else [FONT_PACKAGE]
    # Alone after a failure, so that a missing font never costs the browser.
    if wanted and not _apt_install(wanted) and len(wanted) > 1:
        _apt_install(wanted[:1])
    named = os.environ.get("CHROMIUM")
    if not named and _is_debian() and not shutil.which(SHELL) and _apt_knows(SHELL):
        _apt_install([SHELL])
    if not have_font and not _has_chinese_font():
        print(f"No Chinese font here ({FONT_PACKAGE}): pictures will show boxes.", file=sys.stderr)
    if have_browser or find_browser() or _playwright_install():
        return 0
    print("No browser: install Chromium, or name one: CHROMIUM=/path make test", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
