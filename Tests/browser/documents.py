#!/usr/bin/env python3
"""The examples of documents do what stands below them.

Usage: documents.py CHAT_URL DEVELOPMENT_URL SECRET_FILE PORT DOCUMENT...

Every ```js block of a document is run in Chromium, in a page that this script serves on PORT: another origin
than Parley's at CHAT_URL, which believes tokens signed with the secret, and at DEVELOPMENT_URL, which
believes everybody. The blocks of one section (`## …`) are one module, behind what the document says that they
begin with. What a ```text block holds has been printed by the block above it before the next one begins, and
nothing else has.
"""
import base64
import hmac
import http.server
import json
import pathlib
import re
import sys
import threading
import time

from playwright.sync_api import Error, expect, sync_playwright

from window import STEP_MS, Failure, bound, demand, launch, serve_from_folder

SECONDS = 90
TOKEN = 'var token = async () => (await fetch("/token")).text();\n'
BOB = """
const bob = new Parley("wss://chat.example/ws", { token: async () => (await fetch("/token?bob")).text() });
"""
SESSION = 'const parley = new Parley("wss://chat.example/ws", { token });\n'
IMPORT = 'import { Parley, ParleyError } from "https://chat.example/client.js";\n'
LISTEN = """
globalThis.printed = [];
const text = (value) => typeof value === "string" ? value : JSON.stringify(value);
console.log = (...values) => printed.push(values.map(text).join(" "));
globalThis.hasPrinted = async (count) => {
    while (printed.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
};
"""


def sections(document):
    """The title of each section that has examples, with pairs of an example and the lines it prints."""
    for section in re.split(r"^## ", document, flags=re.MULTILINE)[1:]:
        blocks = re.findall(r"^```(\w*)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
        examples = []
        for (kind, source), (next_kind, output) in zip(blocks, [*blocks[1:], ("", "")]):
            if kind == "js":
                examples.append((source, output.splitlines() if next_kind == "text" else []))
        if examples:
            yield section.partition("\n")[0], examples


def module(examples, chat, development):
    """The text of a section's module, and all that it prints."""
    lines, code = [], ""
    for source, output in examples:
        lines += output
        code += f"{source}await globalThis.hasPrinted({len(lines)});\n"
    begin = ("" if "import {" in code else IMPORT) + TOKEN
    begin += ("" if "const parley =" in code else SESSION) + (BOB if "bob." in code else "")
    code = begin + re.sub("^const token =", "token =", code, flags=re.MULTILINE)
    code += "globalThis.isOver = true;\n"
    socket = chat.replace("http", "ws", 1)
    code = code.replace("https://chat.example", chat).replace("wss://chat.example", socket)
    plain = "://127.0.0.1:8080"
    code = code.replace("http" + plain, development)
    return code.replace("ws" + plain, development.replace("http", "ws", 1)), lines


def token(secret, user):
    def part(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    rooms = [{"match": "support:*"}, {"match": "news", "can": ["join", "history"]}]
    claims = {"sub": user, "name": user.title(), "exp": int(time.time()) + 600, "rooms": rooms}
    signed = part(b'{"alg":"HS256"}') + b"." + part(json.dumps(claims).encode())
    return signed + b"." + part(hmac.digest(secret, signed, "sha256"))


def serve(port, secret, modules):
    """The page, its modules and its tokens."""

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            path, _, user = self.path.partition("?")
            if path == "/token":
                self.answer(token(secret, user or "ada"), "text/plain")
            elif path in modules:
                self.answer(modules[path].encode(), "text/javascript")
            else:
                self.answer(b"<!doctype html><title>Examples</title><main></main>", "text/html")

        def answer(self, content, kind):
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def run(page, path, title, expected):
    """One section's examples, on a fresh page."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    page.evaluate("path => { const script = document.createElement('script'); script.type = 'module'; "
                  "script.src = path; document.body.append(script); }", path)
    deadline = time.monotonic() + STEP_MS / 1000
    while not page.evaluate("globalThis.isOver === true") and not complaints and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    printed = page.evaluate("globalThis.printed")
    demand(not complaints, f"an example of {title!r} threw {complaints[0] if complaints else ''}")
    for index, (said, wanted) in enumerate(zip([*printed, None], [*expected, None])):
        demand(said == wanted, f"{title!r}: line {index + 1} is {said!r}, the document has {wanted!r}")
    demand(len(printed) == len(expected), f"{title!r}: {printed} was printed, the document has {expected}")


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    chat, development, secret_file, port, *documents = sys.argv[1:]
    bound(SECONDS)
    expect.set_options(timeout=STEP_MS)
    found = [section for document in documents for section in sections(pathlib.Path(document).read_text())]
    joined = [module(examples, chat, development) for _, examples in found]
    modules = {f"/section-{index}.js": code for index, (code, _) in enumerate(joined)}
    serve(int(port), pathlib.Path(secret_file).read_bytes().removesuffix(b"\n"), modules)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
            context.add_init_script(LISTEN)
            serve_from_folder(context, chat)
            serve_from_folder(context, development)
            for path, (title, _), (_, lines) in zip(modules, found, joined):
                page = context.new_page()
                run(page, path, title, lines)
                page.close()
        except (Failure, AssertionError, Error) as error:
            print(f"documents: {error}")
            return 1
        finally:
            browser.close()
    count = sum(len(examples) for _, examples in found)
    print(f"documents: {count} examples of {len(found)} sections do what stands below them")
    return 0 if count else 1


if __name__ == "__main__":
    sys.exit(main())
