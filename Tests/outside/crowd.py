"""Clients that talk all at once over several instances, and what must hold of what each of them saw."""

import asyncio
import contextlib
import json
import random

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from client import Client
from parley import PATIENCE, check, eventually, same


class Talker(Client):
    """Comes back after every loss, with its positions and what was not acknowledged."""

    def __init__(self, port, user, rooms, **more):
        super().__init__(port, user, rooms)
        self.more = more
        self.drafts = {}
        self.acknowledged = {}
        self.repeats = 0
        self.unavailable = 0
        self.pushes = []

    async def live(self):
        """Until cancelled."""
        while True:
            with contextlib.suppress(OSError, ConnectionClosed, InvalidHandshake, TimeoutError):
                await self.connect(**self.more)
                for client_id in list(self.drafts):
                    self._send(client_id)
                await self.listen()
            await asyncio.sleep(random.uniform(0, 0.2))

    @property
    def is_there(self):
        """Connected, and every room read to its end."""
        return self.hello is not None and all(room.is_live for room in self.rooms.values())

    def say(self, room, client_id, body):
        """A draft that is sent until it is acknowledged."""
        self.drafts[client_id] = {"room": room, "clientId": client_id, "body": body}
        if self.is_there:
            self._send(client_id)

    def _send(self, client_id):
        self.send("publish", self.drafts[client_id], lambda reply: self._answered(client_id, reply))

    def _answered(self, client_id, reply):
        if client_id not in self.drafts:
            return
        if "error" in reply:
            same(reply["error"]["name"], "unavailable", f"why {client_id} was refused")
            self.unavailable += 1
            delay = reply["error"]["retryAfterMs"] / 1000
            asyncio.get_running_loop().call_later(delay, self._again, client_id)
            return
        draft = self.drafts.pop(client_id)
        self.repeats += reply["ok"].get("repeat", False)
        self.acknowledged[client_id] = draft["room"], reply["ok"]["offset"]

    def _again(self, client_id):
        if client_id in self.drafts and self.is_there:
            with contextlib.suppress(ConnectionClosed):
                self._send(client_id)

    def _take_line(self, message, line):
        if "presence" in message or "typing" in message:
            self.pushes.append(message)
        super()._take_line(message, line)


async def everyone_there(talkers):
    """Waits until all are connected and in their rooms."""
    await eventually(lambda: all(talker.is_there for talker in talkers), "somebody is not connected")


async def all_settled(talkers, seconds=2 * PATIENCE):
    """Waits until nobody has a draft left."""

    def settled():
        return not any(talker.drafts for talker in talkers)

    await eventually(settled, "a draft was never acknowledged", seconds)


def stored(postgres, database):
    """What Postgres itself says is stored: room by room in order; fails unless dense up to the head."""
    heads = dict(postgres.sql("select convert_from(name::bytea, 'utf8'), head from parley.rooms", database))
    rows = {room: [] for room in heads}
    query = (
        "select json_build_array(convert_from(r.name::bytea, 'utf8'), p.\"offset\", p.client_id)"
        ' from parley.publications p join parley.rooms r on r.id = p.room order by r.id, p."offset"'
    )
    for (line,) in postgres.sql(query, database):
        room, offset, client_id = json.loads(line)
        rows[room].append((offset, client_id))
    for room, publications in rows.items():
        offsets = [offset for offset, _ in publications]
        same(offsets, list(range(1, int(heads[room]) + 1)), f"the offsets of {room}")
    return rows


async def all_saw_the_same(talkers, archive, seconds=PATIENCE):
    """Each talker saw of each room what the archive holds, in its order; and all acknowledgements hold."""
    for talker in talkers:
        for room in talker.rooms.values():
            await eventually(
                lambda room=room: len(room.seen) >= len(archive[room.name]),
                f"{talker.user} has seen {len(room.seen)} of {len(archive[room.name])} in {room.name}",
                seconds,
            )
            shown = [(publication.offset, publication.client_id) for publication in room.seen]
            same(shown, archive[room.name], f"what {talker.user} saw of {room.name}")
            lost = room.gaps or room.skips or room.resets
            check(not lost, f"{talker.user} lost something in {room.name}: {lost}")
        for client_id, (room, offset) in talker.acknowledged.items():
            check((offset, client_id) in archive[room], f"{client_id} was acknowledged and is not stored")
