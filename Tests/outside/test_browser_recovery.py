"""Pages live through `kill -9`: they show what they missed once, and send what they and closed tabs wrote."""
import json

from parley import run, same
from windows import base, drive

PUBLICATIONS = "/api/v1/rooms/through-kill/publications"
SECONDS = 120


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
    await drive(place, "live_through_kill.py", base(server), deeds=deeds)
    await drive(place, "tabs.py", base(server), deeds={"down": server.kill, "up": server.start})
    server.stop()
    return "a page outlived its server, and a tab sent what a closed one had left"


run(main, SECONDS)
