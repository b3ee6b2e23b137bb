#!/usr/bin/env python3
"""Two tabs of one user, and somebody else: the tabs agree on what was said, seen and written.

Usage: tabs.py BASE_URL SCREENSHOT_FOLDER

Whoever runs this does what `ask` says: `down` kills the server, `up` starts it.
"""
import secrets

from playwright.sync_api import expect

from window import (
    BACK_MS, GONE, ask, await_state, await_texts, demand, drafts, main, me, open_room, person, say,
)

ORPHANS = ["Written in a tab that was closed,", "and this one, too."]


def own(page):
    return page.locator("#messages li.own[data-offset] .text").all_inner_texts()


def agree(tabs, bob, said):
    """Each message once in both tabs, and Ann's own are own in both."""
    for name, page in (("Ann's first tab", tabs[0]), ("Ann's second tab", tabs[1]), ("Bob", bob)):
        await_texts(page, name, said)
    by_ann = [text for text in said if text.startswith("Ann")]
    for tab in tabs:
        demand(own(tab) == by_ann, f"a tab shows as Ann's own: {own(tab)}")
    expect(person(bob, "Ann"), "Bob's roster has Ann once").to_have_count(1)
    expect(bob.locator("#people li"), "Bob's roster has two people").to_have_count(2)


def unread(tab, room):
    return tab.locator(f'#room-list a[data-unread]:not([data-unread="0"])', has_text=room)


def clear_marks(tabs, bob, rooms):
    """What was said where no tab looks is marked in both; looking in one clears it in both."""
    here, there = rooms
    open_room(tabs[0], there)
    expect(tabs[0].locator("#people li"), "the other room is entered").to_have_count(1)
    open_room(tabs[0], here)
    tabs[1].reload()
    for tab in tabs:
        expect(tab.locator("#room-list a", has_text=there), "both tabs list both rooms").to_have_count(1)
    open_room(bob, there)
    for number in range(1, 4):
        say(bob, f"Elsewhere {number}")
    for tab in tabs:
        link = unread(tab, there)
        expect(link, "both tabs mark what was said elsewhere").to_have_attribute("data-unread", "3")
    open_room(tabs[0], there)
    await_texts(tabs[0], "Ann", [f"Elsewhere {number}" for number in range(1, 4)])
    for tab in tabs:
        expect(unread(tab, there), "seen in one tab is seen in both").to_have_count(0)
    for page in (tabs[0], bob):
        open_room(page, here)


def orphan(tabs, bob, said):
    """A tab closed while its drafts wait: the other one sends them, in their order."""
    ask("down")
    for tab in tabs:
        expect(tab.locator("#state")).not_to_have_attribute("data-state", "open")
    for text in ORPHANS:
        say(tabs[1], text)
    expect(drafts(tabs[1]), "what is written waits").to_have_count(len(ORPHANS))
    tabs[1].close(run_before_unload=False)
    ask("up")
    for page in (tabs[0], bob):
        await_state(page, "open", "the page comes back", timeout=BACK_MS)
    for name, page in (("Ann's tab that is left", tabs[0]), ("Bob", bob)):
        expect(page.locator("#messages li[data-offset]")).to_have_count(len(said) + 2, timeout=BACK_MS)
        await_texts(page, name, said + ORPHANS)
    demand(own(tabs[0])[-2:] == ORPHANS, f"the tab that is left shows as own: {own(tabs[0])}")


def play(stage, base):
    mark = secrets.token_hex(4)
    rooms = [f"here-{mark}", f"there-{mark}"]
    first = stage.window(base, rooms[0], "Ann")
    second = stage.tab(first, base, rooms[0])
    bob = stage.window(base, rooms[0], "Bob")
    expect(me(second).filter(has_text="Ann"), "the second tab is Ann's, too").to_have_count(1)
    said = []
    for number in range(1, 4):
        for page, name in ((first, "Ann in one tab"), (second, "Ann in another"), (bob, "Bob")):
            said.append(f"{name} says {number}")
            say(page, said[-1])
            agree((first, second), bob, said)
    clear_marks((first, second), bob, rooms)
    agree((first, second), bob, said)
    stage.picture(second, "tabs-second")
    orphan((first, second), bob, said)
    return "two tabs of one user agreed on what was said, seen and written"


if __name__ == "__main__":
    main(play, seconds=90, allowed=GONE)
