#!/usr/bin/env python3
"""`protocol/schemas` against `protocol/vectors/envelopes.json`, and against frames of a running server.

Every command, reply and push has to fit its schema; what the server refuses must not, but for what a schema
cannot say (protocol/README.md lists it). Replies are held against the answer of the verb that was asked.
"""

import asyncio
import json

from jsonschema import Draft202012Validator

from client import Client
from parley import check, eventually, meanwhile, run, same
from schemas import COMMAND, PROTOCOL, PUSH, REPLY, SCHEMAS, fits, part
from wire import Wire

CONFIGURATION = "rooms:\n  'live:': {kind: ephemeral}\n"

# What `ok` holds, by verb; `publish` answers two ways.
ANSWERS = {
    "connect": "connected",
    "join": "joined",
    "leave": "done",
    "publish": "published",
    "history": "history",
    "presence": "roster",
    "typing": "done",
    "rooms": "rooms",
    "ping": "time",
}


def unsayable(text, error):
    """Whether a refusal is for something that no schema can say."""
    if error in ("tooLarge", "tooManyRooms"):
        return True
    twice, floats, longest, deepest = [], [], 0, 0

    def pairs(items):
        names = [name for name, _ in items]
        twice.extend(name for name in names if names.count(name) > 1)
        return dict(items)

    def number(spelled):
        floats.append(spelled)
        return float(spelled)

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_float=number)
    except RecursionError:
        return True

    def walk(value, depth):
        nonlocal longest, deepest
        deepest = max(deepest, depth)
        if isinstance(value, str):
            spelled = value.encode("utf-8", "surrogatepass")
            if len(spelled) > len(value):
                longest = max(longest, len(spelled))
            if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
                twice.append(value)
        elif isinstance(value, dict):
            for name, inner in value.items():
                walk(name, depth)
                walk(inner, depth + 1)
        elif isinstance(value, list):
            rooms = [inner["room"] for inner in value if isinstance(inner, dict) and "room" in inner]
            twice.extend(room for room in rooms if rooms.count(room) > 1)
            for inner in value:
                walk(inner, depth + 1)

    walk(value, 0)
    return bool(twice or floats or longest > 64 or deepest >= 64)


def schemas():
    """The schemas are schemas."""
    for name, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        same(schema["$id"], f"{name}.schema.json", "the name of a schema")


def vectors():
    """Every frame of the vectors; how many there were."""
    data = json.loads((PROTOCOL / "vectors/envelopes.json").read_text())
    errors = {error["name"]: error for error in json.loads((PROTOCOL / "errors.json").read_text())}
    count = 0
    for entry in data["commands"]:
        if "text" not in entry:
            continue
        lines = [line for line in entry["text"].split("\n") if line.strip(" \t\r")]
        for text, line in zip(lines, entry["lines"]):
            count += 1
            what = f"the command {entry['name']!r}"
            if "command" in line:
                fits(COMMAND, json.loads(text), what)
            elif "error" in line:
                check(line["error"] in errors, f"{what} is refused with an unknown error")
                check(
                    unsayable(text, line["error"]) or not COMMAND.is_valid(json.loads(text)),
                    f"{what} is refused by the server, not by the schema: {text}",
                )
    for entry in data["replies"]:
        count += 1
        fits(REPLY, json.loads(entry["text"]), f"the reply {entry['name']!r}")
    for entry in data["pushes"]:
        count += 1
        push = json.loads(entry["text"])
        fits(PUSH, push, f"the push {entry['name']!r}")
        check(not REPLY.is_valid(push), f"the push {entry['name']!r} passes for a reply")
    for entry in data["rest"]:
        count += 1
        answer = json.loads(entry["text"])
        if "error" in answer:
            fits(part("error"), answer["error"], entry["name"])
            same(
                errors[answer["error"]["name"]]["http"], entry["status"], f"the status of {entry['name']!r}"
            )
        else:
            name = "history" if "publications" in answer else "published"
            fits(part(name), answer, entry["name"])
    check(count > 150, f"only {count} frames in the vectors")
    return count


def wrong_values():
    """The schemas refuse what nobody may send; otherwise all the above says nothing."""
    publication = {"room": "a", "offset": 1, "time": 0, "user": "u", "body": 1}
    for value, schema in (
        ({"id": 1, "dance": {}}, COMMAND),
        ({"id": 1, "ping": {}, "leave": {"room": "a"}}, COMMAND),
        ({"id": 1, "join": {"room": "a*"}}, COMMAND),
        ({"id": 1, "ok": {}, "error": {"code": 1, "name": "x", "message": "x"}}, REPLY),
        ({"ok": {}}, REPLY),
        ({"id": 1, "ok": {"epoch": "1", "offset": 0, "time": 0}}, REPLY),
        ({"publication": publication, "id": 1}, PUSH),
        ({"publication": publication | {"offset": 0}}, PUSH),
        ({"publication": publication, "ping": {}}, PUSH),
        ({"skip": {"room": "a", "from": 1}}, PUSH),
    ):
        check(not schema.is_valid(value), f"a schema accepts {json.dumps(value)}")


class Witness(Client):
    """Holds every frame of its own and of the server against the schemas."""

    def __init__(self, port, user):
        super().__init__(port, user)
        self.asked = {}
        self.kinds = set()

    def send(self, verb, content, then=None):
        fits(COMMAND, {"id": 1, verb: content}, f"the command {verb}")
        number = super().send(verb, content, then)
        self.asked[number] = verb
        return number

    def _take_line(self, message, line):
        if "ok" in message:
            verb = self.asked[message["id"]]
            fits(REPLY, message, f"the reply to {verb}")
            name = ANSWERS[verb]
            if name == "published" and list(message["ok"]) == ["time"]:
                name = "time"
            fits(part(name), message["ok"], f"the answer to {verb}")
            self.kinds.add(name)
        elif "error" in message:
            fits(REPLY, message, "a refusal")
            self.kinds.add(message["error"]["name"])
        else:
            fits(PUSH, message, "a push")
            self.kinds.update(message)
        if "presence" not in message and "typing" not in message and "publication" not in message:
            super()._take_line(message, line)


async def live_frames(server):
    """Every verb of a running server, and the pushes that follow; what kinds of frames came."""
    ada, bob = Witness(server.port, "ada"), Witness(server.port, "bob")
    await ada.connect(name="Ada", client="witness/1", heartbeat="message")
    await bob.connect(rooms=[])
    async with meanwhile(ada.listen(), bob.listen()):
        await ada.ask("join", {"room": "a", "tail": 10, "events": ["presence", "typing", "future"]})
        for number in range(3):
            await ada.ask(
                "publish",
                {"room": "a", "clientId": f"c-{number}", "body": {"text": "é", "n": [number, None]}},
            )
        reply = await ada.ask(
            "publish", {"room": "a", "clientId": "c-2", "body": {"text": "é", "n": [2, None]}}
        )
        epoch = reply["ok"]["epoch"]
        reply = await ada.ask("publish", {"room": "a", "clientId": "c-2", "body": 0})
        same(reply["error"]["name"], "clientIdReused", "a client id with another body")
        await ada.ask("publish", {"room": "live:a", "body": 1})
        await ada.ask("join", {"room": "live:a"})
        await ada.ask("publish", {"room": "live:a", "body": [1]})
        await bob.ask("join", {"room": "a", "since": {"epoch": epoch, "offset": 1}})
        await bob.ask("join", {"room": "a", "since": {"epoch": "other", "offset": 70}})
        await bob.ask("join", {"room": "live:a", "since": {"epoch": "0", "offset": 0}})
        await bob.ask("typing", {"room": "a"})
        await bob.ask("typing", {"room": "a", "on": False})
        for query in ({}, {"before": 3, "limit": 1}, {"after": 1}):
            await ada.ask("history", {"room": "a"} | query)
        reply = await ada.ask("history", {"room": "live:a"})
        same(reply["error"]["name"], "notStored", "history of an ephemeral room")
        await ada.ask("presence", {"room": "a"})
        await ada.ask("rooms", {})
        await ada.ask("rooms", {"limit": 1, "after": "A"})
        await ada.ask("ping", {})
        await eventually(
            lambda: {"presence", "typing"} <= ada.kinds, f"no presence or no typing came, only {ada.kinds}"
        )
        await bob.ask("leave", {"room": "a"})
        reply = await bob.ask("presence", {"room": "a"})
        same(reply["error"]["name"], "notJoined", "presence after leaving")
    return ada, bob


async def rest_frames(server):
    """REST answers and refusals against the same schemas."""
    errors = {error["name"]: error for error in json.loads((PROTOCOL / "errors.json").read_text())}
    path = "/api/v1/rooms/a/publications"
    json_type = {"Content-Type": "application/json"}
    status, _, text = server.http(path, b'{"clientId":"r-1","body":1}', json_type)
    same(status, 201, "a publication by REST")
    fits(part("published"), json.loads(text), "the answer to a publication by REST")
    fits(part("history"), json.loads(server.http(path)[2]), "history by REST")
    for refused in (
        server.http(path, b"{}", json_type),
        server.http(path, method="DELETE"),
        server.http("/api/v1/nothing"),
        server.http(path + "?limit=0"),
    ):
        error = json.loads(refused[2])["error"]
        fits(part("error"), error, "a refusal by REST")
        entry = errors[error["name"]]
        same(
            (error["code"], refused[0]),
            (entry["code"], entry["http"]),
            f"code and status of {error['name']}",
        )


async def heartbeat_and_end(server):
    """The pushes of a session that says nothing, to the end of the server."""
    wire = await Wire.websocket(server.port)
    wire.command({"id": 1, "connect": {}})
    fits(REPLY, await wire.message(), "the reply to connect")
    ping = await wire.message()
    fits(PUSH, ping, "a heartbeat")
    same(ping, {"ping": {}}, "the push after a second of silence")
    pong = {"pong": {}}
    fits(COMMAND, pong, "the answer to a heartbeat")
    wire.command(pong)
    server.terminate()
    kinds = set()
    while "goaway" not in kinds:
        push = await wire.message()
        fits(PUSH, push, "a push of the end")
        kinds.update(push)
    code, reason = await wire.closed()
    disconnects = {entry["code"]: entry for entry in json.loads((PROTOCOL / "disconnects.json").read_text())}
    check(disconnects[code]["reconnect"] and "afterMs" in json.loads(reason), f"the end was {code} {reason}")
    wire.leave()


async def main(place):
    schemas()
    wrong_values()
    count = vectors()
    (place.folder / "parley.yaml").write_text(CONFIGURATION)
    environment = {"PARLEY_HEARTBEAT_PING_MS": "1000"}
    server = place.server("--workers", "2", "--config", "parley.yaml", environment=environment).start()
    clients = await live_frames(server)
    kinds = clients[0].kinds | clients[1].kinds
    missing = {*ANSWERS.values(), "publication", "presence", "typing"} - kinds
    check(not missing, f"no frame of the kinds {sorted(missing)} was seen")
    for client in clients:
        await client.close()
    await rest_frames(server)
    await heartbeat_and_end(server)
    same(await asyncio.to_thread(server.wait), 0, "the status after SIGTERM")
    return f"{count} frames of the vectors and {len(kinds)} kinds of live frames fit the schemas"


if __name__ == "__main__":
    run(main, seconds=60)
