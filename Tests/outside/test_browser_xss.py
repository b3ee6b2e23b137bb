"""Whatever people write in messages, names, rooms and addresses, the page takes it for text."""

from parley import run
from windows import base, drive

SECONDS = 180


async def main(place):
    server = place.server(archive="memory:").start()
    await drive(place, "xss.py", base(server))
    server.stop()
    return "no payload was taken for anything but text"


run(main, SECONDS)
