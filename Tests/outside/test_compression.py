#!/usr/bin/env python3
"""permessage-deflate (RFC 7692) with a stranger's library, in every combination of its parameters.

Each combination is a member of one room; everybody publishes, and everybody must read every word of it. Then
somebody sends a bomb: it is refused, and the others do not notice.
"""

import asyncio
import itertools
import json
import random

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from parley import PATIENCE, check, run, same

BITS = (None, 9, 12, 15)
CLIENT_BITS = (None, True, 9, 12)
# What repeats, what does not, and what is too small to be worth it.
NOISE = "".join(random.Random(5).choices("abcdefghijklmnopqrstuvwxyzäöü€𝄞 ", k=3_000))
BODIES = ("Once more, with feeling. " * 200, NOISE, "short", NOISE[:1_500] + "Once more, with feeling. " * 60)
BOMB = "0" * 30_000_000


class Member:
    """One connection with its own way to compress."""

    def __init__(self, port, number, offer):
        self.port = port
        self.user = f"user-{number}"
        self.offer = offer
        self.extensions = [ClientPerMessageDeflateFactory(*offer)] if offer else []
        self.read = []
        self.socket = None

    async def connect(self):
        """Opens the connection, and checks what was agreed on."""
        self.socket = await connect(
            f"ws://127.0.0.1:{self.port}/ws",
            subprotocols=["parley.v1"],
            compression=None,
            extensions=self.extensions,
            ping_interval=None,
            open_timeout=PATIENCE,
        )
        await self.say("connect", {"user": self.user, "rooms": [{"room": "hall", "events": []}]})
        check("ok" in await self.hear(), f"{self.offer}: connect was refused")

    def agreed(self):
        """What was agreed on, as the library tells it: a list of at most one."""
        return self.socket.protocol.extensions

    async def say(self, verb, content):
        """A command."""
        await self.socket.send(json.dumps({"id": 1, verb: content}))

    async def hear(self):
        """The next message of one line."""
        return json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))

    async def publish(self, body):
        """A publication of its own."""
        draft = {"room": "hall", "clientId": f"{self.user}-{len(body)}", "body": body}
        await self.say("publish", draft)

    async def read_until(self, count):
        """Reads until so many publications were pushed."""
        while len(self.read) < count:
            text = await asyncio.wait_for(self.socket.recv(), PATIENCE)
            for message in map(json.loads, filter(None, text.split("\n"))):
                check("error" not in message, f"{self.offer}: {message}")
                if "publication" in message:
                    self.read.append(message["publication"]["body"])


def offers():
    """None, and every combination of the four parameters."""
    return [None, *itertools.product((False, True), (False, True), BITS, CLIENT_BITS)]


def check_agreement(member, keeps, most):
    """Whether both ends keep to what the client asked for, and to the server's policy."""
    agreed = member.agreed()
    if member.offer is None:
        same(agreed, [], "the extensions of a client that offered none")
        return
    server_forgets, client_forgets, server_bits, client_bits = member.offer
    same(len(agreed), 1, f"the extensions agreed on for {member.offer}")
    same(
        (agreed[0].remote_no_context_takeover, agreed[0].local_no_context_takeover),
        (server_forgets or not keeps, client_forgets or not keeps),
        f"who forgets, for {member.offer}",
    )
    same(agreed[0].remote_max_window_bits, min(server_bits or 15, most), f"the window for {member.offer}")
    limit = 15 if client_bits is None else most if client_bits is True else min(client_bits, most)
    same(agreed[0].local_max_window_bits, limit, f"the client's window for {member.offer}")


async def meet(server, keeps, most):
    """Everybody publishes, everybody reads everything, in the same order."""
    members = [Member(server.port, number, offer) for number, offer in enumerate(offers())]
    await asyncio.gather(*(member.connect() for member in members))
    for member in members:
        check_agreement(member, keeps, most)
    said = []
    for number, member in enumerate(members):
        said.append(f"{number} {BODIES[number % len(BODIES)]}")
        await member.publish(said[-1])
    await asyncio.gather(*(member.read_until(len(said)) for member in members))
    for member in members:
        same(sorted(member.read), sorted(said), f"what {member.offer} read")
        same(member.read, members[0].read, f"the order for {member.offer}")
    figures = server.metrics()
    same(figures["parley_websocket_compressed_sessions"], len(members) - 1, "the compressed sessions")
    sent = figures['parley_websocket_compressed_messages_total{direction="sent"}']
    check(sent > 0, "nothing was sent compressed")
    if not keeps:
        # The seven windows there can be, of which four are used, not sixty-four sessions.
        check(sent < len(said) * 8, f"{sent} compressions for {len(said)} publications: not shared")
    plain = figures['parley_websocket_deflate_bytes_total{stage="plain"}']
    packed = figures['parley_websocket_deflate_bytes_total{stage="compressed"}']
    check(0 < packed < plain, f"{plain} bytes became {packed}")
    return members


async def bomb(server, neighbour):
    """A message of 30 MB in 30 KB costs its sender the connection, and nobody anything."""
    before = server.resident_bytes(most=True)
    attacker = Member(server.port, "attacker", (False, False, None, None))
    await attacker.connect()
    await attacker.socket.send(BOMB)
    try:
        while True:
            await asyncio.wait_for(attacker.socket.recv(), PATIENCE)
    except ConnectionClosed as closed:
        same(closed.rcvd.code, 1009, "the close code for a bomb")
    same(server.metrics()['parley_limits_reached_total{limit="messageBytes"}'], 1, "the limit's count")
    grown = server.resident_bytes(most=True) - before
    check(grown < 8 << 20, f"a bomb cost {grown >> 20} MiB")
    count = len(neighbour.read)
    await neighbour.publish("still here")
    await neighbour.read_until(count + 1)
    same(neighbour.read[-1], "still here", "what the neighbour read")


async def main(place):
    """Without and with context takeover, and with compression off."""
    plain = place.server(file="plain.db").start()
    keeping = place.server(
        file="keeping.db",
        environment={
            "PARLEY_COMPRESSION_CONTEXT_TAKEOVER": "true",
            "PARLEY_COMPRESSION_WINDOW_BITS": "11",
        },
    ).start()
    for server, keeps, most in ((plain, False, 15), (keeping, True, 11)):
        members = await meet(server, keeps, most)
        await bomb(server, members[1])
        await asyncio.gather(*(member.socket.close() for member in members))
    off = place.server(file="off.db", environment={"PARLEY_COMPRESSION_ENABLED": "false"}).start()
    member = Member(off.port, 0, (False, False, None, True))
    await member.connect()
    same(member.agreed(), [], "the extensions of a server that has none")
    await member.socket.close()
    return f"{len(offers())} ways to compress, one meaning; bombs were refused"


if __name__ == "__main__":
    run(main)
