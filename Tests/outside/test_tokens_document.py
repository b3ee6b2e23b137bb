#!/usr/bin/env python3
"""What docs/tokens.md shows works as it stands there: its programs make tokens that the server takes.

The one in Swift is run by `ParleyTokenTests`, which also holds its text against the document's."""
import base64
import json
import pathlib
import re
import shlex
import subprocess
import sys

from websockets.asyncio.client import connect

from parley import PATIENCE, check, run, same

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "tokens.md"
ROOM = "/api/v1/rooms/support:7/publications"


def blocks(text, language):
    """The fenced blocks of that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def output(arguments, folder):
    """What a program prints on its one line."""
    done = subprocess.run(
        arguments, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    same((done.returncode, done.stderr), (0, ""), f"status and complaints of {arguments[0]}")
    return done.stdout.strip()


def claims_of(token):
    """The claims, unverified."""
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


async def takes(server, token, what):
    """The server takes the token by REST and by WebSocket, as ada's of acme, for support rooms only."""
    bearer = {"Authorization": f"Bearer {token}"}
    status, _, text = server.http(ROOM, headers=bearer)
    same(status, 200, f"the status of REST with the token of {what}, which says {text}")
    status, _, _ = server.http("/api/v1/rooms/lobby/publications", headers=bearer)
    same(status, 403, f"the status of another room with the token of {what}")
    async with connect(f"ws://127.0.0.1:{server.port}/ws") as socket:
        fields = {"token": token, "rooms": [{"room": "support:7"}]}
        await socket.send(json.dumps({"id": 1, "connect": fields}))
        reply = json.loads((await socket.recv()).split("\n")[0])
    check(
        reply.get("ok", {}).get("user") == "ada" and "epoch" in reply["ok"]["rooms"][0],
        f"connect with the token of {what} is answered {reply}",
    )


async def main(place):
    text = DOCUMENT.read_text()
    secret = place.folder / "parley.secret"
    # With what the document warns of: base64 that must not be decoded, and a blank that belongs to it.
    secret.write_text("q2hhdCBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw== +\n")
    server = place.server("--secret-file", str(secret)).start()
    same(server.http(ROOM)[0], 401, "the status without a token")
    made = {}
    for language, file, program in (("python", "make.py", sys.executable), ("js", "make.cjs", "node")):
        (source,) = blocks(text, language)
        (place.folder / file).write_text(source)
        made[language] = output([program, file], place.folder)
    (line,) = blocks(text, "bash")
    made["parley token"] = output([place.binary, *shlex.split(line)[1:]], place.folder)
    for what, token in made.items():
        await takes(server, token, what)
    lives = [claims_of(token).pop("exp") for token in made.values()]
    check(abs(lives[0] - lives[1]) < PATIENCE, f"the programs' tokens end at {lives[:2]}")
    (example,) = blocks(text, "json")
    same(set(json.loads(example)), set(claims_of(made["js"])), "the claims of the example")
    server.stop()
    return "the programs of docs/tokens.md make tokens that the server takes"


run(main)
