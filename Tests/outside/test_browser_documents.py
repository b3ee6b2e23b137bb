"""The examples of docs/client.md and docs/embed.md do what stands there, and their tables are complete."""
import asyncio
import json
import pathlib
import re
import sys

from parley import run, same

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "Tests" / "browser" / "documents.py"
CLIENT = ROOT / "Sources" / "BrowserClient" / "Assets" / "client"
SECONDS = 120


def table(document, title):
    """What stands in code in the first column of the table below that heading."""
    section = document.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return {name for row in rows for name in re.findall("`([^`]+)`", row)}


def tables(document):
    """Every error and every event of the client stands in its table, and nothing else."""
    sources = "\n".join(file.read_text() for file in CLIENT.glob("*.js"))
    wire = json.loads((ROOT / "protocol" / "errors.json").read_text())
    names = {error["name"] for error in wire if error["name"] not in ("methodNotAllowed",)}
    own = re.findall(r'(?:\blocal|\breject)\(\s*"(\w+)"|\bname: "(\w+)"', sources)
    same(table(document, "Errors"), names.union(*own) - {""}, "the errors of docs/client.md")
    events = set(re.findall(r"^ \* \| `(\w+)`", (CLIENT / "client.js").read_text(), re.MULTILINE))
    same(table(document, "Events"), events, "the events of docs/client.md")


async def main(place):
    tables((ROOT / "docs" / "client.md").read_text())
    secret = place.folder / "parley.secret"
    secret.write_text("q2hhdCBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw==\n")
    port = place.port()
    environment = {"PARLEY_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}"}
    server = place.server("--secret-file", str(secret), environment=environment, archive="memory:").start()
    development = place.server(archive="memory:").start()
    said = []
    for name in ("client.md",):
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(SCRIPT), str(ROOT / "docs" / name), f"http://127.0.0.1:{server.port}",
            f"http://127.0.0.1:{development.port}", str(secret), str(port),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        what = f"the status of documents.py with {name}, which said {output.decode()[-2000:]!r}"
        same(process.returncode, 0, what)
        said.append(output.decode().strip())
    server.stop()
    development.stop()
    return "; ".join(said)


run(main)
