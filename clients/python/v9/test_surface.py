"""Every method of the client is called by some test of this suite. Says nothing when only a part of the suite is run."""

from methods import never_called
from senders import Sender9


def test_every_method_is_called(client: Sender9) -> None:
    assert never_called(client.client) == []
