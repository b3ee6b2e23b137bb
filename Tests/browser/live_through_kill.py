#!/usr/bin/env python3
"""A page that never reloads lives through `kill -9` of its server.

Usage: live_through_kill.py BASE_URL SCREENSHOT_FOLDER

The server belongs to whoever runs this: a line on standard output says what is to be done to it, the same
line on standard input that it is done. `down`: kill it. `publish`: have MISSED published where the page is
not. `up`: start it where it was, and have LATE published at once, whether the page is back by then or not.
While the server is down the page is given a draft. At the end the page shows what the history has, once and
in order, and was loaded once. Ends with 1 and a sentence where not.
"""
import json
import pathlib
import sys
import urllib.request

from playwright.sync_api import Error, expect, sync_playwright

from window import Failure, STEP_MS, await_texts, bound, demand, launch, offsets, open_window, say, texts

SECONDS = 60
# Tries are at most 20 s apart.
BACK_MS = 30_000
ROOM = "through-kill"
BEFORE = ["Said before.", "Said before, too."]
MISSED = ["Shipped 1.", "Shipped 2.", "Shipped 3."]
LATE = "Shipped 4."
DRAFT = "Written while the server was down."


def ask(word):
    """Has the server's owner do something, and waits until it is done."""
    print(word, flush=True)
    demand(sys.stdin.readline().strip() == word, f"nobody did what {word!r} asks for")


def history(base):
    """What the room's history says was said."""
    with urllib.request.urlopen(f"{base}/api/v1/rooms/{ROOM}/publications?limit=100", timeout=10) as answer:
        publications = json.load(answer)["publications"]
    return [publication["body"]["text"] for publication in publications]


def live(page, base):
    """What happens to the page, from its first message to the last."""
    for number, text in enumerate(BEFORE, 1):
        say(page, text)
        await_texts(page, "Ann", BEFORE[:number])
    page.evaluate("window.isFirstLoad = true")

    ask("down")
    state = page.locator("#state")
    expect(state, "the page says that the server is gone").not_to_have_attribute("data-state", "open")
    say(page, DRAFT)
    waiting = page.locator("#messages li.draft .text")
    expect(waiting, "what is written meanwhile is shown as a draft").to_have_text(DRAFT)
    ask("publish")
    demand(texts(page) == BEFORE, f"without a server Ann sees {texts(page)}")

    ask("up")
    expect(state, "the page comes back by itself").to_have_attribute("data-state", "open", timeout=BACK_MS)
    shown = page.locator("#messages li[data-offset] .text")
    expect(shown.get_by_text(LATE, exact=True), "Ann sees what was said last").to_have_count(1)
    expect(shown.get_by_text(DRAFT, exact=True), "the draft was delivered").to_have_count(1)
    # The last two may be stored in either order; what was missed comes before both.
    said = history(base)
    demand(said[:5] == BEFORE + MISSED, f"the history begins with {said[:5]}")
    demand(sorted(said[5:]) == sorted([LATE, DRAFT]), f"the history ends with {said[5:]}")
    await_texts(page, "Ann", said)

    say(page, "And on.")
    await_texts(page, "Ann", [*said, "And on."])
    demand(offsets(page) == list(range(1, 9)), f"the offsets shown are {offsets(page)}")
    demand(page.evaluate("window.isFirstLoad") is True, "the page was loaded again")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    base = sys.argv[1].rstrip("/")
    folder = pathlib.Path(sys.argv[2])
    bound(SECONDS)
    expect.set_options(timeout=STEP_MS)
    complaints = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = None
        try:
            page = open_window(browser, base, ROOM, "Ann", complaints)
            live(page, base)
            # That nobody listens there is the browser's own complaint, and true.
            odd = [complaint for complaint in complaints if "WebSocket connection to" not in complaint]
            demand(not odd, "; ".join(odd))
            page.screenshot(path=folder / "through-kill.png")
        except (Failure, AssertionError, Error) as error:
            if page:
                page.screenshot(path=folder / "failed-through-kill.png")
            print(f"live_through_kill: {error}")
            return 1
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
