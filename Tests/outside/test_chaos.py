#!/usr/bin/env python3
"""`kill -9` of instances, of Postgres and of Redis in the middle of a replay on two instances.

An instance is stopped at a random moment; only if at least 100 publications that were sent to it have no
answer then is it killed and started again. At the end `parley-load` proves that each message was stored once
and reached every subscriber once and in order, Postgres itself says that the offsets have no hole, and at
least one retry was answered `repeat`.

PARLEY_KILLS (3) instances, PARLEY_POSTGRES_KILLS (1) and PARLEY_REDIS_KILLS (1) say how much is killed; a
fourth argument is the seed, without it one is drawn and printed.
"""

import asyncio
import contextlib
import json
import os
import pathlib
import random
import signal
import sys

from crowd import stored
from parley import PATIENCE, check, run, same
from services import Postgres, Redis

CORPORA = pathlib.Path(__file__).resolve().parents[2] / "loadtest" / "corpora"
DATABASE = "chaos"
UNANSWERED = 100
RATE = 600
KILLS, POSTGRES_KILLS, REDIS_KILLS = (
    int(os.environ.get(name, default))
    for name, default in (("PARLEY_KILLS", 3), ("PARLEY_POSTGRES_KILLS", 1), ("PARLEY_REDIS_KILLS", 1))
)
DEEDS = KILLS + POSTGRES_KILLS + REDIS_KILLS
# Two seconds for each deed, and some for the crowd to come in.
MESSAGES = RATE * (6 + 2 * DEEDS)
SECONDS = 120 + 15 * DEEDS


class Replay:
    """A running `parley-load replay` that can be asked how it goes."""

    def __init__(self, process):
        self.process = process
        self.said = []

    @classmethod
    async def start(cls, place, servers, files, report):
        """A crowd of 200 on these instances."""
        urls = [word for server in servers for word in ("--url", f"http://127.0.0.1:{server.port}")]
        process = await asyncio.create_subprocess_exec(
            str(pathlib.Path(place.binary).with_name("parley-load")),
            *["replay", *urls, *files, "--control", "--no-progress", "--json", str(report)],
            *["--rate", str(RATE), "--users", "200", "--seconds-limit", str(SECONDS)],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        replay = cls(process)
        replay.reader = asyncio.create_task(replay._read())
        return replay

    async def _read(self):
        async for line in self.process.stderr:
            self.said.append(line.decode("utf-8", "replace"))

    async def status(self):
        """Its figures now."""
        self.process.stdin.write(b"status\n")
        await self.process.stdin.drain()
        line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
        check(line, f"the replay ended: {self.end_of_log()}")
        return json.loads(line)

    async def until(self, condition, sentence):
        """Waits for figures of which `condition` holds; fails when the talk is over before."""
        while True:
            figures = await self.status()
            if condition(figures):
                return figures
            check(figures["isTalking"], f"the talk was over before {sentence}: {figures}")
            await asyncio.sleep(0.02)

    def end_of_log(self):
        """What it said last."""
        return "".join(self.said[-40:])


async def kill_instance(replay, servers, chance):
    """Stops an instance at a random moment, and kills it if enough is under way there."""
    number = chance.randrange(len(servers))
    server = servers[number]
    while True:
        await asyncio.sleep(chance.uniform(0.1, 1.5))
        server.process.send_signal(signal.SIGSTOP)
        # It does nothing more; Postgres may be committing what it was sent.
        figures = await replay.status()
        check(figures["isTalking"], f"the talk was over before a kill: {figures}")
        unanswered = figures["outstandingByUrl"][number]
        if unanswered < UNANSWERED:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    figures = await replay.until(
                        lambda now: now["outstandingByUrl"][number] >= UNANSWERED, "a kill"
                    )
            unanswered = figures["outstandingByUrl"][number]
        if unanswered >= UNANSWERED:
            break
        server.process.send_signal(signal.SIGCONT)
    server.kill()
    await asyncio.sleep(chance.uniform(0, 0.5))
    await asyncio.to_thread(server.start)
    return unanswered


async def kill_service(replay, service, chance):
    """Kills it at a random moment, and starts it again a little later; Redis has forgotten everything."""
    await asyncio.sleep(chance.uniform(0.1, 1.5))
    before = await replay.until(lambda now: now["isTalking"], "a service was killed")
    service.kill()
    await asyncio.sleep(chance.uniform(0, 1.0))
    service.start()
    await replay.until(lambda now: now["acknowledged"] > before["acknowledged"], "it went on")


async def make_corpora(folder):
    """Real conversations and made-up ones."""
    files = []
    made_up = MESSAGES // 5
    for script, count, rooms in (("chitchat.py", MESSAGES - made_up, 8), ("generated.py", made_up, 2)):
        files.append(str(folder / script.replace(".py", ".jsonl")))
        arguments = [files[-1], "--messages", str(count), "--rooms", str(rooms)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(CORPORA / script), *arguments, stdout=asyncio.subprocess.DEVNULL
        )
        same(await process.wait(), 0, f"the status of {script}")
    return files


async def main(place):
    seed = sys.argv[4] if len(sys.argv) > 4 else str(random.randrange(2**32))
    print(f"seed {seed}", flush=True)
    chance = random.Random(seed)
    files = await make_corpora(place.folder)
    postgres, redis = Postgres(place).start(), Redis(place).start()
    archive = postgres.database(DATABASE)
    servers = [place.server("--broker", redis.url(), archive=archive).start() for _ in range(2)]
    report = place.folder / "report.json"
    replay = await Replay.start(place, servers, files, report)
    deeds = ["instance"] * KILLS + ["postgres"] * POSTGRES_KILLS + ["redis"] * REDIS_KILLS
    chance.shuffle(deeds)
    await replay.until(lambda now: now["acknowledged"] > 500, "it had begun")
    unanswered = []
    for deed in deeds:
        if deed == "instance":
            unanswered.append(await kill_instance(replay, servers, chance))
        else:
            await kill_service(replay, postgres if deed == "postgres" else redis, chance)
    while (await replay.status())["isTalking"]:
        await asyncio.sleep(0.1)
    # What is left is its proof; it is not asked any more.
    replay.process.stdin.close()
    same(await replay.process.wait(), 0, f"the status of the replay, which said: {replay.end_of_log()}")
    figures = json.loads(report.read_text())
    check(figures["proven"], f"the replay proved nothing: {figures}")
    same(figures["acknowledged"], MESSAGES, "how many messages were acknowledged")
    check(figures["repeats"] > 0, "no retry was answered `repeat`")
    rows = stored(postgres, DATABASE)
    same(sum(map(len, rows.values())), MESSAGES, "how many publications Postgres holds")
    for server in servers:
        server.stop()
    return (
        f"{MESSAGES} messages outlived {KILLS} kills of instances ({min(unanswered)} to {max(unanswered)}"
        f" unanswered), {POSTGRES_KILLS} of Postgres and {REDIS_KILLS} of Redis;"
        f" {figures['repeats']} retries were answered `repeat`, {figures['deliveries']} deliveries"
    )


run(main, SECONDS + 60)
