#!/usr/bin/env python3
"""Two people write for 10 s while their network is cut; then everybody has everything once, in one order.

Usage: offline.py BASE BASE_BOB BASE_CY SCREENSHOT_FOLDER

Ann's device knows that its network is gone; her WebSocket does not, it only stalls. Cy's cable is silent and
nobody tells him: what he sends goes nowhere, and is lost with his connection. Bob, on the other instance,
writes all the time. Whoever runs this does what `ask` says: `silence` Cy's cable, `mend` it.
"""
import secrets

from playwright.sync_api import expect

from window import (
    BACK_MS, GONE, ask, await_state, await_texts, demand, drafts, history, main, offsets, say, texts,
)

SECONDS = 10
BEFORE = "Before the tunnel."


def written(name):
    return [f"{name} in the tunnel, {number}" for number in range(1, SECONDS + 1)]


def tunnel(ann, bob, cy):
    """One message of each, each second."""
    for ten in zip(*map(written, ("Ann", "Bob", "Cy"))):
        for page, text in zip((ann, bob, cy), ten):
            say(page, text)
        bob.wait_for_timeout(1000)


def check_order(room, pages, base):
    """Everybody sees what the history has, each writer's messages in his own order."""
    said = history(base, room)
    demand(len(said) == 1 + 3 * SECONDS, f"the history has {len(said)} messages: {said}")
    for name in ("Ann", "Bob", "Cy"):
        own = [text for text in said if text.startswith(name)]
        demand(own == written(name), f"{name}'s messages were stored as {own}")
    for name, page in pages.items():
        await_texts(page, name, said)
        demand(offsets(page) == list(range(1, len(said) + 1)), f"{name} sees the offsets {offsets(page)}")
        demand(page.evaluate("window.isFirstLoad") is True, f"{name}'s page was loaded again")


def play(stage, base, base_bob, base_cy):
    room = f"offline-{secrets.token_hex(4)}"
    pages = {
        "Ann": stage.window(base, room, "Ann"),
        "Bob": stage.window(base_bob, room, "Bob"),
        "Cy": stage.window(base_cy, room, "Cy"),
    }
    ann, bob, cy = pages.values()
    say(ann, BEFORE)
    for name, page in pages.items():
        await_texts(page, name, [BEFORE])
        page.evaluate("window.isFirstLoad = true")

    ann.context.set_offline(True)
    ask("silence")
    tunnel(ann, bob, cy)
    await_state(ann, "offline", "Ann's page says that she is offline")
    expect(drafts(ann, state="waiting"), "Ann's messages are shown as waiting").to_have_count(SECONDS)
    expect(drafts(cy), "Cy's messages are shown as not sent yet").to_have_count(SECONDS)
    for page, name in ((ann, "Ann"), (cy, "Cy")):
        marks = drafts(page).locator(".mark").all_inner_texts()
        demand(len(marks) == SECONDS and all(marks), f"{name}'s drafts are marked {marks}")
        demand(texts(page) == [BEFORE], f"{name} sees {texts(page)} in the tunnel")
    expect(ann.locator("#state"), "the page says it in words").to_contain_text("offline")
    stage.picture(ann, "offline-ann")

    ask("mend")
    ann.context.set_offline(False)
    for page in (ann, cy):
        await_state(page, "open", "the page comes back by itself", timeout=BACK_MS)
    for name, page in pages.items():
        expect(drafts(page), f"{name} has no draft left").to_have_count(0, timeout=BACK_MS)
        shown = page.locator("#messages li[data-offset]")
        expect(shown, f"{name} sees everything once").to_have_count(1 + 3 * SECONDS, timeout=BACK_MS)
    check_order(room, pages, base_bob)
    stage.picture(ann, "offline-ann-back")
    return f"after {SECONDS} s without network everybody has everything once, in one order"


if __name__ == "__main__":
    main(play, seconds=90, allowed=GONE)
