"""Say on what the figures were measured."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from scripts.install_browser import find_browser

PACKAGES = ("streamlit", "streamlit-folium", "folium", "pydeck", "geopandas", "pandas", "numpy")
QUIET_LOAD = 0.7
QUIET_SECONDS = 600


def describe(packages: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Return the machine and the versions of what runs on it."""
    browser = find_browser()
    said = subprocess.run(
        [browser, "--version"] if browser else ["true"], capture_output=True, text=True, check=False
    )
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": field("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{int((field('/proc/meminfo', 'MemTotal') or '0').split()[0]) / 2**20:.0f} GB",
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "chromium": said.stdout.strip() or "Playwright's own",
        **{name: version(name) for name in packages},
    }


def field(file: str, name: str) -> str:
    """Return a value of a file of lines such as `name: value`, "" where there is none."""
    path = Path(file)
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "")


def resident_mb(pid: int) -> float:
    """Return the memory that a process keeps in RAM, in MB; 0 where /proc is missing."""
    return int((field(f"/proc/{pid}/status", "VmRSS") or "0").split()[0]) / 1024


def wait_quiet(*, seconds: float) -> float:
    """Wait until the machine has little else to do; return the load average of the last minute."""
    until = time.monotonic() + seconds
    while os.getloadavg()[0] >= QUIET_LOAD and time.monotonic() < until:
        time.sleep(5)
    return os.getloadavg()[0]
