"""kill -9 in the middle of the expansion of a list: nobody lost, nobody doubled.

100,000 people by default; `TIDINGS_CRASH_RECIPIENTS` says how many.
"""

import os
import random
import time
from collections import Counter

from harness import World, eventually

RECIPIENTS = int(os.environ.get("TIDINGS_CRASH_RECIPIENTS", "100000"))
PER_CALL = 25_000
KILLS = 3
SETTLE_SECONDS = 600


def subscribed(world: World, user: str) -> bool:
    return bool(world.api.get(f"/profiles/{user}/lists")["results"])


def test_a_list_is_expanded_once_each_through_kills() -> None:
    with World() as world:
        people = [f"person{n:06}" for n in range(RECIPIENTS)]
        for first in range(0, RECIPIENTS, PER_CALL):
            part = [{"recipientId": user} for user in people[first : first + PER_CALL]]
            world.api.post("/lists/crowd/subscriptions", {"recipients": part})
        # So many at once are written in the background, in the order of their ids.
        eventually(lambda: subscribed(world, people[-1]), within=SETTLE_SECONDS, every=0.2, what="the last of the list")
        # Delayed, so that the messages stay where they are counted.
        message = {
            "to": {"list_id": "crowd"},
            "content": {"title": "Crash", "body": "Hello"},
            "delay": {"duration": 3_600_000},
        }
        request = world.api.post("/send", {"message": message})["requestId"]

        def expanded() -> int:
            return int(world.api.get(f"/requests/{request}")["messages"])

        # Anywhere in each quarter but the last.
        seed = random.randrange(1 << 32)
        print(f"\nseed {seed}")
        chance = random.Random(seed)
        at_kill = []
        for kill in range(KILLS):
            wanted = RECIPIENTS * kill // (KILLS + 1) + chance.randrange(1, RECIPIENTS // (KILLS + 1))
            eventually(lambda wanted=wanted: expanded() >= wanted, within=SETTLE_SECONDS, every=0.01, what="some pages")
            standing = world.api.get(f"/requests/{request}")
            assert standing["status"] == "EXPANDING", "it is killed in the middle"
            at_kill.append(standing["messages"])
            world.server.kill()
            world.server.start()
        begun = time.monotonic()
        eventually(
            lambda: world.api.get(f"/requests/{request}")["status"] == "EXPANDED",
            within=SETTLE_SECONDS,
            every=0.1,
            what="the whole list",
        )
        took = time.monotonic() - begun

        recipients: Counter[str] = Counter()
        cursor = ""
        while True:
            page = world.api.get(f"/messages?traceId={request}{cursor}")
            recipients.update(one["recipient"] for one in page["results"])
            if not page["paging"]["more"]:
                break
            cursor = f"&cursor={page['paging']['cursor']}"
        print(f"\n{RECIPIENTS} people, {KILLS} kills at {at_kill} messages, the rest in {took:.1f} s")
        doubled = [user for user, times in recipients.items() if times > 1]
        assert not doubled, f"doubled: {doubled[:5]}"
        assert set(recipients) == set(people), "somebody was lost, or nobody asked for them"
