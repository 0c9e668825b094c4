"""Templates and events as trycourier 5 knows them."""

from typing import Any

import pytest
from trycourier.exceptions import CourierAPIException

from harness import World
from people import Person
from senders import Sender5


@pytest.fixture
def template(world: World) -> str:
    """A published template, made by plain HTTP: this client cannot."""
    elements = [
        {"type": "meta", "id": "subject", "title": "Hello"},
        {"type": "text", "id": "words", "content": "Hello {{name}}"},
    ]
    content = {"elements": [{"type": "channel", "id": "mail", "channel": "email", "elements": elements}]}
    made = world.api.post("/notifications", {"notification": {"name": "N", "content": content}, "state": "PUBLISHED"})
    return str(made["id"])


def test_languages_are_written_by_block_and_channel(
    client: Sender5, world: World, template: str, person: Person
) -> None:
    notifications = client.client.notifications
    assert template in [one["id"] for one in notifications.list()["results"]]
    block, channel = {"id": "words", "content": "Salut {{name}}"}, {"id": "mail", "content": {"subject": "Bonjour"}}
    notifications.put_locale(template, "fr", [block], [channel])
    notifications.put_locales(template, [{"id": "words", "locales": {"de": "Hallo {{name}}"}}])
    notifications.post_block_locales(template, "words", {"es": "Hola {{name}}"})
    notifications.post_channel_locales(template, "mail", {"es": {"subject": "Buenas"}})
    notifications.put_draft_locale(template, "it", [{"id": "words", "content": "Ciao"}])
    notifications.put_draft_locales(template, [{"id": "words", "locales": {"pt": "Oi"}}])
    notifications.post_draft_block_locales(template, "words", {"sv": "Hej"})
    notifications.post_draft_channel_locales(template, "mail", {"sv": {"subject": "God dag"}})

    def locales(content: dict[str, Any]) -> set[str]:
        return set(content["elements"][0]["elements"][1]["locales"])

    assert locales(notifications.get_content(template)) == {"fr", "de", "es"}
    assert locales(notifications.get_draft_content(template)) == {"fr", "de", "es", "it", "pt", "sv"}
    message_id = client.send(
        {"to": {"email": person.email, "locale": "fr"}, "template": template, "data": {"name": "Ada"}}
    )
    mail = world.mail.arrived(person.email)[0]
    assert (mail.subject, "Salut Ada" in mail.part("plain")) == ("Bonjour", True)
    assert world.settled(message_id)["status"] == "SENT"
    with pytest.raises(CourierAPIException):
        notifications.post_block_locales(template, "nobody", {"es": "x"})


def test_an_event_stands_for_a_template(client: Sender5, world: World, template: str, person: Person) -> None:
    event = f"WELCOME-{person.code}"
    assert client.client.replace_event(event, template) == {"id": template, "type": "notification"}
    assert client.client.get_event(event)["id"] == template
    assert event in [one["id"] for one in client.client.get_events()["results"]]
    reply = client.client.send(event=event, recipient=person.user_id, profile={"email": person.email}, data={"name": "A"})
    assert world.settled(str(reply["messageId"]))["notification"] == template


def test_checks_of_a_submission(client: Sender5, world: World, template: str) -> None:
    notifications = client.client.notifications
    submission = world.api.post(f"/notifications/{template}/submissions", {})["submission_id"]
    check = {"id": "legal", "status": "PENDING", "type": "custom"}
    assert notifications.put_submission_checks(template, submission, [check])["checks"][0]["status"] == "PENDING"
    assert len(notifications.get_submission_checks(template, submission)["checks"]) == 1
    notifications.delete_submission_checks(template, submission)
    assert notifications.get_submission_checks(template, submission)["checks"][0]["status"] == "FAILED"


def test_brands_are_made_read_replaced_and_deleted(client: Sender5, person: Person) -> None:
    settings = {"colors": {"primary": "#112233", "secondary": "#445566"}}
    brand_id = f"brand-{person.code}"
    assert client.client.create_brand("One", settings, brand_id)["id"] == brand_id
    assert client.client.get_brand(brand_id)["name"] == "One"
    assert client.client.replace_brand(brand_id, "Two", settings)["name"] == "Two"
    assert brand_id in [one["id"] for one in client.client.get_brands()["results"]]
    client.client.delete_brand(brand_id)
    with pytest.raises(CourierAPIException):
        client.client.get_brand(brand_id)
