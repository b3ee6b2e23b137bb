"""The pages of docs/embed, served by the back end beside them on another origin, talk with the chat page."""
import asyncio
import http.client
import pathlib
import re
import subprocess
import sys

from parley import PATIENCE, check, run, same
from secure import HTTP

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMBED = ROOT / "docs" / "embed"
SCRIPT = ROOT / "Tests" / "browser" / "embed.py"
HOST = "https://chat.example"
PAGE_LINES, BACK_END_LINES = 30, 40
SECONDS = 150


class Shop:
    """docs/embed, copied, with the one line changed that the document says to change."""

    def __init__(self, place, chat, secret, name, life):
        self.port = place.port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder = place.folder / name
        folder.mkdir()
        for file in EMBED.iterdir():
            text = file.read_text()
            same(text.count(HOST), 1, f"how often {file.name} names the host of Parley")
            text = text.replace(HOST, chat).replace("LIFE = 900", f"LIFE = {life}")
            (folder / file.name).write_text(text)
        self.process = subprocess.Popen(
            [sys.executable, str(folder / "backend.py"), str(secret), str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def get(self, path):
        """Status, fields and body, as soon as it listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    async def listens(self):
        """Waits until it does."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return self.get("/room.html")
                except ConnectionRefusedError:
                    check(self.process.poll() is None, "the back end of docs/embed ended at its start")
                    await asyncio.sleep(0.05)


def documented_policy(chat):
    """The policy as docs/embed.md has it, for this server."""
    text = (ROOT / "docs" / "embed.md").read_text()
    (policy,) = re.findall(r"^Content-Security-Policy: (.*?)(?=^```)", text, re.MULTILINE | re.DOTALL)
    socket = chat.replace("http", "ws", 1)
    return " ".join(policy.split()).replace("wss://chat.example", socket).replace(HOST, chat)


async def main(place):
    for page in EMBED.glob("*.html"):
        check(len(page.read_text().splitlines()) <= PAGE_LINES, f"{page.name} is too long for its promise")
    lines = len((EMBED / "backend.py").read_text().splitlines())
    check(lines <= BACK_END_LINES, f"backend.py has {lines} lines")
    secret = place.folder / "parley.secret"
    secret.write_text("q2hhdCBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw==\n")
    port = place.port()
    chat = f"{HTTP}://127.0.0.1:{port}"
    shop, stranger = Shop(place, chat, secret, "shop", 6), Shop(place, chat, secret, "stranger", 60)
    server = place.server(
        "--secret-file", str(secret), port=port, environment={"PARLEY_ALLOWED_ORIGINS": shop.url}
    ).start()
    try:
        await stranger.listens()
        status, fields, text = await shop.listens()
        nonce = re.search('<script nonce="([^"]*)"', text)[1]
        policy = fields["Content-Security-Policy"].replace(nonce, "R4nd0m")
        same((status, policy), (200, documented_policy(chat)), "status and policy of the embedded room")
        same(shop.get("/token")[0], 401, "the status of a token for nobody")
        same(shop.get("/../backend.py")[0], 404, "the status of a file that is no page")
        refused = server.http("/api/v1/rooms/support:42/publications", headers={"Origin": stranger.url})
        check(
            refused[0] == 403 and f"The origin {stranger.url} may not use this server" in refused[2],
            f"an origin that is not allowed is answered {refused[0]} {refused[2]}",
        )
        done = place.command(
            "token", "--secret-file", str(secret), "--tenant", "default", "--user", "ann", "--name", "Ann",
            "--room", "support:*"
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(SCRIPT), chat, shop.url, stranger.url, done[1].strip(),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        same(process.returncode, 0, f"the status of embed.py, which said {output.decode()[-2000:]!r}")
    finally:
        shop.process.kill()
        stranger.process.kill()
    server.stop()
    return "pages of another origin talk, renew their tokens, and keep to a strict policy"


run(main)
