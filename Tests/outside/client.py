"""A strict client: it fails where the server breaks a promise that other clients might forgive."""

import asyncio
import collections
import json
import socket

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from parley import PATIENCE, Failure, check, same
from secure import WS

Seen = collections.namedtuple("Seen", "offset time user client_id body")


def seen(publication):
    """A publication as tests compare it."""
    return Seen(
        publication["offset"],
        publication["time"],
        publication["user"],
        publication["clientId"],
        json.dumps(publication["body"]),
    )


class Room:
    """What a client knows of a room: its position, and all it was shown, in the order it was shown."""

    def __init__(self, name):
        self.name = name
        self.epoch = "0"
        self.offset = 0
        self.seen = []
        self.gaps = []
        self.skips = []
        self.resets = []
        # Joined on this connection, and the last page was read.
        self.is_live = False

    def take(self, publication, where):
        """A publication that has to be the next one."""
        check(
            publication["offset"] == self.offset + 1,
            f"{where} of {self.name} brought offset {publication['offset']} after {self.offset}",
        )
        self.offset += 1
        self.seen.append(seen(publication))

    def joined(self, answer):
        """The answer to `connect` or `join`; true where another page has to be asked for."""
        gap = answer.get("gap")
        same(answer["recovered"], gap is None, f"`recovered` of {self.name} beside the gap {gap}")
        if gap:
            same(gap["to"], self.offset, f"the end of the gap of {self.name}")
            check(1 <= gap["from"] <= gap["to"], f"{self.name} has the gap {gap}, which is no range")
            self.gaps.append((gap["from"], gap["to"]))
            self.seen = [publication for publication in self.seen if publication.offset < gap["from"]]
            self.offset = gap["from"] - 1
        elif self.epoch != "0" and self.epoch != answer["epoch"]:
            self.resets.append((answer["epoch"], self.offset))
        self.epoch = answer["epoch"]
        for publication in answer["publications"]:
            self.take(publication, "a page")
        more = answer.get("more", False)
        check(
            more or self.offset == answer["head"],
            f"the last page of {self.name} ends at {self.offset}, its head is {answer['head']}",
        )
        self.is_live = not more
        return more


class Client:
    """One user's session and what outlives it. Call `connect`, then `listen`, which returns when it ends."""

    def __init__(self, port, user, rooms=(), tail=None, receive_buffer=None):
        self.port = port
        self.user = user
        self.rooms = {name: Room(name) for name in rooms}
        self.tail = tail
        self.receive_buffer = receive_buffer
        self.hello = None
        self.goaways = []
        self.close_code = None
        self.close_reason = ""
        self._socket = None
        self._next_id = 0
        self._waiting = {}

    async def connect(self, **more):
        """Opens a connection, comes back to all rooms with their positions, and reads pages to their end."""
        options = {"sock": self._narrow_socket()} if self.receive_buffer else {}
        self._socket = await connect(
            f"{WS}://127.0.0.1:{self.port}/ws",
            subprotocols=["parley.v1"],
            compression=None,
            ping_interval=None,
            max_size=None,
            open_timeout=PATIENCE,
            **options,
        )
        self._waiting = {}
        self.hello = None
        self.close_code, self.close_reason = None, ""
        for room in self.rooms.values():
            room.is_live = False
        rooms = [self._wish(room) for room in self.rooms.values()]
        # With a token it is the token that says who one is.
        who = {} if "token" in more else {"user": self.user}
        self.send("connect", who | {"rooms": rooms} | more, self._connected)
        while self.hello is None or not all(room.is_live for room in self.rooms.values()):
            self._take(await asyncio.wait_for(self._socket.recv(), PATIENCE))
        return self

    def _narrow_socket(self):
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        raw.connect(("127.0.0.1", self.port))
        return raw

    def _wish(self, room):
        if self.tail is not None and room.epoch == "0":
            return {"room": room.name, "tail": self.tail}
        return {"room": room.name, "since": {"epoch": room.epoch, "offset": room.offset}}

    def _connected(self, reply):
        check("ok" in reply, f"connect was refused: {reply}")
        self.hello = reply["ok"]
        same(
            [answer["room"] for answer in self.hello["rooms"]],
            list(self.rooms),
            "the rooms of connect's reply",
        )
        for answer in self.hello["rooms"]:
            check("error" not in answer, f"a room of connect was refused: {answer}")
            self._joined(answer)

    def _joined(self, answer):
        room = self.rooms[answer["room"]]
        if answer["kind"] == "ephemeral":
            room.is_live = True
            return
        if self.tail is not None and room.epoch == "0":
            room.offset = answer["head"] - len(answer["publications"])
        if room.joined(answer):
            self.send("join", self._wish(room), lambda reply: self._joined(reply["ok"]))

    def send(self, verb, content, then=None):
        """Sends a command; `then` gets its reply."""
        self._next_id += 1
        self._waiting[self._next_id] = then
        self.write(json.dumps({"id": self._next_id, verb: content}))
        return self._next_id

    def write(self, text):
        """Writes a frame at once, for tests count what is under way. False on a lost connection."""
        if self._socket.state is not State.OPEN or self._socket.transport.is_closing():
            return False
        self._socket.protocol.send_text(text.encode())
        self._socket.send_data()
        return True

    async def ask(self, verb, content):
        """Sends a command and waits for its reply, while another task listens."""
        reply = asyncio.get_running_loop().create_future()
        self.send(verb, content, lambda answer: reply.done() or reply.set_result(answer))
        return await asyncio.wait_for(reply, PATIENCE)

    async def listen(self):
        """Takes what comes until the connection ends."""
        try:
            while True:
                self._take(await self._socket.recv())
        except ConnectionClosed as closed:
            if closed.rcvd:
                self.close_code, self.close_reason = closed.rcvd.code, closed.rcvd.reason

    async def close(self):
        """Leaves."""
        if self._socket:
            await self._socket.close()

    def _take(self, frame):
        check(isinstance(frame, str), "the server sent a binary frame")
        for line in frame.split("\n"):
            if line:
                self._take_line(json.loads(line), line)

    def _take_line(self, message, line):
        if "ok" in message or "error" in message:
            check("id" in message, f"a reply without id: {line}")
            check(
                message["id"] in self._waiting, f"a reply to a command nobody sent or a second one: {line}"
            )
            then = self._waiting.pop(message["id"])
            if then:
                then(message)
        elif "publication" in message:
            self.published(message["publication"], line)
        elif "skip" in message:
            self._skipped(message["skip"])
        elif "ping" in message:
            self.write('{"pong":{}}')
        elif "goaway" in message:
            self.goaways.append(message["goaway"]["afterMs"])
        elif "reset" in message:
            raise Failure(f"an unexpected reset: {line}")
        else:
            check("presence" in message or "typing" in message, f"a push nobody knows: {line}")

    def published(self, publication, line):
        """A push; on one connection each offset comes once, the next one after the last."""
        room = self.rooms.get(publication["room"])
        check(room, f"a push of a room that {self.user} did not join: {line}")
        check(room.is_live, f"a push of {room.name} before its last page")
        if "offset" not in publication:
            return
        room.take(publication, "a push")
        room.epoch = publication.get("epoch", room.epoch)

    def _skipped(self, skip):
        room = self.rooms[skip["room"]]
        same(skip["from"], room.offset + 1, f"where the skip of {room.name} begins")
        check(skip["to"] >= skip["from"], f"{room.name} has the skip {skip}, which is no range")
        room.skips.append((skip["from"], skip["to"]))
        room.offset = skip["to"]
