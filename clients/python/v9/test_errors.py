"""Errors arrive as the client's own classes, and finals are asked once."""

import courier
import httpx
import pytest
from courier import Courier

from harness import World
from people import Person
from senders import Sender9

MISSING = "1-00000000-000000000000000000000000"


class Counting:
    """A client that writes down the requests it makes."""

    def __init__(self, world: World) -> None:
        self.requests: list[httpx.Request] = []
        http = courier.DefaultHttpxClient(event_hooks={"request": [self.requests.append]})
        self.client = Courier(api_key=world.key, base_url=world.url, http_client=http)


def test_a_wrong_key(world: World) -> None:
    with pytest.raises(courier.AuthenticationError) as refused:
        Courier(api_key="pk_prod_nobody", base_url=world.url).messages.list()
    assert refused.value.body == {"type": "authentication_error", "message": refused.value.body["message"]}  # type: ignore[index]


def test_a_missing_message(client: Sender9) -> None:
    with pytest.raises(courier.NotFoundError) as refused:
        client.client.messages.retrieve(MISSING)
    assert refused.value.body == {"type": "invalid_request_error", "message": "Message not found"}


def test_a_missing_profile(client: Sender9, person: Person) -> None:
    with pytest.raises(courier.NotFoundError):
        client.client.profiles.retrieve(person.user_id)


def test_a_bad_message(client: Sender9) -> None:
    with pytest.raises(courier.BadRequestError) as refused:
        client.client.send.message(message={"content": {"title": "Hi", "body": "To nobody"}})
    assert "to" in str(refused.value.body)


def test_what_is_not_there_yet(client: Sender9) -> None:
    with pytest.raises(courier.NotFoundError) as refused:
        client.client.journeys.list()
    assert refused.value.body["type"] == "invalid_request_error"  # type: ignore[index]


def test_a_sent_message_is_refused_with_one_request(client: Sender9, world: World, person: Person) -> None:
    message_id = client.send({"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}})
    world.settled(message_id)
    counting = Counting(world)
    with pytest.raises(courier.ConflictError) as refused:
        counting.client.messages.cancel(message_id)
    assert len(counting.requests) == 1
    assert refused.value.response.headers["x-should-retry"] == "false"
    assert refused.value.body["id"] == message_id  # type: ignore[index]
    assert refused.value.body["status"] == "SENT"  # type: ignore[index]
