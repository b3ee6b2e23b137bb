#!/usr/bin/env python3
"""A token of one tenant neither sees nor names anything of another: every verb and every route is tried.

Two instances on one Postgres and one Redis. Tenant `acme` talks in rooms; then a token of tenant `rival` that
may do everything, for a user of the same name, tries each verb and each route with the same rooms' names, the
same client ids and the positions it must not know. Then what each bad token is told.
"""

import asyncio
import base64
import hmac
import json
import time
import urllib.parse

from crowd import Talker, everyone_there, all_settled
from parley import PATIENCE, check, eventually, meanwhile, run, same
from services import Postgres, Redis

ROOM = "support:1"
PATH = f"/api/v1/rooms/{urllib.parse.quote(ROOM, safe='')}/publications"
SECRET = "acme-words"
KEY = b"0123456789abcdef0123456789abcdef"


class Rival(Talker):
    """Hears everything, joins nothing by itself."""

    def __init__(self, port, user, rooms, **more):
        super().__init__(port, user, rooms, **more)
        self.heard = []

    def _take_line(self, message, line):
        self.heard.append(line)
        if "publication" not in message:
            super()._take_line(message, line)


def rest(server, token, method="GET", draft=None, query=""):
    """A REST call with a token; status and body."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    content = None
    if draft:
        headers["Content-Type"] = "application/json"
        content = json.dumps(draft).encode()
    status, _, text = server.http(PATH + query, content, headers, method)
    return status, json.loads(text)


def make_tokens(place, secret):
    """Prints tokens with the command that operators use."""

    def token(tenant, user, *rooms):
        arguments = ["token", "--secret-file", secret, "--tenant", tenant, "--user", user]
        for room in rooms:
            arguments += ["--room", room]
        status, out, err = place.command(*arguments, "--expires", "1h")
        same(status, 0, f"the status of parley token, which said {err!r}")
        return out.strip()

    return token


async def every_verb(rival, epoch):
    """What the rival is answered; `SECRET` must stand in none of it."""
    positions = [{"epoch": epoch, "offset": 0}, {"epoch": epoch, "offset": 3}, {"epoch": "0", "offset": 0}]
    answers = {}
    for number, since in enumerate(positions):
        answers[f"join {number}"] = await rival.ask("join", {"room": ROOM, "since": since})
    answers["join tail"] = await rival.ask("join", {"room": ROOM, "tail": 100})
    answers["history"] = await rival.ask("history", {"room": ROOM})
    answers["history after"] = await rival.ask("history", {"room": ROOM, "after": 0, "limit": 100})
    answers["presence"] = await rival.ask("presence", {"room": ROOM})
    answers["typing"] = await rival.ask("typing", {"room": ROOM})
    draft = {"room": ROOM, "clientId": "acme-1", "body": "the rival's own"}
    answers["publish"] = await rival.ask("publish", draft)
    answers["rooms"] = await rival.ask("rooms", {})
    answers["leave"] = await rival.ask("leave", {"room": ROOM})
    for verb in ("connect", "join", "publish", "history", "presence"):
        named = {"room": ROOM, "tenant": "acme", "clientId": "x-" + verb, "body": 1, "rooms": []}
        answers[f"{verb} naming a tenant"] = await rival.ask(verb, named)
    for name, answer in answers.items():
        check(SECRET not in json.dumps(answer), f"{name} told the rival {answer}")
    joined = answers["join tail"]["ok"]
    same((joined["head"], joined["publications"]), (0, []), "the rival's room of the same name")
    members = [member["user"] for member in answers["presence"]["ok"]["members"]]
    same(members, ["ann"], "the rival's roster, in which only its own ann is")
    published = answers["publish"]["ok"]
    check(not published.get("repeat"), "the other tenant's client id counted as the rival's repeat")
    check(published["epoch"] != epoch, "both tenants' rooms have one epoch")
    return answers


def forged(token):
    """Bad tokens, each with the word that the refusal has to hold."""
    head, claims, signature = token.split(".")

    def part(content):
        content = content if isinstance(content, bytes) else content.encode()
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    opened = json.loads(base64.urlsafe_b64decode(claims + "=="))
    other = part(json.dumps(opened | {"tenant": "acme"}))

    def signed(**changed):
        text = f"{head}.{part(json.dumps(opened | changed))}"
        return f"{text}.{part(hmac.digest(KEY, text.encode(), 'sha256'))}"

    yield "that has expired", signed(exp=int(time.time()) - 120)
    yield "that is not valid yet", signed(nbf=int(time.time()) + 600)
    yield "without an expiry", signed(exp=None)
    yield "of a tenant that is no name", signed(tenant="ACME!")
    yield "of nobody", signed(sub="")
    yield "with another tenant written in", f"{head}.{other}.{signature}"
    yield "without a signature", f"{head}.{claims}."
    yield "of algorithm none", f'{part(json.dumps({"alg": "none", "typ": "JWT"}))}.{claims}.'
    yield "of a foreign algorithm", f'{part(json.dumps({"alg": "RS256", "typ": "JWT"}))}.{claims}.{signature}'
    yield "that is no token", "nonsense"
    yield "that is empty", ""
    yield "that is oversized", f"{head}.{'a' * 20_000}.{signature}"


async def bad_tokens(server, token):
    """Each is refused by REST and by `connect`, with a sentence that does not repeat it."""
    for name, bad in forged(token("rival", "ann", "*")):
        if len(bad) > 10_000:
            # As a field it is too large for HTTP already.
            status, _, text = server.http(PATH, headers={"Authorization": f"Bearer {bad}"})
            same(status, 431, f"the status of a token {name}, answered {text}")
        else:
            status, answer = rest(server, bad)
            same(status, 401, f"the status of a token {name}, answered {answer}")
            check(len(answer["error"]["message"]) > 20, f"a token {name} is told only {answer}")
            check(not bad or bad not in json.dumps(answer), f"the answer repeats a token {name}")
        client = Rival(server.port, "ann", [])
        client._connected = lambda reply: None
        refusal = asyncio.get_running_loop().create_future()
        connecting = asyncio.create_task(refused_connect(client, bad, refusal))
        reply = await asyncio.wait_for(refusal, PATIENCE)
        connecting.cancel()
        same(reply["error"]["name"], "unauthorized", f"how connect answers a token {name}")


async def refused_connect(client, bad, refusal):
    """Connects with a bad token and hands over the reply."""
    client._connected = lambda reply: refusal.done() or refusal.set_result(reply)
    await client.connect(token=bad)


async def grants(server, token):
    """A token that may only listen in one room may do nothing else, anywhere."""
    listener = Rival(server.port, "bob", [], token=token("acme", "bob", f"{ROOM}=join"))
    async with meanwhile(listener.live()):
        await everyone_there([listener])
        joined = await listener.ask("join", {"room": ROOM, "since": {"epoch": "0", "offset": 0}})
        same(joined["ok"]["publications"], [], "what a join without history brings")
        for verb, content in (
            ("history", {"room": ROOM}),
            ("presence", {"room": ROOM}),
            ("typing", {"room": ROOM}),
            ("publish", {"room": ROOM, "clientId": "b", "body": 1}),
            ("join", {"room": "support:2"}),
            ("history", {"room": "support:2"}),
        ):
            answer = await listener.ask(verb, content)
            same(answer.get("error", {}).get("name"), "forbidden", f"{verb} without a grant, {answer}")
    for method, draft in (("GET", None), ("POST", {"clientId": "b", "body": 1})):
        status, answer = rest(server, listener.more["token"], method, draft)
        same(status, 403, f"{method} without a grant, answered {answer}")


async def main(place):
    postgres, redis = Postgres(place).start(), Redis(place).start()
    secret = place.folder / "parley.secret"
    secret.write_bytes(KEY)
    options = ["--broker", redis.url(), "--secret-file", str(secret)]
    archive = postgres.database("tenants")
    servers = [place.server(*options, archive=archive).start() for _ in range(2)]
    token = make_tokens(place, str(secret))
    ann = Talker(servers[0].port, "ann", [ROOM], token=token("acme", "ann", "*"))
    rival = Rival(servers[1].port, "ann", [], token=token("rival", "ann", "*"))
    async with meanwhile(ann.live(), rival.live()):
        await everyone_there([ann, rival])
        for number in range(5):
            ann.say(ROOM, f"acme-{number}", {"text": SECRET})
        await all_settled([ann])
        await every_verb(rival, ann.rooms[ROOM].epoch)
        for server in servers:
            for query in ("", "?after=0", "?before=100", "?limit=1000"):
                status, answer = rest(server, rival.more["token"], query=query)
                same(status, 200, "the status of a rival's history")
                check(SECRET not in json.dumps(answer), f"REST told the rival {answer}")
            status, answer = rest(server, None)
            same((status, answer["error"]["name"]), (401, "unauthorized"), "REST without a token")
        ann.say(ROOM, "acme-last", {"text": SECRET})
        await all_settled([ann])
        await eventually(lambda: len(ann.rooms[ROOM].seen) == 6, "ann did not see her own six")
        check(not any(SECRET in line for line in rival.heard), "a push of acme reached the rival")
        check(not any("typing" in push for push in ann.pushes), f"typing reached ann: {ann.pushes}")
        await grants(servers[0], token)
        await bad_tokens(servers[1], token)
    for server in servers:
        server.stop()
    return "a rival with the same names saw and named nothing of acme's; every bad token was told why"


run(main)
