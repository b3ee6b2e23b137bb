#!/usr/bin/env python3
"""Takes the pictures of the page that docs/screenshots keeps: each state, in both themes, at both widths.

Usage: screenshots.py BASE_URL FOLDER [STATE]...

BASE_URL is a server in development mode with an empty archive:

    parley serve --listen 127.0.0.1:21200 --archive memory:

With PARLEY_ASSETS the page's files come from that folder, as in Tests/browser/window.py.
"""
import json
import pathlib
import re
import sys

from playwright.sync_api import expect, sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "browser"))
from screenshot_stage import PEOPLE, TALK, LONG, Backstage, Scene  # noqa: E402
from window import launch  # noqa: E402

ALL = ("desktop-light", "desktop-dark", "phone-light", "phone-dark")
DESKTOP = ("desktop-light", "desktop-dark")
PHONE = ("phone-light", "phone-dark")
STATES = {}


def state(*looks):
    """A state of the page, and in which looks its picture is kept."""

    def register(function):
        STATES[function.__name__.replace("_", "-")] = (function, looks)
        return function

    return register


@state(*ALL)
def first_visit(scene, room):
    scene.open(room("lobby"), token=False)


@state(*ALL)
def conversation(scene, room):
    here = room("release 2.4")
    scene.backstage.fill(here, TALK)
    sessions = [scene.backstage.come(user, here) for user in PEOPLE if user not in ("me", "long")]
    for other in ("lobby", "design", "on call", "support:42"):
        scene.backstage.say(room(other), 90, "sa", "Good morning.")
    page = scene.open(room("lobby"))
    for other in ("design", "on call", "support:42"):
        visit(page, room(other))
    visit(page, here)
    expect(page.locator("#people li")).to_have_count(6)
    for count in range(3):
        scene.backstage.say(room("support:42"), 2 - count, "sa", "Somebody asks for a refund.")
    expect(page.locator("a[data-unread='3']")).to_have_count(1)
    sessions[0].send(json.dumps({"typing": {"room": here}}))
    expect(page.locator("#typing")).to_contain_text("Mira")


@state(*ALL)
def long_words(scene, room):
    here = room("a-room-with-a-name-that-goes-on-and-on-" * 3)
    scene.backstage.fill(here, LONG)
    for user in ("long", "noam", "jberg"):
        scene.backstage.come(user, here)
    page = scene.open(here)
    expect(page.locator("#people li")).to_have_count(4)


@state(*ALL)
def failed(scene, room):
    here = room("release 2.4")
    scene.backstage.fill(here, TALK[-5:])
    page = scene.open(here)
    scene.stand_in.failing = {"code": 113, "name": "refused",
        "message": "The archive cannot store this message."}
    scene.say("This one the archive does not take.")
    expect(page.locator("button.retry")).to_be_visible()
    scene.stand_in.failing = None
    scene.stand_in.silent = True
    scene.say("And this one is on its way.")
    expect(page.locator("[data-state=sending]")).to_have_count(1)


@state(*ALL)
def connection_lost(scene, room):
    here = room("release 2.4")
    scene.backstage.fill(here, TALK[-5:])
    page = scene.open(here)
    scene.stand_in.drop(afterMs=8000)
    expect(page.locator("#state")).to_have_attribute("data-state", "waiting")
    scene.say("I write this in a tunnel.")
    expect(page.locator("li[data-state=waiting]")).to_have_count(1)


@state(*ALL)
def offline(scene, room):
    here = room("release 2.4")
    scene.backstage.fill(here, TALK[-5:])
    page = scene.open(here)
    scene.context.set_offline(True)
    scene.stand_in.drop()
    expect(page.locator("#state")).to_have_attribute("data-state", "offline")


@state(*ALL)
def stopped(scene, room):
    here = room("release 2.4")
    scene.backstage.fill(here, TALK[-5:])
    page = scene.open(here)
    scene.write("What I was about to say")
    for socket in scene.stand_in.sockets:
        socket.close(code=4502, reason=json.dumps({"reason": "The token has expired."}))
    expect(page.locator("#state")).to_have_attribute("data-state", "stopped")


@state(*ALL)
def unread(scene, room):
    here = room("release 2.4")
    scene.backstage.fill(here, TALK)
    page = scene.open(room("lobby"))
    visit(page, here)
    visit(page, room("lobby"))
    for number in range(30):
        who = "jberg" if number % 7 else "lea"
        scene.backstage.say(here, 3, who, f"Step {number + 1} of the roll-out is done.")
    expect(page.locator("a[data-unread='30']")).to_have_count(1)
    visit(page, here)
    expect(page.locator("li.divider")).to_be_visible()
    expect(page.locator("#jump")).to_be_visible()


@state(*ALL)
def refused(scene, room):
    scene.stand_in.refused_rooms = (room("board:7"),)
    page = scene.open(room("lobby"))
    visit(page, room("board:7"))
    expect(page.locator("#blank")).to_be_visible()


@state(*ALL)
def no_room(scene, room):
    page = scene.open(room("lobby"))
    page.evaluate("location.hash = ''")
    expect(page.locator("#blank")).to_be_visible()


@state(*PHONE)
def rooms_on_a_phone(scene, room):
    conversation(scene, room)
    scene.page.locator("#open-rooms").click()


@state(*PHONE)
def people_on_a_phone(scene, room):
    conversation(scene, room)
    scene.page.locator("#open-people").click()


@state(*DESKTOP)
def shortcuts(scene, room):
    conversation(scene, room)
    scene.page.locator("#keys").click()


@state(*DESKTOP)
def room_name(scene, room):
    page = scene.open(room("lobby"), token=False)
    page.locator("#room").fill("all*")
    page.locator("#room").press("Enter")


@state(*ALL)
def too_long(scene, room):
    scene.open(room("lobby"))
    scene.write("Dear all, " + "this goes on for far too long. " * 1100)


@state(*ALL)
def read_only(scene, room):
    here = room("announcements")
    scene.backstage.fill(here, TALK[-5:-1])
    page = scene.open(here)
    scene.stand_in.failing = {"code": 105, "name": "forbidden",
        "message": "The token does not let you write here."}
    scene.say("May I?")
    expect(page.locator("button.discard")).to_be_visible()


@state(*ALL)
def right_to_left(scene, room):
    scene.context.add_init_script(
        "document.addEventListener('readystatechange', () => { document.documentElement.dir = 'rtl'; })")
    conversation(scene, room)


@state("desktop-light")
def tablet(scene, room):
    scene.page.set_viewport_size({"width": 820, "height": 1000})
    conversation(scene, room)


def visit(page, room):
    page.evaluate("room => { location.hash = encodeURIComponent(room); }", room)
    expect(page.locator("#room-title")).to_have_text(room)
    current = page.locator("#room-list a[aria-current=page]")
    expect(current).to_have_attribute("title", re.compile(re.escape(room)))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    base, folder, wanted = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2]), sys.argv[3:]
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        pictures = [(name, make, look) for name, (make, looks) in STATES.items() for look in looks]
        for number, (name, make, look) in enumerate(pictures, 1):
            if not wanted or name in wanted or f"{name}-{look}" in wanted:
                take(browser, base, folder, name, make, look, number)
        browser.close()


def take(browser, base, folder, name, make, look, number):
    # Each picture has a person and rooms of its own: signs that nobody sees tell the rooms apart.
    mark = "".join("\u200b\u200c"[int(bit)] for bit in f"{number:b}")
    backstage = Backstage(base, number)
    # The README shows these two, larger than they are.
    scale = 2 if name == "conversation" and look in ("desktop-light", "phone-dark") else 1
    scene = Scene(browser, backstage, look, scale)
    try:
        make(scene, lambda room: f"{room}{mark}")
    except AssertionError as error:
        print(f"{name}-{look}: {str(error).splitlines()[0]}")
    # The bar that tells of the connection does not come at once.
    if scene.page.locator("#state").get_attribute("data-state") != "open":
        expect(scene.page.locator("#state")).to_be_visible()
    scene.page.screenshot(path=folder / f"{name}-{look}.png")
    scene.context.close()
    backstage.open.close()
    print(f"{name}-{look}", flush=True)


if __name__ == "__main__":
    main()
