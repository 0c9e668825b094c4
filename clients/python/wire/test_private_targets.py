"""A recipient cannot make the server call addresses only the server can reach."""

import pytest

from harness import World, eventually, never
from people import Person


def webhook(world: World, person: Person, host: str) -> str:
    """Sends to a webhook at `host`, which is this machine under one of its names; returns the message id."""
    world.api.post("/providers", {"provider": "webhook", "settings": {}})
    port = world.twilio.base_url.rsplit(":", 1)[1]
    message = {
        "to": {"user_id": person.user_id, "webhook": {"url": f"http://{host}:{port}/{person.code}"}},
        "content": {"title": "Hi", "body": "Hello"},
        "routing": {"method": "single", "channels": ["webhook"]},
    }
    return str(world.api.post("/send", {"message": message})["requestId"])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "0.0.0.0", "[::ffff:127.0.0.1]"]
)
def test_private_addresses_are_refused(world: World, person: Person, host: str) -> None:
    message_id = webhook(world, person, host)
    assert world.settled(message_id)["status"] == "UNDELIVERABLE"
    never(lambda: world.twilio.paths(person.code), during=0.3)


def test_an_operator_may_allow_them(person: Person) -> None:
    with World(TIDINGS_ALLOW_PRIVATE_TARGETS="true") as world:
        webhook(world, person, "127.0.0.1")
        eventually(lambda: world.twilio.paths(person.code), what="a call")
