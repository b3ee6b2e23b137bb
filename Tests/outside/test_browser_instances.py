"""Pages on two instances, with Postgres and Redis: an instance dies, and networks are cut."""

from parley import run
from relay import Relay
from services import Postgres, Redis
from windows import base, drive

SECONDS = 180


async def main(place):
    postgres, redis = Postgres(place).start(), Redis(place).start()
    archive = postgres.database("pages")
    servers = [place.server("--broker", redis.url(), archive=archive).start() for _ in range(2)]
    first, second = servers
    deeds = {"down": first.kill, "up": first.start}
    await drive(place, "two_instances.py", base(first), base(second), deeds=deeds)

    cable = await Relay(place, second).start()
    deeds = {"silence": cable.silence, "mend": cable.mend}
    await drive(place, "offline.py", base(first), base(second), base(cable), deeds=deeds)
    for server in servers:
        server.stop()
    return "pages on two instances outlived a dead instance, a cut network and a silent one"


run(main, SECONDS)
