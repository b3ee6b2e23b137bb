"""What the README shows works as it stands there: the client of at most 40 lines, curl calls, tokens."""
import asyncio
import json
import os
import pathlib
import re
import shlex
import sys

from parley import PATIENCE, Failure, check, run, same

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
CLIENT_LINES = 40


def block(text, language):
    """The one fenced block of that language."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    same(len(blocks), 1, f"the number of {language} blocks in the README")
    return blocks[0]


async def program(arguments, lines="", complaint=None, **more):
    """Runs a program to its end: what it printed. With `complaint` it fails, and says just that."""
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        **more,
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(lines.encode()), PATIENCE)
    except TimeoutError as late:
        process.kill()
        await process.wait()
        raise Failure(f"{arguments[-2:]} did not end within {PATIENCE} s") from late
    expected = (0, "") if complaint is None else (1, complaint + "\n")
    same((process.returncode, errors.decode()), expected, f"status and complaints of {arguments[-2:]}")
    return output.decode()


async def clients_talk(place, server, source):
    """Users of the README's client, one after the other and beside each other; the server dies between."""
    client = place.folder / "talk.py"
    client.write_text(source.replace("127.0.0.1:8080", f"127.0.0.1:{server.port}"))

    async def talk(user, lines):
        return (await program([sys.executable, str(client), "lobby", user], lines)).splitlines()

    hers = ["1 ada: Hello?", "2 ada: Anyone?"]
    same(await talk("ada", "Hello?\nAnyone?\n"), hers, "what ada's client showed")
    server.kill()
    server.start()
    both = await asyncio.gather(talk("bob", "Me.\n"), talk("cem", "Me too.\n"))
    for user, seen in zip(("bob", "cem"), both):
        same(seen[:2], hers, f"what {user} recovered")
        check(any(f" {user}: Me" in line for line in seen), f"{user} did not see what {user} said: {seen}")
    final = await talk("dot", "\n")
    same([line.split()[0] for line in final], ["1", "2", "3", "4"][: len(final)], "the offsets dot saw")


async def calls(server, source):
    """Every curl call of the README, against this server."""
    answers = []
    for line in source.strip().splitlines():
        arguments = shlex.split(line.replace("127.0.0.1:8080", f"127.0.0.1:{server.port}"))
        same(arguments[0], "curl", "the program of a shell line in the README")
        answers.append(await program([*arguments, "--fail", "--max-time", "10"]))
    health, readiness, published, history, metrics = answers
    same((health, readiness), ("alive\n", "ready\n"), "the answers of /healthz and /readyz")
    position = json.loads(published)
    check({"epoch", "offset", "time"} <= position.keys(), f"the answer of a publish is {published}")
    last = json.loads(history)["publications"][-1]
    same((last["offset"], last["body"]), (position["offset"], "Shipped."), "the end of the history")
    check('parley_publications_total{kind="stored"}' in metrics, "the metrics tell nothing of publications")
    again = await program(
        shlex.split(source.strip().splitlines()[2].replace("127.0.0.1:8080", f"127.0.0.1:{server.port}"))
    )
    same(json.loads(again), position | {"repeat": True}, "the answer of the same call again")


async def tokens(place, source, client):
    """The lines about tokens, against a server that asks for them; the client with such a token."""
    port = place.port()
    make, serve, *use = source.replace("127.0.0.1:8080", f"127.0.0.1:{port}").strip().splitlines()
    # Their `parley` is this binary.
    (place.folder / "bin").mkdir()
    (place.folder / "bin" / "parley").symlink_to(place.binary)
    environment = os.environ | {"PATH": f"{place.folder / 'bin'}:{os.environ['PATH']}"}

    async def shell(*lines):
        return await program(["bash", "-euc", "\n".join(lines)], env=environment, cwd=place.folder)

    await shell(make)
    arguments = shlex.split(serve)
    same(arguments[:2] + arguments[-1:], ["parley", "serve", "&"], "the README's line that serves")
    place.server(*arguments[2:4], port=port, file="tokens.db").start()
    answer, _, page = (await shell(*use)).strip().partition("http://")
    same(json.loads(answer)["publications"], [], "what curl got with a token")
    token = re.search("#token=([^&]*)&room=support:7$", page)
    check(token is not None, f"the page's address is {page}")
    file = place.folder / "tokens.py"
    file.write_text(client.replace("127.0.0.1:8080", f"127.0.0.1:{port}"))
    talk = [sys.executable, str(file)]
    said = await program([*talk, "support:7", "", token[1]], "Hello?\n")
    same(said, "1 ada: Hello?\n", "what ada's client showed with a token")
    # A final error ends it with one line, although it still waits for somebody to type.
    missing = "This server asks for a token: send connect.token; user and name alone are not believed."
    await program([*talk, "support:7", "ada"], "Hello?\n", complaint=missing)
    forbidden = 'join in the room lobby needs the grant "join", which the token does not give.'
    await program([*talk, "lobby", "", token[1]], "Hello?\n", complaint=forbidden)


async def main(place):
    text = README.read_text()
    server = place.server().start()
    source = block(text, "python")
    check(source.count("\n") <= CLIENT_LINES, f"the README's client has more than {CLIENT_LINES} lines")
    await clients_talk(place, server, source)
    await calls(server, block(text, "sh"))
    server.stop()
    await tokens(place, block(text, "bash"), source)
    return "the client of 40 lines talks and recovers, every curl call answers, tokens open the door"


run(main)
