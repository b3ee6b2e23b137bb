#!/usr/bin/env python3
"""Two people talk through the page, in two browser windows that share nothing.

Usage: two_windows.py BASE_URL SCREENSHOT_FOLDER

Ann and Bob in one fresh room: both see every message once and in one order, each other in the roster and the
typing mark; a reload and scrolling back show the past; a new name is seen by the other one; and the page
obeys its own security policy without a complaint.
"""
import secrets

from playwright.sync_api import expect

from window import await_texts, composer, demand, main, me, offsets, person, say, texts


def alternate(ann, bob, said):
    """Each answers what the other one said: so the order is known."""
    for number in range(1, 6):
        for page, name in ((ann, "Ann"), (bob, "Bob")):
            said.append(f"{name} says {number}")
            say(page, said[-1])
            await_texts(ann, "Ann", said)
            await_texts(bob, "Bob", said)


def type_slowly(stage, ann, bob):
    """Marks are told once a second, and the last message had one."""
    composer(bob).press_sequentially("hm, let me see", delay=100)
    expect(ann.locator("#typing"), "Ann sees that Bob types").to_contain_text("Bob")
    stage.picture(ann, "two-windows-ann")
    composer(bob).fill("")
    expect(ann.locator("#typing"), "the mark goes when Bob has stopped").to_have_text("")


def write_lines(ann, bob, said):
    """Shift+Enter makes a line; markup is text."""
    said.append("two\nlines <b>and no markup</b>")
    composer(bob).fill("two")
    composer(bob).press("Shift+Enter")
    composer(bob).press_sequentially("lines <b>and no markup</b>")
    composer(bob).press("Enter")
    expect(ann.locator("#messages li[data-offset]")).to_have_count(len(said))


def look_back(bob, room, said):
    bob.reload()
    expect(bob.locator("#messages li[data-offset]", has_text="burst 59")).to_have_count(1)
    expect(me(bob).filter(has_text="Bob"), "Bob is still who he was").to_have_count(1)
    demand(texts(bob) == said[-len(texts(bob)):], f"after a reload Bob sees {texts(bob)}")
    bob.locator("#messages").evaluate("list => { list.scrollTop = 0; }")
    await_texts(bob, "Bob, who scrolled back,", said)
    demand(offsets(bob) == list(range(1, len(said) + 1)), f"the offsets shown are {offsets(bob)}")
    link = bob.locator("#room-list a[aria-current=page]")
    expect(link, "the room list marks the room that is shown").to_contain_text(room)


def change_name(ann, bob, said):
    bob.locator("#name").fill("Robert")
    bob.locator("#name").press("Enter")
    expect(me(bob).filter(has_text="Robert"), "Bob's roster has his new name").to_have_count(1)
    expect(person(ann, "Robert"), "Ann's roster has Bob's new name").to_have_count(1)
    say(bob, "by another name")
    who = ann.locator("#messages li[data-offset]", has_text="by another name").locator(".who")
    expect(who, "what Bob says bears his new name").to_have_text("Robert")
    await_texts(ann, "Ann, after Bob's reconnect,", said + ["by another name"])


def play(stage, base):
    room = f"two-windows-{secrets.token_hex(4)}"
    ann = stage.window(base, room, "Ann")
    bob = stage.window(base, room, "Bob")
    for page, other in ((ann, "Bob"), (bob, "Ann")):
        expect(person(page, other), f"{other} is in the other one's roster").to_have_count(1)
    said = []
    alternate(ann, bob, said)
    type_slowly(stage, ann, bob)
    write_lines(ann, bob, said)
    # Faster than anybody reads, so that the past is longer than what a room opens with.
    for number in range(60):
        said.append(f"burst {number}")
        say(ann, said[-1])
    await_texts(ann, "Ann", said)
    await_texts(bob, "Bob", said)
    look_back(bob, room, said)
    change_name(ann, bob, said)
    return "both saw everything once, in order"


if __name__ == "__main__":
    main(play, seconds=90)
