"""Stopping and starting again: what was accepted is not forgotten."""

from harness import World, eventually
from harness.twilio import Mode
from people import Person


def send(world: World, person: Person) -> str:
    message = {
        "to": {"phone_number": person.phone},
        "content": {"title": "Hi", "body": f"Code {person.code}"},
        "routing": {"method": "single", "channels": ["sms"]},
    }
    return str(world.api.post("/send", {"message": message})["requestId"])


def test_what_was_held_is_sent_after_the_restart(own_world: World, person: Person) -> None:
    own_world.twilio.mode = Mode(500)
    messages = [send(own_world, person) for _ in range(20)]
    eventually(lambda: own_world.twilio.sent(), what="a first call")
    own_world.server.stop()
    own_world.twilio.mode = Mode()
    own_world.server.start()
    for message in messages:
        assert own_world.settled(message, within=60)["status"] == "SENT"


def test_a_delay_outlives_the_restart(own_world: World, person: Person) -> None:
    later = {"to": {"email": person.email}, "content": {"title": "Hi", "body": "Later"}}
    message = own_world.api.post("/send", {"message": later | {"delay": {"duration": 600_000}}})["requestId"]
    own_world.server.stop()
    own_world.server.start()
    assert own_world.api.get(f"/messages/{message}")["status"] == "DELAYED"


def test_a_call_in_the_air_does_not_hold_up_the_end(own_world: World, person: Person) -> None:
    own_world.twilio.mode = Mode(0)
    send(own_world, person)
    eventually(lambda: own_world.twilio.sent(), what="a call")
    own_world.server.stop()
    assert len(own_world.twilio.sent()) == 1
