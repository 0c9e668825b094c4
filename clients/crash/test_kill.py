"""kill -9 in the middle of 2,000 accepted sends: nothing lost, nothing pretended.

A call is in flight from the moment the provider reads it until its outcome is
recorded. Only such a call may be made again after the kill, because nobody can
know whether the provider took it.
"""

import re
import time
from collections import Counter
from dataclasses import dataclass

from harness import Api, World, eventually
from harness.twilio import Mode, Sms
from harness.world import WAITING
from sending import Senders

SENDS = 2_000
AT_ONCE = 32
KILL_AFTER_CALLS = (500, 1_300)
PROVIDER_SECONDS = 0.02
# Longest time between a provider's answer and its durable record on a busy machine.
RECORD_SECONDS = 1.0
# How many messages without urgency the server works on at once: no more can be without a record.
PLACES = 256
SETTLE_SECONDS = 300


@dataclass(frozen=True)
class Kill:
    """What was known the moment before and after a SIGKILL."""

    recorded: set[str]
    """Sends the server had already answered to be SENT."""
    ages: dict[str, float]
    """Seconds since the provider answered the first call of a send; 0 when it had not yet."""

    def in_flight(self) -> set[str]:
        """Sends whose call may have been without a record."""
        return {name for name, age in self.ages.items() if age < RECORD_SECONDS}


def send_of(call: Sms) -> str:
    """Which send a call belongs to, whatever else the text holds."""
    found = re.search(r"number \d+ of \d+\.", call.body)
    assert found, f"an SMS nobody sent: {call.body}"
    return found[0]


def recorded_as_sent(api: Api, bodies: dict[str, str]) -> set[str]:
    """Bodies whose message the server already answers as SENT, first pages only: there is no time to read all."""
    sent: set[str] = set()
    cursor = ""
    for _ in range(3):
        page = api.get(f"/messages?status=SENT{cursor}")
        sent |= {bodies[m["id"]] for m in page["results"] if m["id"] in bodies}
        if not page["paging"]["more"]:
            break
        cursor = f"&cursor={page['paging']['cursor']}"
    return sent


def kill(world: World, senders: Senders) -> Kill:
    """SIGKILL, and what can be said about every call at that moment."""
    recorded = recorded_as_sent(world.api, {message: body for body, message in senders.accepted.copy().items()})
    world.server.kill()
    now = time.monotonic()
    ages = {send_of(call): now - call.answered if call.answered else 0.0 for call in reversed(world.twilio.sent())}
    return Kill(recorded, ages)


def wait_for_calls(world: World, calls: int) -> None:
    """Returns in the middle of the work: when so many calls reached the provider."""
    eventually(lambda: len(world.twilio.sent()) >= calls, within=120, every=0.01, what=f"{calls} calls")


def unsettled(api: Api) -> int:
    """How many messages still wait, at least: one page's worth."""
    return len(api.get(f"/messages?status={','.join(sorted(WAITING))}")["results"])


def test_nothing_is_lost_and_only_calls_in_flight_are_repeated() -> None:
    with World() as world:
        world.twilio.mode = Mode(201, delay=PROVIDER_SECONDS)
        senders = Senders(world.url, world.key, SENDS, AT_ONCE)
        kills: list[Kill] = []
        for calls in KILL_AFTER_CALLS:
            wait_for_calls(world, calls)
            kills.append(kill(world, senders))
            world.server.start()
        senders.wait()
        eventually(lambda: unsettled(world.api) == 0, within=SETTLE_SECONDS, every=0.5, what="an empty queue")

        assert len(senders.accepted) == SENDS
        statuses = Counter(world.api.get(f"/messages/{m}")["status"] for m in senders.accepted.values())
        times_called = Counter(send_of(call) for call in world.twilio.sent())
        lost = set(senders.accepted) - set(times_called)
        again = {body for body, times in times_called.items() if times > 1}
        in_flight = set().union(*(k.in_flight() for k in kills))
        ages = [min(k.ages[one] for k in kills if one in k.ages) for one in again]
        recorded = set().union(*(k.recorded for k in kills))

        print(f"\n{SENDS} accepted, {len(kills)} kills, {senders.not_there} requests met no server", end="")
        print(f", {senders.asked_to_wait} were asked to come back")
        print(f"statuses {dict(statuses)}, provider calls {sum(times_called.values())}, lost {len(lost)}")
        print(f"called again {len(again)}, of them without an answer at the kill {ages.count(0.0)}", end="")
        print(f", with one for at most {max(ages, default=0) * 1000:.0f} ms; known to be recorded {len(recorded)}")

        assert statuses == {"SENT": SENDS}
        assert not lost, f"lost: {sorted(lost)[:5]}"
        assert not again & recorded, "a recorded acceptance was not believed"
        assert again <= in_flight, f"repeated though not in flight: {sorted(again - in_flight)[:5]}"
        assert len(again) <= PLACES * len(kills)
        assert max(times_called.values()) <= 1 + len(kills)
        ids = Counter(senders.accepted.values())
        assert max(ids.values()) == 1, "two requests were given one message"
