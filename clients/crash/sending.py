"""Many senders that never give up: every request is repeated with its key until it is accepted."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


class Senders:
    """Accepts `count` sends, `at_once` at a time, through restarts of the server."""

    def __init__(self, base_url: str, key: str, count: int, at_once: int) -> None:
        self.accepted: dict[str, str] = {}
        self.not_there = 0
        self.asked_to_wait = 0
        self._address = urlsplit(base_url)
        self._key = key
        self._lock = threading.Lock()
        self._local = threading.local()
        self._pool = ThreadPoolExecutor(at_once)
        self._work = [self._pool.submit(self._send, f"number {n} of {count}.") for n in range(count)]

    def wait(self) -> None:
        """Returns when every send was accepted; raises what a sender raised."""
        for one in self._work:
            one.result()
        self._pool.shutdown()

    def _send(self, body: str) -> None:
        message = {
            "to": {"phone_number": "+12025550143"},
            "content": {"title": "Crash", "body": body},
            "routing": {"method": "single", "channels": ["sms"]},
        }
        request = json.dumps({"message": message}).encode()
        headers = {
            "authorization": f"Bearer {self._key}",
            "content-type": "application/json",
            "idempotency-key": body,
        }
        deadline = time.monotonic() + 120
        while (request_id := self._attempt(request, headers)) is None:
            assert time.monotonic() < deadline, f"{body} was not accepted within two minutes"
            time.sleep(0.1)
        with self._lock:
            self.accepted[body] = request_id

    def _attempt(self, request: bytes, headers: dict[str, str]) -> str | None:
        """The request id, or None when the server was not there or asked to come back."""
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = HTTPConnection(self._address.hostname or "", self._address.port, timeout=15)
            self._local.connection = connection
        try:
            connection.request("POST", "/send", request, headers)
            answer = connection.getresponse()
            reply = json.loads(answer.read())
        except (OSError, HTTPException):
            connection.close()
            self._local.connection = None
            self._count("not_there")
            return None
        if answer.status == 409 and answer.headers.get("x-should-retry") == "true":
            self._count("asked_to_wait")
            return None
        assert answer.status == 202, f"{answer.status} {reply}"
        return str(reply["requestId"])

    def _count(self, what: str) -> None:
        with self._lock:
            setattr(self, what, getattr(self, what) + 1)
