"""A page that never reloads lives through `kill -9`: it shows what it missed once, and sends its draft."""
import asyncio
import json
import os
import pathlib
import sys

from parley import check, run, same

BROWSER = pathlib.Path(__file__).resolve().parents[1] / "browser"
PUBLICATIONS = "/api/v1/rooms/through-kill/publications"
SECONDS = 60


def publish(server, text):
    """Somebody else says something, by REST."""
    draft = {"clientId": text.replace(" ", "-"), "body": {"text": text}, "user": "shop"}
    content = json.dumps(draft).encode()
    status, _, answer = server.http(PUBLICATIONS, content, {"Content-Type": "application/json"})
    same(status, 201, f"the status of a publication, which was answered {answer}")


def publish_elsewhere(place):
    """What the page must have missed: said where it does not look for the server, to the same archive."""
    other = place.server().start()
    for number in (1, 2, 3):
        publish(other, f"Shipped {number}.")
    other.kill()


async def main(place):
    server = place.server().start()
    deeds = {
        "down": server.kill,
        "publish": lambda: publish_elsewhere(place),
        "up": lambda: publish(server.start(), "Shipped 4."),
    }
    script = BROWSER / "live_through_kill.py"
    shots = os.environ.get("PARLEY_SHOTS") or str(place.folder)
    window = await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        f"http://127.0.0.1:{server.port}",
        shots,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    done, said = [], []
    async for line in window.stdout:
        word = line.decode().strip()
        if word not in deeds:
            said.append(word)
            continue
        await asyncio.to_thread(deeds[word])
        done.append(word)
        window.stdin.write(line)
        await window.stdin.drain()
    same(await window.wait(), 0, f"the status of {script.name}, which said {' '.join(said)[-2000:]!r}")
    check(done == list(deeds), f"the page's server went through {done}")
    server.stop()
    return "a page outlived its server, recovered what it missed, and sent its draft once"


run(main, SECONDS)
