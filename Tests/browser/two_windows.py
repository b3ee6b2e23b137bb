#!/usr/bin/env python3
"""Two people talk through the page, in two browser windows that share nothing.

Usage: two_windows.py BASE_URL SCREENSHOT_FOLDER

Opens BASE_URL in two contexts of Debian's Chromium, as Ann and as Bob, in one fresh room. Checks that both
see every message once and in one order, each other in the roster and the typing mark; that a reload and
scrolling back show the past; and that the page obeys its own security policy without a complaint. Ends with 1
and a sentence where not.
"""
import pathlib
import re
import secrets
import sys

from playwright.sync_api import Error, expect, sync_playwright

from window import STEP_MS, Failure, await_texts, bound, demand, launch, offsets, open_window, say, texts

SECONDS = 120


def talk(browser, base, folder):
    room = f"two-windows-{secrets.token_hex(4)}"
    complaints = []
    ann = open_window(browser, base, room, "Ann", complaints)
    bob = open_window(browser, base, room, "Bob", complaints)

    for page, other in ((ann, "Bob"), (bob, "Ann")):
        here = page.locator("#people li", has_text=re.compile(rf"^{other}$"))
        expect(here, f"{other} is in the other one's roster").to_have_count(1)

    said = []
    for number in range(1, 6):
        for page, name in ((ann, "Ann"), (bob, "Bob")):
            said.append(f"{name} says {number}")
            say(page, said[-1])
            # The next one answers what it saw: so the order is known.
            await_texts(ann, "Ann", said)
            await_texts(bob, "Bob", said)

    # Slowly: marks are told once a second, and the last message had one.
    bob.locator("#composer textarea").press_sequentially("hm, let me see", delay=150)
    expect(ann.locator("#typing"), "Ann sees that Bob types").to_contain_text("Bob")
    ann.screenshot(path=folder / "ann.png")
    bob.locator("#composer textarea").fill("")
    expect(ann.locator("#typing"), "the mark goes when Bob has stopped").to_have_text("")

    said.append("two\nlines <b>and no markup</b>")
    bob.locator("#composer textarea").fill("two")
    bob.locator("#composer textarea").press("Shift+Enter")
    bob.locator("#composer textarea").press_sequentially("lines <b>and no markup</b>")
    bob.locator("#composer textarea").press("Enter")
    expect(ann.locator("#messages li[data-offset]")).to_have_count(len(said))

    # Faster than anybody reads, so that the past is longer than what a room opens with.
    for number in range(60):
        said.append(f"burst {number}")
        say(ann, said[-1])
    await_texts(ann, "Ann", said)
    await_texts(bob, "Bob", said)

    bob.reload()
    expect(bob.locator("#messages li[data-offset]", has_text="burst 59")).to_have_count(1)
    expect(bob.locator("#people li", has_text="Bob (you)"), "Bob is still who he was").to_have_count(1)
    demand(texts(bob) == said[-len(texts(bob)):], f"after a reload Bob sees {texts(bob)}")
    bob.locator("#messages").evaluate("list => { list.scrollTop = 0; }")
    await_texts(bob, "Bob, who scrolled back,", said)
    demand(offsets(bob) == list(range(1, len(said) + 1)), f"the offsets shown are {offsets(bob)}")

    bob.emulate_media(color_scheme="dark")
    bob.screenshot(path=folder / "bob-dark.png")
    bob.set_viewport_size({"width": 390, "height": 800})
    width = bob.evaluate("document.documentElement.scrollWidth")
    demand(width <= 390, f"on a telephone the page is {width} pixels wide")
    bob.screenshot(path=folder / "bob-telephone.png")
    link = bob.locator("#room-list a[aria-current=page]")
    demand(link.inner_text() == room, "the room list marks the room that is shown")

    bob.locator("#name").fill("Robert")
    bob.locator("#name").press("Enter")
    here = bob.locator("#people li", has_text="Robert (you)")
    expect(here, "Bob's roster has his new name").to_have_count(1)
    here = ann.locator("#people li", has_text=re.compile(r"^Robert$"))
    expect(here, "Ann's roster has Bob's new name").to_have_count(1)
    say(bob, "by another name")
    who = ann.locator("#messages li[data-offset]", has_text="by another name").locator(".who")
    expect(who, "what Bob says bears his new name").to_have_text("Robert")
    demand(texts(ann) == said + ["by another name"], f"after Bob's reconnect Ann sees {texts(ann)}")
    demand(not complaints, "; ".join(complaints))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    base = sys.argv[1].rstrip("/")
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    bound(SECONDS)
    expect.set_options(timeout=STEP_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            talk(browser, base, folder)
        except (Failure, AssertionError, Error) as error:
            for index, page in enumerate(page for context in browser.contexts for page in context.pages):
                page.screenshot(path=folder / f"failed-{index}.png")
            print(f"two_windows: {error}")
            return 1
        finally:
            browser.close()
    print("two_windows: both saw everything once, in order")
    return 0


if __name__ == "__main__":
    sys.exit(main())
