#!/usr/bin/env python3
"""`kill -9` at random moments while clients publish: what was acknowledged is stored once, and all see it.

20 clients in 3 rooms publish with 8 drafts outstanding each. The server is killed at 20 random moments, each
with drafts on their way, and goes on to be killed (60 times at most) until a retry was answered `repeat`.
Clients come back with their positions and send their drafts again with the same client ids. At the end the
archive, read by SQLite and by REST, is compared with what was acknowledged and with what each client saw.

A fourth argument is the seed; without it one is drawn and printed.
"""

import asyncio
import collections
import contextlib
import json
import random
import sqlite3
import sys
import urllib.parse

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from client import Client, Seen, seen
from parley import check, eventually, meanwhile, run, same

ROOMS = ["support:1", "support:2", "a room/ä"]
CLIENTS = 20
OUTSTANDING = 8
KILLS, KILLS_AT_MOST = 20, 60

Acknowledged = collections.namedtuple("Acknowledged", "epoch offset time")


def body_of(client_id):
    """A draft's body as it is sent: the archive has to keep spaces and escapes."""
    return f'{{ "id":"{client_id}",  "text":"\\u00e9 \\/ é" }}'


class Publisher(Client):
    """A client that always has drafts under way, and keeps them until it knows that they are stored."""

    def __init__(self, port, user, chance, repeats):
        super().__init__(port, user, ROOMS)
        self.chance = chance
        self.is_publishing = True
        self.drafts = {}
        self.acknowledged = {}
        self.repeats = repeats
        self.under_way = set()
        self.refused = []
        self.connections = 0
        self._count = 0

    async def live(self):
        """Comes back after every loss, until cancelled."""
        while True:
            with contextlib.suppress(OSError, ConnectionClosed, InvalidHandshake):
                await self.connect()
                self.connections += 1
                for client_id in list(self.drafts):
                    self._publish(client_id)
                self._fill()
                await self.listen()
            self.under_way.clear()
            await asyncio.sleep(self.chance.uniform(0, 0.05))

    def _fill(self):
        while self.is_publishing and len(self.drafts) < OUTSTANDING:
            self._count += 1
            client_id = f"{self.user}-{self._count}"
            self.drafts[client_id] = self.chance.choice(ROOMS)
            self._publish(client_id)

    def _publish(self, client_id):
        self._next_id += 1
        number = self._next_id
        self._waiting[number] = lambda reply: self._answered(client_id, reply)
        room = json.dumps(self.drafts[client_id])
        # Written by hand: the body has to pass byte for byte.
        draft = f'{{"room":{room},"clientId":"{client_id}","body":{body_of(client_id)}}}'
        if self.write(f'{{"id":{number},"publish":{draft}}}'):
            self.under_way.add(client_id)

    def _answered(self, client_id, reply):
        self.under_way.discard(client_id)
        if "error" in reply:
            same(reply["error"]["name"], "unavailable", f"why {client_id} was refused")
            self.refused.append(client_id)
            delay = reply["error"]["retryAfterMs"] / 1000
            connection = self.connections
            asyncio.get_running_loop().call_later(delay, self._retry, client_id, connection)
            return
        stored = reply["ok"]
        room = self.drafts.pop(client_id)
        self.acknowledged[client_id] = room, Acknowledged(stored["epoch"], stored["offset"], stored["time"])
        if stored.get("repeat"):
            self.repeats.append(client_id)
        self._fill()

    def _retry(self, client_id, connection):
        if client_id in self.drafts and connection == self.connections:
            self._publish(client_id)

    def published(self, publication, line):
        super().published(publication, line)
        check(
            f'"body":{body_of(publication["clientId"])}' in line,
            f"the body of {publication['clientId']} was changed on its way: {line}",
        )


async def kill_and_restart(server, clients, chance):
    """One kill at a random moment with drafts under way; returns how many there were."""
    await asyncio.sleep(chance.choice([chance.uniform(0, 0.1), chance.uniform(0, 1.2)]))
    under_way = 0

    def some():
        nonlocal under_way
        under_way = sum(len(client.under_way) for client in clients)
        return under_way > 0

    await eventually(some, "no client had a draft under way")
    server.kill()
    await asyncio.to_thread(server.start)
    return under_way


def archive_by_sqlite(path):
    """Room by room, the archive's rows in order; body and all."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        same(database.execute("pragma integrity_check").fetchone()[0], "ok", "SQLite's check of the archive")
        heads = dict(database.execute("select name, head from rooms where tenant = 'default'"))
        rows = database.execute(
            'select r.name, p."offset", p.time, p.user, p.client_id, p.body'
            ' from publications p join rooms r on r.id = p.room order by r.name, p."offset"'
        ).fetchall()
    archive = {room: [Seen(*row[1:]) for row in rows if row[0] == room] for room in heads}
    for room, publications in archive.items():
        offsets = [publication.offset for publication in publications]
        same(offsets, list(range(1, heads[room] + 1)), f"the offsets of {room} up to its head")
    return archive


def archive_by_rest(server, room):
    """The same room by REST, page by page."""
    path = f"/api/v1/rooms/{urllib.parse.quote(room, safe='')}/publications"
    publications, more = [], True
    while more:
        after = publications[-1].offset if publications else 0
        status, _, text = server.http(f"{path}?after={after}&limit=137")
        same(status, 200, f"the status of {path}")
        page = json.loads(text)
        check(page["publications"] or not page["more"], f"an empty page of {room} with `more`")
        for publication in page["publications"]:
            check(f'"body":{body_of(publication["clientId"])}' in text, f"REST changed a body of {room}")
        publications += [seen(publication) for publication in page["publications"]]
        more = page["more"]
    same(
        len(publications), page["head"], f"how many publications of {room} REST pages hold, against its head"
    )
    return publications


def compare(archive, clients):
    """Everything acknowledged is there once; nobody saw anything else, or in another order."""
    places = {}
    for room, publications in archive.items():
        for publication in publications:
            check(publication.client_id not in places, f"{publication.client_id} is in the archive twice")
            same(publication.body, body_of(publication.client_id), "a body in the archive")
            places[publication.client_id] = room, publication
    for client in clients:
        for client_id, (room, answer) in client.acknowledged.items():
            check(client_id in places, f"{client_id} was acknowledged as {answer} and is not in the archive")
            found, publication = places.pop(client_id)
            same(found, room, f"the room of {client_id}")
            same(
                (publication.offset, publication.time),
                answer[1:],
                f"{client_id}: the archive against the answer",
            )
            same(publication.user, client.user, f"the user of {client_id}")
            same(answer.epoch, client.rooms[room].epoch, f"the epoch of {client_id}")
        for room, publications in archive.items():
            shown = client.rooms[room].seen
            expected = [row._replace(body=json.dumps(json.loads(row.body))) for row in publications]
            same(len(shown), len(expected), f"how many publications of {room} {client.user} saw")
            for got, want in zip(shown, expected):
                same(got, want, f"what {client.user} saw in {room}")
        check(
            not any(room.gaps or room.skips or room.resets for room in client.rooms.values()),
            "an invented loss",
        )
    check(not places, f"the archive holds what nobody has acknowledged: {sorted(places)[:5]}")


def compare_order(archive, refused):
    """One user's drafts of a room stand in the order they were sent, but for those answered `unavailable`."""
    last = {}
    for room, publications in archive.items():
        for publication in publications:
            user, number = publication.client_id.rsplit("-", 1)
            if publication.client_id in refused:
                continue
            before = last.get((room, user), 0)
            check(int(number) > before, f"{publication.client_id} stands in {room} behind {user}-{before}")
            last[room, user] = int(number)


async def settle(server, clients):
    """Nothing more is published: waits until all drafts are stored and everybody has seen all of them."""
    for client in clients:
        client.is_publishing = False
    await eventually(
        lambda: not any(client.drafts for client in clients), "drafts stayed without an answer", 60
    )
    heads = collections.Counter()
    for client in clients:
        for room, answer in client.acknowledged.values():
            heads[room] = max(heads[room], answer.offset)
    for client in clients:
        for room in client.rooms.values():
            await eventually(
                lambda room=room: room.offset >= heads[room.name],
                f"{client.user} never saw {heads[room.name]} of {room.name}, only {room.offset};"
                f" {server.said()}",
            )


async def main(place):
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}", flush=True)
    chance = random.Random(seed)
    server = place.server("--workers", "2").start()
    repeats = []
    clients = [
        Publisher(server.port, f"user{i}", random.Random(chance.random()), repeats) for i in range(CLIENTS)
    ]
    kills, under_way, least = 0, 0, OUTSTANDING * CLIENTS
    async with meanwhile(*(client.live() for client in clients)):
        while kills < KILLS or (not repeats and kills < KILLS_AT_MOST):
            caught = await kill_and_restart(server, clients, chance)
            kills, under_way, least = kills + 1, under_way + caught, min(least, caught)
        check(repeats, f"no retry was answered `repeat` in {kills} kills, with {under_way} drafts under way")
        await settle(server, clients)
    by_rest = {room: archive_by_rest(server, room) for room in ROOMS}
    for client in clients:
        await client.close()
    server.stop()
    archive = archive_by_sqlite(server.archive)
    same(sorted(archive), sorted(ROOMS), "the rooms of the archive")
    for room, publications in archive.items():
        plain = [row._replace(body=json.dumps(json.loads(row.body))) for row in publications]
        check(by_rest[room] == plain, f"REST and SQLite differ about {room}")
    compare(archive, clients)
    compare_order(archive, {client_id for client in clients for client_id in client.refused})
    total = sum(len(publications) for publications in archive.values())
    return (
        f"{kills} kills with {under_way} drafts under way (never fewer than {least}), {len(repeats)} retries"
        f" answered `repeat`, {total} publications, each acknowledged once and seen by {CLIENTS} clients in"
        f" order; seed {seed}"
    )


if __name__ == "__main__":
    run(main, seconds=180)
