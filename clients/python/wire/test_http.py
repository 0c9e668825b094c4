"""The manners of the HTTP interface, as no client library shows them."""

import pytest

from harness import Api, World
from people import Person

SEND = {"to": {"email": "ada@people.test"}, "content": {"title": "Hi", "body": "Hello"}}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/no-such-thing", 404),
        ("GET", "/journeys", 404),
        ("DELETE", "/send", 405),
        ("PATCH", "/messages", 405),
        ("GET", "/messages/1-00000000-000000000000000000000000/history", 404),
        ("GET", "/messages/1-00000000-000000000000000000000000/trace", 404),
        ("GET", "/brands/nobody", 404),
    ],
)
def test_every_error_is_json(world: World, method: str, path: str, status: int) -> None:
    reply = world.api.call(method, path)
    assert reply.status == status
    assert reply.headers["content-type"].startswith("application/json")
    assert reply.json["type"] and reply.json["message"]


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Bearer nobody", "Basic !!!", "Digest x"])
def test_no_key_no_answer(world: World, authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    for method, path in (("POST", "/send"), ("GET", "/messages"), ("PUT", "/profiles/ada")):
        reply = Api(world.url, None).call(method, path, {"message": SEND}, headers)
        assert (reply.status, reply.json["type"]) == (401, "authentication_error")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json"])
def test_these_need_no_key(world: World, path: str) -> None:
    assert Api(world.url, None).call("GET", path).status == 200


def test_brackets_with_a_json_content_type(world: World, person: Person) -> None:
    form = f"message[to][email]={person.email}&message[content][title]=Hi&message[content][body]=Hello+{{name}}"
    form += "&message[data][name]=Ada"
    reply = world.api.call("POST", "/send", form.encode())
    assert (reply.status, list(reply.json)) == (202, ["requestId"])
    mail = world.mail.arrived(person.email)[0]
    assert "Hello Ada" in mail.part("plain")


def test_a_key_in_use_is_asked_to_wait(world: World, person: Person) -> None:
    """Two requests with the same key, one of them still running: the other hears so, or its reply."""
    headers = {"idempotency-key": person.code}
    message = {"message": SEND | {"to": {"email": person.email}}}
    first = world.api.call("POST", "/send", message, headers)
    second = world.api.call("POST", "/send", message, headers)
    assert (first.status, second.status) == (202, 202)
    assert first.json == second.json
    assert second.headers["idempotency-replayed"] == "true"
    other = world.api.call("POST", "/send", {"message": SEND}, headers)
    assert (other.status, other.headers["x-should-retry"]) == (422, "false")


def test_a_revoked_scope_is_forbidden(world: World, person: Person) -> None:
    issued = world.api.post(
        "/auth/issue-token", {"scope": f"user_id:{person.user_id} read:user-tokens", "expires_in": "1h"}
    )
    browser = Api(world.url, issued["token"])
    assert browser.call("GET", f"/users/{person.user_id}/tokens").status == 200
    assert browser.call("GET", "/users/somebody-else/tokens").status == 403
    assert browser.call("PUT", f"/users/{person.user_id}/tokens/t", {"provider_key": "expo"}).status == 403
    assert browser.call("POST", "/send", {"message": SEND}).status in (401, 403)


def test_a_browser_may_ask(world: World) -> None:
    headers = {"origin": "https://app.example", "access-control-request-method": "PUT"}
    headers["access-control-request-headers"] = "authorization,content-type"
    reply = Api(world.url, None).call("OPTIONS", "/users/ada/preferences/t", None, headers)
    assert reply.status in (200, 204)
    assert reply.headers["access-control-allow-origin"] in ("*", "https://app.example")
    assert "authorization" in reply.headers["access-control-allow-headers"].lower()
