#!/usr/bin/env python3
"""Replays a slice of real and of made-up conversations, and has `parley-load` prove that each arrived once.

`parley-load` lies beside the binary under test. The whole corpora are `make replay`'s.
"""

import asyncio
import json
import pathlib
import subprocess
import sys

from parley import CROWDED, check, run, same
from services import Postgres, Redis

CORPORA = pathlib.Path(__file__).resolve().parents[2] / "loadtest" / "corpora"
REAL, GENERATED = 2000, 500
SECONDS = 150


def corpora(folder):
    """The two files, made anew."""
    real, generated = folder / "real.jsonl", folder / "generated.jsonl"
    for script, file, messages, rooms in [
        ("chitchat.py", real, REAL, 2),
        ("generated.py", generated, GENERATED, 1),
    ]:
        arguments = [file, "--messages", str(messages), "--rooms", str(rooms)]
        subprocess.run([sys.executable, CORPORA / script, *arguments], check=True, stdout=subprocess.DEVNULL)
    return [real, generated]


def instances(place):
    """Starts two on one Postgres and one Redis; their addresses."""
    postgres, redis = Postgres(place).start(), Redis(place).start()
    archive = postgres.database("replay")
    servers = [
        place.server("--broker", redis.url(), archive=archive, environment=CROWDED).start() for _ in range(2)
    ]
    return [f"http://127.0.0.1:{server.port}" for server in servers]


def replay(place, urls, files, *options):
    """Runs `parley-load replay`; its status, its figures, and what it said."""
    report = place.folder / "report.json"
    addresses = [word for url in urls for word in ("--url", url)]
    done = subprocess.run(
        [
            pathlib.Path(place.binary).with_name("parley-load"),
            *["replay", *addresses, *files, "--json", report, "--seconds-limit", str(SECONDS), *options],
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS + 100,
        check=False,
    )
    said = done.stdout + done.stderr
    figures = json.loads(report.read_text()) if report.exists() else {}
    return done.returncode, figures, said


def bad_input(place, file):
    """What is asked wrongly is said, and costs no run."""
    bad = place.folder / "bad.jsonl"
    bad.write_text('{"room":"a","sender":"b","text":"c"}\n{"room":"a","sender":"b"}\n')
    url = "http://127.0.0.1:1"
    for urls, files, sentence in [
        ([url], [bad], f"{bad}:2: a line needs `text`, a string, or `body`"),
        ([url], [place.folder / "none.jsonl"], "none.jsonl: cannot be read: No such file or directory"),
        (["ws://127.0.0.1:1"], [file], "write for example http://127.0.0.1:8080"),
        ([], [file], "give at least one --url"),
    ]:
        status, _, said = replay(place, urls, files)
        same(status, 2, f"the status of a replay of {files} on {urls}, which said {said!r}")
        check(sentence in said, f"{sentence!r} is not in {said!r}")


def unfinished(place, urls, files):
    """What is not proven is no success: the figures say what is missing, and so does the status."""
    status, figures, said = replay(place, urls, files, "--seconds-limit", "1", "--rate", "100")
    same(status, 1, f"the status of a replay that was cut off, which said:\n{said}")
    same(figures["proven"], False, "what the report of a replay that was cut off says of the proof")
    check(figures["violationsByKind"]["missing"] > 0, f"nothing is missing in {figures}")
    check("late: " in said and "proof does not hold" in said, f"the cut is not told in:\n{said}")


async def main(place):
    files = corpora(place.folder)
    bad_input(place, files[1])
    urls = instances(place)
    status, figures, said = await asyncio.to_thread(replay, place, urls, files)
    same(status, 0, f"the status of the replay, which said:\n{said}")
    same(figures["proven"], True, "what the report says of the proof")
    same(figures["acknowledged"], REAL + GENERATED, "how many messages were acknowledged")
    same(figures["archiveRowsRead"], 2 * (REAL + GENERATED), "rows read from the archive by both instances")
    same(figures["interleavedRooms"], 3, "rooms whose acknowledgements came from both instances in turn")
    check(
        figures["restAcknowledged"] >= (REAL + GENERATED) * 0.09,
        f"only {figures['restAcknowledged']} of {REAL + GENERATED} messages went in through REST",
    )
    await asyncio.to_thread(unfinished, place, urls, files)
    return (
        f"{figures['acknowledged']} messages in {figures['seconds']} s,"
        f" {figures['deliveries']} deliveries to {figures['talkers'] + figures['listeners']} subscribers,"
        " each once and in order"
    )


if __name__ == "__main__":
    run(main, seconds=220)
