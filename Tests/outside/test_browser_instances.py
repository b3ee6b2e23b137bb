"""Pages on two instances talk; while one instance is down the other goes on, and its page recovers."""

from parley import run
from services import Postgres, Redis
from windows import drive

SECONDS = 120


async def main(place):
    postgres, redis = Postgres(place).start(), Redis(place).start()
    archive = postgres.database("pages")
    servers = [place.server("--broker", redis.url(), archive=archive).start() for _ in range(2)]
    bases = [f"http://127.0.0.1:{server.port}" for server in servers]
    deeds = {"down": servers[0].kill, "up": servers[0].start}
    await drive(place, "two_instances.py", *bases, deeds=deeds)
    for server in servers:
        server.stop()
    return "pages on two instances talked, and one recovered by position what it missed"


run(main, SECONDS)
