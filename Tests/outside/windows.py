"""Drives a script of Tests/browser that says on its output what is to be done to its servers."""

import asyncio
import os
import pathlib
import sys

from parley import check, same
from secure import HTTP

BROWSER = pathlib.Path(__file__).resolve().parents[1] / "browser"


async def drive(place, script, *bases, deeds=None):
    """Runs the script to its end. A line that begins with one of `deeds` has it done, with the words behind
    it; what it returns, where that is a text, goes back. Each must have been asked for."""
    # Where somebody wants to look at the pictures afterwards.
    shots = os.environ.get("PARLEY_SHOTS") or str(place.folder)
    deeds = deeds or {}
    window = await asyncio.create_subprocess_exec(
        sys.executable,
        str(BROWSER / script),
        *bases,
        shots,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    done, said = set(), []
    async for line in window.stdout:
        word, *details = line.decode().split() or [""]
        if word not in deeds:
            said.append(line.decode().strip())
            continue
        outcome = await asyncio.to_thread(deeds[word], *details)
        done.add(word)
        answer = f"{word} {outcome}" if isinstance(outcome, str) else word
        window.stdin.write(f"{answer}\n".encode())
        await window.stdin.drain()
    same(await window.wait(), 0, f"the status of {script}, which said {' '.join(said)[-2000:]!r}")
    check(done == set(deeds), f"{script} asked for {sorted(done)} only")


def base(server):
    """Where a server's page is."""
    return f"{HTTP}://127.0.0.1:{server.port}"
