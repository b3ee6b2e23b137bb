"""What the browser tests share: windows of Debian's Chromium on the chat page, and what a person does there.

With PARLEY_ASSETS=Sources/BrowserClient/Assets the page's files come from that folder instead of the binary:
what was just changed is tried without a build. `make test` never does that.
"""
import json
import os
import pathlib
import re
import signal

from playwright.sync_api import expect

STEP_MS = 10_000
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


class Failure(Exception):
    """What was expected and did not happen, as a sentence."""


def demand(truth, sentence):
    if not truth:
        raise Failure(sentence)


def open_window(browser, base, room, name, complaints, frames=None):
    """A page in a context of its own, in the room, under a name; `frames` gets what its WebSockets carry."""

    def hear(message):
        if message.type == "error":
            complaints.append(f"{name}'s console: {message.text}")

    context = browser.new_context(viewport={"width": 1000, "height": 700}, color_scheme="light")
    context.set_default_timeout(STEP_MS)
    # A reload must not undo what the page stored itself.
    context.add_init_script(f"localStorage['parley:name'] ??= '{name}'")
    serve_from_folder(context, base)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"{name}'s page threw: {error}"))
    page.on("console", hear)
    if frames is not None:
        page.on("websocket", lambda socket: overhear(socket, frames))
    page.goto(f"{base}/#{room}")
    expect(page.locator("#state")).to_have_attribute("data-state", "open")
    expect(page.locator("#people li", has_text=f"{name} (you)"), f"{name} is in the roster").to_have_count(1)
    return page


def overhear(socket, frames):
    """Adds each message of a WebSocket, with its direction."""

    def note(direction):
        def each(payload):
            frames.extend((direction, json.loads(line)) for line in payload.split("\n") if line)

        return each

    socket.on("framesent", note("sent"))
    socket.on("framereceived", note("received"))


def say(page, text):
    page.locator("#composer textarea").fill(text)
    page.locator("#composer textarea").press("Enter")


def texts(page):
    """What the page shows as said, drafts left out."""
    return page.locator("#messages li[data-offset] .text").all_inner_texts()


def offsets(page):
    """The offsets of what the page shows, from top to bottom."""
    said = page.locator("#messages li[data-offset]")
    return said.evaluate_all("items => items.map(item => +item.dataset.offset)")


def await_texts(page, name, wanted):
    said = page.locator("#messages li[data-offset]")
    last = said.locator(".text", has_text=re.compile(rf"^{re.escape(wanted[-1])}$"))
    expect(last, f"{name} sees {wanted[-1]!r}").to_have_count(1)
    expect(said, f"{name} sees each message once").to_have_count(len(wanted))
    expect(page.locator("#messages li.draft"), f"{name} has no draft left").to_have_count(0)
    demand(texts(page) == wanted, f"{name} sees {texts(page)} instead of {wanted}")


def bound(seconds):
    """Whatever hangs, hangs no longer than this."""

    def end(*_):
        print(f"not finished after {seconds} s", flush=True)
        os._exit(1)

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)


def serve_from_folder(context, base):
    """Where PARLEY_ASSETS says so, answers for the page's files with what lies in that folder, under the page's
    own policy."""
    if "PARLEY_ASSETS" not in os.environ:
        return
    folder = pathlib.Path(os.environ["PARLEY_ASSETS"])
    policy = {}

    def answer(route):
        if not policy:
            name = "content-security-policy"
            policy[name] = route.fetch(url=f"{base}/", headers={}).headers[name]
            # As the server says of client.js: pages of other origins load it.
            policy["access-control-allow-origin"] = "*"
        path = route.request.url.removeprefix(base).split("?")[0].split("#")[0]
        if path == "/client.js":
            text = 'export * from "/client/client.js";'
            return route.fulfill(body=text, headers=policy | {"content-type": TYPES[".js"]})
        file = folder / ("page/index.html" if path == "/" else path[1:])
        kind = TYPES.get(file.suffix)
        if kind is None or not file.is_file():
            return route.continue_()
        return route.fulfill(body=file.read_bytes(), headers=policy | {"content-type": f"{kind}; charset=utf-8"})

    context.route(re.compile(re.escape(base) + r"/($|[?#]|client|page/)"), answer)


def launch(playwright):
    """Debian's Chromium."""
    arguments = ["--no-sandbox"]
    if "PARLEY_ASSETS" in os.environ:
        # Files that come from a test seem to come from far away, and may not speak to loopback.
        arguments.append("--disable-features=LocalNetworkAccessChecks")
    return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
