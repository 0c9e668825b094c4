"""An SMS provider shaped like Twilio's Messages resource.

Requests and answers follow https://www.twilio.com/docs/messaging/api/message-resource.
"""

import base64
import json
import threading
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

ACCOUNT = "AC00000000000000000000000000000000"
TOKEN = "twilio-test-token"
SENDER = "+15005550006"

_FAULTS = {
    400: {"code": 21211, "message": "The 'To' number is not a valid phone number."},
    429: {"code": 20429, "message": "Too many requests"},
    500: {"code": 20500, "message": "Internal server error"},
}


@dataclass
class Sms:
    """One call the provider received. Times are seconds of the monotonic clock."""

    to: str
    body: str
    sid: str
    form: dict[str, str]
    received: float
    answered: float | None = None


@dataclass
class Mode:
    """What the provider answers: a status, after so many seconds; 0 hangs until closed."""

    status: int = 201
    delay: float = 0.0


class TwilioDouble:
    """Records every form post; answers as told by `mode`."""

    def __init__(self) -> None:
        self.mode = Mode()
        self._calls: list[Sms] = []
        self._paths: list[str] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def base_url(self) -> str:
        """What the provider setting `base_url` is given."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def settings(self) -> dict[str, str]:
        """Settings of a `twilio` provider that calls this double."""
        return {"account_sid": ACCOUNT, "auth_token": TOKEN, "from": SENDER, "base_url": self.base_url}

    def sent(self, to: str | None = None, containing: str = "") -> list[Sms]:
        """The calls received so far, oldest first."""
        with self._lock:
            return [c for c in self._calls if to in (None, c.to) and containing in c.body]

    def paths(self, containing: str) -> list[str]:
        """Every path that was asked for, whether it exists here or not."""
        with self._lock:
            return [path for path in self._paths if containing in path]

    def close(self) -> None:
        """Stops listening and lets hanging calls go."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def note(self, path: str) -> None:
        """Remembers that somebody asked for `path`."""
        with self._lock:
            self._paths.append(path)

    def take(self, form: dict[str, str]) -> Sms:
        """Records a call at the moment it was read."""
        call = Sms(form.get("To", ""), form.get("Body", ""), f"SM{uuid.uuid4().hex}", form, time.monotonic())
        with self._lock:
            self._calls.append(call)
        return call

    def hold(self, seconds: float) -> bool:
        """Waits, but no longer than the double lives; true when it is closing."""
        return self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no news: servers are killed here."""


def _handler(double: TwilioDouble) -> type[BaseHTTPRequestHandler]:
    expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
            double.note(self.path)
            if self.path != path:
                return self._answer(404, {"code": 20404, "message": f"{self.path} was not found"})
            if self.headers.get("authorization") != expected:
                return self._answer(401, {"code": 20003, "message": "Authenticate"})
            call = double.take({name: values[-1] for name, values in parse_qs(body).items()})
            mode = double.mode
            if double.hold(3600 if mode.status == 0 else mode.delay) or mode.status == 0:
                self.close_connection = True
                return None
            if mode.status == 201:
                self._answer(201, {"sid": call.sid, "status": "queued", "to": call.to, "body": call.body})
            else:
                self._answer(mode.status, _FAULTS.get(mode.status, {"message": "fault"}))
            call.answered = time.monotonic()
            return None

        def _answer(self, status: int, document: dict[str, object]) -> None:
            payload = json.dumps(document).encode()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: the tests print what matters."""

    return Handler
