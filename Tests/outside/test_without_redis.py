#!/usr/bin/env python3
"""Two instances that share Postgres and nothing else: the sweep alone brings everything to everyone.

Postgres is killed on the way, and an instance: what was acknowledged is there once, in one order.
"""

import asyncio

from crowd import Talker, all_saw_the_same, all_settled, everyone_there, stored
from parley import check, eventually, meanwhile, run, same
from services import Postgres

ROOM = "support:1"
DATABASE = "shared"


async def talk(talkers, word, count=30):
    for number in range(count):
        for talker in talkers:
            talker.say(ROOM, f"{word}-{talker.user}-{number}", f"{word} {number}")
        await asyncio.sleep(0.01)
    await all_settled(talkers)


async def main(place):
    postgres = Postgres(place).start()
    archive = postgres.database(DATABASE)
    servers = [place.server(archive=archive).start() for _ in range(2)]
    talkers = [Talker(servers[number % 2].port, f"u{number}", [ROOM]) for number in range(6)]
    async with meanwhile(*(talker.live() for talker in talkers)):
        await everyone_there(talkers)
        await talk(talkers, "calm")
        # One sweep a second, and what it takes to read and to send: far less than this machine's noise.
        await all_saw_the_same(talkers, stored(postgres, DATABASE), seconds=10)

        words = asyncio.create_task(talk(talkers, "outage", count=100))
        await asyncio.sleep(0.3)
        postgres.kill()
        await eventually(lambda: servers[0].http("/readyz")[0] == 503, "/readyz is not red without Postgres")
        _, _, text = servers[1].http("/readyz")
        check(archive not in text, f"/readyz gives the archive's address away: {text!r}")
        postgres.start()
        await words
        await eventually(lambda: servers[0].http("/readyz")[0] == 200, "/readyz stays red")
        await all_saw_the_same(talkers, stored(postgres, DATABASE))

        words = asyncio.create_task(talk(talkers, "kill", count=100))
        await asyncio.sleep(0.3)
        servers[0].kill()
        servers[0].start()
        await words
        rows = stored(postgres, DATABASE)
        await all_saw_the_same(talkers, rows)
        same(len(rows[ROOM]), len(talkers) * 230, "how many publications are stored")
    for server in servers:
        server.stop()
    return f"{len(rows[ROOM])} publications reached six clients on two instances by the sweep alone"


run(main)
