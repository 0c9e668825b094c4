"""Templates as trycourier 9 writes them: element by element, language by language, per tenant."""

from typing import Any

import courier
import pytest

from harness import World
from people import Person
from senders import Sender9

PO = 'msgid "hello"\nmsgstr "Hola {name}"\n'


def content() -> Any:
    mail = [
        {"type": "meta", "id": "subject", "title": "Hello"},
        {"type": "text", "id": "words", "content": "Hello {{name}}"},
    ]
    channel = {"type": "channel", "id": "mail", "channel": "email", "elements": mail}
    return {"version": "2022-01-01", "elements": [channel]}


def made(client: Sender9, **more: Any) -> str:
    empty: dict[str, Any] = {"tags": [], "brand": None, "subscription": None, "routing": None}
    payload: Any = {"name": "Greeting", **empty, "content": content(), **more}
    return str(client.client.notifications.create(notification=payload, state="PUBLISHED").id)


def sent(client: Sender9, world: World, person: Person, template: str, **to: Any) -> tuple[str, str]:
    """Subject and text of the mail that a send of the template brings."""
    message = {"to": {"email": person.email, **to}, "template": template, "data": {"name": "Ada"}}
    assert world.settled(client.send(message))["status"] == "SENT"
    mail = world.mail.arrived(person.email)[-1]
    return mail.subject, mail.part("plain").strip()


def test_create_localise_publish_version_and_send(client: Sender9, world: World, person: Person) -> None:
    notifications = client.client.notifications
    template = made(client)
    mutation = notifications.put_locale(
        "fr", id=template, elements=[{"id": "subject", "title": "Bonjour"}, {"id": "words", "content": "Salut {{name}}"}]
    )
    assert mutation.state == "DRAFT" and {"mail", "subject", "words"} == {one.id for one in mutation.elements}
    notifications.publish(template)
    assert [one.version for one in notifications.list_versions(template).versions] == ["draft", "published:v002", "v001"]
    subject, text = sent(client, world, person, template, locale="fr")
    assert (subject, "Salut Ada" in text) == ("Bonjour", True)


def test_an_element_is_replaced(client: Sender9, world: World, person: Person) -> None:
    notifications = client.client.notifications
    template = made(client)
    mutation = notifications.put_element(
        "words", id=template, type="text", data={"content": "Bye {{name}}"}, state="PUBLISHED"
    )
    assert mutation.state == "PUBLISHED"
    assert "Bye Ada" in sent(client, world, person, template)[1]
    with pytest.raises(courier.NotFoundError):
        notifications.put_element("nobody", id=template, type="text", data={"content": "a"})


def test_a_language_is_written_whole_or_not_at_all(client: Sender9) -> None:
    notifications = client.client.notifications
    template = made(client)
    with pytest.raises(courier.BadRequestError) as refused:
        elements: Any = [{"id": "words", "content": "Salut"}, {"id": "nobody", "content": "x"}]
        notifications.put_locale("fr", id=template, elements=elements)
    assert "nobody" in str(refused.value.body)
    draft = notifications.with_raw_response.retrieve_content(template, version="draft").json()
    assert "locales" not in draft["elements"][0]["elements"][1]  # type: ignore[index]


def test_translations_come_back_byte_for_byte(client: Sender9) -> None:
    translations = client.client.translations
    translations.update("es-TEST", domain="default", body=PO)
    assert translations.retrieve("es-TEST", domain="default") == PO
    with pytest.raises(courier.BadRequestError):
        translations.update("es-TEST", domain="default", body='msgid "a')
    with pytest.raises(courier.NotFoundError):
        translations.retrieve("xx-NONE", domain="default")


def test_a_tenant_has_its_own(client: Sender9, world: World, person: Person) -> None:
    tenants = client.client.tenants
    template, tenant = made(client), f"tenant-{person.code}"
    with pytest.raises(courier.NotFoundError):
        tenants.templates.replace(template, tenant_id=tenant, template={"content": content()})
    tenants.update(tenant, name="Acme")
    own = content()
    own["elements"][0]["elements"][1]["content"] = "Acme greets {{name}}"
    saved = tenants.templates.replace(template, tenant_id=tenant, template={"content": own})
    assert (saved.version, saved.published_at) == ("v1", None)
    assert "Hello Ada" in sent(client, world, person, template, tenant_id=tenant)[1]
    published = tenants.templates.publish(template, tenant_id=tenant)
    assert published.version == "v1" and published.published_at
    assert [one.id for one in tenants.templates.list(tenant).items or []] == [template]
    assert tenants.templates.retrieve(template, tenant_id=tenant).version == "v1"
    version = tenants.templates.versions.retrieve("published", tenant_id=tenant, template_id=template)
    assert version.version == "v1"
    tenants.templates.delete(template, tenant_id=tenant)
    with pytest.raises(courier.NotFoundError):
        tenants.templates.retrieve(template, tenant_id=tenant)


def test_metrics_count_what_was_sent(client: Sender9, world: World, person: Person) -> None:
    template = made(client)
    sent(client, world, person, template)
    metrics = client.client.notifications.get_metrics(template, granularity="HOUR", lookback="PT2H")
    assert metrics.notification_id == template
    counted = [entry for bucket in metrics.series for entry in bucket.data]
    assert [(one.provider, one.channel, one.sent) for one in counted] == [("smtp", "email", 1)]
    with pytest.raises(courier.BadRequestError) as refused:
        client.client.notifications.get_metrics(template, granularity="HOUR", lookback="P30D")
    assert refused.value.body["type"] == "invalid_params"  # type: ignore[index, call-overload]


def test_a_submission_waits_for_its_checks(client: Sender9, world: World) -> None:
    template = made(client)
    submission = world.api.post(f"/notifications/{template}/submissions", {})["submission_id"]
    checks = client.client.notifications.checks
    pending: Any = [{"id": "legal", "status": "PENDING", "type": "custom"}]
    assert checks.update(submission, id=template, checks=pending).checks[0].status == "PENDING"
    assert checks.list(submission, id=template).checks[0].updated > 0
    checks.delete(submission, id=template)
    assert checks.list(submission, id=template).checks[0].status == "FAILED"


def test_a_preview_shows_what_a_send_brings(client: Sender9, world: World, person: Person) -> None:
    template = made(client)
    wish = {"profile": {"email": person.email}, "data": {"name": "Ada"}}
    shown = world.api.post(f"/notifications/{template}/preview", wish)["channels"][0]["content"]
    assert sent(client, world, person, template)[0] == shown["subject"]
    assert shown["text"].strip() in world.mail.arrived(person.email)[-1].part("plain").replace("\r\n", "\n")
