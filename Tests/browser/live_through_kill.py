#!/usr/bin/env python3
"""A page that never reloads lives through `kill -9` of its server.

Usage: live_through_kill.py BASE_URL SCREENSHOT_FOLDER

Whoever runs this does what `ask` says. `down`: kill the server. `publish`: have MISSED published where the
page is not. `up`: start it where it was, and have LATE published at once, whether the page is back by then or
not. While the server is down the page is given a draft. At the end the page shows what the history has, once
and in order, and was loaded once.
"""
from playwright.sync_api import expect

from window import (
    BACK_MS, GONE, ask, await_state, await_texts, demand, drafts, history, main, offsets, say, texts,
)

ROOM = "through-kill"
BEFORE = ["Said before.", "Said before, too."]
MISSED = ["Shipped 1.", "Shipped 2.", "Shipped 3."]
LATE = "Shipped 4."
DRAFT = "Written while the server was down."


def play(stage, base):
    page = stage.window(base, ROOM, "Ann")
    for number, text in enumerate(BEFORE, 1):
        say(page, text)
        await_texts(page, "Ann", BEFORE[:number])
    page.evaluate("window.isFirstLoad = true")

    ask("down")
    state = page.locator("#state")
    # Who hears the page is told of loss and return; what is hidden has no role.
    told = page.get_by_role("status").and_(page.locator("#state-said"))
    expect(state, "the page says that the server is gone").not_to_have_attribute("data-state", "open")
    expect(told, "the loss is read out").to_contain_text("Connection lost.")
    say(page, DRAFT)
    expect(drafts(page, DRAFT), "what is written meanwhile is shown as a draft").to_have_count(1)
    ask("publish")
    demand(texts(page) == BEFORE, f"without a server Ann sees {texts(page)}")

    ask("up")
    await_state(page, "open", "the page comes back by itself", timeout=BACK_MS)
    expect(told, "and the return").to_have_text("Connected again.")
    shown = page.locator("#messages li[data-offset] .text")
    expect(shown.get_by_text(LATE, exact=True), "Ann sees what was said last").to_have_count(1)
    expect(shown.get_by_text(DRAFT, exact=True), "the draft was delivered").to_have_count(1)
    # The last two may be stored in either order; what was missed comes before both.
    said = history(base, ROOM)
    demand(said[:5] == BEFORE + MISSED, f"the history begins with {said[:5]}")
    demand(sorted(said[5:]) == sorted([LATE, DRAFT]), f"the history ends with {said[5:]}")
    await_texts(page, "Ann", said)

    say(page, "And on.")
    await_texts(page, "Ann", [*said, "And on."])
    demand(offsets(page) == list(range(1, 9)), f"the offsets shown are {offsets(page)}")
    demand(page.evaluate("window.isFirstLoad") is True, "the page was loaded again")
    stage.picture(page, "through-kill")
    return "the page outlived its server, and sent its draft once"


if __name__ == "__main__":
    main(play, allowed=GONE)
