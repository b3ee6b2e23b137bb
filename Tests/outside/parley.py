"""A parley process to test against, and what all outside tests share.

A test calls `run(main)`; its `main(place)` raises `Failure` with a sentence, or returns the line to print.
"""

import asyncio
import collections
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from secure import HTTP, IS_ON, WS, Security

# Long enough for a machine that does ten other things; nothing waits that long where all is well.
PATIENCE = 30
# For a server whose whole crowd comes from this machine: what one address may do is no measure then.
CROWDED = {"PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS": "0", "PARLEY_LIMITS_HANDSHAKES_PER_ADDRESS": "0"}


class Failure(Exception):
    """What did not hold, as a sentence."""


def check(condition, sentence):
    """Fails with `sentence` where `condition` does not hold."""
    if not condition:
        raise Failure(sentence)


def same(got, expected, what):
    """Fails where two values differ, and shows both."""
    check(got == expected, f"{what}: got {got!r}, expected {expected!r}")


class Place:
    """Where a test runs: the binary, ports nobody else uses, an empty folder, and the servers it started."""

    def __init__(self, binary, first, last):
        self.binary = str(pathlib.Path(binary).resolve())
        self.ports = iter(range(first, last + 1))
        self.folder = pathlib.Path.cwd()
        self.servers = []
        self.security = Security(self.folder) if IS_ON else None

    def port(self):
        """A port that was free when the test began."""
        return next(self.ports)

    def server(self, *arguments, port=None, environment=None, file="parley.db", archive=None):
        """A server that is not started yet, with its archive in `file`, or where `archive` says."""
        if self.security:
            arguments = [*self.security.arguments, *arguments]
            environment = self.security.environment | (environment or {})
        server = Server(self, port or self.port(), file, arguments, environment or {}, archive)
        self.servers.append(server)
        return server

    def end(self):
        """Kills what still runs, the last first: gateways before what stands behind them."""
        for server in reversed(self.servers):
            if server.process and server.process.poll() is None:
                server.kill()

    def command(self, *arguments, environment=None, seconds=PATIENCE):
        """Runs a subcommand to its end: status, standard output, standard error."""
        try:
            done = subprocess.run(
                [self.binary, *arguments],
                cwd=self.folder,
                env=clean_environment(environment),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise Failure(f"parley {' '.join(arguments)} did not end within {seconds} s") from late
        return done.returncode, done.stdout.decode(), done.stderr.decode()


def clean_environment(extra):
    """This environment without options of Parley that stand in it by chance."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return kept | (extra or {})


class Server:
    """`parley serve` on a port of loopback, its log in memory."""

    def __init__(self, place, port, file, arguments, environment, archive=None):
        self.place = place
        self.port = port
        self.archive = place.folder / file
        archive = archive or f"sqlite:{self.archive}"
        self.arguments = ["--listen", f"127.0.0.1:{port}", "--archive", archive, *arguments]
        self.environment = environment
        self.process = None
        self.log = collections.deque(maxlen=200)

    @property
    def base(self):
        """Where its page is."""
        return f"{HTTP}://127.0.0.1:{self.port}"

    @property
    def socket(self):
        """Where its WebSocket is."""
        return f"{WS}://127.0.0.1:{self.port}/ws"

    @property
    def pid(self):
        """The process that serves."""
        return self.process.pid

    def start(self):
        """Starts it and waits until it listens."""
        listens = threading.Event()
        self.process = subprocess.Popen(
            [self.place.binary, "serve", *self.arguments],
            cwd=self.place.folder,
            env=clean_environment(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        threading.Thread(target=self._read_log, args=(self.process, listens), daemon=True).start()
        check(listens.wait(PATIENCE), f"the server did not listen within {PATIENCE} s; {self.said()}")
        check(self.process.poll() is None, f"the server ended at its start; {self.said()}")
        return self

    def _read_log(self, process, listens):
        for line in process.stderr:
            text = line.decode("utf-8", "replace").rstrip()
            self.log.append(text)
            if "listening on" in text:
                listens.set()
        process.stderr.close()
        listens.set()

    def said(self):
        """The end of its log, for a failure's sentence."""
        return "its log ends with: " + ("\n".join(list(self.log)[-10:]) or "nothing")

    def kill(self):
        """`kill -9`, and waits for the kernel to have cleaned up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def terminate(self):
        """SIGTERM; does not wait."""
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=PATIENCE):
        """The status it ends with."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired as late:
            raise Failure(f"the server still runs after {seconds} s; {self.said()}") from late

    def stop(self):
        """SIGTERM, and a clean end."""
        self.terminate()
        status = self.wait()
        check(
            status == 0, f"after SIGTERM the server ended with status {status} instead of 0; {self.said()}"
        )

    def http(self, path, content=None, headers=None, method=None):
        """An HTTP call: status, fields, body as text."""
        request = urllib.request.Request(
            f"{self.base}{path}", data=content, headers=headers or {}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()
        except OSError as error:
            raise Failure(f"no answer to {path}: {error}; {self.said()}") from error

    def metrics(self):
        """`/metrics` as a dictionary from series to number."""
        status, _, text = self.http("/metrics")
        same(status, 200, "the status of /metrics")
        samples = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return {series: float(value) for series, value in samples}

    def resident_bytes(self, most=False):
        """How much memory the process has now, or has had at most."""
        name = "VmHWM:" if most else "VmRSS:"
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
        raise Failure(f"the server is gone; {self.said()}")


@contextlib.asynccontextmanager
async def meanwhile(*lives):
    """Runs these while the block runs; the failure of one ends the block."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(life) for life in lives]
        yield
        for task in tasks:
            task.cancel()


def first_of(error):
    """The failure itself, out of the groups that tasks wrap it in."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def eventually(condition, sentence, seconds=PATIENCE):
    """Waits until `condition()` holds; fails with `sentence` when it takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, f"{sentence} (within {seconds} s)")
        await asyncio.sleep(0.02)


def run(main, seconds=200):
    """Runs a test as the program it is: BINARY FIRST_PORT LAST_PORT [more]."""
    if len(sys.argv) < 4:
        raise SystemExit(
            f"usage: {sys.argv[0]} BINARY FIRST_PORT LAST_PORT, in an empty folder (see run.py)"
        )
    place = Place(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    name = pathlib.Path(sys.argv[0]).stem
    begin = time.monotonic()

    async def bounded():
        async with asyncio.timeout(seconds):
            return await main(place)

    try:
        line = asyncio.run(bounded())
    except Exception as error:
        failure = first_of(error)
        if not isinstance(failure, (Failure, TimeoutError)):
            raise
        sentence = str(failure) or f"it took more than {seconds} s"
        print(f"{name}: FAILED: {sentence}", flush=True)
        raise SystemExit(1) from None
    finally:
        place.end()
    print(f"{name}: {line} ({time.monotonic() - begin:.1f} s)", flush=True)
