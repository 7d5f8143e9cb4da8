"""An OAuth token endpoint for tests, and the place where the mail server asks whose a token is."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, urlsplit

REFRESH = "1//refresh-token-of-a-test"
CLIENT = "client-of-a-test"
SECRET = "client-secret-of-a-test"


class TokenAuthority:
    """Gives access tokens for one mailbox. revoked: the refresh token is worth nothing any more."""

    def __init__(self) -> None:
        self.revoked = False
        self.user = ""
        self.refresh = REFRESH
        self.rotates = False  # like Microsoft: every answer brings a new refresh token
        self.expires_in = 3600
        self.fails_with = 0  # an HTTP status
        self.asked: list[dict[str, str]] = []
        self.valid: set[str] = set()
        self._numbers = count(1)
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                form = {
                    name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()
                }
                self._say(*authority.token(form))

            def do_GET(self) -> None:
                token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
                good = token in authority.valid
                self._say(
                    200 if good else 401, {"username": authority.user} if good else {"error": "invalid_token"}
                )

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def _say(self, status: int, body: dict[str, object]) -> None:
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def token_url(self) -> str:
        """Where access tokens are renewed."""
        return f"http://127.0.0.1:{self.port}/token"

    @property
    def info_url(self) -> str:
        """Where the mail server asks; the token is added."""
        return f"http://127.0.0.1:{self.port}/info?access_token="

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """Status and answer to a request for a token."""
        self.asked.append(form)
        if self.fails_with:
            return self.fails_with, {"error": "temporarily_unavailable"}
        if form.get("client_id") != CLIENT or form.get("client_secret", SECRET) != SECRET:
            return 401, {"error": "invalid_client"}
        if self.revoked or form.get("refresh_token") != self.refresh:
            return 400, {"error": "invalid_grant", "error_description": "Token has been revoked."}
        number = next(self._numbers)
        access = f"access-token-number-{number}"
        self.valid.add(access)
        body: dict[str, object] = {
            "access_token": access,
            "expires_in": self.expires_in,
            "token_type": "Bearer",
        }
        if self.rotates:
            self.refresh = f"{REFRESH}-{number}"
            body["refresh_token"] = self.refresh
        return 200, body

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
