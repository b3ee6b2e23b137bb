"""docs/quick-start.md is true: its shell lines run, its bot answers once whatever dies, its page talks."""
import asyncio
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys

from parley import PATIENCE, Failure, run, same

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "Tests" / "browser" / "quick_start.py"
SECONDS = 100
PATH = "/api/v1/rooms/lobby/publications"


class Walk:
    """The document's blocks, for the ports of this test, in its folder."""

    def __init__(self, place, server):
        text = (ROOT / "docs" / "quick-start.md").read_text()
        self.place, self.server, self.pages = place, server, place.port()
        text = text.replace("127.0.0.1:8080", f"127.0.0.1:{server.port}").replace(" 8000 ", f" {self.pages} ")
        blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        same([kind for kind, _ in blocks], ["sh", "python", "sh", "html", "sh"], "the document's blocks")
        (self.say, self.bot, self.start_bot, self.page, self.serve) = (block for _, block in blocks)
        self.make_tools(place.folder / "bin")
        (place.folder / "bot.py").write_text(self.bot)
        (place.folder / "page.html").write_text(self.page)

    def make_tools(self, folder):
        """`python3` is this one; an environment that it makes has its packages, and `pip` nothing to do."""
        folder.mkdir()
        (folder / "pip").write_text('#!/bin/sh\n[ "$*" = "install --quiet websockets" ]\n')
        (folder / "python3").write_text(
            f'''#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p "$3/bin" && cp "{folder}/pip" "$3/bin" && ln -s "{folder}/python3" "$3/bin/python" ;;
*) exec {sys.executable} "$@" ;;
esac
'''
        )
        for tool in folder.iterdir():
            tool.chmod(0o755)

    def shell(self, lines):
        """Runs lines as they stand there; what they leave running ends with this test."""
        output = self.place.folder / "output"
        environment = os.environ | {"PATH": f"{self.place.folder / 'bin'}:{os.environ['PATH']}"}
        with output.open("w") as file:
            done = subprocess.run(
                ["bash", "-euc", lines + "\necho ${!-} >pid"], cwd=self.place.folder, env=environment,
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False
            )
        same(done.returncode, 0, f"the status of {lines!r}, which said {output.read_text()!r}")
        return output.read_text()

    def kill_bot(self):
        os.kill(int((self.place.folder / "pid").read_text()), signal.SIGKILL)

    def said(self):
        """Who said what in the lobby, oldest first."""
        publications = json.loads(self.server.http(PATH + "?limit=100")[2])["publications"]
        return [(said["user"].split("-")[0], said["body"]["text"]) for said in publications]

    async def hears(self, last):
        """Waits until that is what was said last."""
        try:
            async with asyncio.timeout(PATIENCE):
                while self.said()[-1:] != [last]:
                    await asyncio.sleep(0.05)
        except TimeoutError as late:
            raise Failure(f"{last} was not said; the lobby has {self.said()}") from late

    async def serves_pages(self):
        """Waits until the document's own little server listens."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", self.pages)).close()
                    return
                except ConnectionRefusedError:
                    await asyncio.sleep(0.05)

    def ask(self, number, text):
        draft = json.dumps({"clientId": f"ask-{number}", "user": "ada", "body": {"text": text}}).encode()
        status, _, answer = self.server.http(PATH, draft, {"Content-Type": "application/json"})
        same(status, 201, f"the status of a publication, answered {answer}")


async def main(place):
    server = place.server().start()
    walk = Walk(place, server)
    answers = walk.shell(walk.say.replace("\n", "; echo\n")).splitlines()
    published, history = map(json.loads, answers)
    same(history["publications"][-1]["offset"], published["offset"], "the newest of the history")
    walk.shell(walk.start_bot)
    walk.ask(1, "!count to two")
    await walk.hears(("bot", "That was 2 words, ada."))
    walk.kill_bot()
    # As if it had died between its answer and the note of how far it was.
    (place.folder / "bot.json").write_text(json.dumps({"epoch": published["epoch"], "offset": 1}))
    server.kill()
    server.start()
    walk.ask(2, "!count")
    walk.ask(3, "!count me in")
    walk.shell(walk.start_bot)
    await walk.hears(("bot", "That was 2 words, ada."))
    same([user for user, _ in walk.said()], ["shop", "ada", "bot", "ada", "ada", "bot"], "who spoke")
    walk.shell(walk.serve)
    await walk.serves_pages()
    page = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), f"http://127.0.0.1:{walk.pages}/page.html",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(page.communicate(), SECONDS)
    same(page.returncode, 0, f"the status of quick_start.py, which said {output.decode()[-2000:]!r}")
    return "the shell lines run, the bot answers once, the page talks"


run(main)
