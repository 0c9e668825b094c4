"""Several servers on one database, as behind a load balancer.

    python3 -m harness.nodes 2

prints one JSON line `{"urls", "key"}` and lives until its standard input ends.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from harness.postgres import Postgres
from harness.server import Tidings

# All of them must seal with the same one.
MASTER_KEY = "00" * 32


def main() -> None:
    """Runs until standard input ends; a server that does not stop cleanly is an error."""
    folder = Path(tempfile.mkdtemp(prefix="tidings-nodes-"))
    # The database's own user must reach what lies below.
    folder.chmod(0o711)
    postgres = Postgres(folder / "postgres")
    nodes: list[Tidings] = []
    try:
        postgres.start()
        settings = {"TIDINGS_DATABASE_URL": postgres.url, "TIDINGS_MASTER_KEY": MASTER_KEY}
        for number in range(int(sys.argv[1])):
            nodes.append(Tidings(folder / f"node-{number}", **settings).start())
        key = nodes[0].create_key("production")
        print(json.dumps({"urls": [node.url for node in nodes], "key": key}), flush=True)
        sys.stdin.read()
    finally:
        try:
            for node in nodes:
                node.stop()
        finally:
            postgres.stop()
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
