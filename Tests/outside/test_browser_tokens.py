"""Pages that came by a link with a token: drafts outlive servers and refusals, and expired tokens are told."""

from parley import run
from relay import Relay
from token_maker import TokenMaker
from windows import base, drive

SECONDS = 150


async def main(place):
    maker = TokenMaker(place)
    server = place.server("--secret-file", str(maker.file)).start()
    cable = await Relay(place, server).start()

    def up():
        cable.cut_sockets()
        server.start()

    deeds = {"token": maker.token, "down": server.kill, "up": up, "deaf": cable.cut_sockets, "mend": cable.mend}
    await drive(place, "drafts.py", base(cable), deeds=deeds)

    deeds = {"token": maker.token, "down": server.kill, "up": server.start}
    await drive(place, "token_expiry.py", base(server), deeds=deeds)
    server.stop()
    return "drafts outlived a server and refusals, and expired tokens were told"


run(main, SECONDS)
