"""What trycourier 6.2.1 insists on."""

import pytest
from courier.client import Courier
from courier.core.api_error import ApiError

from harness import World
from people import Person
from senders import Sender6


def test_typed_models_are_taken(client: Sender6, world: World, person: Person) -> None:
    import courier

    reply = client.client.send(
        message=courier.ContentMessage(
            to=courier.UserRecipient(email=person.email, data={"name": "Ada"}),
            content=courier.ElementalContentSugar(title="Hi {name}", body="Code {code}"),
            routing=courier.Routing(method="all", channels=["email"]),
            data={"code": person.code},
        )
    )

    mail = world.mail.arrived(person.email)[0]
    assert (mail.subject, person.code in mail.part("plain")) == ("Hi Ada", True)
    assert world.settled(reply.request_id)["status"] == "SENT"


def test_a_wrong_key_is_the_clients_own_exception(world: World) -> None:
    courier = Courier(authorization_token="pk_prod_nobody", base_url=world.url)
    with pytest.raises(ApiError) as refused:
        courier.messages.list()
    assert refused.value.status_code == 401
    assert refused.value.body["type"] == "authentication_error"


def test_a_missing_message_is_the_clients_own_exception(client: Sender6) -> None:
    with pytest.raises(ApiError) as refused:
        client.client.messages.get("1-00000000-000000000000000000000000")
    assert refused.value.status_code == 404
    assert refused.value.body == {"type": "invalid_request_error", "message": "Message not found"}


def test_repeated_query_keys_filter(client: Sender6, world: World, person: Person) -> None:
    message_id = client.send(
        {
            "to": {"email": person.email},
            "content": {"title": "Hi", "body": "Hello"},
            "metadata": {"tags": [f"tag-{person.code}"]},
        }
    )
    world.settled(message_id)
    listed = client.client.messages.list(status=["DELIVERED", "SENT"], tag=[f"tag-{person.code}", "another"])
    assert [message.id for message in listed.results] == [message_id]


def test_the_same_key_sends_once(client: Sender6, world: World, person: Person) -> None:
    message = {"to": {"email": person.email}, "content": {"title": "Hi", "body": "Once"}}
    key = f"key-{person.user_id}"
    ids = {client.client.send(message=message, idempotency_key=key).request_id for _ in range(2)}
    assert len(ids) == 1
    with pytest.raises(ApiError) as refused:
        client.client.send(message={**message, "data": {"other": 1}}, idempotency_key=key)
    assert refused.value.status_code == 422


def test_profiles_preferences_and_tokens(client: Sender6, world: World, person: Person) -> None:
    profiles = client.client.profiles
    assert profiles.create(person.user_id, profile={"email": person.email}).status == "SUCCESS"
    assert profiles.get(person.user_id).profile["email"] == person.email
    token = f"token-{person.user_id}"
    client.client.users.tokens.add(person.user_id, token, request={"token": token, "provider_key": "expo"})
    assert client.client.users.tokens.get(person.user_id, token).token == token
    client.client.users.tokens.delete(person.user_id, token)
    with pytest.raises(ApiError):
        client.client.users.tokens.get(person.user_id, token)
    assert client.client.users.preferences.list(person.user_id).items == []
    profiles.delete(person.user_id)


def test_a_token_for_a_browser(client: Sender6) -> None:
    issued = client.client.auth_tokens.issue_token(scope="user_id:ada read:messages", expires_in="2 days")
    assert issued.token.count(".") == 2


def test_what_was_rendered_can_be_read(client: Sender6, world: World, person: Person) -> None:
    message_id = client.send({"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}})
    world.settled(message_id)
    output = client.client.messages.get_content(message_id).results
    assert output[0].channel.split(":")[0] == "email"
    assert output[0].content.subject == "Hi"
    assert "Hello" in output[0].content.html


def test_an_archived_request_leaves_the_list(client: Sender6, world: World, person: Person) -> None:
    message_id = client.send({"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}})
    world.settled(message_id)
    client.client.messages.archive(message_id)
    assert client.client.messages.list(recipient=person.email).results == []
    archived = client.client.messages.list(recipient=person.email, archived=True).results
    assert [message.id for message in archived] == [message_id]


def test_templates_are_read_and_translations_written(client: Sender6, world: World) -> None:
    content = {"elements": [{"type": "channel", "channel": "email", "elements": [{"type": "text", "content": "Hi"}]}]}
    made = world.api.post("/notifications", {"notification": {"name": "N", "content": content}, "state": "PUBLISHED"})
    template = str(made["id"])
    notifications = client.client.notifications
    # This version's list() demands tags in the form of 2024 and cannot read today's, which version 9 demands.
    assert template in [one["id"] for one in world.api.get("/notifications")["results"]]
    for read in (notifications.get_content(template), notifications.get_draft_content(template)):
        assert dict(read)["elements"][0]["type"] == "channel"
    submission = world.api.post(f"/notifications/{template}/submissions", {})["submission_id"]
    assert notifications.get_submission_checks(template, submission).checks == []
    notifications.cancel_submission(template, submission)

    po = 'msgid "hello"\nmsgstr "Hallo"\n'
    client.client.translations.update("default", "de-TEST", request=po)
    assert world.api.call("GET", "/translations/default/de-TEST").body == po.encode()
