"""A mail address and a phone number: which of the two is used, and what when one fails."""

import time

from harness import World, eventually, never
from people import Person
from senders import Sender

ARTICLE_NUMBER = "123-456-7890"
DIALLED = "+11234567890"
FAILOVER_SECONDS = 10


def reset(person: Person, method: str) -> dict[str, object]:
    return {
        "to": {"email": person.email, "phone_number": ARTICLE_NUMBER},
        "content": {"title": "Hi!", "body": "Your reset code is {{code}}."},
        "data": {"code": person.code},
        "routing": {"method": method, "channels": ["email", "sms"]},
    }


def test_single_uses_the_first_that_works(client: Sender, world: World, person: Person) -> None:
    message_id = client.send(reset(person, "single"))

    world.mail.arrived(person.email)
    assert world.settled(message_id)["status"] == "SENT"
    never(lambda: world.twilio.sent(containing=person.code))
    world.mail.arrived(person.email)


def test_single_falls_back_when_the_mail_is_refused(own_client: Sender, own_world: World, person: Person) -> None:
    own_world.mail.refuse()
    falls_back(own_client, own_world, person)


def test_single_falls_back_when_the_mail_server_is_down(own_client: Sender, own_world: World, person: Person) -> None:
    own_world.mail.stop()
    falls_back(own_client, own_world, person)


def falls_back(client: Sender, world: World, person: Person) -> None:
    started = time.monotonic()
    message_id = client.send(reset(person, "single"))

    sms = eventually(lambda: world.twilio.sent(containing=person.code), within=FAILOVER_SECONDS, what="an SMS")
    print(f"the SMS came after {sms[0].received - started:.2f} s")
    assert sms[0].to == DIALLED
    details = world.settled(message_id)
    assert details["status"] == "SENT"
    assert [(p["provider"], p["status"]) for p in details["providers"]] == [
        ("smtp", "UNDELIVERABLE"),
        ("twilio", "SENT"),
    ]
    assert world.mail.mails(person.email) == []
    assert len(world.twilio.sent(containing=person.code)) == 1


def test_all_uses_both_once(client: Sender, world: World, person: Person) -> None:
    message_id = client.send(reset(person, "all"))

    world.mail.arrived(person.email)
    eventually(lambda: world.twilio.sent(containing=person.code), what="an SMS")
    details = world.settled(message_id)
    assert sorted((p["provider"], p["status"]) for p in details["providers"]) == [("smtp", "SENT"), ("twilio", "SENT")]
    never(lambda: len(world.mail.mails(person.email)) > 1 or len(world.twilio.sent(containing=person.code)) > 1)


def test_the_articles_number_is_dialled_as_a_number(client: Sender, world: World, person: Person) -> None:
    client.send(
        {
            "to": {"phone_number": ARTICLE_NUMBER},
            "content": {"title": "Hi!", "body": "Your reset code is {{code}}."},
            "data": {"code": person.code},
        }
    )

    sms = eventually(lambda: world.twilio.sent(containing=person.code), what="an SMS")
    assert [call.to for call in sms] == [DIALLED]
    assert sms[0].form["From"] == world.twilio.settings["from"]
    assert f"Your reset code is {person.code}." in sms[0].body


def test_a_number_that_cannot_be_one_leaves_the_other_channel(client: Sender, world: World, person: Person) -> None:
    message = reset(person, "single")
    message["to"] = {"email": person.email, "phone_number": "12"}
    message["routing"] = {"method": "single", "channels": ["sms", "email"]}
    message_id = client.send(message)

    world.mail.arrived(person.email)
    assert world.settled(message_id)["status"] == "SENT"
    assert world.twilio.sent(containing=person.code) == []
