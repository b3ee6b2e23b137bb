#!/usr/bin/env python3
"""A client in another language, written from protocol/ alone, holds its conversation: once with a server that
stays, and once with one that is killed while drafts are under way.

The client is Perl (`stranger/`); it checks itself what it is told, and says in a sentence what did not hold.
"""

import asyncio
import pathlib
import shutil
import subprocess

from parley import Failure, check, run

TALK = pathlib.Path(__file__).resolve().parent / "stranger" / "talk.pl"
CONFIGURATION = 'rooms: {"cursor:": {kind: ephemeral}}\n'
SECONDS = 90


async def talk(server, *arguments):
    """One conversation to its end; restarts the server when asked to. Gives back its last line."""
    process = await asyncio.create_subprocess_exec(
        "perl",
        str(TALK),
        f"ws://127.0.0.1:{server.port}/ws",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = []
    restarts = 0
    try:
        async with asyncio.timeout(SECONDS):
            while line := (await process.stdout.readline()).decode().rstrip("\n"):
                said.append(line)
                if line == "restart":
                    restarts += 1
                    server.kill()
                    server.start()
                    process.stdin.write(b"done\n")
            status = await process.wait()
    except TimeoutError as late:
        raise Failure(f"the conversation {arguments} did not end within {SECONDS} s: {said}") from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    check(status == 0 and said, f"status {status} of the conversation {arguments}, which said {said[-5:]}")
    check(restarts == len(arguments), f"the server was restarted {restarts} times in {arguments}")
    return said[-1]


async def main(place):
    check(shutil.which("perl") is not None, "there is no perl: scripts/setup.sh test installs it")
    mojo = subprocess.run(["perl", "-MMojolicious", "-e1"], capture_output=True, check=False)
    check(mojo.returncode == 0, "perl has no Mojolicious: scripts/setup.sh test installs it")
    (place.folder / "parley.yaml").write_text(CONFIGURATION)
    server = place.server("--config", str(place.folder / "parley.yaml")).start()
    plain = await talk(server)
    killed = await talk(server, "restart")
    server.stop()
    return f"a stranger's client talks ({plain}), also over a kill -9 ({killed})"


run(main)
