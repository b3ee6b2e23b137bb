#!/usr/bin/env python3
"""The crowds of `parley-load`, small, against a gateway: plain, and over TLS with compressed messages."""

import json
import pathlib
import subprocess

from certificates import Authority
from parley import Failure, check, run, same

SECONDS = 60
OPEN_DOOR = {
    "PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS": "0",
    "PARLEY_LIMITS_HANDSHAKES_PER_SECOND": "0",
    "PARLEY_LIMITS_HANDSHAKES_PER_ADDRESS": "0",
}


def load(place, *words, said=""):
    """Runs `parley-load`, says a line to it; its status, output and complaints."""
    program = pathlib.Path(place.binary).with_name("parley-load")
    try:
        done = subprocess.run(
            [program, *map(str, words)],
            input=said,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Failure(f"parley-load {words[0]} did not end within {SECONDS} s") from late
    return done.returncode, done.stdout, done.stderr


def figures(place, *words, said=""):
    """Runs it to a good end; its figures, and the lines before them."""
    status, output, complaint = load(place, *words, said=said)
    same(status, 0, f"the status of parley-load {words[0]}, which said {complaint!r}")
    *before, last = output.splitlines()
    return json.loads(last), before


def crowds(place, url, options, compressed):
    """All commands against one server."""
    echo, before = figures(
        place,
        "echo",
        "--url",
        url,
        *options,
        *("--connections", 7, "--messages", 1400),
        *("--size", 2000, "--pipeline", 5, "--hold"),
        said="go on\n",
    )
    same(before, ["open 7"], "what the echo said before its figures")
    same(echo["messages"], 1400, "messages that were echoed")
    same(echo["compressed"], 7 if compressed else 0, "echo connections that are compressed")
    fanout, _ = figures(
        place, "fanout", "--url", url, *options, "--subscribers", 20, *("--messages", 50), *("--size", 2048)
    )
    same(fanout["deliveries"], 1000, "publications that were delivered")
    same(fanout["compressed"], 21 if compressed else 0, "chat connections that are compressed")
    idle, before = figures(place, "idle", "--url", url, *options, "--connections", 100, said="\n")
    same(before, ["open 100"], "what the idle ones said")
    same(idle["connections"], 100, "connections that were idle")
    opened, _ = figures(place, "handshakes", "--url", url, *options, *("--count", 60), *("--at-once", 4))
    same((opened["handshakes"], opened["resumed"]), (60, 0), "handshakes, and sessions that were resumed")


def refusals(place, url):
    """What cannot be done is said."""
    for words, status, sentence in [
        (["echo", "--url", "http://127.0.0.1:1"], 1, "connection 0 of 50 ended"),
        (["echo", "--url", url, "--path", "/nothing"], 1, "404"),
        (["echo", "--url", url, "--size", "0"], 2, "--size must be"),
        (["idle", "--url", url, "--connections", "0"], 2, "number of connections"),
        (["echo", "--url", url, "--ca", "x.pem"], 2, "--ca is for URLs that begin with https://"),
    ]:
        got, _, complaint = load(place, *words)
        same(got, status, f"the status of parley-load {words}, which said {complaint!r}")
        check(sentence in complaint, f"{sentence!r} is not in {complaint!r}")


async def main(place):
    plain = place.server("--diagnostics", archive="memory:", environment=OPEN_DOOR).start()
    url = f"http://127.0.0.1:{plain.port}"
    crowds(place, url, [], compressed=False)
    crowds(place, url, ["--compress"], compressed=True)
    refusals(place, url)
    authority = Authority(place.folder / "tls")
    shown = authority.issue("load", names=["localhost"], addresses=["127.0.0.1"])
    secure = place.server(
        "--diagnostics",
        *("--tls-cert", shown.certificate, "--tls-key", shown.key),
        archive="memory:",
        environment=OPEN_DOOR,
    ).start()
    url, options = f"https://127.0.0.1:{secure.port}", ["--ca", authority.certificate]
    crowds(place, url, [*options, "--compress"], compressed=True)
    resumed, _ = figures(
        place, "handshakes", "--url", url, *options, *("--count", 60), *("--at-once", 4), "--resume"
    )
    check(resumed["resumed"] >= 48, f"only {resumed['resumed']} of 60 sessions were resumed")
    stranger = Authority(place.folder / "stranger")
    status, _, complaint = load(place, "echo", "--url", url, "--ca", stranger.certificate)
    same(status, 1, f"the status of an echo over a certificate nobody vouches for: {complaint!r}")
    check("certificate" in complaint, f"the certificate is not named in {complaint!r}")
    return "echo, fan-out, idle and handshakes do what they say; plain, compressed, and over TLS"


if __name__ == "__main__":
    run(main, seconds=120)
