"""Sockets of the in-app feed, spoken by hand: what an address carries stays out of the log."""

import json
import os
import socket
from collections.abc import Iterator

import pytest

from harness import World, eventually
from people import Person

UPGRADE = (
    "GET {target} HTTP/1.1\r\nHost: tidings\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGlkaW5ncy1zdWl0ZS0xMg==\r\n\r\n"
)


@pytest.fixture
def telling_world() -> Iterator[World]:
    """A world whose server logs everything it can."""
    with World(TIDINGS_LOG="trace") as up:
        yield up


def connect(world: World, target: str) -> tuple[socket.socket, int]:
    """Asks for a socket; the status of the answer."""
    stream = socket.create_connection(("127.0.0.1", world.server.port), timeout=10)
    stream.sendall(UPGRADE.format(target=target).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += stream.recv(1)
    return stream, int(head.split()[1])


def say(stream: socket.socket, frame: dict[str, object]) -> None:
    """A short text frame, masked as clients must."""
    text = json.dumps(frame).encode()
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(text))
    length = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0x80 | 126]) + len(text).to_bytes(2, "big")
    stream.sendall(b"\x81" + length + mask + masked)


def hear(stream: socket.socket) -> dict[str, object]:
    """The next text frame."""
    head = read(stream, 2)
    length = head[1] if head[1] < 126 else int.from_bytes(read(stream, 2), "big")
    frame: dict[str, object] = json.loads(read(stream, length))
    return frame


def read(stream: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += stream.recv(count - len(data))
    return data


def test_credentials_in_addresses_are_in_no_log(telling_world: World, person: Person) -> None:
    world = telling_world
    scope = f"user_id:{person.user_id} inbox:read:messages"
    token = str(world.api.post("/auth/issue-token", {"scope": scope, "expires_in": "1 hour"})["token"])
    stream, status = connect(world, f"/?auth={token}&cid=c1&iwpv=v1&userId={person.user_id}")
    assert status == 101
    say(stream, {"tid": "s", "action": "subscribe", "data": {"channel": person.user_id, "event": "*"}})
    assert hear(stream) == {"tid": "s", "response": "ack"}
    message = {
        "to": {"user_id": person.user_id},
        "content": {"title": "Hi", "body": "There"},
        "routing": {"method": "single", "channels": ["inbox"]},
    }
    sent = world.api.post("/send", {"message": message})["requestId"]
    assert hear(stream)["messageId"] == sent
    forged = token[:-4] + "AAAA"
    for refused in [f"/?auth={forged}&iwpv=v1", "/?clientKey=c2VjcmV0LWNsaWVudC1rZXk=", f"/nowhere?auth={forged}"]:
        assert connect(world, refused)[1] == 401
    stream.close()
    eventually(lambda: world.server.log.stat().st_size > 0, what="a log")
    log = world.server.log.read_text(errors="replace")
    assert "tidings" in log, "it logs at all"
    for secret in [token, forged, token.split(".")[2], "c2VjcmV0LWNsaWVudC1rZXk"]:
        assert secret not in log


def test_the_end_asks_web_clients_to_come_back(own_world: World, person: Person) -> None:
    refused = connect(own_world, f"/?auth={own_world.key}&cid=c1&iwpv=v1&userId={person.user_id}")[1]
    assert refused == 403, "an API key has no business in an address"
    scope = f"user_id:{person.user_id} inbox:read:messages"
    token = own_world.api.post("/auth/issue-token", {"scope": scope})["token"]
    stream, status = connect(own_world, f"/?auth={token}&cid=c1&iwpv=v1&userId={person.user_id}")
    assert status == 101
    say(stream, {"tid": "s", "action": "subscribe", "data": {"channel": person.user_id, "event": "*"}})
    assert hear(stream) == {"tid": "s", "response": "ack"}
    own_world.server.stop()
    frame = hear(stream)
    assert frame["event"] == "reconnect"
    assert isinstance(frame["retryAfter"], int) and frame["retryAfter"] >= 1


def test_more_sockets_than_the_process_may_have_are_refused_and_the_rest_goes_on(person: Person) -> None:
    with World(descriptors=400) as world:
        scope = f"user_id:{person.user_id} inbox:read:messages"
        token = world.api.post("/auth/issue-token", {"scope": scope, "expires_in": "1 hour"})["token"]
        target = f"/?auth={token}&cid=c1&iwpv=v1&userId={person.user_id}"
        streams: list[socket.socket] = []
        try:
            for _ in range(400):
                stream, status = connect(world, target)
                streams.append(stream)
                if status != 101:
                    break
            assert status == 503, f"{len(streams)} sockets, and the last answer was {status}"
            assert 200 <= len(streams) - 1 <= 360
            message = {"to": {"email": person.email}, "content": {"title": "Hi", "body": "There"}}
            sent = world.api.post("/send", {"message": message})["requestId"]
            assert world.settled(sent)["status"] == "SENT", "mail leaves all the same"
            streams.pop().close()
            streams.pop().close()

            def there_is_room() -> bool:
                stream, status = connect(world, target)
                streams.append(stream)
                return status == 101

            eventually(there_is_room, what="a socket in the place of one that went")
        finally:
            for stream in streams:
                stream.close()
