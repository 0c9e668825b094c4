"""A Tidings server, a mail server and an SMS provider to test clients against.

Only the standard library is used here, so every client can bring its own
pinned dependencies without meeting ours.
"""

from harness.api import Api, Reply
from harness.mail import Mail, MailServer
from harness.poll import eventually, never
from harness.server import Tidings
from harness.twilio import Sms, TwilioDouble
from harness.world import World

__all__ = [
    "Api",
    "Mail",
    "MailServer",
    "Reply",
    "Sms",
    "Tidings",
    "TwilioDouble",
    "World",
    "eventually",
    "never",
]
