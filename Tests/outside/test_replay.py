#!/usr/bin/env python3
"""Replays a slice of real and of made-up conversations, and has `parley-load` prove that each arrived once:
plain, and over TLS with compressed messages.

`parley-load` lies beside the binary under test. The whole corpora are `make replay`'s.
"""

import asyncio
import json
import pathlib
import subprocess
import sys

from certificates import Authority
from parley import CROWDED, check, run, same
from services import Postgres, Redis

CORPORA = pathlib.Path(__file__).resolve().parents[2] / "loadtest" / "corpora"
REAL, GENERATED = 1000, 250
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


def instances(place, postgres, name, authority=None):
    """Starts two on one database and one Redis; their addresses."""
    options, scheme = ["--broker", Redis(place).start().url()], "http"
    if authority:
        shown = authority.issue("replay", names=["localhost"], addresses=["127.0.0.1"])
        options += ["--tls-cert", shown.certificate, "--tls-key", shown.key]
        scheme = "https"
    archive = postgres.database(name)
    servers = [place.server(*options, archive=archive, environment=CROWDED).start() for _ in range(2)]
    return [f"{scheme}://127.0.0.1:{server.port}" for server in servers]


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
        (["https://127.0.0.1:1"], ["--ca", bad, file], f"{bad}"),
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


async def proven(place, urls, files, *options):
    """Replays all of it, and looks at the figures, which it returns."""
    status, figures, said = await asyncio.to_thread(replay, place, urls, files, *options)
    same(status, 0, f"the status of the replay, which said:\n{said}")
    same(figures["proven"], True, "what the report says of the proof")
    same(figures["acknowledged"], REAL + GENERATED, "how many messages were acknowledged")
    same(figures["archiveRowsRead"], 2 * (REAL + GENERATED), "rows read from the archive by both instances")
    same(figures["interleavedRooms"], 3, "rooms whose acknowledgements came from both instances in turn")
    check(
        figures["restAcknowledged"] >= (REAL + GENERATED) * 0.09,
        f"only {figures['restAcknowledged']} of {REAL + GENERATED} messages went in through REST",
    )
    return figures


async def main(place):
    files = corpora(place.folder)
    bad_input(place, files[1])
    postgres = Postgres(place).start()
    urls = instances(place, postgres, "replay")
    figures = await proven(place, urls, files)
    await asyncio.to_thread(unfinished, place, urls, files)
    authority = Authority(place.folder / "tls")
    urls = instances(place, postgres, "replay_tls", authority)
    await proven(place, urls, files, "--ca", authority.certificate, "--compress")
    return (
        f"{figures['acknowledged']} messages in {figures['seconds']} s,"
        f" {figures['deliveries']} deliveries to {figures['talkers'] + figures['listeners']} subscribers,"
        " each once and in order; and the same over TLS, compressed"
    )


if __name__ == "__main__":
    run(main, seconds=220)
