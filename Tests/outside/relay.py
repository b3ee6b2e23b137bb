"""A cable between a browser and a server, which can go silent or be cut."""

import asyncio
import contextlib
import ssl
import threading

from parley import PATIENCE, check


class Relay:
    """Passes bytes on, both ways. Its verbs may be called from any thread."""

    def __init__(self, place, server):
        self.port = place.port()
        self.server = server
        # What is encrypted tells nobody that it is a WebSocket: the relay ends TLS, and begins it anew.
        self.security = place.security
        self.loop = asyncio.get_running_loop()
        self.thread = threading.current_thread()
        self.flows = asyncio.Event()
        # Connections that begin with these bytes are broken.
        self.refused = None
        self.writers = set()

    async def start(self):
        """Takes connections from now on."""
        self.flows.set()
        await asyncio.start_server(self._carry, "127.0.0.1", self.port, ssl=self._shown())
        return self

    def _shown(self):
        if self.security is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.security.certificate, self.security.key)
        return context

    def silence(self):
        """Nothing passes, and nobody is told."""
        self._do(self.flows.clear)

    def cut_sockets(self):
        """WebSockets break, and new ones too; pages still load."""
        self._do(lambda: self._cut(b"GET /ws"))

    def mend(self):
        """What passes from now on arrives; what was under way is lost with its connection."""
        self._do(self._mend)

    def _do(self, verb):
        if threading.current_thread() is self.thread:
            return verb()
        done = threading.Event()
        self.loop.call_soon_threadsafe(lambda: (verb(), done.set()))
        check(done.wait(PATIENCE), "the relay does not answer")

    def _cut(self, prefix):
        self.refused = prefix
        for writer in self.writers:
            writer.transport.abort()

    def _mend(self):
        self._cut(None)
        self.flows.set()

    async def _carry(self, reader, writer):
        ends = {writer}
        with contextlib.suppress(OSError, asyncio.CancelledError):
            self.writers |= ends
            first = await reader.read(65536)
            if self.refused is None or not first.startswith(self.refused):
                secure = ssl.create_default_context() if self.security else None
                far = asyncio.open_connection("127.0.0.1", self.server.port, ssl=secure)
                far_reader, far_writer = await far
                ends.add(far_writer)
                self.writers |= ends
                ways = self._pass(first, reader, far_writer), self._pass(b"", far_reader, writer)
                await asyncio.gather(*ways)
        for end in ends:
            end.transport.abort()
        self.writers -= ends

    async def _pass(self, first, reader, writer):
        with contextlib.suppress(OSError):
            chunk = first or await reader.read(65536)
            while chunk:
                await self.flows.wait()
                writer.write(chunk)
                await writer.drain()
                chunk = await reader.read(65536)
        writer.close()
