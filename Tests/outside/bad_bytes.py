"""Bytes that break the rules of HTTP/1.1 and RFC 6455, and what the server says to them."""

import struct

from wire import BINARY, CLOSE, CONTINUATION, PING, TEXT, frame, request

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /api/v1/rooms/a/publications HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

# What is sent, and the status of the answer; the connection is closed after each.
MALFORMED_HTTP = {
    "noise": (bytes(range(1, 250)) + b"\r\n\r\n", 400),
    "a TLS greeting": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40) + b"\r\n\r\n", 400),
    "empty lines": (b"\r\n\r\n\r\n", 400),
    "a request line of two words": (b"GET /\r\n" + HOST + b"\r\n", 505),
    "two spaces": (b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "HTTP/3.0": (b"GET / HTTP/3.0\r\n" + HOST + b"\r\n", 505),
    "a bare line feed": (b"GET / HTTP/1.1\n" + HOST + b"\r\n", 400),
    "a bare carriage return": (b"GET / HTTP/1.1\r" + HOST + b"\r\n", 400),
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    "an empty field name": (b"GET / HTTP/1.1\r\n" + HOST + b": x\r\n\r\n", 400),
    "a space before the colon": (b"GET / HTTP/1.1\r\n" + HOST + b"A : x\r\n\r\n", 400),
    "a folded field": (b"GET / HTTP/1.1\r\n" + HOST + b"A: x\r\n y\r\n\r\n", 400),
    "U+0000 in a field": (b"GET / HTTP/1.1\r\n" + HOST + b"A: \0\r\n\r\n", 400),
    "CONNECT": (b"CONNECT a:1 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "a long request line": (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "a large header": (b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"a" * 17_000 + b"\r\n\r\n", 431),
    "101 fields": (b"GET / HTTP/1.1\r\n" + HOST + b"A: a\r\n" * 101 + b"\r\n", 431),
    "an unknown expectation": (POST + b"Expect: miracles\r\nContent-Length: 1\r\n\r\n", 417),
    "a length that is no number": (POST + b"Content-Length: x\r\n\r\n", 400),
    "a negative length": (POST + b"Content-Length: -1\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400),
    "length and chunks": (POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "an unknown encoding": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
    "an encoding without end": (POST + b"Transfer-Encoding: gzip\r\n\r\n", 400),
    "a body over the limit": (POST + b"Content-Length: 1000000\r\n\r\n", 413),
    "an endless length": (POST + b"Content-Length: 99999999999999999999\r\n\r\n", 413),
    "a chunk size that is no number": (CHUNKED + b"zz\r\n", 400),
    "a negative chunk": (CHUNKED + b"-1\r\n", 400),
    "an endless chunk": (CHUNKED + b"ffffffffffffffff\r\n", 413),
    "chunks over the limit": (CHUNKED + (b"4000\r\n" + b"x" * 0x4000 + b"\r\n") * 3, 413),
    "a chunk without its end": (CHUNKED + b"1\r\nxy\r\n", 400),
}

# Handshakes that are none, and the status of the answer.
HANDSHAKES = {
    "POST": (request(method="POST"), 405),
    "HTTP/1.0": (request(version="HTTP/1.0"), 400),
    "without Upgrade": (request(without=["Upgrade"]), 426),
    "another Upgrade": (request(Upgrade="h2c"), 426),
    "without Connection": (request(without=["Connection"]), 400),
    "without version": (request(without=["Sec-WebSocket-Version"]), 426),
    "version 8": (request(Sec_WebSocket_Version="8"), 426),
    "two versions": (request(Sec_WebSocket_Version=["13", "8"]), 426),
    "without key": (request(without=["Sec-WebSocket-Key"]), 400),
    "a short key": (request(Sec_WebSocket_Key="AAAA"), 400),
    "a key that is not base64": (request(Sec_WebSocket_Key="!" * 24), 400),
    "two keys": (request(Sec_WebSocket_Key=["AAAAAAAAAAAAAAAAAAAAAA=="] * 2), 400),
    "a subprotocol twice": (request(Sec_WebSocket_Protocol="parley.v1, parley.v1"), 400),
    "a subprotocol that is no token": (request(Sec_WebSocket_Protocol="par ley"), 400),
    "a foreign origin": (request(Origin="https://evil.example"), 403),
    "no origin at all": (request(Origin="null"), 403),
    "a foreign host": (request(Host="evil.example"), 403),
    "another path": (request("/wss"), 404),
    "a path below": (request("/ws/x"), 404),
    "a broken path": (request("/%zz"), 400),
}

# What breaks a rule of RFC 6455, and the close code.
BROKEN_RULES = {
    "an unmasked frame": (frame(TEXT, "{}", masked=False), 1002),
    "a reserved bit": (frame(TEXT, "{}", reserved=4), 1002),
    "opcode 3": (frame(3, "{}"), 1002),
    "opcode 11": (frame(11), 1002),
    "a fragmented ping": (frame(PING, fin=False), 1002),
    "a ping of 126 bytes": (frame(PING, b"x" * 126), 1002),
    "a continuation of nothing": (frame(CONTINUATION, "{}"), 1002),
    "a message within a message": (frame(TEXT, "{", fin=False) + frame(TEXT, "}"), 1002),
    "a length too long in form": (frame(TEXT, "{}", length=(16, 2)), 1002),
    "a length far too long in form": (frame(TEXT, "{}", length=(64, 2)), 1002),
    "a length with its top bit": (frame(TEXT, "{}", length=(64, 1 << 63)), 1002),
    "a terabyte": (frame(TEXT, "{}", length=(64, 1 << 40)), 1009),
    "a byte too many": (frame(TEXT, b" " * 65_537), 1009),
    "a byte too many in fragments": (
        frame(TEXT, b" " * 40_000, fin=False) + frame(CONTINUATION, b" " * 25_537),
        1009,
    ),
    "a lone continuation byte": (frame(TEXT, b'{"\x80":1}'), 1007),
    "an overlong slash": (frame(TEXT, b'{"\xc0\xaf":1}'), 1007),
    "half a surrogate pair": (frame(TEXT, b'{"\xed\xa0\x80":1}'), 1007),
    "beyond U+10FFFF": (frame(TEXT, b'{"\xf4\x90\x80\x80":1}'), 1007),
    "a character cut off": (frame(TEXT, b'{"\xe2\x82'), 1007),
    "not UTF-8 in the second fragment": (
        frame(TEXT, b"\xe2", fin=False) + frame(CONTINUATION, b"\x28\xa1"),
        1007,
    ),
    "half a close code": (frame(CLOSE, b"\x03"), 1002),
    "a close code that never travels": (frame(CLOSE, struct.pack("!H", 1005)), 1002),
    "close code 999": (frame(CLOSE, struct.pack("!H", 999)), 1002),
    "a reason that is not UTF-8": (frame(CLOSE, struct.pack("!H", 1000) + b"\xff"), 1007),
    "a binary frame": (frame(BINARY, "{}"), 1003),
}
