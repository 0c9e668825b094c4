"""A world for clients of other languages.

    python3 -m harness [SETTING=VALUE ...]

prints one JSON line `{"url", "key", "control"}` and lives until its standard
input ends. At `control` it answers what was delivered and takes orders:

    GET  /mails?to=ADDRESS       [{to, subject, types, text, html}]
    GET  /sms?containing=TEXT    [{to, body}]
    GET  /client-key             {key, secret}
    PUT  /mail-server            {"state": "up" | "refusing" | "down"}
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from harness.mail import Mail
from harness.world import World


def mail_document(mail: Mail) -> dict[str, Any]:
    """A mail as the other language sees it."""
    return {
        "to": mail.to,
        "subject": mail.subject,
        "types": [part.get_content_type() for part in mail.message.walk()],
        "text": mail.part("plain"),
        "html": mail.part("html"),
    }


def set_mail_server(world: World, state: str) -> None:
    """Brings the mail server into the wished state, whatever it is in."""
    world.mail.stop()
    world.mail.refuse(state == "refusing")
    if state != "down":
        world.mail.start()


def control(world: World) -> type[BaseHTTPRequestHandler]:
    """The handler of the control address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            if address.path == "/mails":
                self._answer([mail_document(mail) for mail in world.mail.mails(query.get("to"))])
            elif address.path == "/sms":
                calls = world.twilio.sent(containing=query.get("containing", ""))
                self._answer([{"to": call.to, "body": call.body} for call in calls])
            elif address.path == "/client-key":
                self._answer(world.server.client_key("production"))
            else:
                self.send_error(404)

        def do_PUT(self) -> None:
            order = json.loads(self.rfile.read(int(self.headers["content-length"])))
            set_mail_server(world, order["state"])
            self._answer(order)

        def _answer(self, document: object) -> None:
            payload = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: standard output and error belong to the protocol and to problems."""

    return Handler


def main() -> None:
    """Runs until standard input ends; a server that does not stop cleanly is an error."""
    settings = dict(argument.split("=", 1) for argument in sys.argv[1:])
    with World(**settings) as world:
        server = ThreadingHTTPServer(("127.0.0.1", 0), control(world))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        print(json.dumps({"url": world.url, "key": world.key, "control": address}), flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
