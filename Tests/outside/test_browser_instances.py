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

    cables = {"ann": await Relay(place, first).start(), "cy": await Relay(place, second).start()}
    deeds = {
        "cut": lambda who: cables[who].cut(),
        "silence": lambda who: cables[who].silence(),
        "mend": lambda who: cables[who].mend(),
    }
    bases = [base(cables["ann"]), base(second), base(cables["cy"])]
    await drive(place, "offline.py", *bases, deeds=deeds)
    for server in servers:
        server.stop()
    return "pages on two instances outlived a dead instance, a cut network and a silent one"


run(main, SECONDS)
