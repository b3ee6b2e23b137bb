#!/usr/bin/env python3
"""Replays whole corpora over instances it starts itself, and ends them if it is asked to.

Usage: replay.py BIN_FOLDER [--instances N] [--sqlite] [--real N] [--generated N] [--rate R] [--seed S]
                 [--kills N] [--postgres-kills N] [--redis-kills N] [--seconds-limit S] [--json OUT] [--tls]

BIN_FOLDER has `parley` and `parley-load`. Postgres and Redis are private ones, in temporary folders; with
`--sqlite` there is one instance on two ports instead. With `--tls` everything goes over TLS, with a CA of
this run, and WebSocket messages are compressed. A kill of an instance stops it at a random moment
(SIGSTOP), waits until at least 100 publications are sent to it and unacknowledged, ends it (SIGKILL) and
starts it again. Status 0 only if the kills happened and `parley-load` has proven everything.
"""
import argparse
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests" / "outside"))
from certificates import Authority  # noqa: E402
from crowd import stored  # noqa: E402
from parley import CROWDED, Failure, Place, check, same  # noqa: E402
from run import free_ports  # noqa: E402
from services import Postgres, Redis  # noqa: E402

DATABASE = "replay"
UNDER_WAY = 100
TOO_SHORT = "the replay was over before all kills: give it more messages, or a lower --rate"
# How long an instance is kept stopped for them, and how long it is tried, in seconds.
STOPPED = 2
PATIENCE = 60


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, metavar="BIN_FOLDER")
    parser.add_argument("--instances", type=int, default=2)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--real", type=int, default=20_000)
    parser.add_argument("--generated", type=int, default=5_000)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--postgres-kills", type=int, default=0)
    parser.add_argument("--redis-kills", type=int, default=0)
    parser.add_argument("--seconds-limit", type=int, default=600)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--tls", action="store_true")
    asked = parser.parse_args()
    if asked.sqlite and (asked.postgres_kills or asked.redis_kills):
        parser.error("--sqlite has neither Postgres nor Redis to kill")
    return asked


def corpora(asked, folder):
    """The files, made anew: 8 rooms of real conversations and 2 of made-up ones, 20 talkers each."""
    files = []
    for script, count in [("chitchat.py", asked.real), ("generated.py", asked.generated)]:
        if count:
            files.append(folder / script.replace(".py", ".jsonl"))
            options = ["--messages", str(count), "--seed", str(asked.seed)]
            subprocess.run([sys.executable, HERE / "corpora" / script, files[-1], *options], check=True)
    return files


class Replay:
    """A running `parley-load replay` that can be asked how far it is."""

    def __init__(self, asked, urls, files, authority):
        addresses = [word for url in urls for word in ("--url", url)]
        options = ["--control", "--seconds-limit", str(asked.seconds_limit)]
        options += ["--rate", str(asked.rate)] if asked.rate else []
        options += ["--json", asked.json] if asked.json else []
        options += ["--ca", authority.certificate, "--compress"] if authority else []
        self.process = subprocess.Popen(
            [asked.folder / "parley-load", "replay", *addresses, *options, *files],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def status(self):
        """Its figures now; nothing once the users have left."""
        try:
            self.process.stdin.write("status\n")
            line = self.process.stdout.readline()
        except BrokenPipeError:
            return None
        status = json.loads(line) if line else None
        return status if status and status["isTalking"] else None

    def wait(self):
        """The status it ends with."""
        self.process.stdin.close()
        return self.process.wait()


def pause(replay, seconds):
    """Waits while the replay goes on."""
    check(replay.status() is not None, TOO_SHORT)
    time.sleep(seconds)


def await_under_way(replay, index, instances):
    """How many publications are under way to a stopped instance, once they are enough or time is up."""
    end = time.monotonic() + STOPPED
    while True:
        status = replay.status()
        check(status is not None, TOO_SHORT)
        # SQLite's one instance listens on all the addresses.
        urls = status["outstandingByUrl"]
        under_way = urls[index] if instances > 1 else sum(urls)
        if under_way >= UNDER_WAY or time.monotonic() > end:
            return under_way
        time.sleep(0.01)


def kill_instance(replay, servers, chance):
    """One kill of an instance with publications under way; how many there were."""
    end = time.monotonic() + PATIENCE
    while True:
        index = chance.randrange(len(servers))
        servers[index].process.send_signal(signal.SIGSTOP)
        under_way = await_under_way(replay, index, len(servers))
        if under_way >= UNDER_WAY:
            break
        # Most of its users are on their way back from the kill before.
        servers[index].process.send_signal(signal.SIGCONT)
        check(time.monotonic() < end, f"only {under_way} publications under way to a stopped instance")
        time.sleep(chance.uniform(0.2, 1))
    servers[index].kill()
    time.sleep(chance.uniform(0, 1))
    servers[index].start()
    return under_way


def kill_store(store, chance):
    """`kill -9` of Postgres or Redis, and a start after a moment."""
    store.kill()
    time.sleep(chance.uniform(0, 3))
    store.start()


def torment(asked, replay, servers, postgres, redis):
    """All kills in a random order; a sentence about them."""
    chance = random.Random(asked.seed)
    acts = ["instance"] * asked.kills + ["postgres"] * asked.postgres_kills + ["redis"] * asked.redis_kills
    chance.shuffle(acts)
    under_way = []
    print(f"seed {asked.seed}", file=sys.stderr, flush=True)
    for number, act in enumerate(acts):
        pause(replay, chance.uniform(0.2, 3))
        if act == "instance":
            under_way.append(kill_instance(replay, servers, chance))
        else:
            kill_store(postgres if act == "postgres" else redis, chance)
        said = f" with {under_way[-1]} publications under way" if act == "instance" else ""
        print(f"kill {number + 1} of {len(acts)}: {act}{said}", file=sys.stderr, flush=True)
    if not acts:
        return "nothing was killed"
    least = f", never with fewer than {min(under_way)} publications under way" if under_way else ""
    return (
        f"{asked.kills} kills of instances{least}, {asked.postgres_kills} of Postgres,"
        f" {asked.redis_kills} of Redis; seed {asked.seed}"
    )


def play(asked, files, place):
    """One replay with everything around it; its exit status."""
    postgres = redis = authority = None
    secure = []
    if asked.tls:
        authority = Authority(place.folder / "tls")
        shown = authority.issue("replay", names=["localhost"], addresses=["127.0.0.1"])
        secure = ["--tls-cert", shown.certificate, "--tls-key", shown.key]
    if asked.sqlite:
        ports = [place.port(), place.port()]
        more = ["--listen", f"127.0.0.1:{ports[1]}", "--workers", "2", *secure]
        servers = [place.server(*more, port=ports[0], environment=CROWDED)]
    else:
        postgres, redis = Postgres(place).start(), Redis(place).start()
        archive = postgres.database(DATABASE)
        options = ["--broker", redis.url(), "--workers", "1", *secure]
        ports = [place.port() for _ in range(asked.instances)]
        servers = [
            place.server(*options, port=port, archive=archive, environment=CROWDED) for port in ports
        ]
    for server in servers:
        server.start()
    scheme = "https" if asked.tls else "http"
    replay = Replay(asked, [f"{scheme}://127.0.0.1:{port}" for port in ports], files, authority)
    try:
        said = torment(asked, replay, servers, postgres, redis)
        status = replay.wait()
    finally:
        replay.process.kill()
    if postgres and status == 0:
        rows = sum(map(len, stored(postgres, DATABASE).values()))
        same(rows, asked.real + asked.generated, "how many publications Postgres holds")
        said += f"; Postgres holds {rows} publications without a hole"
    print(said)
    return status


def main():
    """Makes the corpora, plays them, says how it went."""
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="parley-replay-") as name:
        first = free_ports(21000)
        place = Place(asked.folder / "parley", first, first + 19)
        place.folder = pathlib.Path(name)
        try:
            return play(asked, corpora(asked, place.folder), place)
        except Failure as failure:
            print(f"replay.py: FAILED: {failure}", file=sys.stderr)
            return 1
        finally:
            place.end()


sys.exit(main())
