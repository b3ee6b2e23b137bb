#!/usr/bin/env python3
"""A whole conversation with the keyboard alone; the focus is always visible, and never lost.

Usage: keyboard.py BASE_URL SCREENSHOT_FOLDER

Whoever runs this does what `ask` says: `token USER SECONDS GRANT...` returns one.
"""
import secrets

from playwright.sync_api import expect

from scenes import publish, token
from window import await_state, composer, demand, drafts, main, until

# Of the focused element and those around it: what a focus ring can be made of.
RING = """element => {
    const rings = [];
    for (let at = element, up = 0; at && up < 3; at = at.parentElement, up++) {
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = getComputedStyle(at);
        rings.push([outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor].join());
    }
    return rings.join(";");
}"""
WHERE = """() => {
    const at = document.activeElement;
    return at === document.body ? "" : at.id ? `#${at.id}` : `${at.localName}.${at.className}`;
}"""


class Keys:
    """Presses keys on a page, and watches the focus."""

    def __init__(self, page):
        self.page = page
        self.stops = []

    def press(self, key):
        self.page.keyboard.press(key)
        # Behind the last stop Tab leaves the page, and comes to the first one then.
        if key.endswith("Tab"):
            return
        until(self.page, "document.activeElement !== document.body", f"{key} loses the focus")

    def type(self, text):
        self.page.keyboard.type(text)

    def where(self):
        return self.page.evaluate(WHERE)

    def tab_to(self, selector, key="Tab"):
        """Goes on until the focus is there; each stop on the way shows that it has it."""
        for _ in range(60):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            before = self.page.evaluate_handle("document.activeElement")
            ring = before.evaluate(RING)
            self.press(key)
            self.stops.append(self.where())
            is_same = before.evaluate("element => element === document.activeElement")
            at_body = before.evaluate("element => element === document.body")
            gone = before.evaluate("element => !element.isConnected || element.getClientRects().length === 0")
            if not (is_same or at_body or gone):
                demand(before.evaluate(RING) != ring, f"the focus is not to be seen on {self.stops[-2:][0]}")
        demand(False, f"{key} does not lead to {selector}, but to {self.stops[-60:]}")

    def is_at(self, selector, sentence):
        expect(self.page.locator(selector), sentence).to_be_focused()


def tour(keys, page):
    """Once around the page by Tab: everything one needs is on the way, in the order it is seen."""
    keys.tab_to("#skip")
    keys.press("Enter")
    keys.is_at("#text", "the skip link leads to the message box")
    page.locator("#skip").focus()
    keys.stops.clear()
    for selector in ("#room-list a", "#room", "#messages", "#text"):
        keys.tab_to(selector)
    keys.tab_to("#messages", "Shift+Tab")


def write(keys, page, room):
    keys.tab_to("#text")
    keys.type("Written")
    keys.press("Shift+Enter")
    keys.type("in two lines")
    keys.press("Enter")
    said = page.locator("#messages li.own[data-offset] .text", has_text="Written\nin two lines")
    expect(said, "Enter sends, and Shift+Enter makes a line").to_have_count(1)
    keys.is_at("#text", "one may go on writing")
    keys.type("By the button")
    keys.tab_to("#send")
    keys.press("Enter")
    expect(page.locator("#messages li.own[data-offset]", has_text="By the button")).to_have_count(1)
    keys.is_at("#text", "the button gives the focus back")


def scroll(keys, page):
    """Back by PageUp, and to the newest by the button."""
    keys.tab_to("#messages", "Shift+Tab")
    place = "document.querySelector('#messages').scrollTop"
    bottom = page.evaluate(place)
    demand(bottom > 0, "there is nothing to scroll")
    keys.press("PageUp")
    until(page, f"{place} < {bottom} - 50", "PageUp does not scroll")
    keys.press("PageUp")
    expect(page.locator("#jump"), "away from the end there is a way back").to_be_visible()
    keys.tab_to("#jump")
    keys.press("Enter")
    rest = ("(list => list.scrollHeight - list.scrollTop - list.clientHeight)"
        "(document.querySelector('#messages'))")
    until(page, f"{rest} < 5", "the button does not lead to the newest")
    expect(page.locator("#jump"), "at the end the button goes").to_be_hidden()
    demand(keys.where() != "", "with its button the focus is lost")


def refused(keys, page):
    """A failed draft is sent again and discarded; another room is opened for it."""
    keys.tab_to("#room", "Shift+Tab")
    keys.type("notice")
    keys.press("Enter")
    keys.is_at("#text", "a room that was opened can be written in")
    keys.type("Refused")
    keys.press("Enter")
    expect(drafts(page, "Refused", "failed"), "what may not be said fails").to_have_count(1)
    demand(keys.where() != "", "where one may not write the focus is lost")
    expect(page.locator("button.retry"), "what the link does not allow is not offered again").to_have_count(0)
    # Another visit may be by another link.
    page.reload()
    expect(drafts(page, "Refused", "failed"), "after a reload it is there still").to_have_count(1)
    await_state(page, "open", "after a reload the page is connected")
    keys.tab_to("button.retry", "Shift+Tab")
    keys.press("Enter")
    expect(drafts(page, state="failed"), "trying again fails again").to_have_count(1)
    demand(keys.where() != "", "with its button the focus is lost")
    keys.tab_to("button.discard")
    keys.press("Enter")
    expect(drafts(page), "the draft is gone").to_have_count(0)
    demand(keys.where() != "", "with its draft the focus is lost")


def switch(keys, page, room):
    """Rooms by Alt and arrows."""
    current = page.locator("#room-list a[aria-current=page]")
    names = page.locator("#room-list a")
    before = current.get_attribute("href")
    expect(names, "both rooms are listed").to_have_count(2)
    key = "Alt+ArrowDown" if names.first.get_attribute("href") == before else "Alt+ArrowUp"
    keys.press(key)
    expect(current, "the room is switched").not_to_have_attribute("href", before)
    expect(page.locator("#room-title")).to_contain_text(room)
    keys.is_at("#text", "and can be written in")


def dialog(keys, page):
    keys.tab_to("#keys", "Shift+Tab")
    keys.press("Enter")
    shown = page.locator("#keys-dialog")
    expect(shown, "the dialog opens").to_be_visible()
    demand(page.evaluate("document.activeElement.closest('#keys-dialog') !== null"), "it has no focus")
    keys.press("Escape")
    expect(shown, "Escape closes it").to_be_hidden()
    keys.is_at("#keys", "the focus goes back to where it was")


def drawers(keys, page):
    page.set_viewport_size({"width": 390, "height": 844})
    for panel, shell in (("rooms", "#rooms"), ("people", "#people-panel")):
        page.locator("#text").focus()
        keys.tab_to(f"#open-{panel}", "Shift+Tab")
        keys.press("Enter")
        expect(page.locator(f"#close-{panel}"), "the drawer opens").to_be_in_viewport()
        inside = "shell => document.querySelector(shell).contains(document.activeElement)"
        until(page, inside, "the focus is not in the drawer", shell)
        for _ in range(8):
            keys.press("Tab")
            is_inside = page.evaluate(inside, shell) or keys.where() == ""
            demand(is_inside, f"Tab leaves the open drawer for {keys.where()}")
        keys.press("Escape")
        expect(page.locator(f"#close-{panel}"), "Escape closes it").not_to_be_in_viewport()
        keys.is_at(f"#open-{panel}", "the focus goes back to the button")


def play(stage, base):
    room = f"team-{secrets.token_hex(4)}"
    publish(base, "bob", room, [f"Bob says {number}" for number in range(60)])
    page = stage.guest(base, token("kay"), room, "Kay")
    expect(page.locator("#messages li[data-offset]", has_text="Bob says 59")).to_have_count(1)
    expect(composer(page)).to_be_visible()
    keys = Keys(page)
    tour(keys, page)
    write(keys, page, room)
    scroll(keys, page)
    refused(keys, page)
    switch(keys, page, room)
    dialog(keys, page)
    drawers(keys, page)
    return "everything was done without a mouse, and the focus was never lost"


if __name__ == "__main__":
    main(play, seconds=90)
