"""What is gathered for a digest, and sending it at once."""

from typing import Any

from harness import World, eventually
from people import Person, somebody
from senders import Sender9

WEEKLY: Any = {"frequency": "weekly", "day_of_week": "monday", "time": "09:00", "timezone": "UTC"}


def template(client: Sender9) -> str:
    text = {"type": "text", "content": "You have {{digest.count}} more"}
    elements = [{"type": "channel", "channel": "email", "elements": [{"type": "meta", "title": "Digest"}, text]}]
    made = client.client.notifications.create(
        notification={
            "name": "Digest",
            "tags": [],
            "brand": None,
            "subscription": None,
            "routing": None,
            "content": {"version": "2022-01-01", "elements": elements},  # type: ignore[typeddict-item]
        },
        state="PUBLISHED",
    )
    return made.id


def gathered(client: Sender9, world: World, person: Person, topic: str) -> None:
    """Two messages to somebody, both held."""
    client.client.profiles.replace(person.user_id, profile={"email": person.email})
    for number in range(2):
        message: Any = {
            "to": {"user_id": person.user_id},
            "content": {"title": "One", "body": "Held"},
            "data": {"number": number},
            "preferences": {"subscription_topic_id": topic},
        }
        sent = client.send(message)
        eventually(lambda sent=sent: world.api.get(f"/messages/{sent}")["status"] == "DIGESTED", what="a held message")


def test_a_digest_is_gathered_listed_and_released(client: Sender9, world: World, person: Person) -> None:
    sections, schedules = client.client.workspace_preferences, client.client.digests.schedules
    section = sections.create(name="Digests", has_custom_routing=False, routing_options=["email"]).id
    digest: Any = {"template_id": template(client), "schedules": [WEEKLY]}
    topic = sections.topics.create(section, name="Updates", default_status="OPTED_IN", digest=digest)
    assert topic.digest
    schedule = str(topic.digest.schedules[0].schedule_id)

    gathered(client, world, person, topic.id)
    held = [one for one in schedules.list_instances(schedule).items if one.user_id == person.user_id]
    assert len(held) == 1
    sections.topics.release_digest(topic.id, section_id=section, user_id=person.user_id)
    assert world.mail.arrived(person.email)[0].subject == "Digest"

    other = somebody()
    gathered(client, world, other, topic.id)
    schedules.release(schedule)
    assert world.mail.arrived(other.email)[0].subject == "Digest"

    sections.topics.delete_digest(topic.id, section_id=section)
    assert sections.topics.retrieve(topic.id, section_id=section).digest is None
    sections.topics.archive(topic.id, section_id=section)
    sections.archive(section)


def test_what_people_chose_is_listed(client: Sender9, person: Person) -> None:
    sections = client.client.workspace_preferences
    section = sections.create(name="Logged", has_custom_routing=False, routing_options=["email"]).id
    topic = sections.topics.create(section, name="Logged", default_status="OPTED_IN").id
    client.client.users.preferences.update_or_create_topic(
        topic, user_id=person.user_id, topic={"status": "OPTED_OUT"}
    )
    logged = sections.list_logs(user_id=person.user_id).items
    assert [(one.topic_id, one.status) for one in logged] == [(topic, "OPTED_OUT")]
    sections.topics.archive(topic, section_id=section)
    sections.archive(section)


def test_what_pages_show_is_published(own_client: Sender9) -> None:
    # In a world of its own: from now on its pages show this and no more.
    published = own_client.client.workspace_preferences.publish(heading="What you hear of")
    assert published.page_id
    assert published.published_at
