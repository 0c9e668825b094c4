"""Waiting for a thing to happen, or for it not to happen."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(
    probe: Callable[[], Found | None], *, within: float = 15.0, every: float = 0.05, what: str = ""
) -> Found:
    """The first truthy answer of `probe`, asked every `every` seconds for at most `within`."""
    deadline = time.monotonic() + within
    while True:
        last = probe()
        if last:
            return last
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what or 'it'} did not happen within {within} s; last answer: {last!r}")
        time.sleep(every)


def never(probe: Callable[[], object], *, during: float = 1.0, every: float = 0.05) -> None:
    """Fails as soon as `probe` answers something truthy; returns after `during` seconds of nothing."""
    deadline = time.monotonic() + during
    while time.monotonic() < deadline:
        found = probe()
        assert not found, f"it happened: {found!r}"
        time.sleep(every)
