"""kill -9 while every kind of crowd is expanded and delivered: nobody lost, and only calls in flight are made again."""

import random
import time
from collections import Counter

from harness import World, eventually
from harness.twilio import Mode

# People of each crowd.
PEOPLE = 1_500
KILLS = 4
PROVIDER_SECONDS = 0.005
# Longest time between a provider's answer and its durable record on a busy machine.
RECORD_SECONDS = 1.0
# How many messages to crowds the server works on at once: no more can be without a record.
PLACES = 128
SETTLE_SECONDS = 300


def phone(number: int) -> str:
    return f"+1202{5_550_000 + number:07d}"


def prepare(world: World) -> list[str]:
    """People with phones, on two lists that overlap, in an audience and in a tenant; their phones."""
    people = [f"person{n:04}" for n in range(PEOPLE)]
    for number, user in enumerate(people):
        world.api.call("PUT", f"/profiles/{user}", {"profile": {"phone_number": phone(number), "crowd": "yes"}})
    third = PEOPLE // 3
    for name, part in (("crowd.one", people[: 2 * third]), ("crowd.two", people[third:])):
        world.api.post(f"/lists/{name}/subscriptions", {"recipients": [{"recipientId": user} for user in part]})
    leaf = {"operator": "EQ", "path": "crowd", "value": "yes"}
    world.api.call("PUT", "/audiences/crowd", {"filter": leaf})
    world.api.call("PUT", "/tenants/above", {"name": "Above"})
    world.api.call("PUT", "/tenants/below", {"name": "Below", "parent_tenant_id": "above"})
    for number, user in enumerate(people):
        world.api.call("PUT", f"/users/{user}/tenants/{'above' if number % 2 else 'below'}", {})
    eventually(lambda: members(world) == PEOPLE, within=60, every=0.5, what="everybody in the audience")
    return [phone(number) for number in range(PEOPLE)]


def members(world: World) -> int:
    """How many people are in the audience."""
    count, cursor = 0, ""
    while True:
        page = world.api.get(f"/audiences/crowd/members{cursor}")
        count += len(page["items"])
        if not page["paging"]["more"]:
            return count
        cursor = f"?cursor={page['paging']['cursor']}"


def begin(world: World) -> dict[str, str]:
    """A request to each kind of crowd, by what its texts say."""

    def message(to: dict[str, object], text: str) -> dict[str, object]:
        routing = {"method": "single", "channels": ["sms"]}
        return {"to": to, "content": {"title": "Crash", "body": text}, "routing": routing}

    crowds: dict[str, dict[str, object]] = {
        "to lists by pattern.": {"list_pattern": "crowd.*"},
        "to an audience.": {"audience_id": "crowd"},
        "to a tenant.": {"tenant_id": "above", "include_children": True},
    }
    requests = {
        text: str(world.api.post("/send", {"message": message(to, text)})["requestId"]) for text, to in crowds.items()
    }
    job = world.api.post("/bulk", {"message": {"message": message({}, "to a bulk job.")}})
    for first in range(0, PEOPLE, 1_000):
        users = [
            {"recipient": f"bulk{n}", "profile": {"phone_number": phone(n)}}
            for n in range(first, min(first + 1_000, PEOPLE))
        ]
        world.api.post(f"/bulk/{job['jobId']}", {"users": users})
    world.api.post(f"/bulk/{job['jobId']}/run", {})
    return requests | {"to a bulk job.": str(job["jobId"])}


def test_every_crowd_is_delivered_once_each_through_kills() -> None:
    with World() as world:
        world.twilio.mode = Mode(201, delay=PROVIDER_SECONDS)
        phones = prepare(world)
        seed = random.randrange(1 << 32)
        print(f"\nseed {seed}")
        chance = random.Random(seed)
        requests = begin(world)
        total = len(requests) * PEOPLE
        in_flight: set[tuple[str, str]] = set()
        for kill in range(KILLS):
            calls = total * kill // (KILLS + 1) + chance.randrange(1, total // (KILLS + 1))
            eventually(lambda calls=calls: len(world.twilio.sent()) >= calls, within=SETTLE_SECONDS, every=0.01, what="calls")
            world.server.kill()
            now = time.monotonic()
            for call in world.twilio.sent():
                if call.answered is None or now - call.answered < RECORD_SECONDS:
                    in_flight.add((call.body, call.to))
            world.server.start()

        def ended(request: str) -> bool:
            found = world.api.get(f"/requests/{request}")
            return bool(found["status"] == "EXPANDED" and found["counts"] == {"SENT": PEOPLE})

        for text, request in requests.items():
            eventually(lambda request=request: ended(request), within=SETTLE_SECONDS, every=0.5, what=f"all of it {text}")
        for text in requests:
            called = Counter(call.to for call in world.twilio.sent(containing=text))
            lost = set(phones) - set(called)
            again = {to for to, times in called.items() if times > 1}
            print(f"{text:24} {len(called)} people, {len(again)} of them called again")
            assert not lost, f"lost {text}: {sorted(lost)[:5]}"
            assert set(called) == set(phones)
            unexpected = {to for to in again if not any(text in body and to == at for body, at in in_flight)}
            assert not unexpected, f"repeated though not in flight {text}: {sorted(unexpected)[:5]}"
            assert len(again) <= PLACES * KILLS
