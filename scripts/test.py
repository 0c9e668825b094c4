#!/usr/bin/env python3
"""Runs every suite in turn, lets its output through, and adds up what it says.

python3 scripts/test.py            all suites
python3 scripts/test.py node crash only these

A suite counts as failed when it says so, when it ends with an error, and when
it ran nothing at all. The last line is `N passed, N failed`.
"""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
CARGO = os.environ.get("CARGO", "cargo")

# The line in which each test runner sums up, and the counts in it: "3 passed" or "pass 3".
SUMMARIES = {
    "cargo": re.compile(r"^test result: "),
    "nextest": re.compile(r"^ *Summary \["),
    "pytest": re.compile(r"\d+ \w+ in [\d.]+s"),
    "node": re.compile(r"^(?:#|ℹ) (?:pass|fail) \d+"),
}
COUNT = re.compile(r"(\d+) (passed|failed|error)|(pass|fail) (\d+)")


@dataclass(frozen=True)
class Suite:
    """A command and the runner whose summary it prints."""

    name: str
    runner: str
    command: list[str]


@dataclass
class Result:
    """What a suite said of itself, and how it ended."""

    passed: int = 0
    failed: int = 0
    seconds: float = 0.0


def suites() -> list[Suite]:
    """In the order of what is cheapest to learn first."""
    nextest = subprocess.run([CARGO, "nextest", "--version"], capture_output=True, check=False).returncode == 0
    rust = (
        Suite("rust", "nextest", [CARGO, "nextest", "run", "--workspace", "--no-fail-fast"])
        if nextest
        else Suite("rust", "cargo", [CARGO, "test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"])
    )
    return [
        rust,
        Suite("rustdoc", "cargo", [CARGO, "test", "--workspace", "--doc"]),
        Suite("python", "pytest", ["clients/python/run"]),
        Suite("node", "node", ["clients/node/run"]),
        Suite("crash", "pytest", ["clients/crash/run"]),
        Suite("browser", "node", ["e2e/run"]),
    ]


def counts(runner: str, line: str) -> tuple[int, int]:
    """Passed and failed, if the line is the runner's summary."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", line)
    totals = {"pass": 0, "fail": 0, "erro": 0}
    if SUMMARIES[runner].search(plain):
        for number, kind, kind_first, number_last in COUNT.findall(plain):
            totals[(kind or kind_first)[:4]] += int(number or number_last)
    return totals["pass"], totals["fail"] + totals["erro"]


def run(suite: Suite) -> Result:
    """Runs one suite from the repository's root."""
    print(f"\n==> {suite.name}: {' '.join(suite.command)}", flush=True)
    result, started = Result(), time.monotonic()
    child = subprocess.Popen(
        suite.command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    assert child.stdout is not None
    for line in child.stdout:
        print(line, end="", flush=True)
        passed, failed = counts(suite.runner, line)
        result.passed += passed
        result.failed += failed
    broken = child.wait() != 0 or (result.passed == 0 and suite.name != "rustdoc")
    result.failed = result.failed or int(broken)
    result.seconds = time.monotonic() - started
    return result


def main() -> int:
    wanted = sys.argv[1:]
    build = [CARGO, "build", "--bin", "tidings"]
    if "TIDINGS_BIN" not in os.environ and subprocess.run(build, cwd=REPOSITORY, check=False).returncode != 0:
        print("0 passed, 1 failed")
        return 1
    results = {suite.name: run(suite) for suite in suites() if not wanted or suite.name in wanted}
    print()
    for name, result in results.items():
        print(f"{name:8} {result.passed:5} passed {result.failed:5} failed {result.seconds:7.0f} s")
    passed, failed = (sum(getattr(r, what) for r in results.values()) for what in ("passed", "failed"))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
