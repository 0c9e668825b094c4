"""Why a person did or did not get a message: the trace and the dry run."""

from typing import Any

import httpx

from harness import World, never
from people import Person
from senders import Sender9


def dry_run(client: Sender9, message: dict[str, Any]) -> dict[str, Any]:
    reply = client.client.post("/send?dry_run=true", cast_to=httpx.Response, body={"message": message})
    return dict(reply.json())


def trace(client: Sender9, message_id: str) -> dict[str, Any]:
    return dict(client.client.get(f"/messages/{message_id}/trace", cast_to=httpx.Response).json())


def test_a_dry_run_shows_and_does_nothing(client: Sender9, world: World, person: Person) -> None:
    shown = dry_run(
        client,
        {
            "to": {"email": person.email, "phone_number": person.phone},
            "content": {"title": "Hi {{name}}", "body": "Hello {{name}}"},
            "data": {"name": "Ada"},
            "routing": {"method": "single", "channels": ["email", "sms"]},
        },
    )
    assert "Hi Ada" in str(shown)
    never(lambda: world.mail.mails(person.email) or world.twilio.sent(to=person.phone))
    assert client.client.messages.list(recipient=person.email).results == []


def test_a_dry_run_refuses_what_a_send_refuses(client: Sender9, world: World) -> None:
    reply = world.api.call("POST", "/send?dry_run=true", {"message": {"content": {"body": "To nobody"}}})
    assert reply.status == 400
    assert "to" in reply.json["message"]


def test_the_trace_names_every_provider(client: Sender9, world: World, person: Person) -> None:
    message_id = client.send(
        {
            "to": {"email": person.email},
            "content": {"title": "Hi", "body": "Hello"},
            "routing": {"method": "single", "channels": ["sms", "email"]},
        }
    )
    world.settled(message_id)
    told = trace(client, message_id)
    assert told["status"] == "SENT"
    considered = str(told["considered"])
    assert "twilio" in considered and "smtp" in considered


def test_line_breaks_in_a_subject_are_folded_and_told(client: Sender9, world: World, person: Person) -> None:
    message_id = client.send(
        {
            "to": {"email": person.email},
            "content": {"title": "Hi {{name}}", "body": "Hello"},
            "data": {"name": "Ada\r\nBcc: everyone@people.test"},
        }
    )
    world.settled(message_id)
    mail = world.mail.arrived(person.email)[0]
    assert mail.subject == "Hi Ada Bcc: everyone@people.test"
    assert mail.message["Bcc"] is None
    assert "line break" in str(trace(client, message_id)).lower()


def test_codes_of_one_time_messages_stay_out_of_the_trace(client: Sender9, world: World, person: Person) -> None:
    message_id = client.send(
        {
            "to": {"email": person.email},
            "content": {"title": "Hi", "body": "Your code is {{code}}"},
            "data": {"code": person.code},
            "metadata": {"tags": ["otp"]},
        }
    )
    world.settled(message_id)
    assert person.code in world.mail.arrived(person.email)[0].part("plain")
    assert person.code not in str(trace(client, message_id))
    assert person.code not in world.server.log.read_text()


def test_a_person_without_an_address(client: Sender9, world: World, person: Person) -> None:
    message_id = client.send(
        {
            "to": {"user_id": person.user_id},
            "content": {"title": "Hi", "body": "Hello"},
            "routing": {"method": "single", "channels": ["email", "sms"]},
        }
    )
    details = world.settled(message_id)
    assert (details["status"], details["reason"]) == ("UNDELIVERABLE", "NO_CHANNELS")
