"""One call, one readable mail in a real mail server."""

import html

from harness import World
from people import Person
from senders import Sender

LINK = "https://shop.example/reset?user=7&step=2"


def password_reset(to: dict[str, str], code: str) -> dict[str, object]:
    """The article's message: a title, a body with two values, and the values."""
    return {
        "to": to,
        "content": {"title": "Hi!", "body": "Your reset code is {{code}}. You can also use {{link}}."},
        "data": {"code": code, "link": LINK},
    }


def test_a_readable_multipart_mail_arrives(client: Sender, world: World, person: Person) -> None:
    message_id = client.send(password_reset({"email": person.email}, person.code))

    mail = world.mail.arrived(person.email)[0]
    assert mail.message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.message.iter_parts()] == ["text/plain", "text/html"]
    assert mail.subject == "Hi!"
    text, page = mail.part("plain"), html.unescape(mail.part("html"))
    for part in (text, page):
        assert f"Your reset code is {person.code}." in part
        assert LINK in part
        assert "{" + "{code}}" not in part and "{" + "{link}}" not in part
    assert "<" not in text, "the text part must read as text"

    details = world.settled(message_id)
    assert details["status"] == "SENT"
    assert [provider["provider"] for provider in details["providers"]] == ["smtp"]
    world.mail.arrived(person.email)


def test_the_headers_are_those_of_a_sound_mail(client: Sender, world: World, person: Person) -> None:
    client.send(password_reset({"email": person.email}, person.code))

    message = world.mail.arrived(person.email)[0].message
    assert message["From"] == "Tidings <hello@tidings.test>"
    assert message["To"] == person.email
    assert message["Date"] and message["Message-ID"]
    assert message["MIME-Version"] == "1.0"
    assert not message.defects


def test_a_name_that_is_not_ascii_arrives_whole(client: Sender, world: World, person: Person) -> None:
    body = "Grüße an {{name}} – schön, dass du da bist ✨"
    client.send(
        {"to": {"email": person.email}, "content": {"title": "Hallo {{name}}", "body": body}, "data": {"name": "Žofie"}}
    )

    mail = world.mail.arrived(person.email)[0]
    assert mail.subject == "Hallo Žofie"
    assert "Grüße an Žofie – schön, dass du da bist ✨" in mail.part("plain")
    assert "Grüße an Žofie – schön, dass du da bist ✨" in html.unescape(mail.part("html"))


def test_the_client_reads_what_became_of_it(client: Sender, world: World, person: Person) -> None:
    message_id = client.send(password_reset({"email": person.email}, person.code))
    world.settled(message_id)

    details = client.status(message_id)
    assert details["id"] == message_id
    assert str(getattr(details["status"], "value", details["status"])) == "SENT"
    assert details["recipient"] == person.email
