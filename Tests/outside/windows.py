"""Drives a script of Tests/browser that says on its output what is to be done to its servers."""

import asyncio
import os
import pathlib
import sys

from parley import check, same

BROWSER = pathlib.Path(__file__).resolve().parents[1] / "browser"


async def drive(place, script, *bases, deeds):
    """Runs the script to its end; each of `deeds` is done once, in their order, when the script says so."""
    # Where somebody wants to look at the pictures afterwards.
    shots = os.environ.get("PARLEY_SHOTS") or str(place.folder)
    window = await asyncio.create_subprocess_exec(
        sys.executable,
        str(BROWSER / script),
        *bases,
        shots,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    done, said = [], []
    async for line in window.stdout:
        word = line.decode().strip()
        if word not in deeds:
            said.append(word)
            continue
        await asyncio.to_thread(deeds[word])
        done.append(word)
        window.stdin.write(line)
        await window.stdin.drain()
    same(await window.wait(), 0, f"the status of {script}, which said {' '.join(said)[-2000:]!r}")
    check(done == list(deeds), f"the servers went through {done}")
