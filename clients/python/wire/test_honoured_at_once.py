"""Whoever opts out while a message waits does not get it, whatever it waits for and whichever way they say so.

Three people wait for the same thing. Two opt out meanwhile, on the hosted page and in an app; the third does nothing,
and getting the message shows that it would have come to the others too.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from harness import Api, World, eventually
from harness.twilio import Mode
from people import Person, somebody

WEEKLY = {"frequency": "weekly", "day_of_week": "monday", "time": "09:00", "timezone": "UTC", "is_default": True}
# Time enough to opt out before what is waited for comes to its end.
SOON = timedelta(seconds=6)


class Form(HTMLParser):
    """What a browser without a script sends of the page's form of topics."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._select: str | None = None
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = not self.fields
        elif not self._inside:
            return
        elif tag == "input" and "disabled" not in said:
            if said.get("type") not in ("checkbox", "radio") or "checked" in said:
                self.fields.append((said["name"], said.get("value", "on")))
        elif tag == "select":
            self._select = said["name"]
        elif tag == "option" and self._select and "selected" in said:
            self.fields.append((self._select, said["value"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


@dataclass(frozen=True)
class Scene:
    """A world, a topic in it, and three people."""

    world: World
    topic: str
    page: Person
    app: Person
    stays: Person

    @property
    def people(self) -> list[Person]:
        """Those who opt out first."""
        return [self.page, self.app, self.stays]

    def send(self, person: Person, channel: str, **more: Any) -> str:
        """Sends one message about the topic."""
        message = {
            "to": {"user_id": person.user_id, "email": person.email, "phone_number": person.phone},
            "content": {"title": "Hi", "body": f"Hello {person.code}"},
            "routing": {"method": "single", "channels": [channel]},
            "preferences": {"subscription_topic_id": self.topic},
        }
        return str(self.world.api.post("/send", {"message": message | more})["requestId"])

    def leave(self) -> None:
        """Two of the three opt out."""
        leave_on_the_page(self.world, self.page, self.topic)
        leave_in_an_app(self.world, self.app, self.topic)

    def status(self, message: str) -> str:
        """What a message is at."""
        return str(self.world.api.get(f"/messages/{message}")["status"])

    def stopped(self, messages: list[str]) -> None:
        """The first two ended without being sent, the third was."""
        ends = [self.world.settled(message, within=90) for message in messages]
        assert [(end["status"], end.get("reason")) for end in ends] == [
            ("UNDELIVERABLE", "UNSUBSCRIBED"),
            ("UNDELIVERABLE", "UNSUBSCRIBED"),
            ("SENT", None),
        ]

    def mailed(self) -> None:
        """One mail came, to the one who stays."""
        self.world.mail.arrived(self.stays.email)
        assert [mail.to for mail in self.world.mail.mails()] == [self.stays.email]


def leave_on_the_page(world: World, person: Person, topic: str) -> None:
    """Opens the person's page, turns the topic's switch off and saves, as a browser without a script does."""
    url = str(world.api.post(f"/users/{person.user_id}/preference-page/links", {})["url"])
    browser, path = Api(world.url, None), urlsplit(url).path
    page = browser.call("GET", path)
    fields = Form(page.body.decode()).fields
    assert ("on", topic) in fields, "the switch is on"
    body = urlencode([field for field in fields if field != ("on", topic)]).encode()
    saved = browser.call("POST", path, body, {"content-type": "application/x-www-form-urlencoded"})
    assert saved.status == 303, saved.body


def leave_in_an_app(world: World, person: Person, topic: str) -> None:
    """Says so with the person's own token."""
    scope = f"user_id:{person.user_id} read:preferences write:preferences"
    token = world.api.post("/auth/issue-token", {"scope": scope, "expires_in": "1h"})["token"]
    path = f"/users/{person.user_id}/preferences/{topic}"
    assert Api(world.url, token).call("PUT", path, {"topic": {"status": "OPTED_OUT"}}).status == 200


Making = Callable[..., Scene]


@pytest.fixture
def make(own_world: World) -> Making:
    """Makes the topic, as the test wants it."""

    def made(**topic: Any) -> Scene:
        section = own_world.api.post("/preferences/sections", {"name": "Product"})["id"]
        wishes = {"name": "News", "default_status": "OPTED_IN"} | topic
        made = own_world.api.post(f"/preferences/sections/{section}/topics", wishes)
        return Scene(own_world, str(made["id"]), somebody(), somebody(), somebody())

    return made


def test_while_it_is_delayed(make: Making) -> None:
    scene = make()
    until = {"delay": {"until": (datetime.now(UTC) + SOON).isoformat()}}
    messages = [scene.send(person, "email", **until) for person in scene.people]
    for message in messages:
        eventually(lambda message=message: scene.status(message) == "DELAYED", what="a delayed message")
    scene.leave()
    scene.stopped(messages)
    scene.mailed()


def test_between_two_attempts(make: Making) -> None:
    scene = make()
    provider = scene.world.twilio
    provider.mode = Mode(503)
    messages = [scene.send(person, "sms") for person in scene.people]
    for person in scene.people:
        eventually(lambda person=person: provider.sent(to=person.phone), what="a first call")
    scene.leave()
    left = time.monotonic()
    provider.mode = Mode()
    scene.stopped(messages)
    for person in [scene.page, scene.app]:
        assert max(call.received for call in provider.sent(to=person.phone)) < left, "not asked again"


def test_in_a_digest(make: Making, own_world: World) -> None:
    scene = make(digest={"template_id": digest_template(own_world), "schedules": [WEEKLY]})
    for person in scene.people:
        own_world.api.post(f"/profiles/{person.user_id}", {"profile": {"email": person.email}})
    messages = [scene.send(person, "email") for person in scene.people]
    for message in messages:
        eventually(lambda message=message: scene.status(message) == "DIGESTED", what="a gathered message")
    scene.leave()
    (schedule,) = own_world.api.get("/preferences/sections")["results"][0]["topics"][0]["digest"]["schedules"]
    own_world.api.post(f"/digests/schedules/{schedule['schedule_id']}/trigger", None)
    scene.mailed()
    gathered = f"/digests/schedules/{schedule['schedule_id']}/instances"
    eventually(lambda: in_progress(own_world, gathered) == 0, what="an end of all that was gathered")
    scene.mailed()


def test_in_quiet_hours(make: Making) -> None:
    now = datetime.now(UTC)
    end = (now + SOON + timedelta(minutes=1)).replace(second=0, microsecond=0)
    scene = make(quiet_hours={"start": (now - timedelta(hours=2)).strftime("%H:%M"), "end": end.strftime("%H:%M")})
    messages = [scene.send(person, "email") for person in scene.people]
    for message in messages:
        eventually(lambda message=message: scene.status(message) == "DELAYED", what="a message that waits")
    scene.leave()
    assert datetime.now(UTC) < end
    scene.stopped(messages)
    scene.mailed()


def in_progress(world: World, path: str) -> int:
    """How many people's messages still wait."""
    return sum(one["status"] == "IN_PROGRESS" for one in world.api.get(path)["items"])


def digest_template(world: World) -> str:
    """A published template for what is gathered."""
    elements = [{"type": "meta", "title": "Digest"}, {"type": "text", "content": "{{digest.count}} more"}]
    notification = {
        "name": "Digest",
        "tags": [],
        "brand": None,
        "subscription": None,
        "routing": None,
        "content": {"version": "2022-01-01", "elements": [{"type": "channel", "channel": "email", "elements": elements}]},
    }
    return str(world.api.post("/notifications", {"notification": notification, "state": "PUBLISHED"})["id"])
