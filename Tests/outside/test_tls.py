#!/usr/bin/env python3
"""TLS as a stranger's OpenSSL sees it: versions, names, sessions, client certificates, reload, refusals.

Two servers with two workers each: one for everybody with two certificates, one that asks clients for theirs.
A WebSocket stays open and answers while certificates are read again.
"""

import pathlib
import shutil
import signal
import socket
import ssl
import struct

from certificates import Authority
from parley import PATIENCE, check, eventually, run, same
from wire import HELLO, PING, PONG, TEXT, frame, request

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
CONNECTIONS = 12


def trust(authority, version=None, protocols=("http/1.1",), shows=None):
    """What a client believes, speaks and shows."""
    context = ssl.create_default_context(cafile=authority.certificate)
    if version:
        context.minimum_version = context.maximum_version = version
    if protocols:
        context.set_alpn_protocols(list(protocols))
    if shows:
        context.load_cert_chain(shows.certificate, shows.key)
    return context


def connect(port, context, name="localhost", session=None):
    """A TLS connection; the caller closes it."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    try:
        return context.wrap_socket(plain, server_hostname=name, session=session)
    except BaseException:
        plain.close()
        raise


def read_to(secure, end):
    """What comes, to `end` at least."""
    read = b""
    while end not in read:
        more = secure.recv(65_536)
        check(more, f"the connection ended before {end!r}, after {read!r}")
        read += more
    return read


def get(secure, path="/healthz"):
    """The status of an answer; reads its head, and with it the tickets of TLS 1.3."""
    secure.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return int(read_to(secure, b"\r\n\r\n").split()[1])


def refusal(port, context, name="localhost"):
    """OpenSSL's reason why a client is not let in."""
    try:
        with connect(port, context, name) as secure:
            get(secure)
    except (ssl.SSLError, ConnectionError) as error:
        # Python has no name for each of the reasons.
        return (getattr(error, "reason", None) or str(error)).upper().replace(" ", "_")
    return "LET_IN"


def metrics(port, context):
    """`/metrics`, read over TLS."""
    with connect(port, context) as secure:
        secure.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        read = b""
        while more := secure.recv(65_536):
            read += more
    lines = read.partition(b"\r\n\r\n")[2].decode().splitlines()
    return {key: float(value) for key, _, value in (line.rpartition(" ") for line in lines) if key[:1] != "#"}


def versions_and_protocols(port, authority):
    """TLS 1.2 and 1.3, http/1.1 and nothing else."""
    for version, called in ((V12, "TLSv1.2"), (V13, "TLSv1.3")):
        with connect(port, trust(authority, version)) as secure:
            same(secure.version(), called, "the version")
            same(secure.selected_alpn_protocol(), "http/1.1", "what ALPN chose")
            same(get(secure), 200, "the status over " + called)
    with connect(port, trust(authority, protocols=None)) as secure:
        same(secure.selected_alpn_protocol(), None, "what ALPN chose without an offer")
        same(get(secure), 200, "the status without ALPN")
    reason = refusal(port, trust(authority, protocols=["h2"]))
    check("NO_APPLICATION_PROTOCOL" in reason, f"a client of h2 alone was told {reason}")


def names(port, authority):
    """Each name is shown its own certificate, a strange one the first."""
    shown = {}
    for name in ("localhost", "two.example", "a.three.example"):
        with connect(port, trust(authority), name) as secure:
            shown[name] = secure.getpeercert()["subjectAltName"]
    same(shown["two.example"], shown["a.three.example"], "the certificate of both names")
    check(shown["localhost"] != shown["two.example"], "both certificates are the same")
    reason = refusal(port, trust(authority), "stranger.example")
    check("CERTIFICATE_VERIFY_FAILED" in reason, f"a strange name was told {reason}")


def resumed(port, context, session, count):
    """How many of so many new connections, spread over the workers, go on with the session."""
    found = 0
    for _ in range(count):
        with connect(port, context, session=session) as secure:
            same(get(secure), 200, "the status of a connection that begins with a session")
            found += secure.session_reused
    return found


def sessions(port, authority):
    """For each version a context and a session; it goes on whichever worker accepts."""
    kept = []
    for version in (V12, V13):
        context = trust(authority, version)
        with connect(port, context) as secure:
            get(secure)
            kept.append((context, secure.session))
        same(resumed(port, *kept[-1], CONNECTIONS), CONNECTIONS, f"resumptions of {version.name}")
    return kept


class Chat:
    """A WebSocket over TLS."""

    def __init__(self, port, context):
        self.secure = connect(port, context)
        self.secure.sendall(request(Host="localhost", Origin="https://localhost"))
        head, _, self.rest = read_to(self.secure, b"\r\n\r\n").partition(b"\r\n\r\n")
        check(head.startswith(b"HTTP/1.1 101 "), f"no WebSocket: {head!r}")
        self.secure.sendall(HELLO)
        opcode, text = self.next()
        check(opcode == TEXT and b'"ok"' in text, f"connect was answered {text!r}")

    def _take(self, count):
        while len(self.rest) < count:
            more = self.secure.recv(65_536)
            check(more, "the WebSocket ended")
            self.rest += more
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def next(self):
        """The next frame's opcode and payload."""
        first, length = self._take(2)
        if length == 126:
            (length,) = struct.unpack("!H", self._take(2))
        return first & 15, self._take(length)

    def ping(self, payload):
        """A ping, and its pong."""
        self.secure.sendall(frame(PING, payload))
        while True:
            opcode, answer = self.next()
            if opcode == PONG:
                return same(answer, payload, "the pong")


async def reload(server, authority, first, kept):
    """New certificates by SIGHUP: who is in stays, sessions go on, a broken file changes nothing."""
    context = trust(authority)
    chat = Chat(server.port, context)
    chat.ping(b"before")

    def serial():
        with connect(server.port, context) as secure:
            return secure.getpeercert()["serialNumber"]

    old = serial()
    renewed = authority.issue("renewed", names=["localhost"])
    for source, target in zip(renewed, first, strict=True):
        shutil.copy(source, target)
    server.process.send_signal(signal.SIGHUP)
    await eventually(lambda: serial() != old, "SIGHUP does not bring the new certificate")
    new = serial()
    chat.ping(b"after")
    for context_of_version, session in kept:
        same(resumed(server.port, context_of_version, session, 4), 4, "resumptions after a reload")
    pathlib.Path(first.certificate).write_text("broken")
    server.process.send_signal(signal.SIGHUP)
    await eventually(
        lambda: any("old certificates stay" in line for line in server.log),
        "the log does not tell of a broken certificate")
    same([serial() for _ in range(4)], [new] * 4, "the certificate while its file is broken")
    chat.ping(b"at last")
    chat.secure.close()


def plain_http(port):
    """Plain HTTP is answered in plain HTTP, anything else ends quickly."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while more := plain.recv(65_536):
            answer += more
    check(answer.startswith(b"HTTP/1.1 400 ") and b"https" in answer, f"plain HTTP was told {answer!r}")
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain:
        plain.sendall(b"\0\1\2\3")
        same(plain.recv(10), b"", "the answer to what is no TLS")


def client_certificates(port, authority, theirs):
    """Only who shows a certificate of the right authority comes in."""
    ann = theirs.issue("ann", names=["ann.example"], client=True)
    old = theirs.issue("old", names=["old.example"], client=True, ended=True)
    eve = authority.issue("eve", names=["eve.example"], client=True)
    for version in (V12, V13):
        with connect(port, trust(authority, version, shows=ann)) as secure:
            same(get(secure), 200, "the status for a client with a certificate")
        for shown, expected in ((None, "CERTIFICATE_REQUIRED HANDSHAKE_FAILURE"), (eve, "UNKNOWN_CA"),
                                (old, "CERTIFICATE_EXPIRED")):
            reason = refusal(port, trust(authority, version, shows=shown))
            told = any(word in reason for word in expected.split())
            check(told, f"a client with {shown} was told {reason} over {version.name}")


async def main(place):
    """Runs all of it."""
    authority, theirs = Authority(place.folder / "tls"), Authority(place.folder / "clients", "Clients' CA")
    first = authority.issue("first", names=["localhost"], addresses=["127.0.0.1"])
    second = authority.issue("second", names=["two.example", "*.three.example"], rsa=True)
    shown = ["--workers", "2"]
    for each in (first, second):
        shown += ["--tls-cert", each.certificate, "--tls-key", each.key]
    server = place.server(*shown).start()
    versions_and_protocols(server.port, authority)
    names(server.port, authority)
    kept = sessions(server.port, authority)
    plain_http(server.port)
    await reload(server, authority, first, kept)
    values = metrics(server.port, trust(authority))
    done = values['parley_tls_handshakes_total{result="done"}']
    check(done > 2 * CONNECTIONS, "handshakes are not counted")
    check(values['parley_tls_handshakes_total{result="plaintext"}'] == 1, "plain HTTP is not counted")
    check(values['parley_tls_handshakes_total{result="refused"}'] >= 3, "refused handshakes are not counted")
    check(values["parley_tls_resumed_total"] == 2 * CONNECTIONS + 8, "resumptions are not counted")
    check(values["parley_tls_certificate_not_after_seconds"] > 1.7e9, "the certificate's end is not told")
    server.stop()
    third = authority.issue("third", names=["localhost"])
    guarded = place.server(
        *("--tls-cert", third.certificate, "--tls-key", third.key),
        file="guarded.db", environment={"PARLEY_TLS_CLIENT_CA": theirs.certificate})
    guarded.start()
    client_certificates(guarded.port, authority, theirs)
    guarded.stop()
    return "versions, names, sessions, reload, refusals and client certificates hold"


if __name__ == "__main__":
    run(main)
