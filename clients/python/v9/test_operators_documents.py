"""Routing strategies, providers, their catalog and brands."""

from typing import Any

import courier
import pytest

from harness import World
from people import Person
from senders import Sender9

ROUTING: Any = {"method": "single", "channels": ["sms", "email"]}


def test_routing_strategies(client: Sender9, person: Person) -> None:
    strategies = client.client.routing_strategies
    made = strategies.create(name="First", routing=ROUTING, tags=["a"], description="SMS first")
    assert made.id.startswith("rs_")
    assert strategies.retrieve(made.id).routing.channels == ["sms", "email"]
    assert made.id in [one.id for one in strategies.list(limit=100).results]
    assert strategies.replace(made.id, name="Second", routing=ROUTING).name == "Second"
    content = {"elements": [{"type": "channel", "channel": "sms", "elements": [{"type": "text", "content": "Hi"}]}]}
    template = client.client.notifications.create(
        notification={
            "name": "Linked",
            "tags": [],
            "brand": None,
            "subscription": None,
            "routing": {"strategy_id": made.id},
            "content": {"version": "2022-01-01", **content},  # type: ignore[typeddict-item]
        }
    )
    assert [one.id for one in strategies.list_notifications(made.id).results] == [template.id]
    with pytest.raises(courier.ConflictError) as refused:
        strategies.archive(made.id)
    assert refused.value.response.headers["x-should-retry"] == "false"
    client.client.notifications.archive(template.id)
    strategies.archive(made.id)
    with pytest.raises(courier.NotFoundError):
        strategies.retrieve(made.id)


def test_a_linked_strategy_decides(client: Sender9, world: World, person: Person) -> None:
    strategy = client.client.routing_strategies.create(name="SMS first", routing=ROUTING).id
    elements = [
        {"type": "channel", "channel": channel, "elements": [{"type": "text", "content": f"Code {person.code}"}]}
        for channel in ("email", "sms")
    ]
    template = client.client.notifications.create(
        notification={
            "name": "Code",
            "tags": [],
            "brand": None,
            "subscription": None,
            "routing": {"strategy_id": strategy},
            "content": {"version": "2022-01-01", "elements": elements},  # type: ignore[typeddict-item]
        },
        state="PUBLISHED",
    ).id
    to = {"email": person.email, "phone_number": person.phone}
    details = world.settled(client.send({"to": to, "template": template}))
    assert [provider["provider"] for provider in details["providers"]] == ["twilio"]


def test_providers_keep_their_secrets(own_client: Sender9) -> None:
    providers = own_client.client.providers
    settings: Any = {"api_key": "SG.a-very-secret-key", "from_address": "a@tidings.test"}
    made = providers.create(provider="sendgrid", settings=settings, title="Mine")
    assert "a-very-secret-key" not in made.to_json()
    read = providers.retrieve(made.id)
    assert "a-very-secret-key" not in read.to_json()
    assert read.settings["from_address"] == "a@tidings.test"
    assert read.title == "Mine"
    providers.update(made.id, provider="sendgrid", settings={**read.settings, "from_name": "A"})
    providers.patch(made.id, settings={"from_name": "B"})
    again = providers.retrieve(made.id)
    assert (again.settings["from_name"], again.settings["from_address"]) == ("B", "a@tidings.test")
    assert made.id in [one.id for one in providers.list().results]
    providers.delete(made.id)
    with pytest.raises(courier.NotFoundError):
        providers.retrieve(made.id)


@pytest.mark.parametrize(
    ("provider", "settings", "named"),
    [
        ("twilio", {"account_sid": "AC1", "auth_token": "t", "from": "+1", "colour": "green"}, "colour"),
        ("twilio", {"account_sid": "AC1", "from": "+1"}, "auth_token"),
        ("smtp", {"host": "mail.test", "port": "many", "from_address": "a@b.test"}, "port"),
        ("no-such-provider", {}, "no-such-provider"),
    ],
)
def test_settings_are_checked_when_saved(client: Sender9, provider: str, settings: Any, named: str) -> None:
    with pytest.raises(courier.BadRequestError) as refused:
        client.client.providers.create(provider=provider, settings=settings)
    assert named in str(refused.value.body)


def test_the_catalog(client: Sender9) -> None:
    catalog = client.client.providers.catalog
    everything = {entry.provider: entry for entry in catalog.list().results}
    assert {"smtp", "sendgrid", "twilio", "webhook"} <= set(everything)
    assert everything["twilio"].to_dict()["settings"]["auth_token"]["required"] is True  # type: ignore[index]
    assert {entry.channel for entry in catalog.list(channel="email").results} == {"email"}
    assert [entry.provider for entry in catalog.list(keys="twilio").results] == ["twilio"]


def test_brands(client: Sender9, person: Person) -> None:
    brands = client.client.brands
    settings: Any = {"colors": {"primary": "#0044ff", "secondary": "#222222"}}
    name = f"brand-{person.code}"
    made = brands.create(id=name, name="Acme", settings=settings)
    assert (made.id, made.name) == (name, "Acme")
    with pytest.raises(courier.ConflictError) as refused:
        brands.create(id=name, name="Acme", settings=settings)
    assert refused.value.response.headers["x-should-retry"] == "false"
    assert brands.retrieve(name).to_dict()["settings"]["colors"]["primary"] == "#0044ff"  # type: ignore[index]
    assert brands.update(name, name="Acme Ltd", settings=settings).name == "Acme Ltd"
    assert name in [brand.id for brand in brands.list().results]
    brands.delete(name)
    with pytest.raises(courier.NotFoundError):
        brands.retrieve(name)
