"""What the browser tests share: windows of Debian's Chromium on the chat page, and what a person does there.

With PARLEY_ASSETS=Sources/BrowserClient/Assets the page's files come from that folder instead of the binary:
what was just changed is tried without a build. `make test` never does that.
"""
import contextlib
import inspect
import json
import os
import pathlib
import re
import signal
import sys
import time
import urllib.request

from playwright.sync_api import Error, expect, sync_playwright

STEP_MS = 10_000
# The client's tries are at most 20 s apart.
BACK_MS = 30_000
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
# Where nobody listens the browser complains by itself, and is right.
GONE = ("WebSocket connection to", "net::ERR_")
# The client asks by plain HTTP why a handshake was refused; a server that would not refuse it says so, and
# the browser notes that.
UPGRADE = "status of 426"


class Failure(Exception):
    """What was expected and did not happen, as a sentence."""


def demand(truth, sentence):
    if not truth:
        raise Failure(sentence)


class Stage:
    """One Chromium with all the windows of a script, and what they complained of."""

    def __init__(self, browser, folder):
        self.browser = browser
        self.folder = folder
        self.complaints = []

    def window(self, base, room, name, frames=None, **look):
        """Somebody's window in a context of its own."""
        return open_window(self.browser, base.rstrip("/"), room, name, self.complaints, frames, **look)

    def guest(self, base, token, room, name, frames=None, **look):
        """The window of somebody who comes by a link with a token."""
        return self.window(base, f"token={token}&room={room}", name, frames, **look)

    def tab(self, page, base, room):
        """One more tab of the same browser: what it stores is shared."""
        return open_tab(page.context, base.rstrip("/"), room, self.complaints, "the second tab")

    def picture(self, page, name):
        page.screenshot(path=self.folder / f"{name}.png")

    def pages(self):
        return [page for context in self.browser.contexts for page in context.pages]


def main(play, seconds=60, allowed=()):
    """A script as the program it is: SCRIPT BASE_URL... SCREENSHOT_FOLDER.

    `play(stage, base...)` plays it within its time and returns the sentence to print. Where it fails, the
    sentence says what, every window is pictured, and the status is 1. A window's complaints fail it too, but
    those that hold one of `allowed`.
    """
    name = pathlib.Path(sys.argv[0]).stem
    bases = len(inspect.signature(play).parameters) - 1
    if len(sys.argv) != bases + 2:
        sys.exit(sys.modules["__main__"].__doc__)
    folder = pathlib.Path(sys.argv[-1])
    folder.mkdir(parents=True, exist_ok=True)
    bound(seconds)
    expect.set_options(timeout=STEP_MS)
    with sync_playwright() as playwright:
        stage = Stage(launch(playwright), folder)
        try:
            line = play(stage, *sys.argv[1:-1])
            odd = [said for said in stage.complaints if not any(part in said for part in allowed)]
            demand(not odd, "; ".join(odd))
        except (Failure, AssertionError, Error) as error:
            # Playwright adds all of the page, as words.
            print(f"{name}: {str(error).partition('Aria snapshot:')[0]}", flush=True)
            print("; ".join(stage.complaints[:5]), flush=True)
            for number, page in enumerate(stage.pages(), 1):
                # A window that cannot be pictured must not hide why.
                with contextlib.suppress(Error):
                    stage.picture(page, f"failed-{name}-{number}")
            sys.exit(1)
        finally:
            stage.browser.close()
    print(f"{name}: {line}", flush=True)


def ask(word, *details):
    """Has whoever runs this script do something to its servers, waits until it is done, and returns what came
    of it. A line on standard output says what; the same word and the outcome come back on standard input."""
    print(" ".join([word, *details]), flush=True)
    answer, _, outcome = sys.stdin.readline().strip().partition(" ")
    demand(answer == word, f"nobody did what {word!r} asks for")
    return outcome


def open_window(browser, base, room, name, complaints, frames=None, **look):
    """A page in a context of its own, in the room, under a name; `frames` gets what its WebSockets carry.
    `look` is for the context: a viewport, a colour scheme."""
    look = {"viewport": {"width": 1000, "height": 700}, "color_scheme": "light"} | look
    context = browser.new_context(**look)
    context.set_default_timeout(STEP_MS)
    # A reload must not undo what the page stored itself.
    context.add_init_script(f"localStorage['parley:name'] ??= {json.dumps(name)}")
    serve_from_folder(context, base)
    page = open_tab(context, base, room, complaints, name, frames)
    expect(me(page).filter(has_text=name), f"{name} is in the roster").to_have_count(1)
    return page


def open_tab(context, base, room, complaints, name, frames=None):
    """A page in a context, in the room, connected; `room` may be a whole fragment, with a token."""

    def hear(message):
        is_upgrade = UPGRADE in message.text and message.location["url"].endswith("/ws")
        if message.type == "error" and not is_upgrade:
            complaints.append(f"{name}'s console: {message.text}")

    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"{name}'s page threw: {error}"))
    page.on("console", hear)
    if frames is not None:
        page.on("websocket", lambda socket: overhear(socket, frames))
    page.goto(f"{base}/#{room}")
    expect(page.locator("#state")).to_have_attribute("data-state", "open")
    return page


def follow_link(page, base, token, room):
    """Opens a link with a token in the tab where the page is already: only the fragment changes, and the page
    loads itself anew."""
    with page.expect_event("load"):
        page.goto(f"{base.rstrip('/')}/#token={token}&room={room}")
    await_state(page, "open", "the page goes on with the other token", timeout=BACK_MS)


def overhear(socket, frames):
    """Adds each message of a WebSocket, with its direction."""

    def note(direction):
        def each(payload):
            frames.extend((direction, json.loads(line)) for line in payload.split("\n") if line)

        return each

    socket.on("framesent", note("sent"))
    socket.on("framereceived", note("received"))


def composer(page):
    return page.locator("#composer textarea")


def say(page, text):
    composer(page).fill(text)
    composer(page).press("Enter")


def me(page):
    """One's own line in the roster."""
    return page.locator("#people li", has_text="you")


def person(page, name):
    """Somebody else's line in the roster."""
    return page.locator("#people li", has_text=re.compile(rf"{re.escape(name)}\s*$"))


def open_room(page, room):
    page.locator("#room").fill(room)
    page.locator("#room").press("Enter")
    expect(page.locator("#room-title"), "the room is opened").to_contain_text(room)


def drafts(page, text=None, state=None):
    """Messages on their way: all, or those of a text or in a state."""
    mark = "" if state is None else f'[data-state="{state}"]'
    found = page.locator(f"#messages li.draft{mark}")
    return found if text is None else found.filter(has=page.locator(".text", has_text=text))


def await_state(page, state, sentence, timeout=STEP_MS):
    expect(page.locator("#state"), sentence).to_have_attribute("data-state", state, timeout=timeout)


def until(page, expression, sentence, argument=None):
    """Waits until it is true. The page's policy forbids wait_for_function, which evaluates in the page."""
    end = time.monotonic() + STEP_MS / 1000
    while not page.evaluate(expression, argument):
        demand(time.monotonic() < end, sentence)
        page.wait_for_timeout(20)


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


def history(base, room, limit=200):
    """What the room's history says was said."""
    address = f"{base.rstrip('/')}/api/v1/rooms/{room}/publications?limit={limit}"
    with urllib.request.urlopen(address, timeout=10) as answer:
        publications = json.load(answer)["publications"]
    return [publication["body"]["text"] for publication in publications]


def bound(seconds):
    """Whatever hangs, hangs no longer than this."""

    def end(*_):
        print(f"not finished after {seconds} s", flush=True)
        os._exit(1)

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)


def serve_from_folder(context, base):
    """Where PARLEY_ASSETS says so, answers for the page's files with what lies in that folder, under the
    page's own policy."""
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
        headers = policy | {"content-type": f"{kind}; charset=utf-8"}
        return route.fulfill(body=file.read_bytes(), headers=headers)

    context.route(re.compile(re.escape(base) + r"/($|[?#]|client|page/)"), answer)


def served_text(route):
    """The text of a page's file as it would be served without this route."""
    path = route.request.url.split("/", 3)[3].split("?")[0]
    folder = os.environ.get("PARLEY_ASSETS")
    return route.fetch().text() if folder is None else (pathlib.Path(folder) / path).read_text()


def launch(playwright):
    """Debian's Chromium."""
    arguments = ["--no-sandbox"]
    if "PARLEY_ASSETS" in os.environ:
        # Files that come from a test seem to come from far away, and may not speak to loopback.
        arguments.append("--disable-features=LocalNetworkAccessChecks")
    # Where the servers speak TLS, the authority they are believed for stands in a HOME of the test's own.
    home = os.environ.get("TEST_HOME")
    environment = dict(os.environ, HOME=home) if home else None
    return playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=arguments, env=environment
    )
