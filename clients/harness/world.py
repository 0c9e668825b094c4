"""Server, mail server and SMS provider, wired together as an operator would."""

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from harness.api import Api
from harness.mail import MailServer
from harness.poll import eventually
from harness.server import Tidings
from harness.twilio import TwilioDouble

WAITING = {"ENQUEUED", "ROUTED", "DELAYED", "DIGESTED"}


class World:
    """A context: everything is up inside it and gone, cleanly, after it."""

    def __init__(
        self, *, tls: bool = False, auth: bool = False, descriptors: int | None = None, **environment: str
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tidings-clients-"))
        self.mail = MailServer(self.folder / "mail", tls=tls, auth=auth)
        trust = {"TIDINGS_CA_FILE": str(self.mail.authority)} if tls else {}
        self.server = Tidings(self.folder / "tidings", descriptors=descriptors, **trust, **environment)
        self.twilio = TwilioDouble()
        self.key = ""

    def __enter__(self) -> "World":
        try:
            self.mail.start()
            self.server.start()
            self.key = self.server.create_key("production")
            self.api.post("/providers", {"provider": "smtp", "settings": self.mail.settings})
            self.api.post("/providers", {"provider": "twilio", "settings": self.twilio.settings})
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        try:
            self.server.stop()
        finally:
            self.mail.stop()
            self.twilio.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """The base URL clients are given."""
        return self.server.url

    @property
    def api(self) -> Api:
        """Plain HTTP with the production key."""
        return Api(self.url, self.key)

    def settled(self, message_id: str, *, within: float = 20.0) -> dict[str, Any]:
        """The message once it left the statuses of waiting."""

        def probe() -> dict[str, Any] | None:
            message: dict[str, Any] = self.api.get(f"/messages/{message_id}")
            return message if message["status"] not in WAITING else None

        return eventually(probe, within=within, what=f"a settled message {message_id}")
