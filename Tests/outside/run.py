#!/usr/bin/env python3
"""Runs the tests that drive the built binary from outside.

Usage: run.py BINARY [NAME...]

Each `test_*.py` beside this file is run in order, in an empty folder of its own, as

    python test_NAME.py BINARY FIRST_PORT LAST_PORT

with 20 ports of loopback that were free a moment ago. It passes when it ends with status 0 within its time.
Two run at a time, for most of the time they wait. One line each, the output only where it failed; whatever a
test leaves running is ended with it.
"""
import concurrent.futures
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SECONDS = 240
PORTS = 20
LANES = 2
# These run over TLS, with everything compressed; with TEST_WITH_TLS=1 all do, with 0 none.
SECURE = {"test_browser", "test_browser_instances", "test_browser_recovery"}
# Below the range the kernel takes clients' ports from.
FIRST, LAST = 20000, 32700


def is_free(port):
    """Whether nobody listens there."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_ports(after):
    """The first port of a free run of them, not before `after`."""
    first = after
    while first + PORTS <= LAST:
        taken = [port for port in range(first, first + PORTS) if not is_free(port)]
        if not taken:
            return first
        first = taken[-1] + 1
    raise SystemExit("run.py: no free run of ports below 32768")


def run(test, binary, first):
    """Runs one test; returns its status and what it said."""
    security = os.environ.get("TEST_WITH_TLS", "1" if test.stem in SECURE else "0")
    with tempfile.TemporaryDirectory(prefix="parley-") as folder, tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, str(test), str(binary), str(first), str(first + PORTS - 1)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=dict(
                os.environ, TEST_WITH_TLS=security, PYTHONDONTWRITEBYTECODE="1", PYTHONUNBUFFERED="1"
            ),
        )
        try:
            status = process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            status = f"more than {SECONDS} s"
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        output.seek(0)
        return status, output.read().decode("utf-8", "replace")


class Ports:
    """Runs of free ports, each handed out once."""

    def __init__(self):
        self.lock = threading.Lock()
        self.next = FIRST + os.getpid() % 300 * PORTS

    def take(self):
        """The first port of the next run."""
        with self.lock:
            first = free_ports(self.next)
            self.next = first + PORTS
            return first


def tell(test, binary, ports):
    """Runs one test and says how it went; whether it passed."""
    begin = time.monotonic()
    status, output = run(test, binary, ports.take())
    seconds = time.monotonic() - begin
    lines = [f"{'ok  ' if status == 0 else 'FAIL'} {test.stem:<28} {seconds:7.1f} s"]
    if status != 0:
        lines.append(f"     status {status}; it said:")
        lines.extend("     " + line for line in output.splitlines()[-200:])
    print("\n".join(lines), flush=True)
    return status == 0


def main(arguments):
    if not arguments:
        raise SystemExit(__doc__)
    binary = pathlib.Path(arguments[0]).resolve()
    if not os.access(binary, os.X_OK):
        raise SystemExit(f"run.py: no executable at {arguments[0]}")
    here = pathlib.Path(__file__).resolve().parent
    tests = sorted(here.glob("test_*.py"))
    if arguments[1:]:
        tests = [test for test in tests if test.stem.removeprefix("test_") in arguments[1:]]
    if not tests:
        raise SystemExit("run.py: error: no such Tests/outside/test_*.py")

    ports = Ports()
    with concurrent.futures.ThreadPoolExecutor(LANES) as lanes:
        passed = list(lanes.map(lambda test: tell(test, binary, ports), tests))
    failed = passed.count(False)
    print(f"{len(tests)} outside tests, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
