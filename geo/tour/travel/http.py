"""Ask a routing service over HTTP: limits of time and size, plain JSON, and no secret in any message."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Mapping
from typing import Any

import httpx

from geo.errors import GeoError

CONNECT_S = 4.0
ANSWER_S = 20.0  # one request, from first to last byte
MAX_BYTES = 32 * 1024 * 1024
_AGENT = {"User-Agent": "geo-tour-planner", "Accept": "application/json"}


class Service:
    """Speak to one service below a base URL and return what it says as JSON objects.

    `secret` are query parameters that the transport adds, so that no log of the client and no
    error ever sees them. Errors carry `source` alone: `travel.unreachable`, `travel.timeout`
    (seconds), `travel.status` (status), `travel.too_large` (megabytes), `travel.answer`.
    """

    def __init__(
        self,
        base: str,
        *,
        source: str,
        secret: Mapping[str, str] | None = None,
        answer_s: float = ANSWER_S,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        url = httpx.URL(base)
        self._base = url.copy_with(userinfo=b"", path=url.path.rstrip("/"))
        self._source, self._answer_s, self._max_bytes = source, answer_s, max_bytes
        self._client = httpx.Client(
            transport=_Keyed(_inner(url), secret or {}),
            auth=(url.username, url.password) if url.username else None,
            headers=_AGENT,
            timeout=httpx.Timeout(answer_s, connect=min(CONNECT_S, answer_s)),
            follow_redirects=False,
            trust_env=False,  # a .netrc could send a password where none was meant
        )

    def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the object that a GET answers; a service's own error is its status or content."""
        return self._ask("GET", path, params=dict(params or {}))

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the object that a POST of JSON answers."""
        return self._ask("POST", path, json=dict(body))

    def failed(self) -> GeoError:
        """Return the error for an answer that is not what the service's documentation says."""
        return GeoError("travel.answer", source=self._source)

    def _ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        url = self._base.copy_with(path=self._base.path.rstrip("/") + path)
        try:
            with self._client.stream(method, url, **content) as response:
                body = self._body(response)
        except httpx.TimeoutException:
            raise self._late() from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError):
            raise GeoError("travel.unreachable", source=self._source) from None
        return self._object(body, response.status_code)

    def _body(self, response: httpx.Response) -> bytes:
        """Read an answer; a trickle that never ends and one without end are both cut off."""
        until = time.monotonic() + self._answer_s
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._max_bytes:
                raise GeoError(
                    "travel.too_large", source=self._source, megabytes=self._max_bytes // 2**20
                )
            if time.monotonic() > until:
                raise self._late()
        return bytes(body)

    def _object(self, body: bytes, status: int) -> dict[str, Any]:
        # A refusal of a well-formed request says why as an object, which is the caller's to read.
        if not (200 <= status < 300 or status == 400):
            raise GeoError("travel.status", source=self._source, status=status)
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self.failed()
        return found

    def _late(self) -> GeoError:
        return GeoError("travel.timeout", source=self._source, seconds=self._answer_s)


class _Keyed(httpx.BaseTransport):
    """Add the secret parameters on the last stretch, after the client has logged its request."""

    def __init__(self, inner: httpx.BaseTransport, secret: Mapping[str, str]) -> None:
        self._inner, self._secret = inner, dict(secret)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request with the secret in its query."""
        if self._secret:
            request = httpx.Request(
                request.method,
                request.url.copy_merge_params(self._secret),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _inner(url: httpx.URL) -> httpx.HTTPTransport:
    """Return a transport by the proxy that the environment names for such an address, if any."""
    proxy = urllib.request.getproxies().get(url.scheme)
    direct = not proxy or urllib.request.proxy_bypass(url.host)
    return httpx.HTTPTransport(proxy=None if direct else proxy)
