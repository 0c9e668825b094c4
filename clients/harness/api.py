"""Plain HTTP against the server, for what no client library would send."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Reply:
    """One HTTP answer, unread."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; fails when it is not."""
        return json.loads(self.body)


class Api:
    """Requests with one key. Bodies go out as JSON unless they are bytes already."""

    def __init__(self, base_url: str, key: str | None) -> None:
        self.base_url = base_url
        self.key = key

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Reply:
        """Sends one request on its own connection and reads the whole answer."""
        address = urlsplit(self.base_url)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=30)
        sent = {"content-type": "application/json"} if body is not None else {}
        if self.key:
            sent["authorization"] = f"Bearer {self.key}"
        sent.update(headers or {})
        payload = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            connection.request(method, address.path + path, payload, sent)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, names, answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        """The JSON of a GET that must succeed."""
        reply = self.call("GET", path)
        assert reply.status == 200, f"GET {path}: {reply.status} {reply.body!r}"
        return reply.json

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        """The JSON of a POST that must succeed."""
        reply = self.call("POST", path, body, headers)
        assert 200 <= reply.status < 300, f"POST {path}: {reply.status} {reply.body!r}"
        return reply.json if reply.body else None
