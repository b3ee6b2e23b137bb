"""`/client.js` as a server serves it: one small file for every origin, which passes its own tests."""
import asyncio
import gzip
import os
import pathlib

from parley import check, run, same

TESTS = pathlib.Path(__file__).resolve().parents[1] / "BrowserClientTests"
# What the issue allows, in bytes.
LIMIT = 15_000


async def main(place):
    server = place.server(archive="memory:").start()
    foreign = {"Origin": "https://shop.example"}
    for path, kind in (("/client.js", "text/javascript"), ("/client.d.ts", "text/plain")):
        status, fields, text = server.http(path, headers=foreign)
        same((status, fields["Access-Control-Allow-Origin"]), (200, "*"), f"status and CORS of {path}")
        same(fields["Content-Type"], f"{kind}; charset=utf-8", f"the type of {path}")
        known = server.http(path, headers=foreign | {"If-None-Match": fields["ETag"]})
        same((known[0], known[2]), (304, ""), f"status and content of {path} for who has it")
        (place.folder / path[1:]).write_text(text)
    status, _, text = server.http("/page/app.js")
    same(status, 200, "the status of the page's script")
    (place.folder / "app.js").write_text(text)
    file = place.folder / "client.js"
    size = len(gzip.compress(file.read_bytes(), 9))
    check(size <= LIMIT, f"/client.js has {size} bytes gzipped, more than {LIMIT}")
    server.stop()

    served = {"PARLEY_CLIENT": str(file), "PARLEY_PAGE": str(place.folder / "app.js")}
    process = await asyncio.create_subprocess_exec(
        "node", "--test", *(str(test) for test in sorted(TESTS.glob("*.test.mjs"))),
        env=os.environ | served, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    same(process.returncode, 0, f"the status of node, which said {output.decode()[-3000:]}")
    return f"the served client has {size} bytes gzipped and passes its tests"


run(main)
