"""How the server meets an SMS provider that throttles, fails, refuses or hangs."""

from collections.abc import Iterator

import pytest

from harness import World, eventually
from harness.twilio import Mode
from people import Person


@pytest.fixture
def broken(own_world: World) -> Iterator[World]:
    yield own_world
    own_world.twilio.mode = Mode()


def send(world: World, person: Person, channels: list[str]) -> str:
    message = {
        "to": {"email": person.email, "phone_number": person.phone},
        "content": {"title": "Hi", "body": f"Code {person.code}"},
        "routing": {"method": "single", "channels": channels},
    }
    return str(world.api.post("/send", {"message": message})["requestId"])


@pytest.mark.parametrize("status", [400, 401, 500])
def test_the_mail_goes_within_ten_seconds(broken: World, person: Person, status: int) -> None:
    broken.twilio.mode = Mode(status)
    message_id = send(broken, person, ["sms", "email"])
    eventually(lambda: broken.mail.mails(person.email), within=10, what="a mail")
    details = broken.settled(message_id)
    assert [(p["provider"], p["status"]) for p in details["providers"]] == [
        ("twilio", "UNDELIVERABLE"),
        ("smtp", "SENT"),
    ]


def test_the_last_provider_is_asked_again(broken: World, person: Person) -> None:
    broken.twilio.mode = Mode(500)
    message_id = send(broken, person, ["sms"])
    eventually(lambda: broken.twilio.sent(to=person.phone), what="a first call")
    broken.twilio.mode = Mode()
    eventually(lambda: len(broken.twilio.sent(to=person.phone)) == 2, within=20, what="a second call")
    assert broken.settled(message_id)["status"] == "SENT"


def test_a_refused_number_ends_the_message(broken: World, person: Person) -> None:
    broken.twilio.mode = Mode(400)
    details = broken.settled(send(broken, person, ["sms"]))
    assert details["status"] == "UNDELIVERABLE"
    assert len(broken.twilio.sent(to=person.phone)) == 1, "a final refusal is not asked again"


def test_a_hanging_provider_does_not_hold_up_the_others(broken: World, person: Person) -> None:
    broken.twilio.mode = Mode(0)
    for _ in range(20):
        send(broken, person, ["sms"])
    message_id = send(broken, person, ["email"])
    eventually(lambda: broken.mail.mails(person.email), within=5, what="a mail")
    assert broken.settled(message_id)["status"] == "SENT"
