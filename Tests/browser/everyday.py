#!/usr/bin/env python3
"""What people do all day: they hear, read, look away, go to what is new, and leave.

Usage: everyday.py BASE_URL SCREENSHOT_FOLDER
"""
import secrets

from playwright.sync_api import expect

from window import composer, demand, main, open_room, say

LONG = "\n".join(f"Line {number} of a long message" for number in range(200))
LOOK = """(visibility) => {
    Object.defineProperty(document, "visibilityState", { value: visibility, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""


def named(ann):
    """Fields have labels of their own: what stands in an empty one is none, though axe takes it for one."""
    for field, label in (("#name", "Your name"), ("#room", "Open a room"), ("#text", "Message to ")):
        told = ann.locator(field).evaluate("field => field.labels[0]?.textContent ?? ''")
        demand(told.startswith(label), f"{field} is labelled {told!r}")


def hear(ann, bob):
    """A screen reader is told what others say, and how the connection is."""
    expect(ann.locator("#announcer")).to_have_attribute("aria-live", "polite")
    expect(ann.locator("#state-said")).to_have_attribute("role", "status")
    say(bob, "Do you hear me?")
    expect(ann.locator("#announcer"), "what Bob says is read out").to_have_text("Bob: Do you hear me?")


def read(ann, bob):
    """Days, links, code, other scripts, and what is long."""
    expect(ann.locator("#messages li.day"), "the day is named").to_have_text("Today")
    say(bob, "See https://example.com/a?b=1, please.")
    link = ann.locator("#messages .text a")
    expect(link).to_have_attribute("href", "https://example.com/a?b=1")
    expect(link).to_have_attribute("target", "_blank")
    say(bob, "```\nswift build\n```")
    expect(ann.locator("#messages .text pre code")).to_have_text("swift build")
    say(bob, "שלום לכולם")
    hebrew = ann.locator("#messages .text", has_text="שלום")
    expect(hebrew, "Hebrew runs from right to left").to_have_css("direction", "rtl")
    say(bob, LONG)
    last = ann.locator("#messages .text", has_text="Line 0 of")
    expect(last, "of a long message a part is shown").not_to_contain_text("Line 199 of")
    ann.get_by_role("button", name="Show all").click()
    expect(last, "and all of it, where one wants").to_contain_text("Line 199 of")


def look_away(ann, bob, room):
    """What is said while nobody looks is counted, and marked when somebody looks again."""
    ann.keyboard.press("Escape")
    ann.evaluate(LOOK, "hidden")
    say(bob, "Are you there?")
    expect(ann, "the window's title counts it").to_have_title(f"(1) {room} – Parley")
    ann.evaluate(LOOK, "visible")
    expect(ann.locator("#messages li.divider"), "it stands below a line").to_have_count(1)
    expect(ann, "what was seen is counted no longer").to_have_title(f"{room} – Parley")


def go(ann, bob, rooms):
    """By the keyboard past rooms with nothing new; Escape leads back to the end and the message box."""
    here, quiet, busy = rooms
    for room in (quiet, busy, here):
        open_room(ann, room)
        expect(ann.locator("#people li")).not_to_have_count(0)
    open_room(bob, busy)
    say(bob, "Here!")
    link = ann.locator("#room-list a", has_text=busy)
    expect(link.locator(".badge"), "the number is to be seen").to_have_text("1")
    expect(link.locator(".badge")).to_be_visible()
    ann.keyboard.press("Alt+Shift+ArrowDown")
    expect(ann.locator("#room-title"), "rooms with nothing new are passed over").to_have_text(busy)
    ann.locator("#messages").focus()
    ann.keyboard.press("?")
    expect(ann.locator("#keys-dialog"), "a question mark shows the keys").to_be_visible()
    ann.keyboard.press("Escape")
    open_room(ann, here)
    ann.set_viewport_size({"width": 1000, "height": 400})
    ann.locator("#messages").focus()
    ann.keyboard.press("Home")
    expect(ann.locator("#jump")).to_be_visible()
    ann.keyboard.press("Escape")
    expect(ann.locator("#jump"), "Escape leads to the newest").to_be_hidden()
    expect(composer(ann), "and to the message box").to_be_focused()


def leave(ann, rooms):
    """A room is left, a name that is none is told, people are put away and come back."""
    ann.locator("#room").fill("all*")
    ann.locator("#room").press("Enter")
    expect(ann.get_by_role("alert"), "it is said what is wrong with a name").to_contain_text("*")
    ann.locator("#open-people").click()
    expect(ann.locator("#people-panel"), "the people go").to_be_hidden()
    ann.locator("#open-people").click()
    expect(ann.locator("#people-panel"), "and come back").to_be_visible()
    expect(ann.locator("#people-count"), "there are as many as there are").to_have_text("2")
    ann.locator("#leave").click()
    expect(ann.locator("#room-list a", has_text=rooms[0]), "the room is off the list").to_have_count(0)
    expect(ann.locator("#room-title"), "another one is shown").not_to_have_text(rooms[0])


def play(stage, base):
    mark = secrets.token_hex(4)
    rooms = [f"a-{mark}", f"b-{mark}", f"c-{mark}"]
    ann, bob = (stage.window(base, rooms[0], name) for name in ("Ann", "Bob"))
    named(ann)
    hear(ann, bob)
    read(ann, bob)
    look_away(ann, bob, rooms[0])
    go(ann, bob, rooms)
    leave(ann, rooms)
    return "what is heard, read, missed and left"


if __name__ == "__main__":
    main(play)
