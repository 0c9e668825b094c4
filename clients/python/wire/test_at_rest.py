"""What lies on the disk gives no key and no credential away."""

import stat

from harness import World
from harness.twilio import TOKEN

# What a mail's password would be if it stood in the data folder as it is.
PASSWORD = "an-unmistakable-password"


def test_keys_and_credentials_are_not_readable(own_world: World) -> None:
    settings = own_world.mail.settings | {"username": "mailer", "password": PASSWORD}
    own_world.api.post("/providers", {"provider": "smtp", "settings": settings, "alias": "second"})
    own_world.server.stop()

    files = [file for file in own_world.server.data.rglob("*") if file.is_file()]
    assert files, "the data folder holds the store"
    for secret in (TOKEN, PASSWORD, own_world.key):
        holders = [file.name for file in files if secret.encode() in file.read_bytes()]
        assert holders == [], f"a secret stands in {holders}"
        assert secret not in own_world.server.log.read_text()


def test_the_key_file_is_the_owners_alone(world: World) -> None:
    files = [file for file in world.server.data.rglob("*") if file.is_file() and "key" in file.name]
    assert files, "a master key was made at the first start"
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
