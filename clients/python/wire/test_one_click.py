"""One-click unsubscribing (RFC 8058) with the mail in hand: taken from the mail server as its reader's program gets it."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import dkim
import pytest

from harness import Mail, World
from people import Person

ONE_CLICK = "List-Unsubscribe=One-Click"
# What section 4 of RFC 8058 asks a signature to cover, beside what signatures of mail usually cover.
SIGNED = [b"from", b"to", b"subject", b"date", b"message-id", b"list-unsubscribe", b"list-unsubscribe-post"]
KINDS = ["product", "marketing"]


@dataclass(frozen=True)
class Topics:
    """A world with a topic of each kind that people may leave, and one that they may not."""

    world: World
    ids: dict[str, str]

    def send(self, kind: str, person: Person) -> str:
        """Sends one mail about a topic; returns its message's id."""
        message = {
            "to": {"user_id": person.user_id, "email": person.email},
            "content": {
                "title": "What is new – für dich",
                "body": "Something is.\n\n[Unsubscribe]({$.urls.unsubscribe})\n\nTidings, 1 Quay Street, Bristol",
            },
            "routing": {"method": "single", "channels": ["email"]},
            "preferences": {"subscription_topic_id": self.ids[kind]},
        }
        return str(self.world.api.post("/send", {"message": message})["requestId"])

    def said(self, kind: str, person: Person) -> None:
        """Opts in, as marketing asks for."""
        path = f"/users/{person.user_id}/preferences/{self.ids[kind]}"
        assert self.world.api.call("PUT", path, {"topic": {"status": "OPTED_IN"}}).status == 200

    def log(self, person: Person) -> list[dict[str, Any]]:
        """What the person changed, newest first."""
        lines: list[dict[str, Any]] = self.world.api.get(f"/preferences/logs?user_id={person.user_id}")["items"]
        return lines


@pytest.fixture(scope="module")
def topics() -> Iterator[Topics]:
    with World() as world:
        address = {"postal_address": "Tidings, 1 Quay Street, Bristol"}
        assert world.api.call("PUT", "/settings/compliance", address).status == 200
        section = world.api.post("/preferences/sections", {"name": "News"})["id"]
        path = f"/preferences/sections/{section}/topics"
        wishes = {
            "product": {"include_unsubscribe_header": True},
            "marketing": {},
            "transactional": {},
        }
        ids = {
            kind: world.api.post(path, {"name": kind, "default_status": "OPTED_IN", "classification": kind} | more)["id"]
            for kind, more in wishes.items()
        }
        yield Topics(world, ids)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Callable[..., bytes]]:
    """A private key of a mail server's domain, and what the domain's name server says of it."""
    pem = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", pem, "2048"], check=True, capture_output=True)
    public = subprocess.run(["openssl", "rsa", "-in", pem, "-pubout"], check=True, capture_output=True).stdout
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])

    def ask(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"mail._domainkey.tidings.test.", name
        return record

    return pem.read_bytes(), ask


def link(mail: Mail) -> str:
    """Where the reader's program posts to."""
    assert mail.message.get_all("List-Unsubscribe-Post") == [ONE_CLICK]
    (header,) = mail.message.get_all("List-Unsubscribe", [])
    assert header.startswith("<") and header.endswith(">"), header
    return str(header[1:-1])


def ask(url: str, method: str = "GET", body: bytes | None = None) -> int:
    """One request by exactly this URL; the status of the answer."""
    try:
        with urlopen(Request(url, body, method=method), timeout=30) as reply:
            return int(reply.status)
    except HTTPError as refused:
        return refused.code


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("canonical", [b"simple", b"relaxed"])
def test_the_headers_can_be_signed_as_they_stand(
    topics: Topics, person: Person, key: tuple[bytes, Callable[..., bytes]], kind: str, canonical: bytes
) -> None:
    private, public = key
    topics.said(kind, person)
    topics.send(kind, person)
    source = topics.world.mail.arrived(person.email)[0].source
    assert max(map(len, source.splitlines())) <= 998, "RFC 5322, section 2.1.1"
    link(topics.world.mail.mails(person.email)[0])

    how = (canonical, canonical)
    signature = dkim.sign(source, b"mail", b"tidings.test", private, canonicalize=how, include_headers=SIGNED)
    covered = signature.replace(b"\r\n ", b"").split(b"h=")[1].split(b";")[0].replace(b" ", b"").split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post"} <= {name.lower() for name in covered}
    assert dkim.verify(signature + source, dnsfunc=public)
    head, body = source.split(b"\n\n", 1)
    for told, forged in [(b"/u/", b"/v/"), (b"=One-Click", b"=Two-Click")]:
        assert told in head
        changed = head.replace(told, forged) + b"\n\n" + body
        assert not dkim.verify(signature + changed, dnsfunc=public), f"{told!r} is covered"


@pytest.mark.parametrize("kind", KINDS)
def test_the_button_of_a_mail_program_stops_the_next_mail(topics: Topics, person: Person, kind: str) -> None:
    topics.said(kind, person)
    first = topics.send(kind, person)
    url = link(topics.world.mail.arrived(person.email)[0])
    before = topics.log(person)

    for method in ["GET", "HEAD", "OPTIONS"]:
        ask(url, method)
    assert topics.log(person) == before, "looking changes nothing"
    topics.send(kind, person)
    topics.world.mail.arrived(person.email, 2)

    assert ask(url, "POST", ONE_CLICK.encode()) == 200
    stopped = topics.world.settled(topics.send(kind, person))
    assert (stopped["status"], stopped["reason"]) == ("UNDELIVERABLE", "UNSUBSCRIBED")
    topics.world.mail.arrived(person.email, 2)
    newest, *older = topics.log(person)
    assert older == before
    assert (newest["source"], newest["status"], newest["message_id"]) == ("one-click", "OPTED_OUT", first)
    assert newest["topic_id"] == topics.ids[kind]

    assert ask(url, "POST", ONE_CLICK.encode()) == 200, "pressed again it answers the same"
    assert topics.world.settled(topics.send(kind, person))["reason"] == "UNSUBSCRIBED"


def test_a_forged_link_stops_nothing(topics: Topics, person: Person) -> None:
    topics.send("product", person)
    url = link(topics.world.mail.arrived(person.email)[0])
    assert ask(url[:-2] + ("AA" if url[-2:] != "AA" else "BB"), "POST", ONE_CLICK.encode()) == 404
    topics.send("product", person)
    topics.world.mail.arrived(person.email, 2)
    assert topics.log(person) == []


def test_what_nobody_may_leave_offers_no_button(topics: Topics, person: Person) -> None:
    topics.send("transactional", person)
    message = topics.world.mail.arrived(person.email)[0].message
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None
