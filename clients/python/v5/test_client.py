"""What trycourier 5.0.0 insists on."""

import time

import pytest
from trycourier import Courier
from trycourier.exceptions import CourierAPIException

from harness import World, eventually
from people import Person
from senders import Sender5


def test_the_call_of_the_readme(client: Sender5, world: World, person: Person) -> None:
    courier = Courier(auth_token=world.key)
    request_id = courier.send_message(
        message={
            "to": {"email": person.email},
            "content": {"title": "Hi {name}", "body": "Your code is {code}."},
            "data": {"name": "Ada", "code": person.code},
        }
    )["requestId"]

    mail = world.mail.arrived(person.email)[0]
    assert (mail.subject, person.code in mail.part("plain")) == ("Hi Ada", True)
    world.settled(request_id)
    message = courier.messages.get(request_id)
    assert message["status"] == "SENT"
    assert message["providers"][0]["provider"] == "smtp"


def test_a_list_of_one_and_the_older_version(client: Sender5, world: World, person: Person) -> None:
    content = {
        "version": "2020-01-01",
        "elements": [{"type": "meta", "title": "Hi {name}"}, {"type": "text", "content": "Code {code}"}],
    }
    message_id = client.send(
        {"to": [{"email": person.email}], "content": content, "data": {"name": "Ada", "code": person.code}}
    )

    mail = world.mail.arrived(person.email)[0]
    assert mail.subject == "Hi Ada"
    assert f"Code {person.code}" in mail.part("plain")
    assert world.settled(message_id)["status"] == "SENT"


def test_a_base_url_that_ends_in_a_slash(world: World, person: Person) -> None:
    courier = Courier(auth_token=world.key, base_url=f"{world.url}/")
    message = {"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}}
    assert courier.send_message(message=message)["requestId"]
    world.mail.arrived(person.email)


def test_basic_authentication_with_the_key_as_password(
    world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURIER_AUTH_TOKEN", raising=False)
    courier = Courier(base_url=world.url, username="ops@tidings.test", password=world.key)
    message = {"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}}
    assert courier.send_message(message=message)["requestId"]


def test_a_wrong_key_is_the_clients_own_exception(world: World) -> None:
    courier = Courier(auth_token="pk_prod_nobody", base_url=world.url)
    with pytest.raises(CourierAPIException) as refused:
        courier.send_message(message={"to": {"email": "a@people.test"}, "content": {"body": "Hello"}})
    assert refused.value.response.status_code == 401
    assert "returned 401\n" in refused.value.message
    assert not refused.value.message.endswith("None"), "the reply has a message"


@pytest.mark.parametrize("call", ["messages", "profiles"])
def test_a_missing_thing_is_the_clients_own_exception(client: Sender5, call: str) -> None:
    with pytest.raises(CourierAPIException) as refused:
        getattr(client.client, call).get("nobody-of-that-name")
    assert refused.value.response.status_code == 404


def test_what_is_not_there_yet_answers_json(client: Sender5) -> None:
    with pytest.raises(CourierAPIException) as refused:
        client.client.automations.invoke({"steps": [{"action": "cancel", "cancelation_token": "x"}]})
    assert refused.value.response.status_code == 404


def test_the_same_key_sends_once(client: Sender5, world: World, person: Person) -> None:
    message = {"to": {"email": person.email}, "content": {"title": "Hi", "body": "Once"}}
    in_two_days = str(int((time.time() + 2 * 86400) * 1000))
    ids = {
        client.client.send_message(
            message=message, idempotency_key=f"key-{person.user_id}", idempotency_expiration=in_two_days
        )["requestId"]
        for _ in range(3)
    }

    assert len(ids) == 1
    world.settled(ids.pop())
    world.mail.arrived(person.email)
    listed = client.client.messages.list(recipient=person.email)
    assert len(listed["results"]) == 1


def test_history_tells_the_way_of_a_message(client: Sender5, world: World, person: Person) -> None:
    message_id = client.send({"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}})
    world.settled(message_id)

    events = client.client.messages.get_history(message_id)["results"]
    types = [event["type"] for event in events]
    assert types[0] == "ENQUEUED" and types[-1] == "SENT"
    assert [t for t in types if t in ("ROUTED", "RENDERED", "DELIVERING")] == ["ROUTED", "RENDERED", "DELIVERING"]
    assert [event["ts"] for event in events] == sorted(event["ts"] for event in events)
    only = client.client.messages.get_history(message_id, type="SENT")["results"]
    assert [event["type"] for event in only] == ["SENT"]


def test_profiles_are_kept(client: Sender5, world: World, person: Person) -> None:
    profiles = client.client.profiles
    assert profiles.replace(person.user_id, {"email": person.email})["status"] == "SUCCESS"
    assert profiles.merge(person.user_id, {"name": "Ada"})["status"] == "SUCCESS"
    assert profiles.get(person.user_id)["profile"] == {"email": person.email, "name": "Ada"}
    patched = profiles.patch(person.user_id, [{"op": "replace", "path": "/name", "value": "Grace"}])
    assert patched["status"] == "SUCCESS"
    assert profiles.get(person.user_id)["profile"]["name"] == "Grace"

    client.send({"to": {"user_id": person.user_id}, "content": {"title": "Hi {{profile.name}}", "body": "Hello"}})
    assert world.mail.arrived(person.email)[0].subject == "Hi Grace"


def test_the_legacy_body_is_taken(client: Sender5, world: World, person: Person) -> None:
    reply = client.client.send(
        event="no-such-template", recipient=person.user_id, profile={"email": person.email}, data={"a": 1}
    )
    details = world.settled(reply["messageId"])
    assert details["status"] == "UNMAPPED"


def test_a_sent_message_cannot_be_cancelled(client: Sender5, world: World, person: Person) -> None:
    message_id = client.send({"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}})
    world.settled(message_id)
    with pytest.raises(CourierAPIException) as refused:
        client.client.messages.cancel(message_id)
    assert refused.value.response.status_code == 409


def test_a_waiting_message_is_cancelled(client: Sender5, world: World, person: Person) -> None:
    message_id = client.send(
        {
            "to": {"email": person.email},
            "content": {"title": "Hi", "body": "Later"},
            "delay": {"duration": 600_000},
        }
    )
    eventually(lambda: client.status(message_id)["status"] == "DELAYED", what="a delayed message")
    assert client.client.messages.cancel(message_id)["status"] == "CANCELED"
    assert client.status(message_id)["status"] == "CANCELED"
    assert world.mail.mails(person.email) == []


def test_a_published_templates_content_can_be_read(client: Sender5, world: World) -> None:
    content = {
        "version": "2022-01-01",
        "elements": [
            {"type": "channel", "channel": "email", "elements": [{"type": "meta", "title": "Hi"}]},
        ],
    }
    payload = {"name": "Read me", "tags": [], "brand": None, "subscription": None, "routing": None, "content": content}
    template = world.api.post("/notifications", {"notification": payload, "state": "PUBLISHED"})
    for read in (client.client.notifications.get_content, client.client.notifications.get_draft_content):
        assert read(template["id"])["elements"][0]["channel"] == "email"
    listed = client.client.notifications.list()["results"]
    assert template["id"] in [summary["id"] for summary in listed]
