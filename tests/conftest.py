"""What every test shares: an offline process, repeatable hypothesis runs, and browser tests last."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# Two shared cores make single examples slow now and then; that says nothing about the code.
_SLOW = [HealthCheck.too_slow]
settings.register_profile("default", deadline=None, suppress_health_check=_SLOW)
# The same examples on every machine: a gate must not fail by chance. Search with HYPOTHESIS_PROFILE=
# default, which draws new ones each time.
settings.register_profile("gate", parent=settings.get_profile("default"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser last: its event loop stays in the process and would forbid asyncio.run."""
    items.sort(key=lambda item: "browser" in item.path.relative_to(ROOT / "tests").parts)


def is_loopback(address: object) -> bool:
    """Tell whether a socket address stays on this machine (file sockets do)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _offline() -> Iterator[None]:
    """Refuse every connection of the test process that leaves this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        # Datagram sockets send nothing on connect; libraries use that to read their own address.
        if self.type == socket.SOCK_STREAM and not is_loopback(address):
            raise AssertionError(f"a test tried to reach {address}")
        real(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir(root: Path) -> Path:
    """Return the folder of the shipped city. Read only: copy it before changing a file."""
    return root / "data"
