#!/usr/bin/env python3
"""File descriptors run out, and nobody who is in notices.

A flood of connections comes over what the process may open: first as it counts them itself, then with
nothing left at all (EMFILE). Those beyond are told 503 and closed, or closed; a session beside them goes on;
the loops sleep; and when the flood has gone the page is served again.
"""

import asyncio
import pathlib
import resource
import socket

from client import Client
from parley import check, eventually, meanwhile, run, same

DESCRIPTORS = 200
WORKERS = 2
# What the process keeps for itself: see ConnectionCapacity.swift.
CAPACITY = DESCRIPTORS - 64 - WORKERS * 6
FLOOD = 400


def ticks(server):
    """Processor time of the process so far, in hundredths of a second."""
    fields = pathlib.Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def few(place):
    """The binary, allowed to open few files only."""
    wrapper = place.folder / "few"
    wrapper.write_text(f'#!/bin/sh\nulimit -n {DESCRIPTORS}\nexec "{place.binary}" "$@"\n')
    wrapper.chmod(0o755)
    place.binary = str(wrapper)


class Flood:
    """Connections that say nothing."""

    def __init__(self, port):
        self.sockets = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(FLOOD)]

    def heard(self):
        """What each was told so far; None where it still waits."""
        return [self._heard(one) for one in self.sockets]

    @staticmethod
    def _heard(one):
        one.setblocking(False)
        try:
            return one.recv(4096, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        except ConnectionResetError:
            return b""

    def end(self):
        """All go at once."""
        for one in self.sockets:
            one.close()


async def flooded(server, client, room_left, what):
    """A flood while at most so many more have room."""
    flood = Flood(server.port)
    await eventually(
        lambda: sum(words is not None for words in flood.heard()) >= FLOOD - room_left,
        f"{what}: connections beyond the limit still wait",
    )
    refused = [words for words in flood.heard() if words is not None]
    for words in refused:
        if words:
            check(words.startswith(b"HTTP/1.1 503 "), f"{what}: told {words[:60]!r}")
            check(b"\r\nRetry-After: " in words, f"{what}: not told when to come back")
    told = sum(bool(words) for words in refused)
    check(told > len(refused) * 9 // 10, f"{what}: only {told} of {len(refused)} were told anything")
    await publishes(client, f"{what}, during")
    before = ticks(server)
    await asyncio.sleep(1)
    # A loop that spins takes a hundred.
    spent = ticks(server) - before
    check(spent < 40, f"{what}: {spent} hundredths of a second on a processor in a second of quiet")
    await publishes(client, f"{what}, quiet")
    flood.end()
    await eventually(lambda: page_is_served(server), f"{what}: the page is not served after the flood")
    await publishes(client, f"{what}, after")
    return len(refused)


def page_is_served(server):
    """Whether somebody new is let in."""
    try:
        with socket.create_connection(("127.0.0.1", server.port), 10) as one:
            one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return one.recv(12) == b"HTTP/1.1 200"
    except OSError:
        return False


async def publishes(client, what):
    """The session that is in says something and hears it."""
    room = client.rooms["hall"]
    heard = room.offset + 1
    answer = await client.ask("publish", {"room": "hall", "clientId": f"m{heard}", "body": what})
    check("ok" in answer, f"{what}: the session beside the flood was refused: {answer}")
    await eventually(lambda: room.offset == heard, f"{what}: the session beside the flood hears nothing")


async def main(place):
    """Over the limit the process set itself, then over the kernel's."""
    few(place)
    server = place.server("--workers", str(WORKERS), archive="memory:").start()
    client = await Client(server.port, "ada", ["hall"]).connect()
    async with meanwhile(client.listen()):
        counted = await flooded(server, client, CAPACITY, "over the limit")
        figures = server.metrics()
        check(
            figures['parley_limits_reached_total{limit="connections"}'] >= counted,
            "the metrics do not tell of all who were refused",
        )
        same(figures["parley_connections_refused_total"], 0, "connections closed for want of a descriptor")
        # Now the kernel says no before the process does.
        opened = len(list(pathlib.Path(f"/proc/{server.pid}/fd").iterdir()))
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (opened + 20, DESCRIPTORS))
        starved = await flooded(server, client, 25, "without descriptors")
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        refused = server.metrics()["parley_connections_refused_total"]
        check(refused >= starved - 25, f"{refused:.0f} of {starved} are in the metrics")
    await client.close()
    server.stop()
    return f"{counted} refused over the limit, {starved} without descriptors, one session undisturbed"


if __name__ == "__main__":
    run(main)
