"""Sections, topics and what people choose of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import courier
import pytest

from harness import World, never
from people import Person
from senders import Sender9


@dataclass(frozen=True)
class Topics:
    section: str
    news: str
    offers: str
    security: str


@pytest.fixture
def topics(client: Sender9) -> Iterator[Topics]:
    """A section with a topic of each default status."""
    sections = client.client.workspace_preferences
    section = sections.create(name="Product", has_custom_routing=True, routing_options=["email", "sms"]).id
    kinds: list[tuple[str, Any]] = [("News", "OPTED_IN"), ("Offers", "OPTED_OUT"), ("Security", "REQUIRED")]
    made = [sections.topics.create(section, name=name, default_status=status).id for name, status in kinds]
    yield Topics(section, *made)
    for topic in made:
        sections.topics.archive(topic, section_id=section)
    sections.archive(section)


def test_sections_and_topics(client: Sender9, topics: Topics) -> None:
    sections = client.client.workspace_preferences
    section = sections.retrieve(topics.section)
    assert (section.name, section.has_custom_routing, section.routing_options) == ("Product", True, ["email", "sms"])
    assert {topic.id for topic in section.topics} == {topics.news, topics.offers, topics.security}
    assert topics.section in [one.id for one in sections.list().results]
    sections.replace(topics.section, name="Products")
    assert sections.retrieve(topics.section).name == "Products"

    topic = sections.topics.retrieve(topics.offers, section_id=topics.section)
    assert (topic.name, topic.default_status, topic.include_unsubscribe_header) == ("Offers", "OPTED_OUT", False)
    sections.topics.replace(
        topics.offers,
        section_id=topics.section,
        name="Deals",
        default_status="OPTED_IN",
        include_unsubscribe_header=True,
        topic_data={"colour": "green"},
    )
    topic = sections.topics.retrieve(topics.offers, section_id=topics.section)
    assert (topic.name, topic.default_status, topic.topic_data) == ("Deals", "OPTED_IN", {"colour": "green"})
    assert [one.id for one in sections.topics.list(topics.section).results if one.name == "Deals"] == [topics.offers]
    with pytest.raises(courier.NotFoundError):
        sections.topics.retrieve(topics.offers, section_id="another-section")


def test_a_section_with_topics_stays(client: Sender9, topics: Topics) -> None:
    with pytest.raises(courier.ConflictError) as refused:
        client.client.workspace_preferences.archive(topics.section)
    assert refused.value.response.headers["x-should-retry"] == "false"


def test_a_choice_is_kept_and_dropped(client: Sender9, topics: Topics, person: Person) -> None:
    preferences = client.client.users.preferences
    choice = {"status": "OPTED_OUT"}
    preferences.update_or_create_topic(topics.news, user_id=person.user_id, topic=choice)  # type: ignore[arg-type]
    kept = preferences.retrieve_topic(topics.news, user_id=person.user_id).topic
    assert (kept.status, kept.default_status, kept.topic_name) == ("OPTED_OUT", "OPTED_IN", "News")
    items = preferences.retrieve(person.user_id).items
    assert [(one.topic_id, one.status) for one in items] == [(topics.news, "OPTED_OUT")]
    preferences.delete_topic(topics.news, user_id=person.user_id)
    assert preferences.retrieve_topic(topics.news, user_id=person.user_id).topic.status == "OPTED_IN"
    assert preferences.retrieve(person.user_id).items == []


def test_what_cannot_be_chosen(client: Sender9, topics: Topics, person: Person) -> None:
    preferences = client.client.users.preferences
    with pytest.raises(courier.BadRequestError):
        preferences.update_or_create_topic(topics.security, user_id=person.user_id, topic={"status": "OPTED_OUT"})
    with pytest.raises(courier.NotFoundError):
        preferences.update_or_create_topic("no-such-topic", user_id=person.user_id, topic={"status": "OPTED_OUT"})
    with pytest.raises(courier.NotFoundError):
        preferences.retrieve_topic("no-such-topic", user_id=person.user_id)


def test_many_choices_at_once(client: Sender9, topics: Topics, person: Person) -> None:
    preferences = client.client.users.preferences
    done = preferences.bulk_update(
        person.user_id,
        topics=[
            {"topic_id": topics.news, "status": "OPTED_OUT"},
            {"topic_id": topics.security, "status": "OPTED_OUT"},
            {"topic_id": "no-such-topic", "status": "OPTED_IN"},
        ],
    )
    assert [item.topic_id for item in done.items] == [topics.news]
    assert {error.topic_id for error in done.errors} == {topics.security, "no-such-topic"}

    replaced = preferences.bulk_replace(person.user_id, topics=[{"topic_id": topics.offers, "status": "OPTED_IN"}])
    assert ([item.topic_id for item in replaced.items], replaced.deleted) == ([topics.offers], [topics.news])
    emptied = preferences.bulk_replace(person.user_id, topics=[])
    assert (emptied.items, emptied.deleted) == ([], [topics.offers])


def test_a_bad_replacement_changes_nothing(client: Sender9, topics: Topics, person: Person) -> None:
    preferences = client.client.users.preferences
    preferences.bulk_replace(person.user_id, topics=[{"topic_id": topics.news, "status": "OPTED_OUT"}])
    with pytest.raises(courier.BadRequestError):
        preferences.bulk_replace(
            person.user_id,
            topics=[
                {"topic_id": topics.offers, "status": "OPTED_IN"},
                {"topic_id": topics.security, "status": "OPTED_OUT"},
            ],
        )
    assert [item.topic_id for item in preferences.retrieve(person.user_id).items] == [topics.news]


@pytest.mark.parametrize(
    ("topic", "choice", "reason"),
    [
        ("news", None, None),
        ("news", "OPTED_OUT", "UNSUBSCRIBED"),
        ("offers", None, "OPT_IN_REQUIRED"),
        ("offers", "OPTED_IN", None),
    ],
)
def test_the_choice_decides(
    client: Sender9, world: World, topics: Topics, person: Person, topic: str, choice: str | None, reason: str | None
) -> None:
    topic_id = getattr(topics, topic)
    if choice:
        client.client.users.preferences.update_or_create_topic(
            topic_id,
            user_id=person.user_id,
            topic={"status": choice},  # type: ignore[typeddict-item]
        )
    message_id = client.send(
        {
            "to": {"user_id": person.user_id, "email": person.email},
            "content": {"title": "Hi", "body": "Hello"},
            "preferences": {"subscription_topic_id": topic_id},
        }
    )
    details = world.settled(message_id)
    assert details.get("reason") == reason
    if reason:
        assert details["status"] == "UNDELIVERABLE"
        never(lambda: world.mail.mails(person.email), during=0.5)
    else:
        world.mail.arrived(person.email)
