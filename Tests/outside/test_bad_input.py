#!/usr/bin/env python3
"""Everything a stranger may say wrongly, on raw sockets, while a pair on the same worker goes on talking.

Every case gets the answer that the protocol names; the pair's messages all arrive, once and in order.
"""

import asyncio
import json

from bad_bytes import BROKEN_RULES, HANDSHAKES, MALFORMED_HTTP
from bad_commands import AFTER_CONNECT, BEFORE_CONNECT, BROKEN_FRAMES
from client import Client
from parley import check, eventually, meanwhile, run, same
from wire import HELLO, TEXT, Wire, frame


class Talker(Client):
    """One of a pair that goes on talking."""

    def __init__(self, port, user):
        super().__init__(port, user, ["pair"])
        self.sent = 0
        self.stored = 0

    async def talk(self):
        """Publishes every few milliseconds until cancelled."""
        while True:
            draft = {"room": "pair", "clientId": f"{self.user}-{self.sent}", "body": self.sent}
            self.sent += 1
            self.send("publish", draft, self._stored)
            await asyncio.sleep(0.01)

    def _stored(self, reply):
        check("ok" in reply, f"{self.user} of the pair was refused: {reply}")
        self.stored += 1

    async def stay(self):
        """Listens; the connection must not end."""
        await self.listen()
        check(False, f"{self.user} of the pair was disconnected: {self.close_code} {self.close_reason}")


async def malformed_http(port, name, data, status):
    """One bad request, whole and byte by byte; the answer has the status and the connection ends."""
    for pieces in ([data], [data[at : at + 1] for at in range(min(len(data), 2_000))] + [data[2_000:]]):
        wire = await Wire.open(port)
        for piece in pieces:
            wire.send(piece)
        got, fields, _ = await wire.response()
        same((got, fields.get("connection")), (status, "close"), f"the answer to {name}")
        await wire.ended()
        wire.leave()


async def handshake(port, name, data, status):
    """A handshake that is refused; the connection may be used for another try."""
    wire = await Wire.open(port)
    wire.send(data)
    got, fields, _ = await wire.response()
    same(got, status, f"the answer to the handshake with {name}")
    if status == 426:
        same(fields["sec-websocket-version"], "13", f"what the answer to {name} advises")
    wire.leave()


async def broken_rule(port, name, data, code):
    """A broken rule of RFC 6455, before and after `connect`."""
    for hello in (b"", HELLO):
        wire = await Wire.websocket(port)
        wire.send(hello)
        # What follows the broken frame must not be carried out.
        wire.send(data + frame(TEXT, '{"id":2,"publish":{"room":"never","clientId":"x","body":1}}'))
        same((await wire.closed())[0], code, f"the close code after {name}")
        await wire.ended()
        wire.leave()


async def broken_frame(port, name, text):
    """Text that is not JSON objects: 4501 with a sentence, after the lines before it were carried out."""
    wire = await Wire.websocket(port)
    wire.send(HELLO)
    await wire.replies(1)
    wire.command(
        b'{"id":2,"ping":{}}\n' + text + b'\n{"id":3,"publish":{"room":"never","clientId":"x","body":1}}'
    )
    check("ok" in (await wire.replies(1))[2], f"the command before {name} was not carried out")
    code, reason = await wire.closed()
    same(code, 4501, f"the close code after {name}")
    check(json.loads(reason)["reason"], f"no reason was given for {name}")
    wire.leave()


async def bad_command(wire, name, text, error, number):
    """A command that is refused; the session lives on."""
    wire.command(text)
    wire.command('{"id":77,"ping":{}}')
    replies = await wire.replies(2)
    check("ok" in replies.get(77, {}), f"no answer to a ping after {name}: {replies}")
    got = replies.get(number)
    check(got and "error" in got, f"the answer to {name} is not an error with id {number}: {replies}")
    same(got["error"]["name"], error, f"the answer to {name} ({got['error']['message']})")


async def impossible_positions(port, head, epoch):
    """Positions that cannot be: the void range is told, and what there is follows."""
    wire = await Wire.websocket(port)
    wire.send(HELLO)
    await wire.replies(1)
    for since, gap in (
        ({"epoch": epoch, "offset": head + 1}, {"from": head + 1, "to": head + 1}),
        ({"epoch": epoch, "offset": 2**53 - 1}, {"from": head + 1, "to": 2**53 - 1}),
        ({"epoch": "never-was", "offset": 3}, {"from": 1, "to": 3}),
        ({"epoch": "never-was", "offset": 2**53 - 1}, {"from": 1, "to": 2**53 - 1}),
        ({"epoch": epoch, "offset": head}, None),
        ({"epoch": "never-was", "offset": 0}, None),
    ):
        wire.command({"id": 5, "join": {"room": "known", "since": since}})
        answer = (await wire.replies(1))[5]["ok"]
        same(
            (answer["recovered"], answer.get("gap")),
            (gap is None, gap),
            f"the answer to the position {since}",
        )
        same((answer["head"], answer["epoch"]), (head, epoch), f"head and epoch after the position {since}")
        first = gap["from"] if gap else since["offset"] + 1
        same(
            [row["offset"] for row in answer["publications"]],
            list(range(first, head + 1)),
            f"the page for {since}",
        )
    wire.leave()


async def too_many(port):
    """Rooms and commands beyond the limits told."""
    wire = await Wire.websocket(port)
    rooms = [{"room": f"r{number}"} for number in range(201)]
    wire.command({"id": 1, "connect": {"user": "collector", "rooms": rooms}})
    same((await wire.replies(1))[1]["error"]["name"], "tooManyRooms", "connect to 201 rooms")
    wire.command({"id": 2, "connect": {"user": "collector", "rooms": rooms[:200]}})
    answer = (await wire.replies(1))[2]["ok"]
    same(
        [room["room"] for room in answer["rooms"] if "error" not in room],
        [r["room"] for r in rooms[:200]],
        "rooms",
    )
    wire.command({"id": 3, "join": {"room": "r200"}})
    same((await wire.replies(1))[3]["error"]["name"], "tooManyRooms", "room 201")
    wire.command({"id": 4, "join": {"room": "r7"}})
    check("ok" in (await wire.replies(1))[4], "a room one is in cannot be joined anew among 200")
    # Rooms that nobody is in, so that each has to be read from the archive.
    wire.command("\n".join(json.dumps({"id": n, "history": {"room": f"empty{n}"}}) for n in range(10, 60)))
    replies = await wire.replies(50)
    refused = [reply["error"] for reply in replies.values() if "error" in reply]
    same(
        {(error["name"], "retryAfterMs" in error) for error in refused},
        {("tooManyOutstanding", True)},
        "50 reads",
    )
    check(
        16 <= 50 - len(refused), f"only {50 - len(refused)} of 50 reads were answered, 16 may be under way"
    )
    wire.command("\n".join('{"nonsense":{}}' for _ in range(101)))
    same((await wire.closed())[0], 4501, "the close code after 101 faulty lines")
    wire.leave()


async def slow_request(port):
    """A request that never ends is answered 408 in time."""
    wire = await Wire.open(port)
    wire.send(b"GET / HTTP/1.1\r\nHost: 127")
    same((await wire.response())[0], 408, "the answer to a request that never ends")
    await wire.ended()
    wire.leave()


async def silent_session(port):
    """A WebSocket without `connect` is closed in time."""
    wire = await Wire.websocket(port)
    same((await wire.closed())[0], 4003, "the close code without connect")
    wire.leave()


async def misbehave(server):
    """All cases, one after the other, the slow ones beside them."""
    async with asyncio.TaskGroup() as group:
        group.create_task(slow_request(server.port))
        group.create_task(silent_session(server.port))
        await misbehave_quickly(server.port)


async def misbehave_quickly(port):
    """All cases that end at once."""
    for name, (data, status) in MALFORMED_HTTP.items():
        await malformed_http(port, name, data, status)
    for name, (data, status) in HANDSHAKES.items():
        await handshake(port, name, data, status)
    for name, (data, code) in BROKEN_RULES.items():
        await broken_rule(port, name, data, code)
    for name, text in BROKEN_FRAMES.items():
        await broken_frame(port, name, text)
    for name, (text, error, number) in BEFORE_CONNECT.items():
        wire = await Wire.websocket(port)
        await bad_command_before(wire, name, text, error, number)
        wire.leave()
    wire = await Wire.websocket(port)
    wire.command(
        '{"id":1,"connect":{"user":"stranger"}}\n'
        '{"id":2,"publish":{"room":"known","clientId":"used","body":1}}'
    )
    epoch = (await wire.replies(2))[2]["ok"]["epoch"]
    for name, (text, error, number) in AFTER_CONNECT.items():
        await bad_command(wire, name, text, error, number)
    wire.leave()
    await impossible_positions(port, 1, epoch)
    await too_many(port)


async def bad_command_before(wire, name, text, error, number):
    """A command before `connect`; afterwards `connect` still works."""
    wire.command(text)
    reply = (await wire.replies(1)).get(number)
    check(reply and "error" in reply, f"the answer to {name} is not an error with id {number}")
    same(reply["error"]["name"], error, f"the answer to {name}")
    wire.send(HELLO)
    check("ok" in (await wire.replies(1))[1], f"connect was refused after {name}")


async def main(place):
    server = place.server("--workers", "1").start()
    pair = [await Talker(server.port, user).connect() for user in ("ada", "bob")]
    before = server.resident_bytes()
    async with meanwhile(*(talker.stay() for talker in pair)):
        async with meanwhile(*(talker.talk() for talker in pair)):
            await misbehave(server)
        sent = sum(talker.sent for talker in pair)
        for talker in pair:
            await eventually(
                lambda talker=talker: talker.stored == talker.sent and talker.rooms["pair"].offset == sent,
                f"{talker.user} of the pair: {talker.stored} of {talker.sent} stored, saw"
                f" {talker.rooms['pair'].offset} of {sent}",
            )
            mine = [row.body for row in talker.rooms["pair"].seen if row.user == talker.user]
            same(mine, [str(number) for number in range(talker.sent)], "the order of one sender's messages")
        figures = server.metrics()
        same(figures["parley_sessions"], 2, "sessions that are left")
        same(figures["parley_connections"], 3, "connections that are left")
        same(
            server.http("/api/v1/rooms/never/publications")[2].count('"offset"'),
            0,
            "commands behind a broken frame",
        )
    grown = server.resident_bytes(most=True) - before
    check(grown < 48 << 20, f"the server grew by {grown >> 20} MiB")
    for talker in pair:
        await talker.close()
    server.stop()
    cases = [MALFORMED_HTTP, HANDSHAKES, BROKEN_RULES, BROKEN_FRAMES, BEFORE_CONNECT, AFTER_CONNECT]
    return (
        f"{sum(map(len, cases))} kinds of bad input; {sent} messages of the pair beside them arrived in"
        " order"
    )


if __name__ == "__main__":
    run(main, seconds=120)
