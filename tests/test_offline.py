"""The fence around the test process itself."""

from __future__ import annotations

import socket

import pytest


def test_a_connection_to_another_machine_is_refused():
    """A test that reaches for the network fails instead of passing only where there is one."""
    with socket.socket() as outgoing, pytest.raises(AssertionError, match="tried to reach"):
        outgoing.connect(("192.0.2.1", 80))


def test_a_connection_to_this_machine_is_let_through():
    """Servers that the tests start on loopback stay reachable."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as outgoing:
        outgoing.connect(server.getsockname())
        assert outgoing.getpeername() == server.getsockname()
