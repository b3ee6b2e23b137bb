"""Bytes on the wire, for what no library would send."""

import asyncio
import base64
import json
import os
import struct

from parley import PATIENCE, Failure, check, same

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10


def request(path="/ws", method="GET", version="HTTP/1.1", without=(), **changed):
    """A handshake, with fields changed, left out, or given twice (as a list)."""
    fields = {
        "Host": "127.0.0.1",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    }
    fields.update({name.replace("_", "-"): value for name, value in changed.items()})
    lines = [f"{method} {path} {version}"]
    for name, value in fields.items():
        if name not in without:
            lines += [f"{name}: {one}" for one in (value if isinstance(value, list) else [value])]
    return "\r\n".join([*lines, "", ""]).encode()


def frame(opcode, payload=b"", fin=True, masked=True, reserved=0, length=None):
    """A frame; `length` writes another length than the payload has, as (form, value)."""
    if isinstance(payload, str):
        payload = payload.encode()
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    form, value = length or (None, len(payload))
    if form is None:
        form = 7 if value < 126 else 16 if value < 65_536 else 64
    mask_bit = 0x80 if masked else 0
    if form == 7:
        head = struct.pack("!BB", first, mask_bit | value)
    elif form == 16:
        head = struct.pack("!BBH", first, mask_bit | 126, value)
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, value)
    if not masked:
        return head + payload
    key = os.urandom(4)
    repeated = key * (len(payload) // 4 + 1)
    return head + key + bytes(a ^ b for a, b in zip(payload, repeated))


# A stranger's first command.
HELLO = frame(TEXT, '{"id":1,"connect":{"user":"stranger"}}')


class Wire:
    """A TCP connection on which anything may be said."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port):
        """A connection, nothing said yet."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    @classmethod
    async def websocket(cls, port):
        """A connection after its handshake."""
        wire = await cls.open(port)
        wire.send(request())
        status, _, _ = await wire.response()
        same(status, 101, "the status of a handshake")
        return wire

    def send(self, data):
        """Says something, as bytes."""
        self.writer.write(data)

    def command(self, text):
        """Says something as one text frame."""
        self.send(frame(TEXT, text if isinstance(text, (str, bytes)) else json.dumps(text)))

    async def _within(self, awaited, what):
        try:
            return await asyncio.wait_for(awaited, PATIENCE)
        except TimeoutError:
            raise Failure(f"{what} did not come within {PATIENCE} s") from None

    async def response(self):
        """An HTTP answer: status, fields by lower-case name, body."""
        try:
            head = await self._within(self.reader.readuntil(b"\r\n\r\n"), "an HTTP answer")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Failure(f"the connection ended without an HTTP answer: {error!r}") from None
        lines = head.decode().split("\r\n")
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:] if line)}
        body = await self._within(self.reader.readexactly(int(fields.get("content-length", 0))), "the body")
        return int(lines[0].split()[1]), fields, body

    async def frame(self):
        """The next frame: opcode and payload."""
        try:
            first, second = await self._within(self.reader.readexactly(2), "a frame")
            check(first & 0x70 == 0 and second & 0x80 == 0, "the server sent reserved bits or a mask")
            length = second
            if second == 126:
                length = struct.unpack("!H", await self.reader.readexactly(2))[0]
            elif second == 127:
                length = struct.unpack("!Q", await self.reader.readexactly(8))[0]
            check(first & 0x80, "the server sent a fragment")
            return first & 0x0F, await self._within(self.reader.readexactly(length), "a payload")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Failure(f"the connection ended without a close frame: {error!r}") from None

    async def message(self):
        """The next text frame, read as JSON."""
        opcode, payload = await self.frame()
        check(opcode == TEXT, f"not a text frame but opcode {opcode}: {payload!r}")
        return json.loads(payload)

    async def replies(self, count):
        """So many replies, by id; pushes are passed over."""
        found = {}
        while len(found) < count:
            message = await self.message()
            if "ok" in message or "error" in message:
                found[message.get("id")] = message
        return found

    async def closed(self):
        """The code and reason of the server's close frame; what comes before is passed over."""
        while True:
            opcode, payload = await self.frame()
            if opcode == CLOSE:
                code = struct.unpack("!H", payload[:2])[0]
                return code, payload[2:].decode()

    async def ended(self):
        """Waits for the end of the server's bytes."""
        try:
            while await self._within(self.reader.read(65_536), "the end of the connection"):
                pass
        except ConnectionError:
            pass

    def leave(self):
        """Ends the connection."""
        self.writer.close()
