"""The watch over every page of the browser tests: nothing leaves, nothing pops up, nothing breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, Route, WebError

from tests.browser.server import is_own_origin

# Schemes that reach no network. `file` serves the tests that open a downloaded map.
LOCAL_SCHEMES = ("data", "blob", "about", "file")

# Uncaught page errors that are let pass: pattern → reason.
ALLOWED_ERRORS: dict[str, str] = {}

# Matched in the browser's driver, so that the app's own requests pay no round trip to Python and the
# HTTP cache stays on for them.
_ELSEWHERE = re.compile(r"^(?!http://127\.0\.0\.1:\d+/|(data|blob|about|file):).*")


def is_own(url: str) -> bool:
    """Tell whether a URL is local or belongs to a server that the tests started (ws as well)."""
    parts = urlsplit(url)
    if parts.scheme in LOCAL_SCHEMES:
        return True
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    return is_own_origin(f"{scheme}://{parts.netloc}")


@dataclass
class Guard:
    """What the pages of one test did that they must not; `check` raises if there is anything.

    `console` keeps the console's error lines for tests that want them; they fail nothing.
    A test that provokes a fault on purpose takes it out of the list after looking at it.
    """

    outside: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Block and record in a context, from its first page on."""
        context.route(_ELSEWHERE, self._abort)
        context.on("request", self._on_request)
        context.on("dialog", self._on_dialog)
        context.on("weberror", self._on_error)
        context.on("console", self._on_console)
        context.on("page", lambda page: page.on("websocket", lambda ws: self._note(ws.url)))

    def faults(self) -> list[str]:
        """Return one line for each thing that must not happen, without duplicates, in order."""
        lines = [f"request to another address: {url}" for url in self.outside]
        lines += [f"dialog: {text}" for text in self.dialogs]
        lines += [f"uncaught page error: {text}" for text in self.errors]
        return list(dict.fromkeys(lines))

    def check(self) -> None:
        """Raise AssertionError with every fault."""
        faults = self.faults()
        assert not faults, "\n".join(faults)

    def _note(self, url: str) -> None:
        if not is_own(url):
            self.outside.append(url)

    def _abort(self, route: Route) -> None:
        route.abort()

    def _on_request(self, request: Request) -> None:
        self._note(request.url)

    def _on_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(f"{dialog.type} {dialog.message!r}")
        dialog.dismiss()

    def _on_error(self, error: WebError) -> None:
        text = str(error.error)
        if not any(re.search(pattern, text) for pattern in ALLOWED_ERRORS):
            self.errors.append(text)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console.append(message.text)
