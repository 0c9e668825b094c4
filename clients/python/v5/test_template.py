"""The article's send: a template of theirs, and the person's own preference decides."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness import World, eventually, never
from people import Person
from senders import Sender

Step = Callable[..., dict[str, str]]
LINK = "https://shop.example/reset/7"


@pytest.fixture(scope="module")
def step(world: World) -> Step:
    """Runs one step of `article.py` with trycourier 9.13.0."""
    python = os.environ["TIDINGS_PYTHON_9"]
    script = Path(__file__).with_name("article.py")
    environment = {**os.environ, "COURIER_BASE_URL": world.url, "COURIER_API_KEY": world.key}

    def run(name: str, **arguments: Any) -> dict[str, str]:
        order = json.dumps({"step": name, **arguments})
        done = subprocess.run([python, str(script), order], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    return run


@pytest.fixture(scope="module")
def article(step: Step) -> dict[str, str]:
    """Ids of the section, the topic and the template."""
    return step("prepare")


def send(client: Sender, article: dict[str, str], person: Person) -> str:
    return client.send(
        {
            "to": {"user_id": person.user_id, "email": person.email, "phone_number": person.phone},
            "template": article["alias"],
            "data": {"code": person.code, "link": LINK},
        }
    )


def test_without_a_choice_it_goes_out_by_mail(
    client: Sender, world: World, article: dict[str, str], person: Person
) -> None:
    message_id = send(client, article, person)

    mail = world.mail.arrived(person.email)[0]
    assert mail.subject == "Reset your password"
    assert person.code in mail.part("plain") and LINK in mail.part("plain")
    details = world.settled(message_id)
    assert details["status"] == "SENT"
    assert details["notification"] == article["template"]
    never(lambda: world.twilio.sent(containing=person.code), during=0.5)


def test_opted_out_nothing_is_sent(
    client: Sender, world: World, article: dict[str, str], step: Step, person: Person
) -> None:
    step("choose", user_id=person.user_id, topic=article["topic"], choice={"status": "OPTED_OUT"})
    details = world.settled(send(client, article, person))

    assert (details["status"], details["reason"]) == ("UNDELIVERABLE", "UNSUBSCRIBED")
    assert details["error"] == "Notification opted out by user"
    assert details["providers"] == [{"error": "Notification opted out by user", "status": "UNDELIVERABLE"}]
    never(lambda: world.mail.mails(person.email) or world.twilio.sent(containing=person.code))


def test_custom_routing_is_the_sms_alone(
    client: Sender, world: World, article: dict[str, str], step: Step, person: Person
) -> None:
    choice = {"status": "OPTED_IN", "has_custom_routing": True, "custom_routing": ["sms"]}
    step("choose", user_id=person.user_id, topic=article["topic"], choice=choice)
    message_id = send(client, article, person)

    sms = eventually(lambda: world.twilio.sent(to=person.phone), what="an SMS")
    assert person.code in sms[0].body
    assert world.settled(message_id)["status"] == "SENT"
    never(lambda: world.mail.mails(person.email) or len(world.twilio.sent(to=person.phone)) > 1)


def test_a_required_topic_goes_out_whatever_they_chose(
    client: Sender, world: World, article: dict[str, str], step: Step, person: Person
) -> None:
    step("choose", user_id=person.user_id, topic=article["topic"], choice={"status": "OPTED_OUT"})
    step("require", section=article["section"], topic=article["topic"], status="REQUIRED")
    try:
        message_id = send(client, article, person)
        world.mail.arrived(person.email)
        assert world.settled(message_id)["status"] == "SENT"
    finally:
        step("require", section=article["section"], topic=article["topic"], status="OPTED_IN")
