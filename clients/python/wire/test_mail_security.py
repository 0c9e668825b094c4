"""Submission the way mail providers ask for it: STARTTLS, then a login."""

import pytest

from harness import World, eventually
from people import Person


def send(world: World, person: Person) -> str:
    message = {"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}}
    return str(world.api.post("/send", {"message": message})["requestId"])


@pytest.fixture
def submission() -> World:
    return World(tls=True, auth=True)


def test_starttls_and_login(submission: World, person: Person) -> None:
    with submission as world:
        message_id = send(world, person)
        mail = world.mail.arrived(person.email)[0]
        assert "with esmtpsa" in mail.received, "encrypted and authenticated (RFC 3848)"
        assert "TLS1." in mail.received
        assert world.settled(message_id)["status"] == "SENT"


def test_a_wrong_password_moves_on(submission: World, person: Person) -> None:
    with submission as world:
        provider = next(p for p in world.api.get("/providers")["results"] if p["provider"] == "smtp")
        wrong = {"settings": {"password": "a-wrong-password"}}
        assert world.api.call("PATCH", f"/providers/{provider['id']}", wrong).status == 200
        message = {
            "to": {"email": person.email, "phone_number": person.phone},
            "content": {"title": "Hi", "body": "Hello"},
            "routing": {"method": "single", "channels": ["email", "sms"]},
        }
        world.api.post("/send", {"message": message})
        eventually(lambda: world.twilio.sent(to=person.phone), within=10, what="an SMS")
        assert "a-wrong-password" not in world.server.log.read_text()
