#!/usr/bin/env python3
"""Debian's slowhttptest against a gateway, and what a visitor beside it notices.

Usage: slow.py BIN_FOLDER [--connections N] [--rate R] [--seconds S] [--modes header,body,read]
               [--limits default,lifted,patient] [--attackers N] [--json OUT]

Thousands of connections from one address send a head or a body in crumbs, or read an answer in crumbs. Once
with the default limits, where that address gets a thousand connections, and once without that limit
(`lifted`), so that all of them are held until their time is over; `patient`, if asked for, also gives them
minutes. Meanwhile a visitor from another address of loopback fetches the page five times a second, each time
on a connection of its own, and has a WebSocket echo ten messages a second, both by a schedule fixed
beforehand: latency counts from when the schedule wanted them. What the server's CPU did says whether it or
the machine was busy. Status 0 only if not one of its fetches and
echoes failed, and the server was there to the end.
"""

import argparse
import asyncio
import json
import pathlib
import shutil
import subprocess
import time

from gauges import (
    MIB,
    Failure,
    Samples,
    cpu_seconds,
    descriptors,
    latencies,
    limits_reached,
    machine,
    percentile,
    place_of,
    program,
    raise_descriptors,
    resident_bytes,
    table,
)
from wire import TEXT, Wire, frame, request

VISITOR = "127.0.0.2"
FETCH_EVERY, ECHO_EVERY = 0.2, 0.1
# What has not come by then never will, for a visitor.
PATIENCE = 10
# slowhttptest's options for each mode; every crumb comes before the server gives up on silence alone.
MODES = {
    "header": ["-H", "-i", "5", "-x", "24", "-t", "GET"],
    "body": ["-B", "-i", "5", "-x", "10", "-s", "8192", "-f", "application/json", "-t", "POST"],
    "read": ["-X", "-w", "10", "-y", "20", "-n", "5", "-z", "16", "-k", "4"],
}
PATHS = {"header": "/", "body": "/api/v1/rooms/slow/publications", "read": "/client.js"}
LIFTED = {"PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS": "0"}
PATIENT = {f"PARLEY_HTTP_{name}_MS": "300000" for name in ("HEADER", "REQUEST", "ANSWER", "IDLE")}
LIMITS = {"default": {}, "lifted": LIFTED, "patient": LIFTED | PATIENT}


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, metavar="BIN_FOLDER")
    parser.add_argument("--connections", type=int, default=4_000)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--attackers", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=45)
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--limits", default="default,lifted")
    parser.add_argument("--json", type=pathlib.Path)
    asked = parser.parse_args()
    asked.modes, asked.limits = asked.modes.split(","), asked.limits.split(",")
    for word, known in [(mode, MODES) for mode in asked.modes] + [(word, LIMITS) for word in asked.limits]:
        if word not in known:
            parser.error(f"{word} is none of {', '.join(known)}")
    return asked


class Visitor:
    """Someone who only wants to use the page while all that goes on."""

    def __init__(self, port):
        self.port = port
        self.fetches, self.echoes, self.failures = [], [], []
        self.tasks = set()

    async def open(self):
        """A connection from the visitor's own address."""
        return Wire(*await asyncio.open_connection("127.0.0.1", self.port, local_addr=(VISITOR, 0)))

    async def fetch(self, due):
        """One look at the page."""
        try:
            async with asyncio.timeout(PATIENCE):
                wire = await self.open()
                wire.send(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
                status, _, body = await wire.response()
                wire.leave()
            if status != 200 or b"<html" not in body:
                raise Failure(f"the page was answered {status}")
            self.fetches.append(time.monotonic() - due)
        except (Failure, OSError, TimeoutError) as error:
            self.failures.append(f"page: {error!r}")

    async def fetch_often(self, begin, seconds):
        """One look after the other by the clock, however long they take."""
        for number in range(int(seconds / FETCH_EVERY)):
            due = begin + number * FETCH_EVERY
            await asyncio.sleep(max(0, due - time.monotonic()))
            task = asyncio.create_task(self.fetch(due))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        await asyncio.gather(*self.tasks)

    async def echo_often(self, begin, seconds):
        """One echo after the other by the clock, on one WebSocket."""
        wire = await self.open()
        wire.send(request("/echo"))
        status, _, _ = await wire.response()
        if status != 101:
            raise Failure(f"/echo answered {status}; is the server started with --diagnostics?")
        due = [begin + number * ECHO_EVERY for number in range(int(seconds / ECHO_EVERY))]
        reader = asyncio.create_task(self.read_echoes(wire, due))
        for number, moment in enumerate(due):
            await asyncio.sleep(max(0, moment - time.monotonic()))
            wire.send(frame(TEXT, f"echo {number} " + "x" * 100))
        await reader
        wire.leave()

    async def read_echoes(self, wire, due):
        """Takes back what was sent, in order."""
        number = 0
        try:
            async with asyncio.timeout(due[-1] - time.monotonic() + PATIENCE):
                while number < len(due):
                    opcode, payload = await wire.frame()
                    if opcode != TEXT:
                        continue
                    if not payload.startswith(b"echo %d " % number):
                        raise Failure(f"not echo {number}: {payload[:40]!r}")
                    self.echoes.append(time.monotonic() - due[number])
                    number += 1
        except (Failure, OSError, TimeoutError) as error:
            self.failures += [f"echo: {error!r}"] * (len(due) - number)

    async def stay(self, seconds):
        """Uses everything for so long."""
        begin = time.monotonic()
        await asyncio.gather(self.fetch_often(begin, seconds), self.echo_often(begin, seconds))


def attack(asked, mode, port):
    """Starts the attackers, who end by themselves. Each opens one connection after the other, so several are
    needed for hundreds a second on a busy machine.
    """
    count, rate = asked.connections // asked.attackers, max(1, asked.rate // asked.attackers)
    options = ["-c", str(count), "-r", str(rate), "-l", str(asked.seconds), "-p", "3", "-v", "1"]
    command = ["slowhttptest", *options, *MODES[mode], "-u", f"http://127.0.0.1:{port}{PATHS[mode]}"]
    silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return [subprocess.Popen(command, **silent) for _ in range(asked.attackers)]


def measure(asked, place, mode, limits):
    """One mode against a fresh server; the figures."""
    server = place.server("--diagnostics", archive="memory:", environment=LIMITS[limits]).start()
    # What a first visitor costs stands in no figure.
    asyncio.run(Visitor(server.port).stay(1))
    visitor = Visitor(server.port)
    used = cpu_seconds(server.pid)
    with Samples(server.pid, resident=resident_bytes, descriptors=descriptors) as samples:
        processes = attack(asked, mode, server.port)
        try:
            asyncio.run(visitor.stay(asked.seconds))
        finally:
            for process in processes:
                process.kill()
                process.wait()
    if server.process.poll() is not None:
        raise Failure(f"the server ended in slow-{mode} with {limits} limits; {server.said()}")
    end = time.monotonic() + PATIENCE
    while descriptors(server.pid) > samples.before["descriptors"] + 2 and time.monotonic() < end:
        time.sleep(0.1)
    figures = {
        "mode": mode,
        "limits": limits,
        "held": samples.most["descriptors"] - samples.before["descriptors"],
        "left": max(0, descriptors(server.pid) - samples.before["descriptors"]),
        "residentBefore": samples.before["resident"],
        "residentMost": samples.most["resident"],
        "residentAfter": resident_bytes(server.pid),
        "cpuSeconds": cpu_seconds(server.pid) - used,
        "reached": limits_reached(server.metrics()),
        "failures": visitor.failures,
    }
    for name, values in [("page", visitor.fetches), ("echo", visitor.echoes)]:
        figures[name] = {
            "count": len(values),
            "p50": percentile(values, 0.5),
            "p99": percentile(values, 0.99),
            "max": max(values, default=None),
            "text": latencies(values),
        }
    server.stop()
    return figures


def row(figures):
    """The figures as a line of the table."""
    resident = [
        f"{figures[name] / MIB:.1f}" for name in ("residentBefore", "residentMost", "residentAfter")
    ]
    return [
        f"slow {figures['mode']}",
        figures["limits"],
        figures["held"],
        figures["page"]["text"],
        figures["echo"]["text"],
        len(figures["failures"]),
        " / ".join(resident),
        f"{figures['cpuSeconds']:.1f}",
        figures["reached"],
    ]


def main():
    """All modes with all limits, and a table."""
    asked = arguments()
    if not shutil.which("slowhttptest"):
        raise Failure("slowhttptest is missing: scripts/setup.sh bench installs it")
    # Both ends of a connection are in one process's table each, and the visitor comes on top.
    raise_descriptors(asked.connections + 1_000)
    print(
        f"{machine()}; {asked.connections} connections, {asked.rate} new ones a second,"
        f" {asked.seconds} s each",
        flush=True,
    )
    found = []
    with place_of(asked.folder, 22000) as place:
        for mode in asked.modes:
            for limits in asked.limits:
                figures = measure(asked, place, mode, limits)
                found.append(figures)
                fate = figures["failures"][:3]
                print(
                    f"slow {mode}, {limits} limits: held {figures['held']}, {figures['page']['count']} pages"
                    f" and {figures['echo']['count']} echoes, failed {len(figures['failures'])} {fate or ''}",
                    flush=True,
                )
    print()
    print(
        table(
            [
                "attack",
                "limits",
                "held",
                "page ms p50 / p99 / max",
                "echo ms p50 / p99 / max",
                "failed",
                "server MiB before / most / after",
                "server CPU s",
                "limits reached",
            ],
            map(row, found),
        )
    )
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    return 1 if any(figures["failures"] for figures in found) else 0


if __name__ == "__main__":
    program(main)
