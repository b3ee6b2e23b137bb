#!/usr/bin/env python3
"""Behind proxies: PROXY headers of both versions, Forwarded, X-Forwarded-For, and who is believed.

The proxies are addresses of the loopback that this test speaks from: 127.0.0.2 is trusted, 127.0.0.3 is not.
Whose a request was, the log tells.
"""

import asyncio
import socket
import struct

from parley import PATIENCE, check, eventually, run, same

PROXY, STRANGER = "127.0.0.2", "127.0.0.3"
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
REQUEST = b"GET /api/v1/x%d HTTP/1.1\r\nHost: localhost\r\n%s\r\n"


def version_1(client):
    """`PROXY TCP4 …`"""
    return f"PROXY TCP4 {client} 192.0.2.1 40000 443\r\n".encode()


def version_2(client, fields=b""):
    """The binary header."""
    block = socket.inet_aton(client) + socket.inet_aton("192.0.2.1") + struct.pack("!HH", 40000, 443)
    block += fields
    return SIGNATURE + b"\x21\x11" + struct.pack("!H", len(block)) + block


class Knocks:
    """Requests of which each has a path of its own, so that the log's line about it is found."""

    def __init__(self, server):
        self.server = server
        self.count = 0

    def answer(self, source, preface=b"", fields=b"", slowly=False):
        """What is heard on a connection from there: the first line, or nothing."""
        self.count += 1
        said = preface + REQUEST % (self.count, fields)
        with socket.socket() as one:
            one.settimeout(PATIENCE)
            one.bind((source, 0))
            one.connect(("127.0.0.1", self.server.port))
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                for piece in [said[at : at + 1] for at in range(len(said))] if slowly else [said]:
                    one.sendall(piece)
                return one.recv(4096).partition(b"\r\n")[0]
            except (ConnectionResetError, BrokenPipeError):
                return b""

    async def client(self, *arguments, **more):
        """Whose the request was, as the log says."""
        same(self.answer(*arguments, **more), b"HTTP/1.1 404 Not Found", "the answer")
        path = f"/api/v1/x{self.count}"

        def lines():
            return [line for line in list(self.server.log) if line.endswith(path) or f"{path} " in line]

        await eventually(lines, f"the log has no line about {path}; {self.server.said()}")
        peers = [word[5:] for word in lines()[0].split() if word.startswith("peer=")]
        check(peers, f"no peer in the line {lines()[0]}")
        return peers[0].rpartition(":")[0]


def start(place, **environment):
    """A server that trusts one proxy."""
    variables = {"PARLEY_PROXIES_TRUSTED": PROXY, "PARLEY_LOG_LEVEL": "debug"}
    variables |= {f"PARLEY_{name.upper()}": value for name, value in environment.items()}
    return place.server(archive="memory:", environment=variables).start()


async def behind_streams(place):
    """Proxies of TCP."""
    server = start(place, proxies_protocol="true", limits_handshake_ms="300")
    knocks = Knocks(server)
    for slowly in (False, True):
        same(await knocks.client(PROXY, version_1("203.0.113.1"), slowly=slowly), "203.0.113.1", "version 1")
        same(await knocks.client(PROXY, version_2("203.0.113.2"), slowly=slowly), "203.0.113.2", "version 2")
    same(await knocks.client(PROXY, b"PROXY UNKNOWN\r\n"), PROXY, "UNKNOWN")
    same(await knocks.client(PROXY, SIGNATURE + b"\x20\0\0\0"), PROXY, "LOCAL")
    lie = b"X-Forwarded-For: 198.51.100.1\r\n"
    same(await knocks.client(PROXY, version_1("203.0.113.1"), lie), "203.0.113.1", "a client's own word")
    same(await knocks.client(STRANGER), STRANGER, "a stranger")
    same(knocks.answer(STRANGER, version_1("203.0.113.1"))[:12], b"HTTP/1.1 400", "a stranger's PROXY line")
    same(knocks.answer(PROXY), b"", "the answer to no PROXY header")
    same(knocks.answer(PROXY, SIGNATURE + b"\x31\x11\0\0"), b"", "the answer to a broken one")
    with socket.socket() as silent:
        silent.bind((PROXY, 0))
        silent.connect(("127.0.0.1", server.port))
        silent.settimeout(PATIENCE)
        try:
            same(silent.recv(1), b"", "what a silent proxy hears")
        except ConnectionResetError:
            pass
    figures = server.metrics()
    same(figures['parley_proxy_faults_total{kind="preface"}'], 3, "PROXY headers that were none")
    same(figures['parley_limits_reached_total{limit="handshakeTime"}'], 1, "PROXY headers that were late")
    server.stop()


async def behind_requests(place):
    """Proxies of HTTP."""
    server = start(place)
    knocks = Knocks(server)
    chain = b"X-Forwarded-For: 1.1.1.1, 203.0.113.1, 127.0.0.2\r\n"
    same(await knocks.client(PROXY, fields=chain), "203.0.113.1", "the nearest who is not trusted")
    same(await knocks.client(STRANGER, fields=chain), STRANGER, "a stranger's list")
    same(await knocks.client(PROXY, fields=b"X-Forwarded-For: what\r\n"), PROXY, "what cannot be read")
    same(await knocks.client(PROXY, fields=b"Forwarded: for=203.0.113.1\r\n"), PROXY, "the other field")
    same(server.metrics()['parley_proxy_faults_total{kind="field"}'], 1, "fields that could not be read")
    server.stop()
    server = start(place, proxies_header="forwarded")
    knocks = Knocks(server)
    fields = b'Forwarded: for="_me";proto=https, for="[2001:db8::7]:99"\r\nX-Forwarded-For: 1.1.1.1\r\n'
    same(await knocks.client(PROXY, fields=fields), "[2001:db8::7]", "the client of Forwarded")
    server.stop()


async def main(place):
    """Both kinds, and a range that is none."""
    await behind_streams(place)
    await behind_requests(place)
    status, _, errors = await asyncio.to_thread(
        place.command, "serve", environment={"PARLEY_PROXIES_TRUSTED": "10.0.0.1/8"}
    )
    same(status, 2, "the status for a range with stray bits")
    check("write 10.0.0.0/8" in errors, f"the error does not say what to write: {errors}")
    return "PROXY headers, Forwarded and X-Forwarded-For of a trusted proxy; nobody else is believed"


if __name__ == "__main__":
    run(main)
