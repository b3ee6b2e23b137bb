"""Postgres and Redis servers of a test's own, on its ports and in its folder, started by Parley's scripts."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from parley import PATIENCE, Failure, check

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"


class Service:
    """A server in the foreground of a script, killed with the test."""

    script = None

    def __init__(self, place, *arguments):
        self.place = place
        self.port = place.port()
        self.folder = place.folder / f"{type(self).__name__.lower()}-{self.port}"
        self.arguments = arguments
        self.process = None
        place.servers.append(self)

    def start(self):
        """Starts it and waits until it takes connections."""
        # Postgres runs as a user of its own, who has to get through to its folder.
        self.place.folder.chmod(0o711)
        log = open(f"{self.folder}.log", "ab")
        self.process = subprocess.Popen(
            [SCRIPTS / self.script, str(self.folder), str(self.port), *self.arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        end = time.monotonic() + 2 * PATIENCE
        while not self.answers():
            check(self.process.poll() is None, f"{self.script} ended; {self.said()}")
            check(time.monotonic() < end, f"{self.script} is not ready; {self.said()}")
            time.sleep(0.05)
        return self

    def answers(self):
        """Whether it serves."""
        raise NotImplementedError

    def said(self):
        """The end of its log."""
        text = pathlib.Path(f"{self.folder}.log").read_text(errors="replace")
        return "its log ends with: " + "\n".join(text.splitlines()[-10:])

    def kill(self):
        """`kill -9` of all its processes at once, as a machine that loses power does."""
        self.freeze()
        for child in self.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def children(self):
        """The processes it started: Postgres gives each a group of its own."""
        listed = ["ps", "-o", "pid=", "--ppid", str(self.process.pid)]
        return [int(word) for word in subprocess.run(listed, capture_output=True, check=False).stdout.split()]

    def freeze(self):
        """SIGSTOP: it accepts, and stays silent."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self):
        """Goes on."""
        os.killpg(self.process.pid, signal.SIGCONT)


def tool(name):
    """A program of Postgres, which Debian keeps out of PATH."""
    found = shutil.which(name) or shutil.which(name, path="/usr/lib/postgresql/15/bin")
    check(found, f"{name} is not installed; make setup installs it")
    return found


class Postgres(Service):
    """A cluster that trusts everyone on loopback."""

    script = "postgres.sh"

    def answers(self):
        command = [tool("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        return subprocess.run(command, check=False).returncode == 0

    def sql(self, statement, database="postgres"):
        """Runs a statement by the socket in the folder; its rows as text, a column each by a tab."""
        command = [tool("psql"), "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        place = ["-h", str(self.folder), "-p", str(self.port), "-U", "postgres", "-d", database]
        done = subprocess.run(
            [*command, *place], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if done.returncode != 0:
            raise Failure(f"psql: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def url(self, database="postgres"):
        """How to reach a database."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def database(self, name):
        """Makes an empty database; how to reach it."""
        self.sql(f'create database "{name}"')
        return self.url(name)


class Redis(Service):
    """A Redis that keeps nothing."""

    script = "redis.sh"

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                probe.settimeout(2)
                probe.sendall(b"PING\r\n")
                return probe.recv(64).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False

    def url(self):
        """How to reach it."""
        return f"redis://127.0.0.1:{self.port}"
