#!/usr/bin/env python3
"""A client that stops reading a busy room costs nobody else anything.

The others keep their pace, the server's memory stays within a budget, and on its return the slow client has
everything, or was told to skip exactly what it lacks and fetches that by history. One that never returns is
closed.
"""

import asyncio
import json
import time

from client import Client, seen
from parley import PATIENCE, check, eventually, meanwhile, run, same

ROOM = "busy"
# Far more than the kernel's buffers for a connection (4 MiB here, 64 KiB there), the session's queue and the
# room's memory (256 KiB) hold together.
BODY = "x" * 8_000
ROUND = 1_500
OUTSTANDING = 32
# What readers may cost: their queues (1 MiB each by default), the room's memory, SQLite's cache (16 MiB), and
# room to breathe.
BUDGET = 40 << 20
SLOW_SECONDS = 30


class Reader(Client):
    """A client that can stop reading, and counts what it was told."""

    def __init__(self, port, user, receive_buffer=None):
        super().__init__(port, user, [ROOM], receive_buffer=receive_buffer)
        self.longest_wait = 0
        self._last = None

    def published(self, publication, line):
        super().published(publication, line)
        now = time.monotonic()
        if self._last:
            self.longest_wait = max(self.longest_wait, now - self._last)
        self._last = now

    def rest(self):
        """The next pause is not one of the server's."""
        self._last, self.longest_wait = None, 0


class Publisher(Client):
    """Publishes as fast as answers come, so many at a time."""

    count = 0

    async def publish(self, how_many):
        """So many publications; seconds until the last was acknowledged."""
        begin = time.monotonic()
        left, done = how_many, asyncio.Event()
        under_way = 0

        def answered(reply):
            nonlocal under_way
            check("ok" in reply, f"a publication was refused: {reply}")
            under_way -= 1
            more()

        def more():
            nonlocal left, under_way
            while left and under_way < OUTSTANDING:
                left, under_way, self.count = left - 1, under_way + 1, self.count + 1
                draft = {"room": ROOM, "clientId": f"p-{self.count}", "body": [self.count, BODY]}
                self.send("publish", draft, answered)
            if not under_way:
                done.set()

        more()
        await done.wait()
        return time.monotonic() - begin


async def fetch_skipped(client, room):
    """Reads by history what was skipped, and nothing else; returns it."""
    found = []
    for first, last in room.skips:
        after = first - 1
        while after < last:
            reply = await client.ask(
                "history", {"room": ROOM, "after": after, "limit": min(last - after, 500)}
            )
            page = reply["ok"]["publications"]
            check(page, f"history has nothing after {after}, although {last} was skipped")
            for publication in page:
                same(publication["offset"], after + 1, "the next publication of history")
                after += 1
                found.append(seen(publication))
    return found


def archive(server):
    """The room as REST pages tell it."""
    publications, more = [], True
    while more:
        after = publications[-1].offset if publications else 0
        page = json.loads(server.http(f"/api/v1/rooms/{ROOM}/publications?after={after}")[2])
        publications += [seen(publication) for publication in page["publications"]]
        more = page["more"]
    same(
        [publication.offset for publication in publications],
        list(range(1, page["head"] + 1)),
        "offsets of the archive",
    )
    return publications


async def caught_up(publisher, clients):
    """Waits until these were shown, or told to skip, all there is."""
    for client in clients:
        await eventually(
            lambda client=client: client.rooms[ROOM].offset >= publisher.count,
            f"{client.user} never got to {publisher.count}",
        )


async def beside_slow_readers(server, publisher, others, slow, gone):
    """First all read, then two stop: seconds per round before and after that, and the bytes it cost."""
    async with meanwhile(slow.listen(), gone.listen()):
        # The first publications pay for opening and for memory that stays.
        await publisher.publish(200)
        before = await publisher.publish(ROUND)
        await caught_up(publisher, [*others, slow, gone])
    same(server.metrics()["parley_skips_total"], 0, "ranges skipped while all read")
    usual = max(client.longest_wait for client in others)
    resident = server.resident_bytes()
    for client in others:
        client.rest()
    during = sum([await publisher.publish(ROUND) for _ in range(3)]) / 3
    await caught_up(publisher, others)
    longest = max(client.longest_wait for client in others)
    grown = server.resident_bytes(most=True) - resident
    check(during < 3 * before + 1, f"{ROUND} took {during:.1f} s beside slow readers, {before:.1f} s before")
    check(longest < 3 * usual + 2, f"the others waited {longest:.1f} s for a push, {usual:.1f} s before")
    check(grown < BUDGET, f"the server grew by {grown >> 20} MiB beside slow readers")
    return before, during, grown


async def comes_back(server, publisher, others, slow):
    """One of the two reads again, in the middle of the traffic; returns what it had to fetch."""
    async with meanwhile(slow.listen()):
        await publisher.publish(200)
        await caught_up(publisher, [slow, *others])
        check(slow.rooms[ROOM].skips, "the slow client was not told to skip anything")
        fetched = await fetch_skipped(slow, slow.rooms[ROOM])
    same(server.metrics()["parley_skips_total"], len(slow.rooms[ROOM].skips), "ranges skipped")
    return fetched


async def stays_away(server, gone):
    """The other never reads again, and is closed."""
    await eventually(
        lambda: server.metrics().get('parley_disconnects_total{reason="slow"}') == 1,
        "the client that never reads was not closed",
        SLOW_SECONDS + PATIENCE,
    )
    await eventually(lambda: server.metrics()["parley_sessions"] == 5, "the closed session is still counted")
    await gone.listen()
    # It had 5 s to read up to the close frame, and did not.
    check(gone.close_code in (4008, None), f"the client that never read was closed with {gone.close_code}")


async def main(place):
    # It publishes as fast as it can: what is measured is what slow readers cost, not the publisher's rate.
    fast = {f"PARLEY_LIMITS_{name}": "1000000" for name in ("MESSAGES_PER_SECOND", "MESSAGE_BURST")}
    server = place.server("--workers", "2", environment=fast).start()
    publisher = await Publisher(server.port, "publisher").connect()
    others = [await Reader(server.port, f"reader{n}").connect() for n in range(3)]
    slow = await Reader(server.port, "slow", receive_buffer=65_536).connect()
    gone = await Reader(server.port, "gone", receive_buffer=65_536).connect()
    async with meanwhile(publisher.listen(), *(client.listen() for client in others)):
        before, during, grown = await beside_slow_readers(server, publisher, others, slow, gone)
        stalled_at = time.monotonic()
        fetched = await comes_back(server, publisher, others, slow)
        await stays_away(server, gone)
        patience = time.monotonic() - stalled_at
        check(patience > SLOW_SECONDS - 15, f"a slow client was closed after {patience:.0f} s")
    stored = archive(server)
    same(len(stored), publisher.count, "publications in the archive")
    for client in others:
        check(client.rooms[ROOM].seen == stored, f"{client.user} did not see the archive's sequence")
        same(client.rooms[ROOM].skips, [], f"what {client.user} had to skip")
    check(
        sorted(slow.rooms[ROOM].seen + fetched) == stored,
        "what the slow client was shown and fetched is not the archive's sequence",
    )
    shown = gone.rooms[ROOM].seen
    check(shown == stored[: len(shown)], "what the client that never read was shown has a hole")
    for client in (publisher, slow, *others):
        await client.close()
    server.stop()
    return (
        f"{publisher.count} publications of 8 kB; {ROUND} took {during:.1f} s beside two slow readers and"
        f" {before:.1f} s without, the server grew by {grown >> 20} MiB at most, {len(fetched)} were skipped"
        " and fetched, the one that never read was closed"
    )


if __name__ == "__main__":
    run(main, seconds=150)
