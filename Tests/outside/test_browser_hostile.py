"""A server that does not keep to the protocol, and texts made to break a page: the page stays usable."""

from parley import run
from windows import base, drive

SECONDS = 180


async def main(place):
    # It gives the page only: the page's WebSocket ends in the test.
    server = place.server(archive="memory:").start()
    await drive(place, "hostile.py", base(server))
    server.stop()
    return "the page stayed usable whatever came"


run(main, SECONDS)
