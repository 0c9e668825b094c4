"""Templates: written, read, published, versioned, archived."""

from typing import Any

import courier
import pytest

from harness import World
from people import Person
from senders import Sender9


def payload(title: str, **more: Any) -> Any:
    elements = [{"type": "meta", "title": title}, {"type": "text", "content": "Hello {{name}}"}]
    content = {
        "version": "2022-01-01",
        "elements": [{"type": "channel", "channel": "email", "elements": elements}],
    }
    empty: dict[str, Any] = {"tags": [], "brand": None, "subscription": None, "routing": None}
    return {"name": "Greeting", **empty, "content": content, **more}


def channel_of(client: Sender9, template: str, **version: str) -> dict[str, Any]:
    """The only channel of the template's content, as it came over the wire."""
    reply = client.client.notifications.with_raw_response.retrieve_content(template, **version)  # type: ignore[arg-type]
    return dict(reply.json()["elements"][0])  # type: ignore[index]


def versions(client: Sender9, template: str) -> list[str]:
    return [one.version for one in client.client.notifications.list_versions(template).versions]


def test_a_draft_is_read_only_when_asked_for(client: Sender9) -> None:
    notifications = client.client.notifications
    made = notifications.create(notification=payload("One", tags=["greeting"]))
    assert made.id.startswith("nt_")
    assert (made.state, made.name, made.tags) == ("DRAFT", "Greeting", ["greeting"])
    with pytest.raises(courier.NotFoundError):
        notifications.retrieve(made.id)
    assert notifications.retrieve(made.id, version="draft").state == "DRAFT"
    notifications.publish(made.id)
    assert notifications.retrieve(made.id).state == "PUBLISHED"


def test_versions_are_an_append_only_history(client: Sender9) -> None:
    notifications = client.client.notifications
    template = notifications.create(notification=payload("One"), state="PUBLISHED").id
    assert versions(client, template) == ["draft", "published:v001"]
    notifications.replace(template, notification=payload("Two"))
    assert versions(client, template) == ["draft", "published:v001"]
    notifications.publish(template)
    assert versions(client, template) == ["draft", "published:v002", "v001"]
    notifications.publish(template)
    assert versions(client, template) == ["draft", "published:v002", "v001"], "nothing changed, nothing new"
    notifications.publish(template, version="v001")
    assert versions(client, template) == ["draft", "published:v003", "v002", "v001"]
    with pytest.raises(courier.BadRequestError):
        notifications.publish(template, version="1")


def test_content_has_ids_and_checksums(client: Sender9) -> None:
    notifications = client.client.notifications
    template = notifications.create(notification=payload("One"), state="PUBLISHED").id
    channel = channel_of(client, template)
    assert channel["id"].startswith("elem_") and channel["checksum"]
    assert [child["type"] for child in channel["elements"]] == ["meta", "text"]
    before = channel["elements"][0]

    changed = payload("Changed")["content"]
    changed["elements"][0]["elements"][0]["id"] = before["id"]
    mutation = notifications.put_content(template, content=changed)
    checksums = {one.id: one.checksum for one in mutation.elements}
    assert checksums[before["id"]] != before["checksum"]
    published = channel_of(client, template)
    assert published["elements"][0]["checksum"] == before["checksum"], "the draft changed, not what is published"
    draft = channel_of(client, template, version="draft")
    assert draft["elements"][0]["title"] == "Changed"


def test_an_alias_belongs_to_one_template(client: Sender9, world: World, person: Person) -> None:
    notifications = client.client.notifications
    alias = f"greeting-{person.code}"
    template = notifications.create(notification=payload("Hi {{name}}", alias=alias), state="PUBLISHED").id
    with pytest.raises(courier.ConflictError):
        notifications.create(notification=payload("Other", alias=alias))
    for name in (alias, template):
        message_id = client.send({"to": {"email": person.email}, "template": name, "data": {"name": "Ada"}})
        details = world.settled(message_id)
        assert (details["status"], details["notification"]) == ("SENT", template)
    mails = world.mail.arrived(person.email, 2)
    assert {mail.subject for mail in mails} == {"Hi Ada"}
    assert "Hello Ada" in mails[0].part("plain")


def test_only_what_is_published_is_sent(client: Sender9, world: World, person: Person) -> None:
    template = client.client.notifications.create(notification=payload("Draft")).id
    details = world.settled(client.send({"to": {"email": person.email}, "template": template}))
    assert (details["status"], details["reason"]) == ("UNROUTABLE", "UNPUBLISHED")
    unknown = world.settled(client.send({"to": {"email": person.email}, "template": f"no-{person.code}"}))
    assert unknown["status"] == "UNMAPPED"


def test_lists_are_filtered_by_tags(client: Sender9, person: Person) -> None:
    notifications = client.client.notifications
    tags = [f"a-{person.code}", f"b-{person.code}"]
    both = notifications.create(notification=payload("One", tags=tags)).id
    one = notifications.create(notification=payload("Two", tags=tags[:1])).id
    assert {found.id for found in notifications.list(tags=tags[0].upper()).results} == {both, one}
    assert [found.id for found in notifications.list(tags=",".join(tags)).results] == [both]


def test_an_archived_template_is_gone(client: Sender9, world: World, person: Person) -> None:
    notifications = client.client.notifications
    template = notifications.create(notification=payload("One"), state="PUBLISHED").id
    notifications.archive(template)
    assert template not in [found.id for found in notifications.list().results]
    details = world.settled(client.send({"to": {"email": person.email}, "template": template}))
    assert details["status"] == "UNMAPPED"


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"name": None}, "name"),
        ({"content": None}, "content"),
        ({"routing": {"strategy_id": "rs_nobody"}}, "rs_nobody"),
        ({"brand": {"id": "no-such-brand"}}, "no-such-brand"),
        ({"subscription": {"topic_id": "no-such-topic"}}, "no-such-topic"),
        ({"alias": "tenant/x"}, "alias"),
        ({"colour": "green"}, "colour"),
        ({"content": {"version": "2022-01-01", "elements": [{"type": "sculpture"}]}}, "elements.0.type"),
        ({"content": {"version": "2022-01-01", "elements": [{"type": "meta", "title": "Loose"}]}}, "channel"),
    ],
)
def test_a_template_that_is_not_one_is_refused(client: Sender9, broken: dict[str, Any], named: str) -> None:
    with pytest.raises(courier.BadRequestError) as refused:
        client.client.notifications.create(notification=payload("Broken", **broken))
    assert named in str(refused.value.body)
