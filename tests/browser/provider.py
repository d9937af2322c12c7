"""An identity provider on loopback: discovery, authorisation, tokens signed with a key of its own."""

from __future__ import annotations

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.browser import server

CLIENT, SECRET = "geo", secrets.token_hex(16)


class Provider:
    """Sign everybody in, at once, as `claims` say; a context manager."""

    def __init__(self) -> None:
        self.claims: dict[str, object] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "k1"})
        self.codes: dict[str, str] = {}
        handler = type("Handler", (_Handler,), {"provider": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Provider:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        server.allow(self.url)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def secrets(self, app: str) -> str:
        """Return what the app's secrets file says of this provider."""
        lines = {
            "redirect_uri": f"{app}/oauth2callback",
            "cookie_secret": secrets.token_hex(32),
            "client_id": CLIENT,
            "client_secret": SECRET,
            "server_metadata_url": f"{self.url}/.well-known/openid-configuration",
        }
        return "[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in lines.items())

    def discovery(self) -> dict[str, object]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def token(self, code: str) -> dict[str, object]:
        now = int(time.time())
        about = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 600}
        claims = {"sub": "s-1", **about, "nonce": self.codes.pop(code), **self.claims}
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    provider: ClassVar[Provider]

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/authorize":
            code = secrets.token_hex(8)
            self.provider.codes[code] = asked.get("nonce", "")
            answer = urlencode({"code": code, "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
            self.end_headers()
        elif address.path == "/jwks":
            self._json({"keys": [self.provider.key.as_dict(private=False)]})
        elif address.path == "/.well-known/openid-configuration":
            self._json(self.provider.discovery())
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._json(self.provider.token(parse_qs(body)["code"][0]))

    def _json(self, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
