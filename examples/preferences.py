"""The person decides: one template, three preferences, three different ends.

Run it against `make run`:  python examples/preferences.py
It reads COURIER_BASE_URL and COURIER_AUTH_TOKEN, as the client does.
"""

import os
import time

import requests
from trycourier import Courier

URL = os.environ.get("COURIER_BASE_URL", "http://localhost:8200")
KEY = os.environ["COURIER_AUTH_TOKEN"]
ALIAS = "0ZP3AH34H945QHPNZ2S0NF7X1RNB"

client = Courier(auth_token=KEY, base_url=URL)


def api(method, path, body=None):
    answer = requests.request(method, URL + path, json=body, headers={"Authorization": f"Bearer {KEY}"}, timeout=10)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def make_template(topic):
    """A template with the alias that sends use. Running the script again links it to the new topic."""
    notification = {
        "name": "Password reset",
        "tags": [],
        "brand": None,
        "routing": None,
        "subscription": {"topic_id": topic},
        "alias": ALIAS,
        "content": {
            "version": "2022-01-01",
            "elements": [
                {"type": "channel", "channel": "email", "elements": [
                    {"type": "meta", "title": "Your code, {{name}}"},
                    {"type": "text", "content": "Your code is **{{code}}**."},
                ]},
                {"type": "channel", "channel": "sms", "elements": [
                    {"type": "text", "content": "Your code is {{code}}."},
                ]},
            ],
        },
    }
    for known in api("GET", "/notifications")["results"]:
        if known["name"] == notification["name"]:
            api("DELETE", f"/notifications/{known['id']}")
    api("POST", "/notifications", {"notification": notification, "state": "PUBLISHED"})


def send():
    """Sends, waits for the end, and tells why."""
    message_id = client.send_message(message={
        "to": {"user_id": "ada"},
        "template": ALIAS,
        "data": {"name": "Ada", "code": "123456"},
        "routing": {"method": "all", "channels": ["email", "sms"]},
    })["requestId"]
    while True:
        message = client.messages.get(message_id)
        if message["status"] not in ("ENQUEUED", "ROUTED", "DELAYED"):
            break
        time.sleep(0.1)
    print(f"  {message['status']}", message.get("reason", ""))
    for line in api("GET", f"/messages/{message_id}/trace")["considered"]:
        where = " ".join(line[key] for key in ("channel", "provider") if key in line)
        print(f"    {where + ': ' if where else ''}{line['detail']}")


section = api("POST", "/preferences/sections", {"name": "Account", "has_custom_routing": True})["id"]
topics = f"/preferences/sections/{section}/topics"
topic = api("POST", topics, {"name": "Sign-in codes", "default_status": "OPTED_IN"})["id"]
make_template(topic)
client.profiles.replace("ada", {"email": "ada@example.com", "phone_number": "+11234567890"})

print("Ada opted out:")
api("PUT", f"/users/ada/preferences/{topic}", {"topic": {"status": "OPTED_OUT"}})
send()

print("Ada wants SMS only:")
api("PUT", f"/users/ada/preferences/{topic}",
    {"topic": {"status": "OPTED_IN", "has_custom_routing": True, "custom_routing": ["sms"]}})
send()

print("The topic is required, whatever Ada chose:")
api("DELETE", f"/users/ada/preferences/{topic}")
api("PUT", f"/users/ada/preferences/{topic}", {"topic": {"status": "OPTED_OUT"}})
api("PUT", f"{topics}/{topic}", {"name": "Sign-in codes", "default_status": "REQUIRED"})
send()
