"""Production and test, live and mock: what a key stands for."""

from harness import Api, World, eventually, never
from people import Person


def send(api: Api, person: Person) -> str:
    message = {"to": {"email": person.email}, "content": {"title": "Hi", "body": "Hello"}}
    return str(api.post("/send", {"message": message})["requestId"])


def status(api: Api, message_id: str) -> str | None:
    """The final status, once there is one."""
    now = str(api.get(f"/messages/{message_id}")["status"])
    return now if now not in ("ENQUEUED", "ROUTED") else None


def test_without_a_provider_the_test_environment_catches_it(world: World, person: Person) -> None:
    api = Api(world.url, world.server.create_key("test"))
    message_id = send(api, person)
    assert eventually(lambda: status(api, message_id)) == "SENT"
    assert [provider["provider"] for provider in api.get(f"/messages/{message_id}")["providers"]] == ["outbox"]
    never(lambda: world.mail.mails(person.email), during=0.5)


def test_without_a_provider_production_says_so(world: World, person: Person) -> None:
    message = {"to": {"user_id": person.user_id}, "content": {"title": "Hi", "body": "Hello"}}
    message["routing"] = {"method": "single", "channels": ["push"]}
    message_id = world.api.post("/send", {"message": message})["requestId"]
    details = world.settled(message_id)
    assert (details["status"], details["reason"]) == ("UNROUTABLE", "NO_PROVIDERS")


def test_a_mock_key_calls_nobody(world: World, person: Person) -> None:
    api = Api(world.url, world.server.create_key("production", "--mode", "mock"))
    message_id = send(api, person)
    assert eventually(lambda: status(api, message_id)) == "SIMULATED"
    never(lambda: world.mail.mails(person.email), during=0.5)


def test_a_draft_key_sends_the_draft(world: World, person: Person) -> None:
    api = Api(world.url, world.server.create_key("production", "--scope", "draft"))
    elements = [{"type": "meta", "title": "Draft"}, {"type": "text", "content": "Hello"}]
    content = {"version": "2022-01-01", "elements": [{"type": "channel", "channel": "email", "elements": elements}]}
    payload = {"name": "Draft", "tags": [], "brand": None, "subscription": None, "routing": None, "content": content}
    template = api.post("/notifications", {"notification": payload})["id"]
    message = {"to": {"email": person.email}, "template": template}
    api.post("/send", {"message": message})
    assert world.mail.arrived(person.email)[0].subject == "Draft"
