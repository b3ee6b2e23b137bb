"""How the page looks and is used: where it fits, with the keyboard alone, and what axe-core says of it."""

from parley import run
from relay import Relay
from token_maker import TokenMaker
from windows import base, drive

SECONDS = 180


async def main(place):
    maker = TokenMaker(place)
    server = place.server("--secret-file", str(maker.file)).start()
    open_server = place.server(archive="memory:").start()
    cable = await Relay(place, server).start()
    token = {"token": maker.token}
    deeds = token | {"deaf": cable.cut_sockets, "mend": cable.mend}
    await drive(place, "keyboard.py", base(server), deeds=token)
    await drive(place, "looks.py", base(cable), deeds=deeds)
    cable.mend()
    del deeds["mend"]
    await drive(place, "axe.py", base(cable), base(open_server), deeds=deeds)
    for each in (server, open_server):
        each.stop()
    return "the page fits, needs no mouse, and axe finds nothing"


run(main, SECONDS)
