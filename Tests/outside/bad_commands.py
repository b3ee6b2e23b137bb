"""Frames and commands that are wrong, and what the server says to them."""

import json


def command(verb, content, number=9):
    """A command as text."""
    return json.dumps({"id": number, verb: content})


# One line of a frame each: no JSON object, so the session ends.
BROKEN_FRAMES = {
    "a word": b"hello",
    "half an object": b'{"id":1,',
    "an array": b'[{"id":1,"ping":{}}]',
    "a number": b"17",
    "a text": b'"ping"',
    "null": b"null",
    "something behind the object": b'{"id":1,"ping":{}} x',
    "two objects in a line": b'{"id":1,"ping":{}}{"id":2,"ping":{}}',
    "a trailing comma": b'{"id":1,"ping":{},}',
    "single quotes": b"{'id':1,'ping':{}}",
    "a comment": b'{"id":1,"ping":{}} // x',
    "NaN": b'{"id":1,"publish":{"room":"a","clientId":"c","body":NaN}}',
    "a byte order mark": b'\xef\xbb\xbf{"id":1,"ping":{}}',
    "a control character in a text": b'{"id":1,"publish":{"room":"a","clientId":"c","body":"\x01"}}',
    "a number with a leading zero": b'{"id":01,"ping":{}}',
    "an object over two lines": b'{"id":1,\n"ping":{}}',
}

BEFORE_CONNECT = {
    "join before connect": (command("join", {"room": "a"}), "notConnected", 9),
    "leave before connect": (command("leave", {"room": "a"}), "notConnected", 9),
    "publish before connect": (
        command("publish", {"room": "a", "clientId": "c", "body": 1}),
        "notConnected",
        9,
    ),
    "history before connect": (command("history", {"room": "a"}), "notConnected", 9),
    "presence before connect": (command("presence", {"room": "a"}), "notConnected", 9),
    "typing before connect": (command("typing", {"room": "a"}), "notConnected", 9),
    "rooms before connect": (command("rooms", {}), "notConnected", 9),
    "ping before connect": (command("ping", {}), "notConnected", 9),
    "publish before connect and without id": (
        '{"publish":{"room":"a","clientId":"c","body":1}}',
        "notConnected",
        None,
    ),
    "an unknown verb before connect": (command("dance", {}), "unknownVerb", 9),
    "connect without id": ('{"connect":{"user":"x"}}', "badRequest", None),
    "connect with a token": (command("connect", {"token": "t.o.k"}), "unauthorized", 9),
    "connect as nobody": (command("connect", {"user": ""}), "badRequest", 9),
    "connect as a number": (command("connect", {"user": 7}), "badRequest", 9),
    "connect as a control character": (command("connect", {"user": "a\u0001"}), "badRequest", 9),
    "connect with a long name": (command("connect", {"user": "a", "name": "n" * 129}), "badRequest", 9),
    "connect with an unknown heartbeat": (command("connect", {"heartbeat": "drum"}), "badRequest", 9),
    "connect with rooms that are no list": (command("connect", {"rooms": {}}), "badRequest", 9),
    "connect with a room that is a text": (command("connect", {"rooms": ["a"]}), "badRequest", 9),
    "connect with a room without a name": (command("connect", {"rooms": [{}]}), "badRequest", 9),
    "connect with a bad position": (
        command("connect", {"rooms": [{"room": "a", "since": {"epoch": "1", "offset": -1}}]}),
        "badRequest",
        9,
    ),
}

AFTER_CONNECT = {
    "no verb": ('{"id":9}', "badRequest", 9),
    "two verbs": ('{"id":9,"ping":{},"leave":{"room":"a"}}', "badRequest", 9),
    "an unknown verb": (command("dance", {}), "unknownVerb", 9),
    "a verb in capitals": (command("PING", {}), "unknownVerb", 9),
    "a second connect": (command("connect", {}), "alreadyConnected", 9),
    "an id that is a text": ('{"id":"9","ping":{}}', "badRequest", None),
    "an id that is negative": ('{"id":-9,"ping":{}}', "badRequest", None),
    "an id with a fraction": ('{"id":9.0,"ping":{}}', "badRequest", None),
    "an id that is too large": ('{"id":9007199254740992,"ping":{}}', "badRequest", None),
    "an id given twice": ('{"id":9,"id":9,"ping":{}}', "badRequest", None),
    "a field given twice": ('{"id":9,"join":{"room":"a","room":"a"}}', "badRequest", 9),
    "content that is a list": (command("join", []), "badRequest", 9),
    "content that is null": (command("publish", None), "badRequest", 9),
    "join without id": ('{"join":{"room":"a"}}', "badRequest", None),
    "no room": (command("join", {}), "badRequest", 9),
    "a room without a name": (command("join", {"room": ""}), "badRequest", 9),
    "a room that is a number": (command("join", {"room": 7}), "badRequest", 9),
    "a room of 201 bytes": (command("join", {"room": "r" * 201}), "badRequest", 9),
    "a room of 101 letters in 202 bytes": (command("join", {"room": "ä" * 101}), "badRequest", 9),
    "a room with a star": (command("join", {"room": "a*"}), "badRequest", 9),
    "a room with an outer space": (command("join", {"room": " a"}), "badRequest", 9),
    "a room with a control character": (command("join", {"room": "a\u007f"}), "badRequest", 9),
    "a room with a surrogate": ('{"id":9,"join":{"room":"\\ud800"}}', "badRequest", 9),
    "a reserved room to join": (command("join", {"room": "$user:ada"}), "forbidden", 9),
    "a reserved room to publish in": (
        command("publish", {"room": "$user:ada", "clientId": "c", "body": 1}),
        "forbidden",
        9,
    ),
    "a reserved room to read": (command("history", {"room": "$user:ada"}), "forbidden", 9),
    "a negative position": (
        command("join", {"room": "a", "since": {"epoch": "1", "offset": -1}}),
        "badRequest",
        9,
    ),
    "a position beyond all numbers": (
        command("join", {"room": "a", "since": {"epoch": "1", "offset": 2**53}}),
        "badRequest",
        9,
    ),
    "a position far beyond all numbers": (
        '{"id":9,"join":{"room":"a","since":{"epoch":"1","offset":1e400}}}',
        "badRequest",
        9,
    ),
    "a position with a fraction": (
        command("join", {"room": "a", "since": {"epoch": "1", "offset": 1.5}}),
        "badRequest",
        9,
    ),
    "a position without epoch": (command("join", {"room": "a", "since": {"offset": 1}}), "badRequest", 9),
    "a position with a long epoch": (
        command("join", {"room": "a", "since": {"epoch": "e" * 17, "offset": 1}}),
        "badRequest",
        9,
    ),
    "a position that is a number": (command("join", {"room": "a", "since": 1}), "badRequest", 9),
    "a tail too long": (command("join", {"room": "a", "tail": 1001}), "badRequest", 9),
    "events that are no list": (command("join", {"room": "a", "events": "typing"}), "badRequest", 9),
    "a draft without room": (command("publish", {"clientId": "c", "body": 1}), "badRequest", 9),
    "a draft without body": (command("publish", {"room": "a", "clientId": "c"}), "badRequest", 9),
    "a stored draft without client id": (command("publish", {"room": "a", "body": 1}), "badRequest", 9),
    "an empty client id": (command("publish", {"room": "a", "clientId": "", "body": 1}), "badRequest", 9),
    "a client id of 65 bytes": (
        command("publish", {"room": "a", "clientId": "c" * 65, "body": 1}),
        "badRequest",
        9,
    ),
    "a client id with a space": (
        command("publish", {"room": "a", "clientId": "a b", "body": 1}),
        "badRequest",
        9,
    ),
    "a client id that was used": (
        command("publish", {"room": "known", "clientId": "used", "body": 2}),
        "clientIdReused",
        9,
    ),
    "a body over the limit": (
        command("publish", {"room": "a", "clientId": "c", "body": "x" * 32_767}),
        "tooLarge",
        9,
    ),
    "U+0000 in a body": (
        '{"id":9,"publish":{"room":"a","clientId":"c","body":"\\u0000"}}',
        "badRequest",
        9,
    ),
    "half a surrogate pair in a body": (
        '{"id":9,"publish":{"room":"a","clientId":"c","body":"\\udc00"}}',
        "badRequest",
        9,
    ),
    "U+0000 in a field nobody reads": ('{"id":9,"ping":{"x":"\\u0000"}}', "badRequest", 9),
    "a body nested 10,000 deep": (
        '{"id":9,"publish":{"room":"a","clientId":"c","body":' + "[" * 10_000 + "]" * 10_000 + "}}",
        "badRequest",
        9,
    ),
    "history in both directions": (
        command("history", {"room": "a", "before": 2, "after": 1}),
        "badRequest",
        9,
    ),
    "history of no publications": (command("history", {"room": "a", "limit": 0}), "badRequest", 9),
    "history of too many": (command("history", {"room": "a", "limit": 1001}), "badRequest", 9),
    "history before a negative offset": (command("history", {"room": "a", "before": -1}), "badRequest", 9),
    "presence of a room one is not in": (command("presence", {"room": "a"}), "notJoined", 9),
    "typing in a room one is not in": (command("typing", {"room": "a"}), "notJoined", 9),
    "typing neither on nor off": (command("typing", {"room": "a", "on": 1}), "badRequest", 9),
    "rooms after a number": (command("rooms", {"after": 1}), "badRequest", 9),
}
