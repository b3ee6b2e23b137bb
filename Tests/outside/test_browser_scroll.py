"""5,000 messages are scrolled through in a browser window, back and forth."""

import sys

from parley import run
from windows import BROWSER, base, drive

sys.path.append(str(BROWSER))
from seed import fill  # noqa: E402

SECONDS = 150


async def main(place):
    server = place.server(archive="memory:").start()
    await fill(server.socket, "scroll-back", 5000)
    await drive(place, "scroll_back.py", base(server))
    server.stop()
    return "5,000 messages were scrolled through, back and forth"


run(main, SECONDS)
