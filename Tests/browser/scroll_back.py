#!/usr/bin/env python3
"""Scrolls through 5,000 messages by wheel, back to the first and forward to the last: every offset is on the
screen, in order; nothing moves but by the wheel; the list stays a window. Then what else must not move what
one reads: pushes, a growing composer, a draft that is stored, a while in another tab.

Usage: scroll_back.py BASE_URL SCREENSHOT_FOLDER, where room `scroll-back` has its 5,000 messages (seed.py)
"""
import secrets

from playwright.sync_api import expect

from window import demand, main, say, until

ROOM = "scroll-back"
COUNT = 5000
# One turn of the wheel, in pixels: the screen is higher, so that every row stops on it.
STEP = 1900
ROWS = 500

# What the page is asked for: the rows on screen, and how far the one under the pointer has moved when the
# wheel has come to rest.
WATCH = """
    const list = document.querySelector("#messages");
    const rows = () => {
        const { top, bottom } = list.getBoundingClientRect();
        return [...list.querySelectorAll("li.message")]
            .map((row) => ({ row, box: row.getBoundingClientRect() }))
            .filter(({ box }) => box.bottom > top && box.top < bottom);
    };
    // Whether there is another turn to go, or the end of the room: who turns faster than pages come, waits.
    const hasRoom = (step) => {
        const rest = step < 0 ? list.scrollTop : list.scrollHeight - list.clientHeight - list.scrollTop;
        const { firstElementChild: first, lastElementChild: last } = list.querySelector("ol");
        return rest >= Math.abs(step) || !(step < 0 ? first : last).matches(".edge");
    };
    window.watch = {
        begin: () => {
            const { top, height } = list.getBoundingClientRect();
            const under = rows().find(({ box }) => box.bottom > top + height / 2);
            watch.row = under.row;
            watch.top = under.box.top;
            const screen = rows().map(({ row }) => Number(row.dataset.offset));
            return { screen, count: list.querySelectorAll("li").length };
        },
        rest: (step) => new Promise((resolve, reject) => {
            let [last, frames] = [watch.top, 0];
            const look = () => {
                const { top } = watch.row.getBoundingClientRect();
                frames += 1;
                const rests = top === last && top !== watch.top;
                last = top;
                if ((!rests && frames <= 30) || !hasRoom(step)) return requestAnimationFrame(look);
                if (!rows().length) return reject("no message is on the screen");
                resolve({ moved: watch.row.isConnected ? top - watch.top : NaN, ...watch.begin() });
            };
            requestAnimationFrame(look);
        }),
    };
"""
# A tab that is looked at, or not: Playwright's always is.
SHOWN = """(state) => {
    Object.defineProperty(document, "visibilityState", { get: () => state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


def scroll(page, step, until):
    """Turns the wheel until the screen shows `until`; what was on it, turn by turn."""
    screens = [page.evaluate("watch.begin()")["screen"]]
    while until not in screens[-1]:
        demand(len(screens) < COUNT, f"offset {until} is never reached")
        page.mouse.wheel(0, step)
        rest = page.evaluate("step => watch.rest(step)", step)
        moved, rows = rest["moved"], rest["count"]
        screens.append(rest["screen"])
        # At the ends there is less left than a turn.
        is_end = until in screens[-1]
        is_turn = abs(moved + step) <= 1
        demand(is_end or is_turn, f"{step} by wheel moved the row under the pointer by {moved}")
        demand(rows <= ROWS, f"{rows} rows are on the page")
    return screens


def prove(screens, way):
    """Each screen goes on where the one before ended, without a hole, and all of them show everything."""
    for screen in screens:
        demand(screen == list(range(screen[0], screen[-1] + 1)), f"{way} a screen shows {screen}")
    for before, after in zip(screens, screens[1:]):
        near = after[0] <= before[-1] + 1 and after[-1] >= before[0] - 1
        demand(near, f"{way} the screen leaps from {before[0]}…{before[-1]} to {after[0]}…{after[-1]}")
    seen = {offset for screen in screens for offset in screen}
    demand(seen == set(range(1, COUNT + 1)), f"{way} {COUNT - len(seen)} messages are never on the screen")


def publish(page, base, count):
    """Somebody else says something, by REST."""
    for number in range(count):
        draft = {"clientId": secrets.token_hex(8), "body": {"text": f"news {number}"}, "user": "bob"}
        page.request.post(f"{base}/api/v1/rooms/{ROOM}/publications", data=draft)


def stay(page, base):
    """What comes while one reads further up moves nothing, and the button tells of it."""
    page.evaluate("watch.begin()")
    page.mouse.wheel(0, -STEP)
    page.evaluate("step => watch.rest(step)", -STEP)
    expect(page.locator("#jump")).to_be_visible()
    expect(page.locator("#jump")).to_have_text("Jump to newest")
    publish(page, base, 20)
    expect(page.locator("#jump"), "the button counts what is new").to_have_text("20 new messages")
    moved = page.evaluate("watch.row.getBoundingClientRect().top - watch.top")
    demand(abs(moved) <= 1, f"pushes moved what is read by {moved}")
    page.locator("#jump").click()
    news = page.locator("#messages li[data-offset]").last
    expect(news.locator(".text")).to_have_text("news 19")
    expect(news).to_be_in_viewport(ratio=1)
    expect(page.locator("#jump")).to_be_hidden()


def keep_end(page):
    """Who is at the end stays there: when the composer grows, and when a draft is stored."""
    last = page.locator("#messages li.message").last
    page.locator("#composer textarea").fill("\n".join("more" for _ in range(8)))
    expect(last, "a growing composer hides nothing").to_be_in_viewport(ratio=1)
    page.evaluate("""() => {
        window.drafts = [];
        const note = (records) => records.flatMap(({ addedNodes }) => [...addedNodes])
            .filter((node) => node.matches?.("li.message")).forEach((node) => drafts.push(node));
        new MutationObserver(note).observe(document.querySelector("#messages ol"), { childList: true });
    }""")
    say(page, "mine")
    expect(last.locator(".text")).to_have_text("mine")
    expect(page.locator("#messages li.draft")).to_have_count(0)
    expect(last).to_be_in_viewport(ratio=1)
    same = ("drafts.length === 1"
        " && drafts[0] === [...document.querySelectorAll('#messages li.message')].at(-1)")
    demand(page.evaluate(same), "a draft's row is not its publication's")


def keys(page):
    """Home and End lead to the first and the last message of the room."""
    page.locator("#messages").focus()
    page.keyboard.press("Home")
    expect(page.locator("#messages li[data-offset='1']")).to_be_in_viewport()
    expect(page.locator("#messages li.beginning"), "the beginning is called so").to_be_in_viewport()
    page.keyboard.press("End")
    expect(page.locator("#messages li[data-offset]").last.locator(".text")).to_have_text("mine")
    expect(page.locator("#jump")).to_be_hidden()


def come_back(page, base):
    """What came while nobody looked begins at the divider, and is not seen before it was on the screen."""
    page.evaluate(SHOWN, "hidden")
    publish(page, base, 150)
    expect(page.locator("#messages li[data-offset]").last.locator(".text")).to_have_text("news 149")
    page.evaluate(SHOWN, "visible")
    expect(page.locator("#messages li.divider"), "one comes back to what is new").to_be_in_viewport()
    expect(page.locator("#jump"), "the rest is new still").to_contain_text("new messages")
    expect(page.locator("#room-list a[data-unread]"), "and is unread").to_have_count(1)
    page.locator("#jump").click()
    expect(page.locator("#messages li[data-offset]").last).to_be_in_viewport(ratio=1)
    expect(page.locator("#room-list a[data-unread]"), "at the end all was seen").to_have_count(0)
    for state in ("hidden", "visible"):
        page.evaluate(SHOWN, state)
    until(page, FRAMES, "the page is not painted")
    expect(page.locator("#jump"), "where nothing came one stays at the end").to_be_hidden()


def play(stage, base):
    page = stage.window(base, ROOM, "Zoe", viewport={"width": 1000, "height": 2400})
    expect(page.locator(f"#messages li[data-offset='{COUNT}']")).to_be_in_viewport()
    page.evaluate(WATCH)
    page.mouse.move(500, 1200)
    back = scroll(page, -STEP, 1)
    prove(back, "scrolling back")
    stage.picture(page, "scroll-back")
    forth = scroll(page, STEP, COUNT)
    prove(forth, "scrolling forth")
    stay(page, base)
    keep_end(page)
    keys(page)
    come_back(page, base)
    return f"{COUNT} messages were on {len(back)} screens back and {len(forth)} forth, none moved by itself"


if __name__ == "__main__":
    main(play, seconds=120)
