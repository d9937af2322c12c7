"""A routing service on this machine: it answers over real HTTP, well or badly, as a test wants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Answer:
    """Hold what is sent back: an object (as JSON) or bytes, a status, and how slowly."""

    def __init__(
        self, body: Any, *, status: int = 200, wait: float = 0.0, trickle: float = 0.0
    ) -> None:
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status, self.wait, self.trickle = status, wait, trickle


class Asked:
    """Hold one request: its path, its query as plain strings, and its body."""

    def __init__(self, target: str, body: bytes, headers: dict[str, str]) -> None:
        parts = urlsplit(target)
        self.target, self.path, self.headers = target, parts.path, headers
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.body = json.loads(body) if body else None


class LocalService:
    """Serve on a free port; `answer` decides, `asked` remembers."""

    def __init__(self) -> None:
        self.answer: Callable[[Asked], Answer] = lambda asked: Answer({}, status=404)
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # a client that hangs up is what is tested
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.path, body, dict(self.headers))
                outer.asked.append(asked)
                answer = outer.answer(asked)
                time.sleep(answer.wait)
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                try:
                    self._send(answer)
                except OSError:
                    self.close_connection = True  # the client has had enough

            do_POST = do_GET

            def _send(self, answer: Answer) -> None:
                if not answer.trickle:
                    self.wfile.write(answer.body)
                    return
                for at in range(len(answer.body)):
                    self.wfile.write(answer.body[at : at + 1])
                    self.wfile.flush()
                    time.sleep(answer.trickle)

            def log_message(self, *args: object) -> None:
                """Keep the test's output clean."""

        return Handler
