"""A key makes a request safe to repeat."""

import threading
import time

import courier
import pytest

from harness import World
from people import Person
from senders import Sender9


def greeting(person: Person, body: str = "Once") -> dict[str, object]:
    return {"to": {"email": person.email}, "content": {"title": "Hi", "body": body}}


def test_the_same_request_is_one_message(client: Sender9, world: World, person: Person) -> None:
    in_two_days = str(int((time.time() + 2 * 86400) * 1000))
    replies = [
        client.client.send.with_raw_response.message(
            message=greeting(person),  # type: ignore[arg-type]
            idempotency_key=f"key-{person.user_id}",
            x_idempotency_expiration=in_two_days,
        )
        for _ in range(3)
    ]
    ids = {reply.parse().request_id for reply in replies}
    assert len(ids) == 1
    assert [reply.headers.get("idempotency-replayed") for reply in replies] == [None, "true", "true"]
    world.settled(ids.pop())
    assert len(client.client.messages.list(recipient=person.email).results) == 1
    world.mail.arrived(person.email)


def test_another_body_is_refused(client: Sender9, person: Person) -> None:
    key = f"key-{person.user_id}"
    client.client.send.message(message=greeting(person), idempotency_key=key)  # type: ignore[arg-type]
    with pytest.raises(courier.UnprocessableEntityError):
        client.client.send.message(message=greeting(person, "Twice"), idempotency_key=key)  # type: ignore[arg-type]


def test_a_refused_request_may_be_corrected(client: Sender9, person: Person) -> None:
    key = f"key-{person.user_id}"
    with pytest.raises(courier.BadRequestError):
        client.client.send.message(message={"content": {"title": "Hi", "body": "No"}}, idempotency_key=key)
    assert client.client.send.message(message=greeting(person), idempotency_key=key).request_id  # type: ignore[arg-type]


def test_a_crowd_with_one_key_is_one_message(client: Sender9, world: World, person: Person) -> None:
    ids: list[str] = []

    def send() -> None:
        reply = client.client.with_options(max_retries=8).send.message(
            message=greeting(person),  # type: ignore[arg-type]
            idempotency_key=f"key-{person.user_id}",
        )
        ids.append(reply.request_id)

    crowd = [threading.Thread(target=send) for _ in range(12)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(ids) == 12 and len(set(ids)) == 1
    world.settled(ids[0])
    world.mail.arrived(person.email)


def test_two_endpoints_do_not_share_a_key(client: Sender9, person: Person) -> None:
    key = f"key-{person.user_id}"
    client.client.profiles.create(person.user_id, profile={"email": person.email}, idempotency_key=key)
    assert client.client.send.message(message=greeting(person), idempotency_key=key).request_id  # type: ignore[arg-type]
