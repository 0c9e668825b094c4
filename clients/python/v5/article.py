"""The article's template, made with trycourier 9.13.0, which knows how to.

Runs in the environment of that version: `python article.py '<JSON of one step>'` prints JSON.
"""

import json
import sys
from typing import Any

from courier import Courier

ALIAS = "0ZP3AH34H945QHPNZ2S0NF7X1RNB"


def content() -> dict[str, Any]:
    """A password reset for mail and SMS."""
    mail = [
        {"type": "meta", "title": "Reset your password"},
        {"type": "text", "content": "Your code is {{code}}."},
        {"type": "action", "content": "Reset it now", "href": "{{link}}"},
    ]
    return {
        "version": "2022-01-01",
        "elements": [
            {"type": "channel", "channel": "email", "elements": mail},
            {"type": "channel", "channel": "sms", "elements": [{"type": "text", "content": "Your code is {{code}}."}]},
        ],
    }


def prepare(client: Courier) -> dict[str, str]:
    """A topic, a strategy that prefers mail, and the published template that is linked to both."""
    section = client.workspace_preferences.create(
        name="Account", has_custom_routing=True, routing_options=["email", "sms"]
    )
    topic = client.workspace_preferences.topics.create(section.id, name="Security", default_status="OPTED_IN")
    strategy = client.routing_strategies.create(
        name="Mail, then SMS", routing={"method": "single", "channels": ["email", "sms"]}
    )
    template = client.notifications.create(
        notification={
            "name": "Password reset",
            "tags": [],
            "brand": None,
            "subscription": {"topic_id": topic.id},
            "routing": {"strategy_id": strategy.id},
            "content": content(),
            "alias": ALIAS,
        }
    )
    client.notifications.publish(template.id)
    return {"section": section.id, "topic": topic.id, "template": template.id, "alias": ALIAS}


def choose(client: Courier, user_id: str, topic: str, choice: dict[str, Any]) -> dict[str, str]:
    """What the person wants of the topic."""
    client.users.preferences.update_or_create_topic(topic, user_id=user_id, topic=choice)  # type: ignore[arg-type]
    return {}


def require(client: Courier, section: str, topic: str, status: str) -> dict[str, str]:
    """What the operator wants of the topic."""
    client.workspace_preferences.topics.replace(
        topic,
        section_id=section,
        name="Security",
        default_status=status,  # type: ignore[arg-type]
    )
    return {}


STEPS = {"prepare": prepare, "choose": choose, "require": require}

if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    print(json.dumps(STEPS[order.pop("step")](Courier(), **order)))
