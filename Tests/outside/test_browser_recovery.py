"""A page that never reloads lives through `kill -9`: it shows what it missed once, and sends its draft."""
import json

from parley import run, same
from windows import drive

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
    await drive(place, "live_through_kill.py", f"http://127.0.0.1:{server.port}", deeds=deeds)
    server.stop()
    return "a page outlived its server, recovered what it missed, and sent its draft once"


run(main, SECONDS)
