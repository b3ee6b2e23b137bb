#!/usr/bin/env python3
"""REST, the pages for operators and the metrics, asked with curl as the README writes it down."""

import asyncio
import json
import subprocess

from client import Client
from metrics import read_metrics
from parley import PATIENCE, Failure, check, eventually, meanwhile, run, same

CONFIGURATION = "rooms:\n  'live:': {kind: ephemeral}\n"
JSON = "Content-Type: application/json"


class Curl:
    """curl against one server."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.publications = "/api/v1/rooms/support%3A42/publications"

    async def __call__(self, path, *arguments):
        """Status, fields by lower-case name, and body of a call."""
        command = ["curl", "-sS", "-i", "--max-time", str(PATIENCE), *arguments, self.base + path]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
        check(
            done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()}"
        )
        head, _, body = done.stdout.decode().partition("\r\n\r\n")
        lines = head.split("\r\n")
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        return int(lines[0].split()[1]), fields, body

    async def publish(self, draft, path=None):
        """POST of a draft: status and the answer read as JSON."""
        text = draft if isinstance(draft, str) else json.dumps(draft)
        status, fields, body = await self(path or self.publications, "-X", "POST", "-H", JSON, "-d", text)
        same(fields["content-type"], "application/json", "the type of an answer")
        return status, json.loads(body)

    async def history(self, query=""):
        """GET of history: status and the answer read as JSON."""
        status, _, body = await self(self.publications + query)
        return status, json.loads(body)


async def pages_for_operators(curl):
    """`/healthz` and `/readyz`, and what else may be asked of them."""
    for path, text in (("/healthz", "alive\n"), ("/readyz", "ready\n")):
        status, fields, body = await curl(path)
        same((status, body), (200, text), path)
        check(fields["content-type"].startswith("text/plain"), f"the type of {path}")
        same(fields["cache-control"], "no-store", f"whether {path} may be kept")
        same((await curl(path, "-I"))[0], 200, f"HEAD {path}")
        status, fields, _ = await curl(path, "-X", "POST")
        same((status, fields["allow"]), (405, "GET, HEAD, OPTIONS"), f"POST {path}")
    same((await curl("/healthz/x"))[0], 404, "/healthz/x")


async def publishing(curl):
    """POST of publications; returns the positions of the three that were stored."""
    draft = {"clientId": "order-1001", "body": {"text": "Shipped."}, "user": "shop"}
    status, first = await curl.publish(draft)
    same((status, sorted(first)), (201, ["epoch", "offset", "time"]), "the first publication")
    same(first["offset"], 1, "the offset of the first publication")
    same(await curl.publish(draft), (200, first | {"repeat": True}), "a retry")
    status, answer = await curl.publish(draft | {"body": "Another."})
    same((status, answer["error"]["name"]), (409, "clientIdReused"), "the same client id with another body")
    # Another user may use the same id.
    status, second = await curl.publish('{"clientId":"order-1001",\n "body":\n  [1,\n  2]}')
    same((status, second["offset"]), (201, 2), "a body over several lines")
    third_draft = {"clientId": "c-3", "body": None, "user": "ada", "name": "Ada"}
    status, third = await curl.publish(third_draft)
    same((status, third["offset"]), (201, 3), "a publication of null")
    return [first, second, third]


async def reading(curl, stored):
    """GET of publications: whole, in pages, in both directions."""
    epoch = stored[0]["epoch"]
    expected = [
        {
            "offset": 1,
            "time": stored[0]["time"],
            "user": "shop",
            "clientId": "order-1001",
            "body": {"text": "Shipped."},
        },
        {"offset": 2, "time": stored[1]["time"], "user": "guest", "clientId": "order-1001", "body": [1, 2]},
        {
            "offset": 3,
            "time": stored[2]["time"],
            "user": "ada",
            "name": "Ada",
            "clientId": "c-3",
            "body": None,
        },
    ]
    for query, wanted, more in (
        ("", [0, 1, 2], False),
        ("?limit=2", [1, 2], True),
        ("?before=3", [0, 1], False),
        ("?before=3&limit=1", [1], True),
        ("?after=0&limit=1", [0], True),
        ("?after=1", [1, 2], False),
        ("?after=3", [], False),
        ("?after=9007199254740991", [], False),
    ):
        page = {"room": "support:42", "epoch": epoch, "head": 3, "more": more}
        page["publications"] = [expected[place] for place in wanted]
        same(await curl.history(query), (200, page), f"history{query}")


async def refusals(curl):
    """Every refusal is JSON with the status of errors.json."""
    large = {"clientId": "large", "body": "x" * 32_768}
    for status, name, draft in (
        (400, "badRequest", "{"),
        (400, "badRequest", "[]"),
        (400, "badRequest", {"clientId": "no-body"}),
        (400, "badRequest", {"body": "no client id"}),
        (400, "badRequest", {"clientId": "ü", "body": 1}),
        (413, "tooLarge", large),
    ):
        got, answer = await curl.publish(draft)
        same((got, answer["error"]["name"]), (status, name), f"the draft {str(draft)[:40]}")
    same(
        (await curl.publish({"clientId": "x", "body": 1}, "/api/v1/rooms/%24user%3A1/publications"))[0],
        403,
        "$user:1",
    )
    same(
        (await curl.publish({"clientId": "x", "body": 1}, "/api/v1/rooms/a*/publications"))[0],
        400,
        "the room a*",
    )
    same((await curl(curl.publications, "-X", "POST", "-d", "{}"))[0], 415, "a form instead of JSON")
    for query in (
        "?before=0",
        "?before=1&after=1",
        "?limit=0",
        "?limit=1001",
        "?after=-1",
        "?after=x",
        "?after=%zz",
    ):
        status, answer = await curl.history(query)
        same((status, answer["error"]["name"]), (400, "badRequest"), f"history{query}")
    status, fields, body = await curl(curl.publications, "-X", "DELETE")
    same((status, fields["allow"]), (405, "GET, HEAD, POST, OPTIONS"), "DELETE")
    same(json.loads(body)["error"]["name"], "methodNotAllowed", "DELETE")
    status, _, body = await curl("/api/v1/nothing")
    same((status, json.loads(body)["error"]["name"]), (404, "notFound"), "/api/v1/nothing")
    status, _, _ = await curl(curl.publications, "-H", "Origin: https://evil.example")
    same(status, 403, "a page of a foreign origin")
    status, _, _ = await curl(curl.publications, "-H", "Host: evil.example")
    same(status, 403, "a foreign name that leads to loopback")


async def figures(curl):
    """The metrics now."""
    status, fields, text = await curl("/metrics")
    same((status, fields["content-type"]), (200, "text/plain; version=0.0.4; charset=utf-8"), "/metrics")
    return read_metrics(text)


async def counting(curl, clients):
    """Three sessions, ten publications, two retries and four ephemeral ones, over both workers."""
    before = await figures(curl)
    for number in range(10):
        if number % 2:
            await clients[0].ask("publish", {"room": "counted", "clientId": f"n{number}", "body": number})
        else:
            await curl.publish(
                {"clientId": f"n{number}", "body": number}, "/api/v1/rooms/counted/publications"
            )
    for _ in range(2):
        reply = await clients[0].ask("publish", {"room": "counted", "clientId": "n9", "body": 9})
        same(reply["ok"]["repeat"], True, "a retry")
    for number in range(4):
        reply = await clients[1].ask("publish", {"room": "live:1", "body": number})
        same(list(reply["ok"]), ["time"], "an ephemeral publication's answer")
    reply = await clients[1].ask("publish", {"room": "counted", "body": "no client id"})
    same(reply["error"]["name"], "badRequest", "a stored publication without client id")
    for client in clients:
        await eventually(
            lambda client=client: client.rooms["counted"].offset == 10, "a client lacks publications"
        )
        await eventually(
            lambda client=client: client.ephemeral == 4, "a client lacks ephemeral publications"
        )
    after = await figures(curl)

    def grown(name, value=None):
        return after[name, value] - before.get((name, value), 0)

    same(grown("parley_publications_total", "stored"), 10, "publications stored")
    same(grown("parley_publications_total", "repeat"), 2, "retries")
    same(grown("parley_publications_total", "ephemeral"), 4, "ephemeral publications")
    same(grown("parley_deliveries_total", "stored"), 3 * 10, "deliveries to three sessions")
    same(grown("parley_deliveries_total", "ephemeral"), 3 * 4, "ephemeral deliveries to three sessions")
    same(grown("parley_deliveries_total", "recovered"), 0, "deliveries on coming back")
    same(grown("parley_archive_batch_drafts_sum"), 12, "drafts in group commits")
    same(grown("parley_archive_batch_drafts_count"), grown("parley_archive_batches_total"), "group commits")
    same(grown("parley_refusals_total", "badRequest"), 1, "refusals")
    same(grown("parley_http_responses_total", "201"), 5, "answers 201")
    same(after["parley_sessions", None], 3, "sessions")
    same(after["parley_subscriptions", None], 6, "subscriptions")
    same(after["parley_workers", None], 2, "workers")
    same(after["parley_drafts_pending", None], 0, "drafts that wait")
    same(after["parley_archive_healthy", None], 1, "whether the archive is healthy")
    # curl's own connection, and the three.
    same(after["parley_connections", None], 4, "connections")
    same(after["parley_connections_refused_total", None], 0, "connections refused")
    check(after["parley_websockets_opened_total", None] >= 3, "handshakes")


class Counting(Client):
    """Counts ephemeral pushes as well."""

    ephemeral = 0

    def published(self, publication, line):
        super().published(publication, line)
        if publication["room"] == "live:1":
            self.ephemeral += 1


async def main(place):
    (place.folder / "parley.yaml").write_text(CONFIGURATION)
    server = place.server("--workers", "2", "--config", "parley.yaml").start()
    curl = Curl(server.port)
    await pages_for_operators(curl)
    check(await figures(curl), "there are no metrics")
    stored = await publishing(curl)
    await reading(curl, stored)
    await refusals(curl)
    await reading(curl, stored)
    clients = [Counting(server.port, f"user{number}", ["counted", "live:1"]) for number in range(3)]
    for client in clients:
        await client.connect()
    async with meanwhile(*(client.listen() for client in clients)):
        await counting(curl, clients)
    for client in clients:
        await client.close()

    async def is_empty():
        now = await figures(curl)
        return now["parley_sessions", None] == 0 and now["parley_connections", None] == 1

    for _ in range(100):
        if await is_empty():
            break
        await asyncio.sleep(0.05)
    else:
        raise Failure("sessions or connections are still counted after all clients left")
    server.stop()
    return "curl's calls, refusals, and metrics that parse and add up"


if __name__ == "__main__":
    run(main, seconds=60)
