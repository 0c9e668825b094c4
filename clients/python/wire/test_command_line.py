"""The program refuses what it cannot run with, and says which setting it is."""

import subprocess
from pathlib import Path

import pytest

from harness import Api, World, eventually
from harness.binary import tidings_binary
from harness.ports import free_port


def tidings(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the program to its end."""
    command = [str(tidings_binary()), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"} | environment, timeout=20
    )


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TIDINGS_LISTEN", "everywhere"),
        ("TIDINGS_LISTEN", "127.0.0.1:99999"),
        ("TIDINGS_PUBLIC_URL", "not a url"),
        ("TIDINGS_MASTER_KEY", "short"),
        ("TIDINGS_DATABASE_URL", "mysql://somewhere"),
        ("TIDINGS_ALLOW_PRIVATE_TARGETS", "perhaps"),
        ("TIDINGS_CA_FILE", "/nonexistent"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, setting: str, value: str) -> None:
    settings = {"TIDINGS_LISTEN": f"127.0.0.1:{free_port()}", "TIDINGS_DATA_DIR": str(tmp_path), setting: value}
    ended = tidings("serve", **settings)
    assert ended.returncode != 0
    assert setting.removeprefix("TIDINGS_").lower() in ended.stderr.lower()
    assert "panicked" not in ended.stderr


def test_one_server_per_data_folder(world: World) -> None:
    ended = tidings("serve", "--listen", f"127.0.0.1:{free_port()}", "--data-dir", str(world.server.data))
    assert ended.returncode != 0
    assert str(world.server.data) in ended.stderr
    assert Api(world.url, None).call("GET", "/readyz").status == 200


def test_a_taken_port_is_named(world: World, tmp_path: Path) -> None:
    ended = tidings("serve", "--listen", f"127.0.0.1:{world.server.port}", "--data-dir", str(tmp_path))
    assert ended.returncode != 0
    assert str(world.server.port) in ended.stderr


def test_keys_are_made_listed_and_revoked_beside_a_server(own_world: World) -> None:
    key = own_world.server.create_key("test")
    api = Api(own_world.url, key)
    assert api.call("GET", "/messages").status == 200
    where = ("--data-dir", str(own_world.server.data))
    listed = tidings("keys", "list", *where)
    assert listed.returncode == 0
    assert key not in listed.stdout, "a key is shown once, when it is made"

    line = next(line for line in listed.stdout.splitlines() if " test " in line)
    assert tidings("keys", "revoke", line.split()[0], *where).returncode == 0
    eventually(lambda: api.call("GET", "/messages").status == 401, what="a refused key")
    assert own_world.api.call("GET", "/messages").status == 200, "the other key still opens"


def test_an_unknown_environment_makes_no_key(world: World) -> None:
    ended = tidings("keys", "create", "--environment", "staging", "--data-dir", str(world.server.data))
    assert ended.returncode != 0
    assert ended.stdout == ""
