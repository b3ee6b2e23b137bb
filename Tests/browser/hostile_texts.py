"""What people send to break a page: names, texts and bodies. Each is an ordeal for hostile.py."""
from playwright.sync_api import expect

from pretended_server import HOME, OTHER
from window import demand

WORD = "x" * 65_000
TOWER = "Z" + "\u0301" * 10_000


def crowds(ordeal):
    """A hundred thousand names, some of them dreadful, are listed in part and counted."""
    members = [{"user": f"u{number}", "name": f"Person {number}"} for number in range(100_000)]
    members[:3] = [{"user": "t", "name": TOWER}, {"user": "r", "name": "\u202e\u2067evil"},
        {"user": "w", "name": WORD}]
    server = ordeal.server
    # One room of them is enough: they are megabytes.
    server.answers["presence"] = lambda _socket, _number, fields: {"ok": {"room": fields["room"],
        "version": 1, "count": len(members), "members": members if fields["room"] == HOME else []}}
    for room in (OTHER, HOME):
        ordeal.page.locator(f'#room-list a[href="#{room}"]').click()
    expect(ordeal.page.locator("#people"), "the roster is counted").to_contain_text("more")
    demand(ordeal.page.locator("#people li").count() <= 1000, "the list of people has no bound")
    ordeal.usable("a crowd")
    server.behave()


def bursts(ordeal):
    ordeal.server.tell(HOME, *({"text": f"burst {number}"} for number in range(10_000)))
    expect(ordeal.page.locator("#messages .text", has_text="burst 9999")).to_have_count(1)
    rows = ordeal.page.locator("#messages li").count()
    demand(rows <= 1000, f"the list has {rows} rows")
    ordeal.usable("a burst")


# --- what people send ---


def shows_dreadful_texts(ordeal):
    """Each stands between two plain messages, paints over neither, and none widens the page."""
    server, page = ordeal.server, ordeal.page
    texts = [WORD, TOWER, " ".join([TOWER] * 20), "\u202e" * 500 + "turned",
        "\u2067" * 200 + "\u202eabc" + "\u2069" * 900, "\u202eabc http://a.example/\u202etxt.exe",
        "\n" * 60_000, "`" * 64_000, "http://" + "a" * 64_000, "(" * 64_000,
        "\t" * 10_000 + "x", "\0\x07\x1b[31m\x9b", "ﷺ" * 500, "𒐫" * 200, "\U000e0041" * 1000, "<b>" * 20_000]
    for number, text in enumerate(texts):
        server.tell(HOME, {"text": f"before {number}"}, user="ann", name="Ann")
        server.tell(HOME, {"text": text}, user="bob", name=TOWER if number % 2 else "\u202eBob\u2069\u2069")
        server.tell(HOME, {"text": f"after {number}"}, user="ann", name="Ann")
        expect(page.locator("#messages .text", has_text=f"after {number}").last).to_be_visible()
        stands_apart(page, number)
        ordeal.fits(f"text {number}")
    ordeal.stage.picture(page, "hostile-texts")
    ordeal.usable("dreadful texts")


# The three last rows: one below the other, each paints within its own, nothing is cut off at a side, and the
# plain one behind the dreadful one runs from left to right.
STAND_APART = """() => {
    const faults = [];
    const rows = [...document.querySelectorAll("#messages li.message[data-offset]")].slice(-3);
    const boxes = rows.map((row) => row.getBoundingClientRect());
    for (const [index, box] of boxes.entries()) {
        const above = boxes[index - 1]?.bottom ?? -Infinity;
        if (box.top < above - 0.5) faults.push(`row ${index} overlaps the one above`);
        const text = rows[index].querySelector(".text");
        const inner = text.getBoundingClientRect();
        const leaves = inner.bottom > box.bottom + 0.5 || inner.right > box.right + 0.5;
        if (leaves) faults.push(`text ${index} leaves its row`);
        const { overflowX, contain } = getComputedStyle(text);
        const isOpen = overflowX === "visible" && !contain.includes("paint");
        if (isOpen) faults.push(`text ${index} may paint over others`);
        const written = document.createRange();
        written.selectNodeContents(text);
        const isWide = written.getBoundingClientRect().right > inner.right + 1;
        // Code is scrolled, and spaces at a line's end hang over.
        const mayBeWide = text.querySelector("pre") || text.textContent.includes("\\t");
        if (isWide && !mayBeWide) faults.push(`text ${index} is cut off`);
    }
    if (!runs(rows[2].querySelector(".text").firstChild)) faults.push("the next message is turned around");
    return faults;
}"""
# Whether a text runs from left to right as it is painted.
RUNS = """window.runs = (node) => {
    const range = document.createRange();
    const left = (place) => {
        range.setStart(node, place);
        range.setEnd(node, place + 1);
        return range.getBoundingClientRect().left;
    };
    return left(1) < left(2);
}"""


def stands_apart(page, number):
    faults = page.evaluate(STAND_APART)
    demand(not faults, f"text {number}: {'; '.join(faults)}")


def turns_nothing_else_around(ordeal):
    """What turns text around does so within its own part: not behind code or a link, not beside a name."""
    server, page = ordeal.server, ordeal.page
    for text in ("\u202eturned `code` plain", "\u2067\u202eturned http://a.example/ plain",
            "\u2069\u202e\u202c `middle` plain"):
        server.tell(HOME, {"text": text})
        shown = page.locator("#messages .text", has_text="plain").last
        demand(shown.evaluate("(text) => runs(text.lastChild)"), f"{text!r} turns its end around")
        middle = shown.locator("a, code").evaluate("(part) => runs(part.firstChild)")
        demand(middle, f"{text!r} turns its middle around")
    server.push("typing", {"room": HOME, "user": "eve", "name": "\u2069\u2067\u202eeve", "on": True})
    expect(page.locator("#typing")).to_contain_text("eve is typing")
    runs = page.locator("#typing").evaluate("(line) => runs(line.lastChild)")
    demand(runs, "a name turns the typing line around")
    ordeal.usable("turned texts")


def shows_dreadful_bodies(ordeal):
    deep = {"a": 1}
    for _ in range(60):
        deep = {"a": deep}
    ordeal.server.tell(HOME, None, 7, True, "", [], {}, {"text": None}, {"text": {"text": "x"}}, {"text": ""},
        deep, ["x" * 30_000], {"x" * 30_000: 1}, {"html": "<b>"}, [[]] * 5000, "the last body")
    expect(ordeal.page.locator("#messages .text", has_text="the last body")).to_have_count(1)
    ordeal.usable("bodies that are no texts")


TEXT_ORDEALS = (turns_nothing_else_around, shows_dreadful_texts, shows_dreadful_bodies, crowds, bursts)
