"""kill -9 in the middle of the expansion of a list: nobody lost, nobody doubled.

20,000 people by default; `TIDINGS_CRASH_RECIPIENTS` says how many.
"""

import os
import time
from collections import Counter

from harness import World, eventually

RECIPIENTS = int(os.environ.get("TIDINGS_CRASH_RECIPIENTS", "20000"))
PER_CALL = 1_000
KILLS = 3
SETTLE_SECONDS = 600


def test_a_list_is_expanded_once_each_through_kills() -> None:
    with World() as world:
        people = [f"person{n:06}" for n in range(RECIPIENTS)]
        for first in range(0, RECIPIENTS, PER_CALL):
            part = [{"recipientId": user} for user in people[first : first + PER_CALL]]
            world.api.post("/lists/crowd/subscriptions", {"recipients": part})
        # Delayed, so that the messages stay where they are counted.
        message = {
            "to": {"list_id": "crowd"},
            "content": {"title": "Crash", "body": "Hello"},
            "delay": {"duration": 3_600_000},
        }
        request = world.api.post("/send", {"message": message})["requestId"]

        def expanded() -> int:
            return int(world.api.get(f"/requests/{request}")["messages"])

        at_kill = []
        for kill in range(1, KILLS + 1):
            wanted = RECIPIENTS * kill // (KILLS + 1)
            eventually(lambda wanted=wanted: expanded() >= wanted, within=SETTLE_SECONDS, every=0.01, what="some pages")
            at_kill.append(expanded())
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
        assert at_kill[-1] < RECIPIENTS, "it was killed in the middle"
