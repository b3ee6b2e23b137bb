#!/usr/bin/env python3
"""The command line as an operator meets it: help, configuration, refusals with their status, signals.

Status 0 after what was asked, 1 when something failed while running, 2 for what was asked wrongly.
"""

import asyncio
import json
import shutil
import signal
import socket
import sqlite3
import time

from bad_configuration import BAD_ENVIRONMENT, BAD_FILES
from client import Client
from parley import check, meanwhile, run, same
from wire import TEXT, Wire, frame

SUBCOMMANDS = ["serve", "check-config", "migrate", "new-epoch", "version"]


def refused(place, status, parts, *arguments, environment=None):
    """Runs a command that is refused, with this status and a sentence that has these parts."""
    got, output, complaint = place.command(*arguments, environment=environment)
    what = f"parley {' '.join(arguments)} {environment or ''}"
    check(got == status, f"{what} ended with status {got} instead of {status}: {complaint or output}")
    for part in parts:
        check(part in complaint, f"{what} says {complaint!r}, in which {part!r} is missing")
    same(output, "", f"the standard output of {what}")


def help_and_version(place):
    """Every subcommand explains itself."""
    status, text, complaint = place.command("--help")
    same((status, complaint), (0, ""), "parley --help")
    for subcommand in SUBCOMMANDS:
        check(f"\n  {subcommand} " in text, f"parley --help does not name {subcommand}")
        status, own, complaint = place.command(subcommand, "--help")
        same((status, complaint), (0, ""), f"parley {subcommand} --help")
        check(f"USAGE: parley {subcommand}" in own, f"the help of {subcommand} shows no usage")
        same(place.command("help", subcommand)[1], own, f"parley help {subcommand}")
    for flag in (
        "--listen",
        "--workers",
        "--archive",
        "--insecure",
        "--log-level",
        "--log-format",
        "--config",
    ):
        check(
            f"\n  {flag}" in place.command("serve", "--help")[1],
            f"the help of serve does not explain {flag}",
        )
    status, text, _ = place.command("version")
    check(
        status == 0 and text.startswith("parley ") and text.count("\n") == 1, f"parley version says {text!r}"
    )
    for arguments in (["nonsense"], ["serve", "--nonsense"], ["serve", "--workers"], ["version", "x"]):
        refused(place, 2, ["Usage: parley"], *arguments)


def configuration(place):
    """Flags win over variables, variables over the file; the report says so, and can be read again."""
    file = place.folder / "good.yaml"
    file.write_text(
        "# what is only here\nlogFormat: json\nworkers: 3\nlogLevel: debug\nlimits:\n  bodyBytes: 4096\n"
        "allowedOrigins:\n  - https://example.org\n  - http://a.example:81\nrooms:\n"
        "  'live:': {kind: ephemeral}\n  'a.\"b\\c': {kind: stored}\n  '': {kind: stored}\n"
    )
    environment = {"PARLEY_WORKERS": "4", "PARLEY_LOG_LEVEL": "error", "PARLEY_CONFIG": str(file)}
    environment["PARLEY_LISTEN"] = "127.0.0.1:7001, [::1]:7001"
    status, report, complaint = place.command(
        "check-config", "--log-level", "notice", environment=environment
    )
    same((status, complaint), (0, ""), "check-config")
    for line in (
        'listen: ["127.0.0.1:7001", "[::1]:7001"]  # PARLEY_LISTEN',
        "workers: 4  # PARLEY_WORKERS",
        "logLevel: notice  # --log-level",
        f"logFormat: json  # {file}:2",
        f"  bodyBytes: 4096  # {file}:6",
        'archive: "sqlite:parley.db"  # default',
        f'allowedOrigins: ["https://example.org", "http://a.example:81"]  # {file}:7',
        f'  "live:": {{kind: ephemeral}}  # {file}:11',
    ):
        check(f"\n{line}\n" in "\n" + report, f"check-config lacks the line {line!r}:\n{report}")
    again = place.folder / "again.yaml"
    again.write_text(report)
    status, second, complaint = place.command("check-config", "--config", str(again))
    same((status, complaint), (0, ""), "check-config of its own report")
    without_sources = [[line.split("  # ")[0] for line in text.splitlines()] for text in (report, second)]
    same(without_sources[1], without_sources[0], "the report of a report")
    for number, (text, parts) in enumerate(BAD_FILES.items()):
        bad = place.folder / f"bad{number}.yaml"
        bad.write_text(text)
        for subcommand in ("check-config", "serve"):
            refused(place, 2, [bad.name, *parts], subcommand, "--config", str(bad))
    for name, (value, parts) in BAD_ENVIRONMENT.items():
        refused(place, 2, parts, "check-config", environment={name: value})
    (place.folder / "latin.yaml").write_bytes(b"logLevel: \xe4\n")
    for unreadable in ("missing.yaml", ".", "latin.yaml"):
        refused(place, 2, [unreadable, "cannot be read"], "serve", "--config", unreadable)
    refused(place, 2, ["--workers: workers is a whole number"], "serve", "--workers", "x")


def addresses(place):
    """Strangers are kept out unless asked in, and a port has one server."""
    for address in (f"0.0.0.0:{place.port()}", f"[::]:{place.port()}"):
        refused(place, 2, ["Refusing to serve", "--insecure"], "serve", "--listen", address)
    check(not (place.folder / "parley.db").exists(), "a refused start made an archive")
    port = place.port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        arguments = ["serve", "--listen", f"127.0.0.1:{port}", "--archive", "sqlite:other.db"]
        refused(place, 1, [f"127.0.0.1:{port}", "listens there already"], *arguments)
    server = place.server().start()
    refused(
        place,
        1,
        ["listens there already"],
        "serve",
        "--listen",
        f"127.0.0.1:{server.port}",
        "--archive",
        "memory:",
    )
    check(not (place.folder / "other.db").exists(), "a start that was refused its port made an archive")
    for subcommand in (["serve", "--listen", f"127.0.0.1:{place.port()}"], ["migrate"], ["new-epoch"]):
        refused(
            place,
            1,
            ["is in use by another parley process"],
            *subcommand,
            "--archive",
            f"sqlite:{server.archive}",
        )
    same(server.http("/readyz")[0], 200, "the first server, after others tried to take its place")
    server.stop()


def archives(place):
    """What is no archive of ours is left alone."""
    folder = place.folder
    (folder / "text.db").write_text("This is a letter, not a database.\n" * 100)
    with sqlite3.connect(folder / "foreign.db") as database:
        database.execute("create table theirs (x)")
    database.close()
    status, text, _ = place.command("migrate", "--archive", "sqlite:new.db")
    check(status == 0 and "new.db: schema 0 to " in text, f"migrate of a new file says {text!r}")
    status, text, _ = place.command("migrate", "--archive", "sqlite:new.db")
    check(status == 0 and "new.db is up to date (schema " in text, f"a second migrate says {text!r}")
    shutil.copy(folder / "new.db", folder / "newer.db")
    with sqlite3.connect(folder / "newer.db") as database:
        database.execute("pragma user_version = 99")
    database.close()
    (folder / "folder.db").mkdir()
    for file, part in (
        ("text.db", "is not an SQLite database"),
        ("foreign.db", "another program's SQLite database"),
        ("newer.db", "was written by a newer parley (schema 99"),
        ("folder.db", "is a directory"),
        ("missing/x.db", "the directory of missing/x.db does not exist"),
    ):
        path = folder / file
        before = path.read_bytes() if path.is_file() else None
        archive = ["--archive", f"sqlite:{file}"]
        for subcommand in (["serve", "--listen", f"127.0.0.1:{place.port()}"], ["migrate"], ["new-epoch"]):
            refused(place, 1, [file, part], *subcommand, *archive)
        if before is not None:
            check(path.read_bytes() == before, f"{file} was changed although it was refused")
    for subcommand in ("migrate", "new-epoch"):
        sentence = "An archive in memory has nothing to maintain"
        refused(place, 2, [sentence], subcommand, "--archive", "memory:")


async def publish(server, user, count, first=1):
    """Publishes into `room`, one after the other; the last answer."""
    client = await Client(server.port, user).connect()
    async with meanwhile(client.listen()):
        for number in range(first, first + count):
            reply = await client.ask(
                "publish", {"room": "room", "clientId": f"{user}-{number}", "body": number}
            )
            check("ok" in reply, f"a publication was refused: {reply}")
    await client.close()
    return reply["ok"]


async def new_epoch(place):
    """A copy is put back: who had seen more is told what is void, who had not loses nothing."""
    server = place.server(file="epoch.db").start()
    await publish(server, "ada", 3)
    behind = await Client(server.port, "bob", ["room"]).connect()
    await behind.close()
    server.stop()
    shutil.copy(server.archive, place.folder / "copy.db")
    server.start()
    await publish(server, "ada", 2, first=4)
    ahead = await Client(server.port, "cem", ["room"]).connect()
    await ahead.close()
    server.stop()
    same(
        (behind.rooms["room"].offset, ahead.rooms["room"].offset),
        (3, 5),
        "positions before the copy is put back",
    )
    old = ahead.rooms["room"].epoch
    shutil.copy(place.folder / "copy.db", server.archive)
    status, text, complaint = place.command("new-epoch", "--archive", f"sqlite:{server.archive}")
    check(status == 0 and "begins" in text, f"new-epoch says {text!r} {complaint!r}")
    server.start()
    again = await publish(server, "dan", 1)
    same(again["offset"], 4, "the offset of the first publication after the copy")
    check(again["epoch"] != old, "the epoch is the old one after new-epoch")
    for client, gaps in ((behind, []), (ahead, [(4, 5)])):
        await client.connect()
        await client.close()
        room = client.rooms["room"]
        same((room.gaps, room.offset, room.epoch), (gaps, 4, again["epoch"]), f"what {client.user} was told")
        same(
            [(row.offset, row.user) for row in room.seen][3:],
            [(4, "dan")],
            f"what {client.user} holds from 4 on",
        )
    server.stop()


async def terminated(place, number):
    """A signal drains: all are told when to come back, what was acknowledged stays, the status is 0."""
    server = place.server("--workers", "2", file=f"end{number}.db").start()
    clients = [await Client(server.port, f"user{n}", ["room"]).connect() for n in range(6)]
    stored = []
    listening = [asyncio.create_task(client.listen()) for client in clients]
    for place_in_line in range(20):
        draft = {"room": "room", "clientId": f"c-{place_in_line}", "body": place_in_line}
        clients[0].send(
            "publish", draft, lambda reply: stored.append(reply["ok"]) if "ok" in reply else None
        )
    await asyncio.sleep(0)
    server.process.send_signal(number)
    await asyncio.gather(*listening)
    same(await asyncio.to_thread(server.wait), 0, f"the status after {number.name}")
    for client in clients:
        same(client.close_code, 4001, "the close code of a drain")
        after = json.loads(client.close_reason)["afterMs"]
        same(client.goaways, [after], "goaway, and the same again in the close frame")
        check(1_000 <= after < 2_000, f"clients are told to come back after {after} ms")
    check(
        len({client.goaways[0] for client in clients}) > 1,
        "all clients are told to come back at the same moment",
    )
    server.start()
    reader = await Client(server.port, "reader", ["room"]).connect()
    await reader.close()
    kept = {(row.offset, row.time) for row in reader.rooms["room"].seen}
    for answer in stored:
        check(
            (answer["offset"], answer["time"]) in kept,
            f"{answer} was acknowledged during the drain and is lost",
        )
    server.stop()


async def terminated_twice(place):
    """A client that never ends its connection holds the drain up; a second SIGTERM does not wait for it."""
    server = place.server(file="twice.db").start()
    wire = await Wire.websocket(server.port)
    wire.send(frame(TEXT, '{"id":1,"connect":{}}'))
    await wire.replies(1)
    server.terminate()
    same((await wire.closed())[0], 4001, "the close code of a drain")
    begin = time.monotonic()
    server.terminate()
    status = await asyncio.to_thread(server.wait)
    seconds = time.monotonic() - begin
    # Left alone the drain would wait 5 s for this client.
    check(seconds < 2.5, f"after the second SIGTERM the server went on for {seconds:.1f} s")
    same(status, 1, "the status after a second SIGTERM")
    wire.leave()


async def main(place):
    help_and_version(place)
    configuration(place)
    addresses(place)
    archives(place)
    await new_epoch(place)
    await terminated(place, signal.SIGTERM)
    await terminated(place, signal.SIGINT)
    await terminated_twice(place)
    return "help, configuration, refusals, new-epoch and both ends are as an operator expects"


if __name__ == "__main__":
    run(main, seconds=90)
