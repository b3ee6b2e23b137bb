"""Two browser windows talk through the page, and the conversation is still there after a restart."""
import asyncio
import os
import pathlib
import sys

from parley import check, run, same

BROWSER = pathlib.Path(__file__).resolve().parents[1] / "browser"
SECONDS = 150


async def drive(script, *arguments):
    """Runs a script of Tests/browser to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(BROWSER / script), *arguments, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    same(process.returncode, 0, f"the status of {script}, which said {output.decode()[-2000:]!r}")


async def main(place):
    # Where somebody wants to look at the pictures afterwards.
    shots = os.environ.get("PARLEY_SHOTS") or str(place.folder)
    server = place.server().start()
    base = f"http://127.0.0.1:{server.port}"
    await drive("two_windows.py", base, shots)
    stored = server.metrics()['parley_publications_total{kind="stored"}']
    check(stored > 0, "the windows talked, but nothing was stored")
    await drive("after_restart.py", base, shots, "before")
    server.stop()
    server.start()
    await drive("after_restart.py", base, shots, "after")
    server.stop()
    return "two windows talked, and the conversation outlived the server"


run(main)
