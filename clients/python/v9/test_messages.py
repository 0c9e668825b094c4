"""Reading, paging, cancelling, repeating and archiving messages."""

import courier
import httpx
import pytest
from courier import Courier

from harness import World, eventually, never
from people import Person
from senders import Sender9


def send(client: Sender9, person: Person, body: str = "Hello", **more: object) -> str:
    return client.send({"to": {"email": person.email}, "content": {"title": "Hi", "body": body}, **more})


def test_details(client: Sender9, world: World, person: Person) -> None:
    metadata = {"event": "password-reset", "tags": ["first", "second"], "trace_id": person.code}
    message_id = send(client, person, metadata=metadata)
    world.settled(message_id)

    message = client.client.messages.retrieve(message_id)
    assert (message.id, message.status, message.recipient) == (message_id, "SENT", person.email)
    assert message.event == "password-reset"
    assert message.sent and message.enqueued and message.enqueued <= message.sent
    details = message.to_dict()
    assert details["tags"] == ["first", "second"] and details["trace_id"] == person.code
    assert details["providers"][0]["provider"] == "smtp"  # type: ignore[index]
    assert details["providers"][0]["reference"], "the mail server's own id is kept"  # type: ignore[index]


def test_statuses_go_out_as_a_comma_list(world: World, person: Person) -> None:
    asked: list[httpx.Request] = []
    http = courier.DefaultHttpxClient(event_hooks={"request": [asked.append]})
    client = Courier(api_key=world.key, base_url=world.url, http_client=http)
    message_id = client.send.message(
        message={"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}}
    ).request_id
    world.settled(message_id)

    listed = client.messages.list(status=["SENT", "DELIVERED"], recipient=person.email)
    assert [message.id for message in listed.results] == [message_id]
    assert b"status=SENT%2CDELIVERED" in asked[-1].url.query or b"status=SENT,DELIVERED" in asked[-1].url.query
    assert client.messages.list(status=["CANCELED"], recipient=person.email).results == []


def test_pages_neither_skip_nor_repeat(client: Sender9, world: World, person: Person) -> None:
    tag = f"page-{person.code}"
    sent = [send(client, person, f"Number {n}", metadata={"tags": [tag]}) for n in range(130)]
    seen: list[str] = []
    cursor = None
    while True:
        page = client.client.messages.list(tag=[tag], cursor=cursor)
        seen += [message.id for message in page.results]
        if not page.paging.more:
            break
        cursor = page.paging.cursor
        assert cursor
    assert seen == sent[::-1], "every message once, newest first"


def test_history_and_output(client: Sender9, world: World, person: Person) -> None:
    message_id = send(client, person, "Hello there")
    world.settled(message_id)

    types = [event["type"] for event in client.client.messages.history(message_id).results]
    assert types[0] == "ENQUEUED" and types[-1] == "SENT"
    output = client.client.messages.content(message_id).results[0]
    assert (output.channel.split(":")[0], output.content.subject) == ("email", "Hi")
    assert "Hello there" in output.content.html and "Hello there" in output.content.text


def test_a_waiting_message_is_cancelled_for_good(client: Sender9, world: World, person: Person) -> None:
    message_id = send(client, person, delay={"duration": 600_000})
    eventually(lambda: client.client.messages.retrieve(message_id).status == "DELAYED", what="a delayed message")
    cancelled = client.client.messages.cancel(message_id)
    assert cancelled.status == "CANCELED"
    assert cancelled.to_dict()["canceledAt"]
    never(lambda: world.mail.mails(person.email), during=0.5)


def test_a_message_is_sent_again(client: Sender9, world: World, person: Person) -> None:
    message_id = send(client, person, "Twice")
    world.settled(message_id)
    again = client.client.messages.resend(message_id).message_id
    assert again != message_id
    assert world.settled(again)["status"] == "SENT"
    world.mail.arrived(person.email, 2)


def test_an_archived_request_leaves_the_list(client: Sender9, world: World, person: Person) -> None:
    message_id = send(client, person)
    world.settled(message_id)
    client.client.requests.archive(message_id)
    assert client.client.messages.list(recipient=person.email).results == []
    archived = client.client.messages.list(recipient=person.email, archived=True).results
    assert [message.id for message in archived] == [message_id]


def test_many_recipients_share_a_trace(client: Sender9, world: World, person: Person) -> None:
    addresses = [f"{n}.{person.email}" for n in range(3)]
    request_id = client.send(
        {"to": [{"email": address} for address in addresses], "content": {"title": "Hi", "body": "Hello"}}
    )

    def children() -> list[str] | None:
        found = client.client.messages.list(trace_id=request_id).results
        return sorted(m.recipient for m in found) if len(found) == 3 else None

    assert eventually(children, what="three messages") == sorted(addresses)
    eventually(lambda: all(world.mail.mails(address) for address in addresses), what="three mails")


def test_a_key_of_the_other_environment_sees_nothing(client: Sender9, world: World, person: Person) -> None:
    message_id = send(client, person)
    world.settled(message_id)
    other = Courier(api_key=world.server.create_key("test"), base_url=world.url)
    assert other.messages.list(recipient=person.email).results == []
    with pytest.raises(courier.NotFoundError):
        other.messages.retrieve(message_id)
