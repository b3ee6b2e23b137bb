"""The examples of docs/client.md, docs/embed.md and README.md do what stands there; tables are complete."""
import asyncio
import json
import pathlib
import re
import subprocess
import sys

from parley import PATIENCE, run, same

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
    own = re.findall(r'\bownError\(\s*"(\w+)"|\bname: "(\w+)"', sources)
    same(table(document, "Errors"), names.union(*own) - {""}, "the errors of docs/client.md")
    declared = (CLIENT / "client.d.ts").read_text().split("interface ParleyEvents {")[1].split("\n}")[0]
    events = set(re.findall(r"^    (\w+): ", declared, re.MULTILINE))
    same(table(document, "Events"), events, "the events of docs/client.md")


def types(place, document):
    """The compiler takes the example in TypeScript with the options that stand above it."""
    (options,) = re.findall(r"^```json\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    (example,) = re.findall(r"^```ts\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    folder = place.folder / "types"
    folder.mkdir()
    (folder / "parley.d.ts").write_text((CLIENT / "client.d.ts").read_text())
    (place.folder / "tsconfig.json").write_text(options)
    (place.folder / "page.ts").write_text(example)
    done = subprocess.run(
        ["tsc", "--noEmit"], cwd=place.folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    same((done.returncode, done.stdout), (0, ""), "what tsc says of the example in TypeScript")


async def main(place):
    document = (ROOT / "docs" / "client.md").read_text()
    tables(document)
    types(place, document)
    secret = place.folder / "parley.secret"
    secret.write_text("q2hhdCBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw==\n")
    port = place.port()
    environment = {"PARLEY_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}"}
    server = place.server("--secret-file", str(secret), environment=environment, archive="memory:").start()
    development = place.server(archive="memory:").start()
    documents = [ROOT / "docs" / "client.md", ROOT / "docs" / "embed.md", ROOT / "README.md"]
    urls = [each.base for each in (server, development)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), *urls, str(secret), str(port), *map(str, documents),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    same(process.returncode, 0, f"the status of documents.py, which said {output.decode()[-2000:]!r}")
    server.stop()
    development.stop()
    return output.decode().strip()


run(main)
