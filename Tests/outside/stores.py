"""A Postgres and a Redis of our own for outside tests and load runs, started by the scripts in scripts/."""

import contextlib
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from parley import PATIENCE, Failure

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"


class Store:
    """One server process on a port of loopback, its files in a folder that is deleted with it."""

    script = ""

    def __init__(self, port):
        self.port = port
        # Directly below the temporary folder: another user, such as `postgres`, has to get there.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="parley-store-"))
        self.process = None

    def start(self):
        """Starts it on what its folder holds, and waits until it answers."""
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        with log:
            # It dies with the thread that starts it: call this from one that lives as long.
            self.process = subprocess.Popen(
                [SCRIPTS / self.script, self.folder, str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 2 * PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise Failure(f"{self.script} does not run: {self.said()}")
            time.sleep(0.05)
        return self

    def said(self):
        """The end of its log."""
        text = (self.folder.parent / f"{self.folder.name}.log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-10:])

    def kill(self):
        """`kill -9`; its files stay."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def close(self):
        """Ends it and deletes its files."""
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder.parent / f"{self.folder.name}.log").unlink(missing_ok=True)

    def answers(self):
        """Whether it serves."""
        raise NotImplementedError


class Postgres(Store):
    """An empty cluster with the database `parley`."""

    script = "postgres.sh"

    @property
    def url(self):
        """What `--archive` takes."""
        return f"postgres://postgres@127.0.0.1:{self.port}/parley"

    def start(self):
        super().start()
        if "parley" not in self.psql("select datname from pg_database", "postgres").split():
            self.psql("create database parley", "postgres")
        return self

    def answers(self):
        return self._psql("select 1", "postgres").returncode == 0

    def psql(self, sql, database="parley"):
        """Runs statements; their rows, unaligned."""
        done = self._psql(sql, database)
        if done.returncode != 0:
            raise Failure(f"psql: {done.stderr}")
        return done.stdout

    def _psql(self, sql, database):
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]
        return subprocess.run(
            [*command, "-XAtqc", sql],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


class Redis(Store):
    """A Redis that stores nothing."""

    script = "redis.sh"

    @property
    def url(self):
        """What `--broker` takes."""
        return f"redis://127.0.0.1:{self.port}"

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                probe.sendall(b"PING\r\n")
                return probe.recv(5) == b"+PONG"
        except OSError:
            return False


@contextlib.contextmanager
def stores(*wanted):
    """Starts them, and ends them after the block."""
    try:
        for store in wanted:
            store.start()
        yield wanted
    finally:
        for store in wanted:
            store.close()
