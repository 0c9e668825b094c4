"""Profiles and device tokens."""

from typing import Any

import courier
import pytest

from harness import World
from people import Person
from senders import Sender9


def test_a_profile_is_merged_patched_replaced_and_deleted(client: Sender9, person: Person) -> None:
    profiles = client.client.profiles
    assert profiles.create(person.user_id, profile={"email": person.email, "custom": {"a": 1}}).status == "SUCCESS"
    profiles.create(person.user_id, profile={"custom": {"b": 2}})
    assert profiles.retrieve(person.user_id).profile == {"email": person.email, "custom": {"a": 1, "b": 2}}
    profiles.update(person.user_id, patch=[{"op": "add", "path": "/name", "value": "Ada"}])
    assert profiles.retrieve(person.user_id).profile["name"] == "Ada"
    assert profiles.replace(person.user_id, profile={"locale": "de_AT"}).status == "SUCCESS"
    assert profiles.retrieve(person.user_id).profile == {"locale": "de_AT"}
    profiles.delete(person.user_id)
    with pytest.raises(courier.NotFoundError):
        profiles.retrieve(person.user_id)


def test_a_patch_that_does_not_fit_changes_nothing(client: Sender9, person: Person) -> None:
    profiles = client.client.profiles
    profiles.create(person.user_id, profile={"email": person.email})
    with pytest.raises(courier.BadRequestError):
        profiles.update(
            person.user_id,
            patch=[
                {"op": "add", "path": "/name", "value": "Ada"},
                {"op": "test", "path": "/email", "value": "another@people.test"},
            ],
        )
    assert profiles.retrieve(person.user_id).profile == {"email": person.email}


def test_the_stored_profile_says_where_to_send(client: Sender9, world: World, person: Person) -> None:
    client.client.profiles.create(person.user_id, profile={"email": person.email, "name": "Ada"})
    client.send({"to": {"user_id": person.user_id}, "content": {"title": "Hi {{profile.name}}", "body": "Hello"}})
    assert world.mail.arrived(person.email)[0].subject == "Hi Ada"


@pytest.mark.parametrize("user_id", ["ada@example.org", "auth0|7 a/b", "Ünïcode"])
def test_ids_of_any_shape(client: Sender9, person: Person, user_id: str) -> None:
    name = f"{user_id}-{person.code}"
    client.client.profiles.create(name, profile={"email": person.email})
    assert client.client.profiles.retrieve(name).profile == {"email": person.email}


def test_tokens(client: Sender9, person: Person) -> None:
    tokens = client.client.users.tokens
    token = f"token/{person.code}"
    device = {"platform": "ios", "app_id": "app"}
    tokens.add_single(token, user_id=person.user_id, provider_key="apn", device=device)  # type: ignore[arg-type]
    kept = tokens.retrieve(token, user_id=person.user_id)
    assert (kept.token, kept.provider_key, kept.status) == (token, "apn", "active")
    listed = tokens.list(person.user_id)
    assert [one.token for one in listed.tokens] == [token]
    patch: Any = [{"op": "replace", "path": "/device/platform", "value": "macos"}]
    tokens.update(token, user_id=person.user_id, patch=patch)
    assert tokens.retrieve(token, user_id=person.user_id).device.platform == "macos"  # type: ignore[union-attr]
    tokens.delete(token, user_id=person.user_id)
    with pytest.raises(courier.NotFoundError):
        tokens.retrieve(token, user_id=person.user_id)


def test_a_token_moves_with_its_device(client: Sender9, person: Person) -> None:
    tokens = client.client.users.tokens
    token = f"token-{person.code}"
    tokens.add_single(token, user_id=person.user_id, provider_key="expo")
    tokens.add_single(token, user_id=f"{person.user_id}-2", provider_key="expo")
    assert tokens.list(person.user_id).tokens == []
    assert [one.token for one in tokens.list(f"{person.user_id}-2").tokens] == [token]


def test_several_tokens_at_once(client: Sender9, person: Person) -> None:
    tokens = client.client.users.tokens
    several = [{"token": f"{n}-{person.code}", "provider_key": "expo"} for n in range(2)]
    tokens.add_multiple(person.user_id, extra_body={"tokens": several})
    assert {one.token for one in tokens.list(person.user_id).tokens} == {one["token"] for one in several}
    # As the client calls it by itself: without any.
    tokens.add_multiple(person.user_id)
    assert len(tokens.list(person.user_id).tokens) == 2


def test_a_token_of_a_persons_own(client: Sender9, person: Person) -> None:
    scope = f"user_id:{person.user_id} read:preferences"
    token = client.client.auth.issue_token(expires_in="1 hour", scope=scope).token
    own = courier.Courier(api_key=token)
    assert own.users.preferences.retrieve(person.user_id).items == []
    with pytest.raises(courier.PermissionDeniedError):
        own.lists.list()
