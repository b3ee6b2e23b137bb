"""Drafts outlive servers, reloads and refusals; an expired token is told, and a fresh link goes on."""

from parley import run
from relay import Relay
from token_maker import TokenMaker
from windows import base, drive

SECONDS = 150


async def main(place):
    maker = TokenMaker(place)
    server, open_server = place.server("--secret-file", str(maker.file)), place.server(file="open.db")
    cables = [await Relay(place, each.start()).start() for each in (open_server, server)]

    def up():
        cables[0].cut_sockets()
        open_server.start()

    def mend():
        for cable in cables:
            cable.mend()

    deeds = {
        "token": maker.token,
        "down": open_server.kill,
        "up": up,
        "deaf": cables[1].cut_sockets,
        "mend": mend,
    }
    await drive(place, "drafts.py", *map(base, cables), deeds=deeds)

    deeds = {"token": maker.token, "down": server.kill, "up": server.start}
    await drive(place, "token_expiry.py", base(server), deeds=deeds)
    for each in (server, open_server):
        each.stop()
    return "drafts outlived a server and refusals, and expired tokens were told"


run(main, SECONDS)
