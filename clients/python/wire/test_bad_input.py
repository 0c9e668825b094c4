"""Bad input gets a JSON error that names the field, and leaves nothing behind."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from harness import Reply, World

CONTENT = {"title": "Hi", "body": "Hello"}
ADA = {"email": "ada@people.test"}


@pytest.fixture(scope="module")
def empty_world() -> Iterator[World]:
    """A world in which nothing but bad input arrives."""
    with World() as up:
        yield up


@pytest.fixture(autouse=True)
def nothing_stored(empty_world: World) -> Iterator[None]:
    before = empty_world.api.get("/messages")["results"]
    yield
    assert empty_world.api.get("/messages")["results"] == before


def refused(reply: Reply, status: int, named: str) -> None:
    assert reply.status == status, f"{reply.status} {reply.body[:300]!r}"
    assert reply.headers["content-type"].startswith("application/json")
    assert reply.json["type"]
    assert named in reply.json["message"], reply.json


def body(**message: Any) -> dict[str, Any]:
    return {"message": {"to": ADA, "content": CONTENT} | message}


@pytest.mark.parametrize(
    "raw", [b"{", b"", b"null", b"[]", b'"text"', b"\xff\xfe", b'{"message": {"to": }}', b"{" * 5000]
)
def test_what_is_not_json(empty_world: World, raw: bytes) -> None:
    refused(empty_world.api.call("POST", "/send", raw), 400, "")


@pytest.mark.parametrize("to", [None, "ada@people.test", {}, [], 7, True, [None], ["ada@people.test"], [{}]])
def test_to_is_not_a_recipient(empty_world: World, to: Any) -> None:
    refused(empty_world.api.call("POST", "/send", body(to=to)), 400, "to")


def test_to_is_missing(empty_world: World) -> None:
    refused(empty_world.api.call("POST", "/send", {"message": {"content": CONTENT}}), 400, "to")


def test_too_many_recipients(empty_world: World) -> None:
    to = [{"email": f"{n}@people.test"} for n in range(501)]
    refused(empty_world.api.call("POST", "/send", body(to=to)), 400, "message.to has 501 recipients. Max is 500")


def test_a_body_that_is_too_large(empty_world: World) -> None:
    reply = empty_world.api.call("POST", "/send", body(data={"blob": "x" * 34_000_000}))
    refused(reply, 413, "Max is 33554432 bytes")
    reply = empty_world.api.call("PUT", "/profiles/ada", {"profile": {"blob": "x" * 2_000_000}})
    refused(reply, 413, "Max is 1048576 bytes")
    many = {"recipients": [{"recipientId": f"person {n:06} of very many"} for n in range(400_000)]}
    reply = empty_world.api.call("PUT", "/lists/crowd/subscriptions", many)
    refused(reply, 413, "Max is 16777216 bytes")


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ({"content": None}, "content"),
        ({"content": "Hello"}, "content"),
        ({"content": {"title": "Hi"}}, "body"),
        ({"content": {"title": 7, "body": "Hello"}}, "title"),
        ({"content": {"title": "Hi\r\nBcc: x@people.test", "body": "Hello"}}, "title"),
        ({"content": {"version": "2022-01-01", "elements": [{"type": "sculpture"}]}}, "elements.0.type"),
        ({"content": {"version": "2022-01-01", "elements": "text"}}, "elements"),
        ({"data": "text"}, "data"),
        ({"data": [1]}, "data"),
        ({"routing": "email"}, "routing"),
        ({"routing": {"method": "some", "channels": ["email"]}}, "method"),
        ({"routing": {"method": "single", "channels": "email"}}, "channels"),
        ({"routing": {"method": "single", "channels": [7]}}, "channels"),
        ({"metadata": {"tags": [str(n) for n in range(10)]}}, "tags"),
        ({"metadata": {"tags": ["t" * 31]}}, "tags"),
        ({"metadata": {"tags": "one"}}, "tags"),
        ({"template": 7, "content": None}, "template"),
        ({"delay": {"until": "some day"}}, "until"),
        ({"delay": {"duration": "long"}}, "duration"),
        ({"timeout": {"message": "long"}}, "timeout"),
        ({"to": {"user_id": 7}}, "user_id"),
        ({"to": {"user_id": "ada\u0000"}}, "user_id"),
        ({"to": {"email": 7}}, "email"),
        ({"to": [ADA, {"phone_number": {"a": 1}}]}, "phone_number"),
    ],
)
def test_a_field_is_wrong(empty_world: World, message: dict[str, Any], named: str) -> None:
    refused(empty_world.api.call("POST", "/send", body(**message)), 400, named)


@pytest.mark.parametrize("cursor", ["nonsense", "%00", "e30=", "a" * 5000])
@pytest.mark.parametrize("path", ["/messages", "/brands", "/notifications", "/providers", "/routing-strategies"])
def test_a_cursor_that_is_none(empty_world: World, path: str, cursor: str) -> None:
    refused(empty_world.api.call("GET", f"{path}?cursor={cursor}"), 400, "cursor")


@pytest.mark.parametrize("user_id", ["ada%00", "ada%0A", "ada%1b"])
def test_control_characters_in_an_id(empty_world: World, user_id: str) -> None:
    reply = empty_world.api.call("PUT", f"/profiles/{user_id}", {"profile": {"email": "ada@people.test"}})
    refused(reply, 400, "user_id")


@pytest.mark.parametrize("bad", [{}, {"profile": None}, {"profile": "text"}, {"profile": []}])
def test_a_profile_that_is_none(empty_world: World, bad: Any) -> None:
    refused(empty_world.api.call("POST", "/profiles/ada", bad), 400, "profile")
    assert empty_world.api.call("GET", "/profiles/ada").status == 404


@pytest.mark.parametrize(
    ("scope", "expires_in", "named"),
    [
        ("user_id:ada", "2 hours", "scope"),
        ("read:everything user_id:ada", "2 hours", "read:everything"),
        ("read:messages", "7", "expires_in"),
        ("read:messages", "soon", "expires_in"),
        (None, "2 hours", "scope"),
    ],
)
def test_a_token_nobody_can_have(empty_world: World, scope: Any, expires_in: str, named: str) -> None:
    reply = empty_world.api.call("POST", "/auth/issue-token", {"scope": scope, "expires_in": expires_in})
    refused(reply, 400, named)


def test_an_address_that_cannot_be_one_is_not_an_error(empty_world: World) -> None:
    """The send is accepted, so this one cleans up after itself by using the other environment."""
    key = empty_world.server.create_key("test")
    api = type(empty_world.api)(empty_world.url, key)
    request = body(to={"email": "not an address"}, routing={"method": "single", "channels": ["email"]})
    assert "requestId" in json.loads(api.call("POST", "/send", request).body)
