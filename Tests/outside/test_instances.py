#!/usr/bin/env python3
"""Two instances on one Postgres and one Redis behave as one: order, rosters, typing, retries, history.

Then Redis is killed and comes back empty, and then it accepts and stays silent: everybody still sees every
publication once and in order, and the fast way is taken again by itself.
"""

import asyncio
import json
import urllib.parse

from crowd import Talker, all_saw_the_same, all_settled, everyone_there, stored
from parley import check, eventually, meanwhile, run, same
from services import Postgres, Redis

ROOMS = ["support:1", "a room/ä 😀"]
TALKERS = 12
DATABASE = "instances"


def publish(server, room, client_id, body, user):
    """By REST; status and answer."""
    path = f"/api/v1/rooms/{urllib.parse.quote(room, safe='')}/publications"
    draft = json.dumps({"clientId": client_id, "body": body, "user": user}).encode()
    status, _, text = server.http(path, draft, {"Content-Type": "application/json"})
    return status, json.loads(text)


async def talk(talkers, word, count=20):
    """Everybody says so much in every room, without waiting for anyone."""
    for number in range(count):
        for talker in talkers:
            for place, room in enumerate(ROOMS):
                talker.say(room, f"{word}-{talker.user}-{place}-{number}", {"text": f"{word} {number} 😀"})
        await asyncio.sleep(0.01)
    await all_settled(talkers)


async def rosters_and_typing(talkers):
    """Who is on the other instance is in the roster, and is seen typing."""
    everyone = sorted(talker.user for talker in talkers)

    async def listed(talker):
        answer = await talker.ask("presence", {"room": ROOMS[0]})
        return sorted(member["user"] for member in answer["ok"]["members"])

    for talker in (talkers[0], talkers[-1]):
        names = await listed(talker)
        for _ in range(200):
            if names == everyone:
                break
            await asyncio.sleep(0.05)
            names = await listed(talker)
        same(names, everyone, f"the roster that {talker.user} is told")
    await talkers[0].ask("typing", {"room": ROOMS[0]})

    def sees():
        return any(
            push.get("typing", {}).get("user") == talkers[0].user for push in talkers[-1].pushes
        )

    await eventually(sees, "nobody on the other instance saw the typing")


async def retries(servers, talkers):
    """The same draft through both instances and REST at once is stored once."""
    answers = await asyncio.gather(
        *(
            asyncio.to_thread(publish, server, ROOMS[0], "the-same", {"n": 1}, "shop")
            for server in servers * 4
        )
    )
    places = {(answer["epoch"], answer["offset"]) for _, answer in answers}
    same(len(places), 1, f"the places of one draft sent eight times: {answers}")
    statuses = sorted(status for status, _ in answers)
    same(statuses, [200] * 7 + [201], "the statuses of eight copies of a draft")
    status, answer = publish(servers[1], ROOMS[0], "the-same", {"n": 2}, "shop")
    same((status, answer["error"]["name"]), (409, "clientIdReused"), "the same id with another body")


async def main(place):
    postgres, redis = Postgres(place).start(), Redis(place).start()
    archive = postgres.database(DATABASE)
    servers = [place.server("--broker", redis.url(), archive=archive).start() for _ in range(2)]
    talkers = [Talker(servers[number % 2].port, f"u{number}", ROOMS) for number in range(TALKERS)]

    def well():
        return all(server.metrics()["parley_broker_healthy"] == 1 for server in servers)

    async with meanwhile(*(talker.live() for talker in talkers)):
        await everyone_there(talkers)
        await eventually(well, "the broker is not up")
        await talk(talkers, "calm")
        await rosters_and_typing(talkers)
        await retries(servers, talkers)
        await all_saw_the_same(talkers, stored(postgres, DATABASE))
        heard = sum(server.metrics()["parley_broker_received_total"] for server in servers)
        check(heard > 0, "the instances talked, but not by Redis")

        redis.kill()
        await talk(talkers, "killed")
        await all_saw_the_same(talkers, stored(postgres, DATABASE))
        check(not well(), "Redis is gone, and nobody has noticed")
        for server in servers:
            status, _, text = server.http("/readyz")
            same(status, 200, f"the status of /readyz without Redis, which says {text!r}")
            check("degraded" in text, f"/readyz does not say that Redis is away: {text!r}")
        redis.start()
        await eventually(well, "the broker did not come back by itself")
        await talk(talkers, "back")
        await all_saw_the_same(talkers, stored(postgres, DATABASE))

        redis.freeze()
        await talk(talkers, "silent")
        await all_saw_the_same(talkers, stored(postgres, DATABASE))
        await eventually(lambda: not well(), "Redis is silent, and nobody has noticed")
        redis.thaw()
        await eventually(well, "the broker did not come back after the silence")
        await talk(talkers, "again")
        rows = stored(postgres, DATABASE)
        await all_saw_the_same(talkers, rows)
    for server in servers:
        server.stop()
    return f"{sum(map(len, rows.values()))} publications, one order for {TALKERS} on two instances"


run(main)
