"""Put PostgreSQL and PostGIS on this machine for the store's tests, where that is easy.

`make test` runs it. It installs only as root on Debian; whatever happens, it ends well: without a
server those tests are skipped and say why. The tests start a server of their own, with its data in
a temporary folder, and never touch one that runs already.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# As a command this folder is on the path, as a module of the tests the root is.
sys.path.insert(0, str(Path(__file__).parent))
import install_browser

CONTROL = "usr/share/postgresql/*/extension/postgis.control"
NAME = re.compile(r"^postgresql-(\d+)-postgis-(\d+)$")


def installed(root: Path = Path("/")) -> bool:
    """Tell whether Debian's PostGIS is here, for any version of PostgreSQL."""
    return any(root.glob(CONTROL))


def newest(listing: str) -> list[str]:
    """Return the packages of the newest server with PostGIS that a list of packages names."""
    found = [NAME.match(line.split(" ")[0]) for line in listing.splitlines()]
    pairs = sorted(((int(m[1]), int(m[2])) for m in found if m), reverse=True)
    return (
        [f"postgresql-{pairs[0][0]}", f"postgresql-{pairs[0][0]}-postgis-{pairs[0][1]}"]
        if pairs
        else []
    )


def _candidates() -> list[str]:
    # A plain word: apt reads patterns in another dialect, without \d.
    command = ["apt-cache", "search", "--names-only", "postgis"]
    try:
        return newest(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    except OSError:
        return []


def main() -> int:
    """Install what is missing, if it can be; always return 0."""
    if installed():
        return 0
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and install_browser._is_debian()):
        print(
            "No PostGIS here: its tests are skipped. On Debian: apt install postgresql-15-postgis-3"
        )
        return 0
    if not shutil.which("apt-get"):
        return _missing()
    if not _candidates():  # a machine whose lists were never fetched
        update = ["apt-get", *install_browser.APT, "update"]
        subprocess.run(update, check=False, stdout=subprocess.DEVNULL)
    packages = _candidates()
    return 0 if packages and install_browser._apt_install(packages) else _missing()


def _missing() -> int:
    print("PostGIS could not be installed: its tests are skipped.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
