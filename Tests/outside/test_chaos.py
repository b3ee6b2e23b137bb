#!/usr/bin/env python3
"""`kill -9` of instances, of Postgres and of Redis in the middle of a replay on two instances.

`loadtest/replay.py` does it: an instance is stopped at a random moment, killed once at least 100 publications
that were sent to it have no answer, and started again. `parley-load` proves that each message was stored once
and reached every subscriber once and in order; Postgres itself says that the offsets have no hole. At least
one retry has to be answered `repeat`; so kills go on, in runs of their own, until one was.
"""

import asyncio
import json
import pathlib
import sys

from parley import check, run, same

REPLAY = pathlib.Path(__file__).resolve().parents[2] / "loadtest" / "replay.py"
KILLS, POSTGRES_KILLS, REDIS_KILLS = 3, 1, 1
REAL, GENERATED, RATE = 8000, 2000, 400
RUNS = 3
SECONDS = 220


async def torment(place, report):
    """One run; its figures and the line it ends with."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(REPLAY),
        str(pathlib.Path(place.binary).parent),
        *["--real", str(REAL), "--generated", str(GENERATED), "--rate", str(RATE), "--json", str(report)],
        *["--kills", str(KILLS), "--postgres-kills", str(POSTGRES_KILLS)],
        *["--redis-kills", str(REDIS_KILLS), "--seconds-limit", "150"],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    said = output.decode("utf-8", "replace")
    same(process.returncode, 0, f"the status of a replay with kills, which said {said[-3000:]!r}")
    return json.loads(report.read_text()), said.splitlines()[-1]


async def main(place):
    for number in range(RUNS):
        figures, line = await torment(place, place.folder / f"report-{number}.json")
        check(figures["proven"], f"the replay proved nothing: {figures}")
        if figures["repeats"] > 0:
            break
    check(figures["repeats"] > 0, f"no retry was answered `repeat` in {RUNS} runs")
    return f"{line}; {figures['repeats']} retries answered `repeat`, {figures['deliveries']} deliveries"


run(main, SECONDS)
