#!/usr/bin/env python3
"""What TLS and compression cost a gateway: memory of idle connections, CPU of messages and handshakes.

Usage: doors.py BIN_FOLDER [--idle N] [--scale X] [--only parley|peers] [--json OUT]

BIN_FOLDER has `parley` and `parley-load`. One worker, an archive in memory, no limit of the door in the way;
plain, over TLS, compressed, and both, a fresh server for each. Memory is the growth of the resident set over
the number of connections, without what the kernel keeps for them. CPU is user and system time of the server
alone, from /proc. Beside it, in the same run, echoes of strangers: PyPI's `websockets` (in .venv) and
Debian's `ws` for Node (package node-ws), with their own defaults. Figures for people, on loopback, one shot.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from gauges import (
    HERE,
    OPEN_DOOR,
    Failure,
    cpu_seconds,
    machine,
    place_of,
    program,
    raise_descriptors,
    resident_bytes,
    table,
)
from certificates import Authority

# What each variant adds to the server's and to the client's command line.
VARIANTS = {"plain": (False, False), "TLS": (True, False), "deflate": (False, True), "both": (True, True)}
SECONDS = 100
# Messages, deliveries and handshakes of each measurement, before --scale.
SMALL, LARGE, FANOUT, HANDSHAKES = 200_000, 40_000, 1_000, 2_000
PEER_SMALL, PEER_LARGE = 40_000, 10_000
SUBSCRIBERS = 500


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, metavar="BIN_FOLDER")
    parser.add_argument("--idle", type=int, default=5_000)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--only", choices=["parley", "peers"])
    parser.add_argument("--json", type=pathlib.Path)
    return parser.parse_args()


class Load:
    """A `parley-load` that has connected and waits for its word."""

    def __init__(self, asked, url, authority, deflate, command, *options, path=None):
        words = [asked.folder / "parley-load", command, "--url", url, *map(str, options)]
        words += ["--path", path] if path else []
        words += ["--ca", authority.certificate] if url.startswith("https:") else []
        words += ["--compress"] if deflate else []
        words += ["--seconds-limit", str(SECONDS)]
        self.deflate = deflate
        self.name = f"parley-load {command}"
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def opened(self):
        """Waits until all are connected."""
        line = self.process.stdout.readline()
        if not line.startswith("open "):
            raise Failure(f"{self.name} ended with status {self.process.wait()} before it was connected")

    def report(self):
        """Lets it go on, and waits for its figures."""
        self.process.stdin.write("go on\n")
        return self.end()

    def end(self):
        """Waits for its figures."""
        said, _ = self.process.communicate(timeout=SECONDS + 20)
        if self.process.returncode != 0:
            raise Failure(f"{self.name} ended with status {self.process.returncode}")
        figures = json.loads(said.splitlines()[-1])
        if self.deflate and not figures.get("compressed", 1):
            raise Failure(f"{self.name}: the server compresses nothing")
        return figures


class Door:
    """A server, and how to reach it."""

    def __init__(self, asked, pid, url, authority, deflate):
        self.asked, self.pid, self.url, self.authority, self.deflate = asked, pid, url, authority, deflate

    def load(self, command, *options, path=None, deflate=None):
        """A `parley-load` for it."""
        deflate = self.deflate if deflate is None else deflate
        return Load(self.asked, self.url, self.authority, deflate, command, *options, path=path)

    def idle(self, path):
        """Bytes of the server for each of many connections that say nothing."""
        warm = self.load("idle", "--connections", 100, path=path)
        warm.opened()
        warm.report()
        before = resident_bytes(self.pid)
        load = self.load("idle", "--connections", self.asked.idle, path=path)
        load.opened()
        time.sleep(0.5)
        grown = resident_bytes(self.pid) - before
        load.report()
        return grown / self.asked.idle

    def messages(self, kind, count, *options, each="messages", path=None):
        """CPU seconds of the server for a million messages, and how many came in a second."""
        # What a first message costs stands in no figure.
        warm = self.load(kind, "--messages", max(100, count // 50), *options, "--hold", path=path)
        warm.opened()
        warm.report()
        load = self.load(kind, "--messages", count, *options, "--hold", path=path)
        load.opened()
        before = cpu_seconds(self.pid)
        figures = load.report()
        used = cpu_seconds(self.pid) - before
        return {
            "cpuSecondsPerMillion": used * 1e6 / figures[each],
            "perSecond": figures[each] * 1000 / max(1, figures["milliseconds"]),
        }

    def handshakes(self, *options):
        """Handshakes in a second of the server's CPU."""
        count = max(100, int(HANDSHAKES * self.asked.scale))
        self.load("handshakes", "--count", 100, *options, deflate=False).end()
        before = cpu_seconds(self.pid)
        figures = self.load("handshakes", "--count", count, *options, deflate=False).end()
        if "--resume" in options and figures["resumed"] < count * 0.8:
            raise Failure(f"only {figures['resumed']} of {count} sessions were resumed")
        return count / max(0.01, cpu_seconds(self.pid) - before)


def secured(authority):
    """The certificate of this run."""
    return authority.issue("doors", names=["localhost"], addresses=["127.0.0.1"])


def measure(asked, place, authority, variant):
    """All figures of one variant of ours."""
    secure, deflate = VARIANTS[variant]
    shown = secured(authority)
    options = ["--tls-cert", shown.certificate, "--tls-key", shown.key] if secure else []
    scheme = "https" if secure else "http"

    def fresh():
        server = place.server(
            "--diagnostics", "--workers", "1", *options, archive="memory:", environment=OPEN_DOOR
        ).start()
        return server, Door(asked, server.pid, f"{scheme}://127.0.0.1:{server.port}", authority, deflate)

    figures = {"server": "parley", "variant": variant}
    for name, path in [("idleSessionBytes", "/ws"), ("idleEchoBytes", "/echo")]:
        server, door = fresh()
        figures[name] = door.idle(path)
        server.stop()
    server, door = fresh()
    scale = asked.scale
    figures["small"] = door.messages("echo", int(SMALL * scale), "--size", 128)
    figures["large"] = door.messages("echo", int(LARGE * scale), "--size", 2048)
    figures["fanout"] = door.messages(
        "fanout", int(FANOUT * scale), "--size", 2048, "--subscribers", SUBSCRIBERS, each="deliveries"
    )
    if not deflate:
        figures["handshakes"] = door.handshakes()
    if secure and not deflate:
        figures["resumed"] = door.handshakes("--resume")
    server.stop()
    return figures


def peers():
    """The strangers that are there: name, command."""
    found = []
    python = HERE.parent / ".venv" / "bin" / "python"
    probe = [python, "-c", "import websockets"]
    if python.exists() and subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        found.append(("websockets (Python)", [python, HERE / "peers" / "echo_websockets.py"]))
    if shutil.which("node") and pathlib.Path("/usr/share/nodejs/ws").exists():
        found.append(("ws (Node)", ["node", HERE / "peers" / "echo_ws.cjs"]))
    return found


def measure_peer(asked, place, authority, peer, variant):
    """The echo figures of a stranger."""
    name, command = peer
    secure, deflate = VARIANTS[variant]
    port, shown = place.port(), secured(authority)
    process = subprocess.Popen(
        [*command, str(port), *([shown.certificate, shown.key] if secure else [])],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "NODE_PATH": "/usr/share/nodejs"},
    )
    try:
        if not process.stdout.readline():
            raise Failure(f"{name} did not start")
        scheme = "https" if secure else "http"
        door = Door(asked, process.pid, f"{scheme}://127.0.0.1:{port}", authority, deflate)
        return {
            "server": name,
            "variant": variant,
            "small": door.messages("echo", int(PEER_SMALL * asked.scale), "--size", 128, path="/"),
            "large": door.messages("echo", int(PEER_LARGE * asked.scale), "--size", 2048, path="/"),
        }
    finally:
        process.kill()
        process.wait()


def row(figures):
    """The figures as a line of the table."""

    def number(name):
        return f"{figures[name]:,.0f}" if name in figures else ""

    def cost(name):
        return f"{figures[name]['cpuSecondsPerMillion']:.1f}" if name in figures else ""

    handshakes = number("handshakes") + (f"; resumed {number('resumed')}" if "resumed" in figures else "")
    return [
        figures["server"],
        figures["variant"],
        number("idleSessionBytes"),
        number("idleEchoBytes"),
        cost("small"),
        cost("large"),
        cost("fanout"),
        handshakes,
    ]


def main():
    """Everything, and a table."""
    asked = arguments()
    raise_descriptors(asked.idle + 200)
    print(f"{machine()}; {' '.join(sys.argv[1:])}", flush=True)
    begin, found = time.monotonic(), []
    with place_of(asked.folder, 24000) as place:
        authority = Authority(place.folder / "tls")
        for variant in VARIANTS if asked.only != "peers" else []:
            found.append(measure(asked, place, authority, variant))
            print(f"{variant}: {json.dumps(found[-1])}", flush=True)
        for peer in peers() if asked.only != "parley" else []:
            for variant in VARIANTS:
                found.append(measure_peer(asked, place, authority, peer, variant))
                print(f"{peer[0]}, {variant}: {json.dumps(found[-1])}", flush=True)
    print(f"\n{time.monotonic() - begin:.0f} s; CPU in seconds of the server for a million\n")
    print(
        table(
            [
                "server",
                "variant",
                "bytes / idle session",
                "bytes / idle echo",
                "CPU, echo 128 B",
                "CPU, echo 2 KiB",
                f"CPU, delivery 2 KiB ({SUBSCRIBERS} hear)",
                "handshakes / CPU s",
            ],
            map(row, found),
        )
    )
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    program(main)
