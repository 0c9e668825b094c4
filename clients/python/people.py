"""Somebody new for every test, so that tests share a server without meeting."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A recipient and a code nobody else was sent."""

    user_id: str
    email: str
    phone: str
    code: str


def somebody() -> Person:
    """A person with a fresh id, address and code, and a possible US number."""
    name = uuid.uuid4().hex[:12]
    digits = f"{uuid.uuid4().int % 10_000_000:07d}"
    return Person(f"user-{name}", f"{name}@people.test", f"+1202{digits}", f"{digits}-{name[:6]}")
