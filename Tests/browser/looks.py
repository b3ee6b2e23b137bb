#!/usr/bin/env python3
"""The page fits where it is shown: phone, desktop, twice as large, dark, from right to left; nothing jumps.

Usage: looks.py BASE_URL SCREENSHOT_FOLDER

Whoever runs this does what `ask` says: `token USER SECONDS GRANT...` returns one, `deaf` breaks WebSockets
and `mend` lets them pass again.
"""
import secrets

from playwright.sync_api import expect

from scenes import converse, fail, publish, token
from window import (
    BACK_MS, GONE, ask, await_state, composer, demand, drafts, main, open_room, person, say,
)

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
# What one needs at every moment.
NEEDED = ["#room-title", "#messages", "#composer textarea", "#composer button"]
SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources, startTime } of list.getEntries()) {
            if (hadRecentInput) continue;
            const moved = sources.map(({ node }) => node?.id || node?.className || node?.nodeName);
            window.shifts.push({ value, startTime, moved });
        }
    }).observe({ type: "layout-shift", buffered: true });
}"""
# Characters of what stands on the page, with the colour behind them: contrast by WCAG 2.1.
CONTRAST = """(selectors) => {
    const numbers = (color) => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
        return { alpha, light: [red, green, blue].map((value) => value / 255)
            .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
            .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0) };
    };
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if (numbers(color).alpha === 255) return color;
        }
        return "white";
    };
    return selectors.map((selector) => {
        const element = document.querySelector(selector);
        const colors = [getComputedStyle(element).color, ground(element)];
        const [low, high] = colors.map((color) => numbers(color).light).sort((one, two) => one - two);
        return { selector, colors, contrast: (high + 0.05) / (low + 0.05) };
    });
}"""
READ = ["#room-title", ".message .text", ".message .who", ".message time", "#room-list a", "#people li"]


def fits(page, when):
    """Nothing is wider than the window, and what one needs is within it."""
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    wide = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]")
    demand(max(wide) <= width, f"{when} the page is {max(wide)} pixels wide in a window of {width}")
    messages = page.locator("#messages")
    list_width = messages.evaluate("list => list.scrollWidth - list.clientWidth")
    demand(list_width <= 0, f"{when} the messages are {list_width} pixels wider than their place")
    for selector in NEEDED:
        box = page.locator(selector).first.bounding_box()
        demand(box and box["width"] > 0 and box["height"] > 0, f"{when} {selector} is not to be seen")
        is_inside = box["x"] >= -0.5 and box["x"] + box["width"] <= width + 0.5 and box["y"] >= -0.5
        demand(is_inside and box["y"] + box["height"] <= height + 0.5, f"{when} {selector} is outside: {box}")


def apart(page, when):
    """What one writes never runs under the button beside it."""
    for text, button in (("#text", "#send"), ("#room", "#room-form button")):
        boxes = (page.locator(each).bounding_box() for each in (text, button))
        left, right = sorted(boxes, key=lambda box: box["x"])
        demand(left["x"] + left["width"] <= right["x"] + 0.5, f"{when} {text} runs under {button}")


def drawer(stage, page, panel, place):
    """A panel that a phone has no room for comes and goes."""
    close = page.locator(f"#close-{panel}")
    expect(close, "the drawer is closed").not_to_be_in_viewport()
    page.locator(f"#open-{panel}").tap()
    expect(close, "a tap opens it").to_be_in_viewport()
    expect(page.locator(place)).to_be_in_viewport()
    stage.picture(page, f"looks-phone-{panel}")
    demand(page.evaluate("document.documentElement.scrollWidth") <= 390, f"the drawer of {panel} is too wide")
    close.tap()
    expect(close, "and another one closes it").not_to_be_in_viewport()


def on_a_phone(stage, base, room):
    page = stage.guest(base, token("ann"), room, "Ann", **PHONE)
    fits(page, "in an empty room")
    converse(base, room)
    expect(page.locator("#messages li[data-offset]", has_text="fourth line")).to_have_count(1)
    fits(page, "in a conversation")
    stage.picture(page, "looks-phone")
    drawer(stage, page, "rooms", "#room-list")
    drawer(stage, page, "people", "#people")
    composer(page).fill("\n".join(f"Line {number} of a long message" for number in range(40)))
    fits(page, "with a long text in the composer")
    stage.picture(page, "looks-phone-composer")
    composer(page).fill("w" * 500)
    fits(page, "with a long word in the composer")
    composer(page).fill("")
    page.locator("#open-rooms").tap()
    open_room(page, "notice")
    fail(page, "I may not say this, " + "w" * 200)
    fits(page, "with a failed draft")
    stage.picture(page, "looks-phone-failed")
    page.locator("#open-rooms").tap()
    page.locator("#room-list a", has_text=room).tap()
    expect(page.locator("#close-rooms"), "choosing a room closes the drawer").not_to_be_in_viewport()
    ask("deaf")
    expect(page.locator("#state")).not_to_have_attribute("data-state", "open")
    say(page, "This waits on a phone.")
    expect(drafts(page, "This waits on a phone.")).to_have_count(1)
    fits(page, "without a server")
    stage.picture(page, "looks-phone-disconnected")
    ask("mend")
    page.context.close()


def in_the_dark(stage, page):
    """Other colours, as easy to read; by the system's word, or by the page's own button, which lasts."""
    colors = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        rows = page.evaluate(CONTRAST, READ)
        weak = [row for row in rows if row["contrast"] < 4.5]
        demand(not weak, f"too little contrast when {scheme}: {weak}")
        colors[scheme] = {row["selector"]: row["colors"] for row in rows}
        stage.picture(page, f"looks-desktop-{scheme}")
    same = [selector for selector in READ if colors["light"][selector] == colors["dark"][selector]]
    demand(not same, f"light and dark have the same colours at {same}")
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    light = page.evaluate(ground)
    for _ in range(3):
        page.locator("#theme").click()
        if page.evaluate(ground) != light:
            break
    dark = page.evaluate(ground)
    demand(dark != light, "the button does not make it dark")
    page.reload()
    demand(page.evaluate(ground) == dark, "after a reload it is light again")
    for _ in range(3):
        page.locator("#theme").click()
        if page.evaluate("document.documentElement.dataset.theme ?? 'auto'") == "auto":
            break
    page.emulate_media(color_scheme="light")


def turned_around(stage, page):
    """From right to left everything is mirrored."""
    rooms, messages = page.locator("#room-list"), page.locator("#messages")
    demand(rooms.bounding_box()["x"] < messages.bounding_box()["x"], "the rooms are not on the left")
    page.evaluate("document.documentElement.dir = 'rtl'")
    demand(rooms.bounding_box()["x"] > messages.bounding_box()["x"], "the rooms are not on the right")
    fits(page, "from right to left")
    apart(page, "from right to left")
    stage.picture(page, "looks-desktop-rtl")
    page.evaluate("document.documentElement.removeAttribute('dir')")


def visit(page, base, room):
    """What happens in a visit, while the page notes what moved by itself."""
    expect(page.locator("#messages li[data-offset]", has_text="fourth line")).to_have_count(1)
    say(page, "I am here, too.")
    expect(page.locator("#messages li.own[data-offset]", has_text="I am here, too.")).to_have_count(1)
    publish(base, "bob", room, [f"Bob says {number}" for number in range(8)])
    expect(page.locator("#messages li[data-offset]", has_text="Bob says 7")).to_have_count(1)
    composer(page).fill("Two\nlines")
    composer(page).fill("")
    ask("deaf")
    expect(page.locator("#state")).not_to_have_attribute("data-state", "open")
    say(page, "This waits.")
    ask("mend")
    await_state(page, "open", "the page comes back", timeout=BACK_MS)
    expect(drafts(page)).to_have_count(0)
    open_room(page, "notice")
    expect(person(page, "Ann (you)")).to_have_count(1)
    open_room(page, room)
    expect(page.locator("#messages li[data-offset]", has_text="This waits.")).to_have_count(1)


def stands_still(page):
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    shifts = page.evaluate("window.shifts")
    total = sum(shift["value"] for shift in shifts)
    demand(total < 0.02, f"things moved by themselves, {total:.3f} in all: {shifts}")
    return total


def on_a_desktop(stage, base, room):
    page = stage.guest(base, token("ann"), room, "Ann", **DESKTOP)
    page.context.add_init_script(f"({SHIFTS})()")
    page.reload()
    visit(page, base, room)
    moved = stands_still(page)
    fits(page, "on a desktop")
    apart(page, "on a desktop")
    expect(page.locator("#people li", has_text="Ann"), "the people are beside").to_be_in_viewport()
    in_the_dark(stage, page)
    turned_around(stage, page)
    page.set_viewport_size({"width": 640, "height": 400})
    fits(page, "twice as large")
    height = page.locator("#messages").bounding_box()["height"]
    demand(height >= 100, f"twice as large, the messages have {height} pixels")
    stage.picture(page, "looks-desktop-large")
    return moved


def play(stage, base):
    room = f"team-{secrets.token_hex(4)}"
    on_a_phone(stage, base, room)
    moved = on_a_desktop(stage, base, room)
    return f"the page fits phone and desktop, both themes and directions; layout shift {moved:.4f}"


if __name__ == "__main__":
    main(play, seconds=90, allowed=GONE)
