"""Lists, audiences, tenants, bulk jobs, broadcasts, events and the audit trail, as the client spells them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import courier
import pytest

from harness import World, eventually
from people import Person
from senders import Sender9

CONTENT = {"title": "News", "body": "Hello {{name}}"}


def some(word: str) -> str:
    return f"{word}-{uuid4().hex[:10]}"


def expanded(world: World, request_id: str) -> dict[str, object]:
    """The request, once everything in it is expanded."""

    def look() -> dict[str, object] | None:
        request = world.api.get(f"/requests/{request_id}")
        return request if request["status"] == "EXPANDED" else None

    return eventually(look, within=30, what="an expanded request")


def recipients(client: Sender9, request_id: str) -> list[str]:
    return sorted(one.recipient for one in client.client.messages.list(trace_id=request_id).results)


def test_lists(client: Sender9, world: World) -> None:
    lists, name = client.client.lists, some("news")
    lists.update(name, name="News")
    assert lists.retrieve(name).name == "News"
    lists.subscriptions.subscribe(name, recipients=[{"recipient_id": "a"}, {"recipient_id": "b"}])
    lists.subscriptions.add(name, recipients=[{"recipient_id": "c"}])
    lists.subscriptions.subscribe_user("d", list_id=name)
    lists.subscriptions.unsubscribe_user("a", list_id=name)
    assert [one.recipient_id for one in lists.subscriptions.list(name).items] == ["b", "c", "d"]
    sent = client.client.send.message(message={"to": {"list_id": name}, "content": CONTENT}).request_id
    assert expanded(world, sent)["messages"] == 3
    assert recipients(client, sent) == ["b", "c", "d"]
    lists.delete(name)
    with pytest.raises(courier.NotFoundError):
        lists.retrieve(name)
    lists.restore(name)
    assert [one.id for one in lists.list(pattern=name).items] == [name]


def test_patterns_reach_everybody_once(client: Sender9, world: World) -> None:
    root, lists = some("orders"), client.client.lists
    lists.subscriptions.subscribe(f"{root}.eu", recipients=[{"recipient_id": "a"}, {"recipient_id": "b"}])
    lists.subscriptions.subscribe(f"{root}.us", recipients=[{"recipient_id": "b"}, {"recipient_id": "c"}])
    sent = client.client.send.message(message={"to": {"list_pattern": f"{root}.*"}, "content": CONTENT}).request_id
    expanded(world, sent)
    assert recipients(client, sent) == ["a", "b", "c"]
    with pytest.raises(courier.BadRequestError):
        client.client.send.message(message={"to": {"list_pattern": "**"}, "content": CONTENT})


def test_what_is_said_of_a_list_counts_for_it(client: Sender9, world: World, person: Person) -> None:
    sections, lists, name = client.client.workspace_preferences, client.client.lists, some("news")
    section = sections.create(name="News", has_custom_routing=False, routing_options=["email"]).id
    topic = sections.topics.create(section, name="News", default_status="OPTED_IN").id
    out: Any = {"categories": {topic: {"status": "OPTED_OUT"}}, "notifications": {}}
    lists.subscriptions.add(name, recipients=[{"recipient_id": person.user_id}])
    lists.subscriptions.subscribe_user(f"{person.user_id}-out", list_id=name, preferences=out)
    kept = lists.subscriptions.list(name).items
    assert [bool(one.preferences) for one in kept] == [False, True]
    for user in (person.user_id, f"{person.user_id}-out"):
        client.client.profiles.replace(user, profile={"email": f"{user}@people.test"})
    message: Any = {"to": {"list_id": name}, "content": CONTENT, "preferences": {"subscription_topic_id": topic}}
    sent = client.send(message)
    expanded(world, sent)
    assert world.settled(f"{sent}:{person.user_id}")["status"] == "SENT"
    out_of_it = world.settled(f"{sent}:{person.user_id}-out")
    assert (out_of_it["status"], out_of_it["reason"]) == ("UNDELIVERABLE", "UNSUBSCRIBED")
    sections.topics.archive(topic, section_id=section)
    sections.archive(section)


def test_a_dry_run_tells_how_many(client: Sender9, world: World) -> None:
    name = some("news")
    client.client.lists.subscriptions.subscribe(name, recipients=[{"recipient_id": f"u{n}"} for n in range(7)])
    told = world.api.post("/send?dry_run=true", {"message": {"to": {"list_id": name}, "content": CONTENT}})
    crowd = told["results"][0]
    assert (crowd["people"], crowd["more"], len(crowd["sample"])) == (7, False, 5)


def test_lists_of_a_person(client: Sender9) -> None:
    of, user, name = client.client.profiles.lists, some("user"), some("list")
    assert of.subscribe(user, lists=[{"list_id": name}]).status == "SUCCESS"
    assert [one.id for one in of.retrieve(user).results] == [name]
    assert of.delete(user).status == "SUCCESS"
    assert of.retrieve(user).results == []


def test_audiences(client: Sender9, world: World) -> None:
    audiences, name, title = client.client.audiences, some("audience"), some("title")
    for user in ("a", "b"):
        client.client.profiles.replace(f"{name}-{user}", profile={"title": title})
    leaf = {"operator": "EQ", "path": "title", "value": title}
    made = audiences.update(name, name="Some", filter={"operator": "AND", "filters": [leaf]})
    assert (made.audience.id, made.audience.name) == (name, "Some")
    members = lambda: audiences.list_members(name).items  # noqa: E731
    eventually(lambda: len(members()) == 2, within=30, what="two members")
    client.client.profiles.replace(f"{name}-c", profile={"title": title})
    assert [one.member_id for one in members()] == [f"{name}-{user}" for user in ("a", "b", "c")]
    assert members()[0].reason == f"EQ('title', '{title}') => true"
    sent = client.client.send.message(message={"to": {"audience_id": name}, "content": CONTENT}).request_id
    assert expanded(world, sent)["messages"] == 3
    assert name in [one.id for one in audiences.list().items]
    assert audiences.retrieve(name).name == "Some"
    audiences.delete(name)
    with pytest.raises(courier.NotFoundError):
        audiences.retrieve(name)


def test_an_audience_of_groups_within_groups(client: Sender9) -> None:
    audiences, name, plan = client.client.audiences, some("audience"), some("plan")
    people = {"a": {"plan": plan, "age": "41"}, "b": {"plan": plan, "age": 17}, "c": {"plan": plan, "tags": ["vip"]}}
    for user, profile in people.items():
        client.client.profiles.replace(f"{name}-{user}", profile=profile)
    grown: Any = {"operator": "GTE", "path": "age", "value": "18"}
    vip: Any = {"operator": "INCLUDES", "path": "tags", "value": "vip"}
    either: Any = {"operator": "OR", "filters": [grown, vip]}
    ours: Any = {"operator": "EQ", "path": "plan", "value": plan}
    audiences.update(name, filter={"operator": "AND", "filters": [ours, either]})
    members = lambda: {one.member_id[-1]: one.audience_version for one in audiences.list_members(name).items}  # noqa: E731
    eventually(lambda: members() == {"a": 1, "c": 1}, within=30, what="those who are grown or known")
    audiences.update(name, filter={"operator": "AND", "filters": [ours, grown]})
    eventually(lambda: members() == {"a": 2}, within=30, what="those who are grown")


def test_what_holds_within_a_tenant(client: Sender9, world: World, person: Person) -> None:
    tenants, group, acme = client.client.tenants, some("group"), some("acme")
    tenants.update(group, name="Group", properties={"site": "group.example", "tone": "warm"})
    tenants.update(acme, name="Acme", parent_tenant_id=group, properties={"site": "acme.example"})
    client.client.profiles.replace(person.user_id, profile={"email": person.email, "role": "guest"})
    client.client.users.tenants.add_single(acme, user_id=person.user_id, profile={"role": "admin"})
    body = "{{profile.role}} of {{tenant.name}} at {{tenant.site}}, {{tenant.tone}}"
    message: Any = {"to": {"tenant_id": acme}, "content": {"title": "Hello", "body": body}}
    sent = client.send(message)
    expanded(world, sent)
    assert "admin of Acme at acme.example, warm" in world.mail.arrived(person.email)[0].part("plain")


def test_tenants(client: Sender9, world: World) -> None:
    tenants, of_user = client.client.tenants, client.client.users.tenants
    group, acme, user = some("group"), some("acme"), some("user")
    tenants.update(group, name="Group", properties={"site": "group.example"})
    assert tenants.update(acme, name="Acme", parent_tenant_id=group).parent_tenant_id == group
    with pytest.raises(courier.BadRequestError):
        tenants.update(group, name="Group", parent_tenant_id=acme)
    tenants.preferences.items.update("news", tenant_id=acme, status="OPTED_OUT")
    assert tenants.retrieve(acme).default_preferences.items[0].id == "news"
    tenants.preferences.items.delete("news", tenant_id=acme)
    of_user.add_single(acme, user_id=user, profile={"role": "admin"})
    of_user.add_multiple(some("user"), tenants=[{"tenant_id": acme}, {"tenant_id": group}])
    assert [one.tenant_id for one in of_user.list(user).items] == [acme]
    assert len(tenants.list_users(acme).items) == 2
    assert [one.id for one in tenants.list(parent_tenant_id=group).items] == [acme]
    to = {"tenant_id": group, "include_children": True}
    sent = client.client.send.message(message={"to": to, "content": CONTENT}).request_id
    assert expanded(world, sent)["messages"] == 2
    of_user.remove_single(acme, user_id=user)
    of_user.remove_all(user)
    tenants.delete(acme)
    with pytest.raises(courier.NotFoundError):
        tenants.retrieve(acme)


def test_bulk_jobs(client: Sender9) -> None:
    bulk = client.client.bulk
    job = bulk.create_job(message={"event": some("event"), "data": {"name": "all"}}).job_id
    bulk.add_users(job, users=[{"recipient": "a"}, {"recipient": "b", "data": {"name": "b"}}, {"recipient": "a"}])
    assert bulk.retrieve_job(job).job.status == "CREATED"
    bulk.run_job(job)
    done = lambda: bulk.retrieve_job(job).job  # noqa: E731
    eventually(lambda: done().status == "COMPLETED", within=30, what="a completed job")
    assert (done().received, done().enqueued, done().failures) == (2, 2, 0)
    users = bulk.list_users(job).items
    assert [one.status for one in users] == ["ENQUEUED", "ENQUEUED"]
    assert client.client.messages.retrieve(users[0].message_id).recipient == "a"
    with pytest.raises(courier.ConflictError):
        bulk.run_job(job)


def test_a_bulk_job_of_the_other_form_tells_whom_it_refuses(client: Sender9, person: Person) -> None:
    bulk = client.client.bulk
    inner = {"content": {"title": "Hi {{name}}", "body": "Hello"}, "data": {"name": "all"}}
    job = bulk.create_job(message={"event": "unused", "message": inner}).job_id  # type: ignore[typeddict-unknown-key]
    users: Any = [
        {"profile": {"email": person.email}, "recipient": person.user_id, "data": {"name": "Ada"}},
        {"recipient": person.user_id},
        {},
        {"to": {"list_id": "anybody"}},
        {"recipient": 5},
    ]
    # The client does not read the answer; it is there for those who look.
    answer = bulk.with_raw_response.add_users(job, users=users).http_response.json()
    assert answer["total"] == 1
    told = [one["error"] for one in answer["errors"]]
    assert len(told) == 4 and "Duplicate user" in told, told
    bulk.run_job(job)
    done = lambda: bulk.retrieve_job(job).job.status == "COMPLETED"  # noqa: E731
    eventually(done, within=30, what="a completed job")


def test_a_broadcast_goes_to_an_audience_when_its_hour_comes(client: Sender9, world: World, person: Person) -> None:
    broadcasts, name = client.client.broadcasts, some("audience")
    client.client.profiles.replace(person.user_id, profile={"email": person.email, "code": person.code})
    client.client.audiences.update(name, filter={"operator": "EQ", "path": "code", "value": person.code})
    eventually(lambda: client.client.audiences.list_members(name).items, within=30, what="a member")
    made = broadcasts.create(name="Hourly", channel="email")
    elements: Any = [
        {
            "type": "channel",
            "channel": "email",
            "elements": [{"type": "meta", "title": "It is time"}, {"type": "text", "content": "Hello"}],
        }
    ]
    broadcasts.put_content(made.id, content={"version": "2022-01-01", "elements": elements})
    soon = datetime.now(ZoneInfo("Asia/Tokyo")) + timedelta(seconds=3)
    broadcasts.schedule(
        made.id,
        recipient_id=name,
        recipient_type="audience",
        scheduled_to=soon.strftime("%Y-%m-%dT%H:%M:%S"),
        timezone="Asia/Tokyo",
    )
    assert broadcasts.retrieve(made.id).status == "scheduled"
    assert world.mail.arrived(person.email)[0].subject == "It is time"
    eventually(lambda: broadcasts.retrieve(made.id).status == "sent", within=30, what="a sent broadcast")


def test_broadcasts(client: Sender9, world: World) -> None:
    broadcasts, name = client.client.broadcasts, some("news")
    client.client.lists.subscriptions.subscribe(name, recipients=[{"recipient_id": "a"}])
    made = broadcasts.create(name="News", channel="email")
    text = {"type": "text", "content": "Hello"}
    elements = [{"type": "channel", "channel": "email", "elements": [text]}]
    broadcasts.put_content(made.id, content={"version": "2022-01-01", "elements": elements})
    assert broadcasts.retrieve_content(made.id).elements[0].type == "channel"
    assert broadcasts.update(made.id, name="Better").name == "Better"
    to = {"recipient_id": name, "recipient_type": "list"}
    far = broadcasts.schedule(made.id, **to, scheduled_to="2999-01-01T09:00:00", timezone="Europe/Berlin")
    assert far.status == "scheduled"
    assert broadcasts.cancel(made.id).status == "draft"
    broadcasts.send(made.id, **to)
    eventually(lambda: broadcasts.retrieve(made.id).status == "sent", within=30, what="a sent broadcast")
    sent = world.api.get(f"/broadcasts/{made.id}")["request_id"]
    assert world.api.get(f"/requests/{sent}")["messages"] == 1
    assert client.client.messages.list(notification=made.id).results[0].notification == made.id
    said = lambda version: broadcasts.retrieve_content(made.id, version=version).elements[0].type  # noqa: E731
    assert [said(version) for version in ("draft", "published", "v001")] == ["channel"] * 3
    with pytest.raises(courier.NotFoundError):
        said("v002")
    assert made.created_by.startswith("key_")
    copy = broadcasts.duplicate(made.id)
    assert (copy.name, copy.status) == ("Better (copy)", "draft")
    assert copy.id in [one.id for one in broadcasts.list().results]
    assert broadcasts.archive(copy.id).archived_at
    with pytest.raises(courier.NotFoundError):
        broadcasts.retrieve(copy.id)


def test_events_and_the_audit_trail(client: Sender9) -> None:
    event = {"event": "signed up", "message_id": some("m"), "type": "track", "properties": {}, "user_id": "a"}
    assert client.client.inbound.track_event(**event).message_id == event["message_id"]
    with pytest.raises(courier.ConflictError):
        client.client.inbound.track_event(**event)
    name = some("brand")
    colors = {"primary": "#2456d6", "secondary": "#1f2937"}
    brand = client.client.brands.create(name=name, settings={"colors": colors})
    latest = client.client.audit_events.list().results
    made = next(one for one in latest if one.type == "brands:create")
    assert client.client.audit_events.retrieve(made.audit_event_id).target == "/brands"
    assert brand.id
