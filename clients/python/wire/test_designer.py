"""A customer designs a mail of their own: every call of the published template designer, and the mail that comes of it.

Queries and variables are those that the editor sends, with the headers it sends them with.
"""

import base64
import hashlib
import html
from typing import Any
from urllib.parse import urlsplit

import pytest

from harness import Api, World
from people import Person

LOAD = """
query GetTenant($tenantId: String!, $input: GetNotificationInput!, $brandInput: GetTenantBrandInput!, $includeBrand: Boolean!) {
  tenant(tenantId: $tenantId) {
    tenantId
    name
    notification(input: $input) { createdAt publishedAt notificationId data { content routing } version }
    brand(input: $brandInput) @include(if: $includeBrand) {
      brandId
      name
      settings {
        colors { primary secondary tertiary }
        email {
          header { barColor logo { href image } }
          footer { markdown social { facebook { url } instagram { url } linkedin { url } medium { url } twitter { url } } }
        }
      }
    }
  }
}
"""
SAVE = """
mutation SaveNotification($input: SaveNotificationInput!) {
  tenant { notification { save(input: $input) { success version updatedAt createdAt } } }
}
"""
UPLOAD = """
mutation UploadImage($input: UploadImageInput!) {
  tenant { notification { uploadImage(input: $input) { url } } }
}
"""
PUBLISH = """
mutation PublishNotification($input: PublishNotificationInput!) {
  tenant { notification { publish(input: $input) { success version publishedAt } } }
}
"""
SAVE_BRAND = """
mutation SaveTenantBrand($input: SaveBrandSettingsInput!) {
  tenant { brand { updateSettings(input: $input) { success } } }
}
"""
PUBLISH_BRAND = """
mutation PublishNotification($input: PublishBrandInput!) {
  tenant { brand { publish(input: $input) { success } } }
}
"""

PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
LOGO = PIXEL[:13] + b"\x00\x00\xff" + PIXEL[16:]


class Designer:
    """The editor, with a token for one tenant."""

    def __init__(self, world: World, scope: str) -> None:
        issued = world.api.post("/auth/issue-token", {"scope": scope, "expires_in": "8 hours"})
        self.token = str(issued["token"])
        self.api = Api(world.url, self.token)

    def call(self, query: str, variables: dict[str, Any]) -> tuple[int, Any]:
        headers = {"x-courier-client-key": f"Bearer {self.token}", "origin": "https://app.example"}
        reply = self.api.call("POST", "/client/q", {"query": query, "variables": variables}, headers)
        assert reply.headers["access-control-allow-origin"] == "*"
        return reply.status, reply.json

    def done(self, query: str, variables: dict[str, Any]) -> Any:
        status, answer = self.call(query, variables)
        assert (status, answer.get("errors")) == (200, None), answer
        return answer["data"]["tenant"]

    def load(self, tenant: str, template: str) -> Any:
        variables = {
            "tenantId": tenant,
            "input": {"notificationId": template, "version": "latest"},
            "brandInput": {"version": "latest"},
            "includeBrand": True,
        }
        return self.done(LOAD, variables)


def designed(picture: str) -> dict[str, Any]:
    """What the editor saves for a mail with a heading, a text, a picture and a button."""
    elements = [
        {"type": "meta", "title": "Welcome, {{name}}"},
        {"type": "text", "text_style": "h1", "align": "left", "elements": [{"type": "string", "content": "Hello {{name}}"}]},
        {"type": "image", "src": picture, "align": "center", "alt_text": "a dot", "image_natural_width": 1},
        {
            "type": "action",
            "content": "Begin",
            "href": "https://shop.example/begin",
            "align": "center",
            "background_color": "{brand.colors.primary}",
            "color": "#ffffff",
        },
    ]
    return {
        "content": {"version": "2022-01-01", "elements": [{"type": "channel", "channel": "email", "elements": elements}]},
        "routing": {"method": "single", "channels": ["email"]},
    }


@pytest.fixture
def tenant(world: World, person: Person) -> str:
    """A tenant of this test."""
    name = f"acme-{person.code}"
    reply = world.api.call("PUT", f"/tenants/{name}", {"name": "Acme"})
    assert reply.status == 200, reply.body
    return name


def test_a_customer_designs_a_mail_and_it_arrives(world: World, person: Person, tenant: str) -> None:
    of = f"tenant:{tenant}"
    scope = f"{of}:read {of}:notification:read {of}:notification:write {of}:brand:read {of}:brand:write"
    designer = Designer(world, f"user_id:{person.user_id} {scope}")
    assert designer.load(tenant, "welcome") == {"tenantId": tenant, "name": "Acme", "notification": None, "brand": None}

    picture = {"name": "image_1.png", "type": "image/png", "data": base64.b64encode(PIXEL).decode()}
    url = designer.done(UPLOAD, {"input": picture})["notification"]["uploadImage"]["url"]
    path = urlsplit(url).path
    assert url.startswith("http") and path == f"/images/production/{hashlib.sha256(PIXEL).hexdigest()}.gif"
    shown = Api(world.url, None).call("GET", path)
    assert (shown.status, shown.body, shown.headers["content-type"]) == (200, PIXEL, "image/gif")
    assert shown.headers["access-control-allow-origin"] == "*"

    one = {"tenantId": tenant, "notificationId": "welcome"}
    for _ in range(3):
        saved = designer.done(SAVE, {"input": {**one, "name": "welcome", "data": designed(url)}})["notification"]["save"]
        assert (saved["success"], saved["version"]) == (True, "v1")
    assert designer.load(tenant, "welcome")["notification"]["data"] == designed(url)

    logo = "data:image/gif;base64," + base64.b64encode(LOGO).decode()
    settings = {
        "colors": {"primary": "#0f766e", "secondary": "#134e4a", "tertiary": "#222222"},
        "email": {
            "header": {"barColor": "#0f766e", "logo": {"href": "https://acme.example", "image": logo}},
            "footer": {"markdown": "Acme Ltd", "social": {"linkedin": {"url": "https://linkedin.example/acme"}}},
        },
    }
    assert designer.done(SAVE_BRAND, {"input": {"tenantId": tenant, "settings": settings}})["brand"]["updateSettings"]["success"]
    assert designer.done(PUBLISH_BRAND, {"input": {"tenantId": tenant}})["brand"]["publish"]["success"]
    published = designer.done(PUBLISH, {"input": {**one, "version": saved["version"]}})["notification"]["publish"]
    assert published["version"] == "v1" and published["publishedAt"]
    assert designer.load(tenant, "welcome")["brand"]["settings"]["email"]["header"]["logo"]["image"] == logo

    message = {
        "to": {"email": person.email},
        "template": "tenant/welcome",
        "context": {"tenant_id": tenant},
        "data": {"name": "Ada"},
    }
    sent = world.api.post("/send", {"message": message})["requestId"]
    mail = world.mail.arrived(person.email)[0]
    page = html.unescape(mail.part("html"))
    assert mail.subject == "Welcome, Ada"
    assert "Hello Ada" in page and "Acme Ltd" in page and "#0f766e" in page
    assert url in page and hashlib.sha256(LOGO).hexdigest() in page and "data:image" not in page
    assert world.settled(sent)["status"] == "SENT"
    log = world.api.get("/audit-events")["results"]
    told = {(line["source"], line["actor"]["id"], line["target"]) for line in log}
    assert ("designer", person.user_id, f"/tenants/{tenant}/templates/welcome/publish") in told


def test_a_token_for_one_tenant_is_refused_for_another(world: World, person: Person, tenant: str) -> None:
    world.api.call("PUT", "/tenants/umbra", {"name": "Umbra"})
    designer = Designer(world, f"tenant:{tenant}:notification:read tenant:{tenant}:notification:write")
    one = {"tenantId": "umbra", "notificationId": "welcome"}
    for query, variables in [
        (LOAD, {"tenantId": "umbra", "input": {"notificationId": "x"}, "brandInput": {}, "includeBrand": False}),
        (SAVE, {"input": {**one, "name": "welcome", "data": designed("https://a.example/a.png")}}),
        (PUBLISH, {"input": {**one, "version": None}}),
    ]:
        status, answer = designer.call(query, variables)
        assert status == 403 and answer["data"] is None, answer
        assert answer["message"] == answer["errors"][0]["message"] and "tenant" in answer["message"]
    assert world.api.call("GET", "/tenants/umbra/templates/welcome").status == 404
