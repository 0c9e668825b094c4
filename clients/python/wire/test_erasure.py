"""A person who is erased stands nowhere in the database."""

import sqlite3
from contextlib import closing
from typing import Any

from harness import World
from harness.api import Api
from harness.poll import eventually

WHO = "unmistakable-ada"
ADDRESS = "ada.unmistakable@example.org"
PHONE = "+15005550177"
SECRET = "unmistakable-secret"
TRACES = (WHO, ADDRESS, PHONE, SECRET)

CONTENT = {"title": "Hello {{name}}", "body": "It is {{secret}}."}


def test_nothing_of_an_erased_person_is_left(own_world: World) -> None:
    api = own_world.api
    make_known(api)
    sent = [send(api, {"user_id": WHO}), send(api, {"user_id": WHO, "email": ADDRESS})]
    waiting = send(api, {"user_id": WHO}, delay={"duration": 3_600_000})
    send(api, [{"user_id": WHO}, {"user_id": "somebody-else", "email": "else@example.org"}])
    send(api, {"list_id": "news"}, data={"name": "all", "secret": "nothing"})
    send_in_bulk(api)
    eventually(lambda: len(of(api, WHO)) == 6, within=20, what="six messages")
    for message_id in sent:
        assert own_world.settled(message_id)["status"] == "SENT"
    assert len(traces(own_world)) > 5, "the search finds what is there"

    answer = api.call("DELETE", f"/users/{WHO}")
    assert answer.status == 202
    pseudonym = answer.json["pseudonym"]
    eventually(lambda: not of(api, WHO), within=20, what="messages without a name")

    canceled: dict[str, Any] = api.get(f"/messages/{waiting}")
    assert (canceled["status"], canceled["recipient"]) == ("CANCELED", pseudonym)
    assert api.get(f"/messages/{sent[0]}")["status"] == "SENT"
    assert len(of(api, "somebody-else")) == 3
    ledger = api.get(f"/users/{pseudonym}/consents")["results"]
    assert [line["action"] for line in ledger] == ["granted", "erased"]
    events = api.get("/audit-events")["results"]
    assert "users:erase" in [event["type"] for event in events]
    own_world.server.stop()
    assert traces(own_world) == set()


def make_known(api: Api) -> None:
    profile = {"email": ADDRESS, "phone_number": PHONE, "name": SECRET}
    api.post(f"/profiles/{WHO}", {"profile": profile})
    put(api, f"/users/{WHO}/tokens/unmistakable-token", {"provider_key": "firebase-fcm"})
    put(api, "/tenants/acme", {"name": "Acme"})
    put(api, f"/users/{WHO}/tenants/acme", {"profile": {"name": SECRET}})
    put(api, "/lists/news", {"name": "News"})
    for user in (WHO, "somebody-else"):
        put(api, f"/lists/news/subscriptions/{user}", {})
    put(api, "/audiences/all", {"filter": {"operator": "NEQ", "path": "email", "value": "nobody"}})
    put(api, "/settings/compliance", {"postal_address": "Acme Inc., 1 Main Street"})
    section = api.post("/preferences/sections", {"name": "Mail"})["id"]
    topic = {"name": "Offers", "default_status": "OPTED_OUT", "classification": "marketing"}
    offers = api.post(f"/preferences/sections/{section}/topics", topic)["id"]
    put(api, f"/users/{WHO}/preferences/{offers}", {"topic": {"status": "OPTED_IN"}})
    track = {"event": "bought", "messageId": "t-1", "type": "track", "userId": WHO, "properties": {"what": SECRET}}
    api.post("/inbound/courier", track)


def put(api: Api, path: str, body: object) -> None:
    reply = api.call("PUT", path, body)
    assert reply.status < 300, f"PUT {path}: {reply.status} {reply.body!r}"


def send(api: Api, to: object, **more: object) -> str:
    message = {
        "to": to,
        "content": CONTENT,
        "routing": {"method": "all", "channels": ["email", "inbox"]},
        "data": {"name": "you", "secret": SECRET if isinstance(to, dict) else "nothing"},
    }
    sent: dict[str, str] = api.post("/send", {"message": message | more})
    return sent["requestId"]


def send_in_bulk(api: Api) -> None:
    job = api.post("/bulk", {"message": {"event": "e", "content": CONTENT}})["jobId"]
    users = [{"to": {"user_id": WHO}, "data": {"secret": SECRET}}, {"to": {"user_id": "somebody-else"}}]
    api.post(f"/bulk/{job}", {"users": users})
    api.post(f"/bulk/{job}/run", {})


def of(api: Api, recipient: str) -> list[dict[str, Any]]:
    listed: dict[str, Any] = api.get(f"/messages?recipient={recipient}")
    found: list[dict[str, Any]] = listed["results"]
    return found


def traces(world: World) -> set[tuple[str, str]]:
    """Which columns name the person."""
    file = next(world.server.data.glob("*.db"))
    found = set()
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
        for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = store.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                found |= {
                    (table, column)
                    for column, value in zip(columns, row, strict=True)
                    if any(trace in str(value) for trace in TRACES)
                }
    return found
