#!/usr/bin/env python3
"""A Postgres or a Redis that is not as it should be: the gateway says what to do and goes on trying.

Not there at start, asking for a password, speaking TLS only, newer, read-only: each is a sentence
on /readyz and in the log, none of which gives a password away.
"""

import asyncio
import json
import subprocess

from parley import check, eventually, run, same
from services import Postgres, Redis

TRUST = "local all all trust\nhost all all 127.0.0.1/32 trust\n"
PASSWORD = TRUST.replace("all all 127", "all postgres 127") + "host all all 127.0.0.1/32 scram-sha-256\n"
TLS_ONLY = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n"


def publish(server, client_id):
    """By REST; status and answer."""
    draft = json.dumps({"clientId": client_id, "body": 1}).encode()
    headers = {"Content-Type": "application/json"}
    status, _, text = server.http("/api/v1/rooms/lobby/publications", draft, headers)
    return status, json.loads(text)


async def says(server, status, *words):
    """Waits until /readyz answers `status` with all of `words`."""
    seen = None

    def fits():
        nonlocal seen
        seen = server.http("/readyz")
        return seen[0] == status and all(word in seen[2] for word in words)

    try:
        await eventually(fits, "")
    except Exception as error:
        raise type(error)(f"/readyz answers {seen[0]} {seen[2]!r} instead of {status} with {words}") from None


async def not_there(place, postgres, redis):
    """Both are away at the start, and come later."""
    server = place.server("--broker", redis.url(), archive=postgres.url()).start()
    await says(server, 503, "Postgres", str(postgres.port))
    same(server.http("/healthz")[0], 200, "/healthz without Postgres and Redis")
    status, answer = publish(server, "early")
    same((status, answer["error"]["name"]), (503, "unavailable"), "a publication without Postgres")
    check(answer["error"]["retryAfterMs"] > 0, "unavailable does not say when to try again")
    postgres.start()
    await says(server, 503, "Redis", str(redis.port))
    stored = lambda: publish(server, "early")[0] in (200, 201)
    await eventually(stored, "the same draft is not stored with Postgres")
    redis.start()
    await says(server, 200, "ready")
    return server


async def rewrite_hba(postgres, text):
    """Has Postgres ask its clients for something else."""
    (file,) = postgres.folder.rglob("pg_hba.conf")
    file.write_text(text)
    # By the socket, which every version of the file trusts.
    loads = "select pg_conf_load_time()"
    (before,) = postgres.sql(loads)
    postgres.sql("select pg_reload_conf()")
    await eventually(lambda: postgres.sql(loads) != [before], "Postgres does not read its access file again")


async def strict_postgres(place, postgres):
    """A password, a wrong one, TLS only, a missing database, and a schema of another day."""
    archive = postgres.database("strict")
    postgres.sql("create role carol login superuser password 'right-one'")
    await rewrite_hba(postgres, PASSWORD)
    plain = archive.replace("postgres@", "carol@")
    for url, word in (
        (plain, "password"),
        (archive.replace("postgres@", "carol:wrong-one@"), "password"),
        (archive.replace("/strict", "/nowhere"), "nowhere"),
    ):
        server = place.server(archive=url).start()
        await says(server, 503, word)
        told = server.http("/readyz")[2] + "".join(server.log)
        check("wrong-one" not in told, f"the password is given away: {told}")
        server.stop()
    server = place.server(archive=archive.replace("postgres@", "carol:right-one@")).start()
    await says(server, 200, "ready")
    same(publish(server, "with-password")[0], 201, "the status of a publication with the right password")
    check("right-one" not in "".join(server.log), "the log gives the password away")

    postgres.sql("alter database strict set default_transaction_read_only = on")
    postgres.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'strict'")

    def is_refused():
        status, answer = publish(server, "read-only")
        return status == 503 and answer["error"]["name"] == "unavailable"

    await eventually(is_refused, "a read-only database takes publications")
    postgres.sql("alter database strict reset default_transaction_read_only")
    postgres.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'strict'")
    await eventually(lambda: publish(server, "read-only")[0] in (200, 201), "it does not heal by itself")
    server.stop()

    await rewrite_hba(postgres, TLS_ONLY)
    server = place.server(archive=archive).start()
    await says(server, 503, "TLS")
    server.stop()


def newer_version(place, postgres):
    """A database that a later version has written is left alone."""
    archive = postgres.database("newer")
    status, out, err = place.command("migrate", "--archive", archive)
    same(status, 0, f"the status of parley migrate, which said {err!r}")
    check(out, "parley migrate says nothing")
    status, again, _ = place.command("migrate", "--archive", archive)
    same(status, 0, "the status of a second parley migrate")
    check(again != out, f"a second parley migrate says the same as the first: {again!r}")
    status, out, err = place.command("new-epoch", "--archive", archive)
    same(status, 0, f"the status of parley new-epoch, which said {err!r}")
    check("generation" in out, f"parley new-epoch says {out!r}")
    postgres.sql("update parley.migrations set version = version + 1000", "newer")
    status, _, err = place.command("migrate", "--archive", archive)
    same(status, 1, "the status of parley migrate on a newer database")
    check("newer" in err, f"parley migrate on a newer database says {err!r}")
    return archive


async def strict_redis(place, postgres):
    """A password, a wrong one, and TLS only."""
    archive = postgres.database("redis")
    secured = Redis(place, "--requirepass", "right-one").start()
    wrong = secured.url().replace("://", "://:wrong-one@")
    for url in (secured.url(), wrong):
        server = place.server("--broker", url, archive=archive).start()
        await says(server, 503, "Redis", "password")
        told = server.http("/readyz")[2] + "".join(server.log)
        check("wrong-one" not in told, f"the password is given away: {told}")
        server.stop()
    server = place.server("--broker", secured.url().replace("://", "://:right-one@"), archive=archive).start()
    healthy = "parley_broker_healthy"
    await eventually(lambda: server.metrics()[healthy] == 1, "the right password does not help")
    server.stop()

    key, certificate = place.folder / "key.pem", place.folder / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    files = ["-keyout", key, "-out", certificate]
    subprocess.run([*make, *files], check=True, stderr=subprocess.DEVNULL, timeout=60)
    key.chmod(0o644)
    tls = Redis(place)
    tls.arguments = (
        *("--port", "0", "--tls-port", str(tls.port), "--tls-auth-clients", "no"),
        *("--tls-cert-file", str(certificate), "--tls-key-file", str(key)),
    )
    tls.answers = lambda: True
    tls.start()
    server = place.server("--broker", tls.url(), archive=archive).start()
    await says(server, 503, "Redis", "TLS")
    same(publish(server, "without-redis")[0], 201, "the status of a publication without Redis")
    server.stop()


async def main(place):
    postgres, redis = Postgres(place), Redis(place)
    server = await not_there(place, postgres, redis)
    server.stop()
    archive = await asyncio.to_thread(newer_version, place, postgres)
    server = place.server(archive=archive).start()
    await says(server, 503, "newer")
    server.stop()
    await strict_redis(place, postgres)
    await strict_postgres(place, postgres)
    return "each fault of a service is a sentence that says what to do, and most heal by themselves"


run(main)
