#!/usr/bin/env python3
"""The pages of docs/embed, on an origin of their own and under their own policy, talk with the chat page.

Usage: embed.py CHAT_URL SHOP_URL STRANGER_URL TOKEN

CHAT_URL is Parley; SHOP_URL a back end of docs/embed on an origin it allows, whose tokens live for seconds;
STRANGER_URL one on an origin it does not. TOKEN lets Ann into the support rooms. Checks that the pages and
the chat page hear each other, that nothing offends the policy, that a page which stays gets a new token on
its one connection, what becomes of what cannot be sent, what an unread badge and a dashboard show, and what
a page of the stranger says.
"""
import sys
import time

from playwright.sync_api import Error, expect, sync_playwright

from window import STEP_MS, Failure, bound, demand, launch, overhear, say, serve_from_folder

SECONDS = 90
ROOM = "support:42"


class Visitor:
    """A browser of its own on a shop's pages, with what its console complains of."""

    def __init__(self, browser, chat, shop):
        self.shop = shop
        self.complaints = []
        self.context = browser.new_context()
        self.context.set_default_timeout(STEP_MS)
        serve_from_folder(self.context, chat)

    def open(self, name, frames=None):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{name} threw: {error}"))
        page.on("console", lambda message: self.hear(name, message))
        if frames is not None:
            page.on("websocket", lambda socket: overhear(socket, frames))
        page.goto(f"{self.shop}/{name}")
        return page

    def hear(self, name, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{name}: {message.text}")

    def demand_quiet(self):
        demand(not self.complaints, "; ".join(self.complaints))


def chat_page(browser, chat, token):
    """Ann, on Parley's own page."""
    context = browser.new_context()
    context.set_default_timeout(STEP_MS)
    serve_from_folder(context, chat)
    page = context.new_page()
    page.goto(f"{chat}/#token={token}&room={ROOM}")
    expect(page.locator("#state")).to_have_attribute("data-state", "open")
    return page


def until(page, truth, sentence):
    """Waits for what only this script can see: the pages' policy lets nobody evaluate a condition there."""
    deadline = time.monotonic() + STEP_MS / 1000
    while not truth():
        demand(time.monotonic() < deadline, sentence)
        page.wait_for_timeout(50)  # Meanwhile frames are heard.


PUBLISH = """async ([url, token]) => {
    const answer = await fetch(url, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: '{"clientId":"by-fetch","body":1}',
    });
    return [answer.status, answer.headers.has("X-Request-Id")];
}"""


def publish(page, chat, token):
    """What a script of this page learns when it publishes by REST, in a room where nobody is."""
    return page.evaluate(PUBLISH, [f"{chat}/api/v1/rooms/support:fetch/publications", token])


def status_of(page):
    return page.locator("[role=status]")


def send(page, text):
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_label("Message", exact=True).press("Enter")


def talk(room, ann):
    """What one says the other sees, as text."""
    expect(status_of(room), "the embedded room says that it is connected").to_have_text("Connected.")
    say(ann, "May I <b>help</b>?")
    heard = room.locator("ol li")
    expect(heard, "the embedded room shows what Ann said").to_have_text(["Ann: May I <b>help</b>?"])
    send(room, "<img src=x onerror=alert(1)>")
    said = ann.locator("#messages li[data-offset] .text", has_text="<img src=x")
    expect(said, "Ann sees what the visitor said").to_have_count(1)
    expect(heard, "the visitor sees both").to_have_count(2)
    expect(room.locator("ul li"), "a draft that was sent is none any more").to_have_count(0)
    demand(room.locator("ol img, ol b").count() == 0, "what people wrote became markup")


def keeps_drafts(visitor):
    """What cannot be sent is shown and kept; what is refused stays until it is deleted."""
    visitor.context.route("**/token", lambda route: route.fulfill(status=401))
    room = visitor.open("room.html")
    send(room, "Are you there?")
    draft = room.locator("ul li")
    expect(draft, "without a token a draft waits").to_have_text("Are you there? (waiting) ")
    expect(status_of(room), "and the page says why").to_contain_text("No token")
    visitor.context.unroute("**/token")
    said = room.locator("ol li", has_text="Are you there?")
    expect(said, "with a token it is sent").to_have_count(1)
    expect(draft).to_have_count(0)
    visitor.complaints.clear()  # The browser's, of the answers 401.
    send(room, "x" * 40_000)
    expect(draft, "what is too large is shown with the reason").to_contain_text("at most 32768 bytes")
    draft.get_by_role("button", name="Try again").click()
    expect(draft, "it is refused again").to_contain_text("at most 32768 bytes")
    draft.get_by_role("button", name="Delete").click()
    expect(draft, "and gone when it is deleted").to_have_count(0)


def counts(visitor, ann):
    """The badge tells what was said since it was last read."""
    shop = visitor.open("badge.html")
    badge = status_of(shop)
    has_seen = f"localStorage.getItem('seen:{ROOM}') !== null"
    until(shop, lambda: shop.evaluate(has_seen), "the badge notes nothing at the first visit")
    expect(badge, "at the first visit nothing is new").to_have_text("")
    say(ann, "One moment.")
    expect(badge).to_have_text("1 new")
    say(ann, "Here we are.")
    expect(badge).to_have_text("2 new")
    shop.reload()
    expect(badge, "a reload reads nothing").to_have_text("2 new")
    shop.get_by_role("link", name="Messages").click()
    expect(shop.locator("ol li", has_text="Here we are.")).to_have_count(1)
    shop.go_back()
    expect(badge, "who opened the room has read").to_have_text("")


def watches(visitor, ann):
    """The dashboard shows who is in which room, and who types."""
    who = visitor.open("who.html")
    here = who.locator(f'[id="{ROOM}"]')
    expect(here.locator("li", has_text="Ann")).to_have_count(1)
    expect(who.locator('[id="support:41"] li'), "only the visitor is in another room").to_have_count(1)
    # A key soon after a message is not told (typing.js, toldMs): a person goes on typing, and so does Ann.
    types = lambda: ann.locator("#composer textarea").press("m") or here.locator("p").text_content()
    until(who, lambda: types() == "Ann …", "the dashboard does not show who types")


def renews(page, frames):
    """Before its token ends the page gets another one, which goes over the same connection."""
    until(page, lambda: any("left" in frame.get("ok", {}) for _, frame in frames), "no new token was taken")
    verbs = [verb for direction, frame in frames if direction == "sent" for verb in frame if verb != "id"]
    demand("refresh" in verbs and verbs.count("connect") == 1, f"the page sent {verbs}")
    expect(status_of(page), "a page with a new token is still connected").to_have_text("Connected.")


def refuses(browser, chat, stranger, token):
    """A page of an origin that is not allowed says why the server refuses it; its policy lets it ask."""
    visitor = Visitor(browser, chat, stranger)
    room = visitor.open("room.html")
    expect(status_of(room), "the stranger's page says why").to_contain_text("may not use this server")
    demand(not any("Content Security" in line for line in visitor.complaints), "asking offends the policy")
    demand(any("403" in line for line in visitor.complaints), f"the console says {visitor.complaints}")
    try:
        told = publish(room, chat, token)
    except Error as error:
        demand("Failed to fetch" in str(error), f"the stranger's script is told: {error}")
    else:
        raise Failure(f"the stranger's script is answered {told}")


def drive(browser, chat, shop, stranger, token):
    visitor = Visitor(browser, chat, shop)
    frames = []
    room = visitor.open("room.html", frames)
    ann = chat_page(browser, chat, token)
    talk(room, ann)
    visitor.demand_quiet()
    told = publish(room, chat, token)
    demand(told == [201, True], f"a script of an allowed origin that publishes is told {told}")
    counts(visitor, ann)
    watches(visitor, ann)
    visitor.demand_quiet()
    keeps_drafts(visitor)
    renews(room, frames)
    visitor.demand_quiet()
    refuses(browser, chat, stranger, token)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    bound(SECONDS)
    expect.set_options(timeout=STEP_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            drive(browser, *sys.argv[1:])
        except (Failure, AssertionError, Error) as error:
            print(f"embed: {error}")
            return 1
        finally:
            browser.close()
    print("embed: the pages of docs/embed talk with the chat page")
    return 0


if __name__ == "__main__":
    sys.exit(main())
