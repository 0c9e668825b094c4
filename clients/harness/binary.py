"""Where the program under test is."""

import functools
import json
import os
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@functools.cache
def tidings_binary() -> Path:
    """`$TIDINGS_BIN`, or the debug build in cargo's target directory."""
    given = os.environ.get("TIDINGS_BIN")
    binary = Path(given) if given else _target_directory() / "debug" / "tidings"
    if not binary.is_file():
        raise FileNotFoundError(f"{binary} is missing: run `cargo build` or set TIDINGS_BIN")
    return binary


def _target_directory() -> Path:
    metadata = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1", "--offline"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    return Path(json.loads(metadata.stdout)["target_directory"])
