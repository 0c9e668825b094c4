"""Fixtures of every suite: a running world, a client of the installed version, a new person."""

import os
from collections.abc import Iterator

import pytest

from harness import World
from people import Person, somebody
from senders import MAJOR, VERSION, Sender, sender


def pytest_report_header() -> str:
    return f"published client: trycourier {VERSION}"


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """One world for all tests that leave it as they found it."""
    with World() as up:
        yield up


@pytest.fixture
def own_world() -> Iterator[World]:
    """A world for a test that breaks things."""
    with World() as up:
        yield up


@pytest.fixture
def client(world: World, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """The published client, pointed at the shared world as its users do it."""
    return point_at(world, monkeypatch)


@pytest.fixture
def person() -> Person:
    return somebody()


def point_at(world: World, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """A client of `world`, by nothing but the base URL and the key."""
    monkeypatch.setenv("COURIER_BASE_URL", world.url)
    monkeypatch.setenv("COURIER_API_KEY" if MAJOR == 9 else "COURIER_AUTH_TOKEN", world.key)
    assert not os.environ.get("COURIER_CUSTOM_HEADERS"), "the clients run without extra headers"
    return sender(world.key, world.url)


@pytest.fixture
def own_client(own_world: World, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """The published client, pointed at this test's own world."""
    return point_at(own_world, monkeypatch)
