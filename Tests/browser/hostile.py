#!/usr/bin/env python3
"""Whatever a server does, and whatever people send, the page stays usable and says what is going on.

Usage: hostile.py BASE_URL SCREENSHOT_FOLDER

The page comes from BASE_URL; its WebSocket ends in a pretended server that refuses, closes, keeps silent, answers
late, or says what the protocol does not know; then in one that tells of huge rosters, bursts, 64 KiB words, towers
of marks and texts that turn around. After each the page must say in words how it is, take a message, go to another
room and back, be no wider than its window, and have thrown nothing. Time is the page's own clock, put forward.
"""
import json
import re

from playwright.sync_api import expect

from pretended_server import PretendedServer
from window import await_state, composer, demand, drafts, main, open_tab, serve_from_folder

HOME, OTHER = "home", "other"
LONGEST_WAIT_MS = 25_000
WORD = "x" * 65_000
TOWER = "Z" + "\u0301" * 10_000
# Words a person knows, not codes: what the bar says begins with a capital and ends like a sentence.
SENTENCE = re.compile(r"^[A-Z][^{}<>]{8,}[.…]$")


class Ordeal:
    """One page, its pretended server, and what the page must still be able to do."""

    def __init__(self, stage, base):
        self.stage = stage
        self.server = PretendedServer([HOME, OTHER])
        context = stage.browser.new_context(viewport={"width": 1000, "height": 700})
        context.set_default_timeout(10_000)
        serve_from_folder(context, base)
        context.add_init_script(RUNS)
        self.count = 0
        context.route_web_socket("**/ws", self.server.accept)
        self.page = open_tab(context, base, HOME, stage.complaints, "the page")
        self.page.clock.install()
        self.page.reload()
        await_state(self.page, "open", "the page is connected")

    def forward(self, ms=LONGEST_WAIT_MS):
        self.page.clock.fast_forward(ms)

    def lose(self, code=1006):
        """Ends the connection, as the network does where the code is none of the server's."""
        self.server.socket.close(code=1011 if code == 1006 else code)

    def says(self, state, what):
        """The page is in that state, or in one of them, and says so in words."""
        states = [state] if isinstance(state, str) else state
        bar = self.page.locator("#state")
        expect(bar, f"{what}: the state").to_have_attribute("data-state", re.compile(f"^({'|'.join(states)})$"))
        expect(bar.locator("p"), f"{what}: the page says what is going on").to_have_text(SENTENCE)
        demand(not self.stage.complaints, f"{what}: {'; '.join(self.stage.complaints[:3])}")

    def back(self, what):
        """The server behaves again: the page comes back by itself, and sends what was written."""
        self.server.behave()
        self.forward()
        await_state(self.page, "open", f"{what}: the page comes back")
        expect(drafts(self.page), f"{what}: what was written is sent").to_have_count(0)
        self.usable(what)

    def write(self, what):
        """Writes a message; answers what it is, for whether it is sent or waits is the caller's to say."""
        self.count += 1
        text = f"note {self.count}"
        composer(self.page).fill(text)
        composer(self.page).press("Enter")
        mine = self.page.locator("#messages li.message .text", has_text=text)
        expect(mine, f"{what}: what one writes is shown").to_have_count(1)
        return text

    def usable(self, what):
        self.write(what)
        for room in (OTHER, HOME):
            self.page.locator(f'#room-list a[href="#{room}"]').click()
            expect(self.page.locator("#room-title"), f"{what}: one can go to {room}").to_have_text(room)
        shown = self.page.locator("#messages li.message .text", has_text=f"note {self.count}")
        expect(shown, f"{what}: the room is shown again").to_have_count(1)
        self.fits(what)
        demand(not self.stage.complaints, f"{what}: {'; '.join(self.stage.complaints[:3])}")

    def fits(self, what):
        wide, width = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        demand(wide <= width, f"{what}: the page is {wide} pixels wide in a window of {width}")
        wide, width = self.page.locator("#messages").evaluate("list => [list.scrollWidth, list.clientWidth]")
        demand(wide <= width, f"{what}: the messages are {wide} pixels wide in a list of {width}")


# --- a server that does not serve ---


def refuses(ordeal):
    ordeal.server.greet = lambda socket: socket.close()
    ordeal.lose()
    ordeal.says(("waiting", "connecting"), "refused")
    ordeal.write("refused")
    expect(drafts(ordeal.page), "what is written meanwhile waits").to_have_count(1)
    for _ in range(3):
        ordeal.forward()
    ordeal.says(("waiting", "connecting"), "refused again")
    ordeal.back("refused")


def asks_to_wait(ordeal):
    """A wait that the server asks for is kept, and counted down."""
    ordeal.server.greet = lambda socket: socket.close(code=4001, reason='{"afterMs":3000000}')
    ordeal.lose()
    ordeal.forward()
    ordeal.says("waiting", "told to wait")
    ordeal.server.behave()
    connections = ordeal.server.connections
    ordeal.forward(1_000_000)
    ordeal.says("waiting", "told to wait long")
    demand(ordeal.server.connections == connections, "the page did not wait as long as it was told")
    ordeal.forward(2_100_000)
    ordeal.back("told to wait")


def closes_after_connect(ordeal):
    def answer(socket, *_):
        socket.close(code=1001)

    ordeal.server.answers["connect"] = answer
    ordeal.lose()
    for _ in range(4):
        ordeal.forward()
    ordeal.says(("waiting", "connecting"), "closed at once")
    ordeal.back("closed at once")


def never_answers(ordeal):
    ordeal.server.answers["connect"] = lambda *_: None
    ordeal.lose()
    ordeal.forward()
    ordeal.says("connecting", "never answered")
    ordeal.write("never answered")
    ordeal.forward()
    ordeal.says(("waiting", "connecting"), "never answered")
    ordeal.back("never answered")


def answers_late(ordeal):
    late = []
    server = ordeal.server

    def keep(verb):
        return lambda socket, number, fields: late.append((verb, socket, number, fields))

    server.answers = {verb: keep(verb) for verb in ("connect", "join", "publish", "history", "presence")}
    ordeal.lose()
    ordeal.forward()
    ordeal.says("connecting", "answered late")
    ordeal.write("answered late")
    ordeal.forward(5000)
    server.answers = {}
    for verb, socket, number, fields in late:
        socket.send(json.dumps({"id": number} | getattr(server, f"on_{verb}")(socket, number, fields)))
    await_state(ordeal.page, "open", "a late answer is an answer")
    ordeal.back("answered late")


def closes_with_odd_codes(ordeal):
    for code in (4321, 3000, 1013, 4499):
        ordeal.server.socket.close(code=code, reason="<b>{no json")
        ordeal.says(("waiting", "connecting", "open"), f"closed with {code}")
        ordeal.forward()
        await_state(ordeal.page, "open", f"the page comes back after {code}")
    ordeal.back("odd codes")


def sends_garbage(ordeal):
    for frame in ("no json", "{\"publication\":", b"\x00\xff\x01", "[1,2]", "\"text\"", "7", "null", "", "\n\n",
            '{"id":1e999}', '{"id":"x","ok":{}}', '{"id":77777,"ok":null}', "{}", '{"error":null}', "\ufeff{}"):
        ordeal.server.socket.send(frame)
        ordeal.forward(1000)
    ordeal.says(("waiting", "connecting", "open"), "garbage")
    ordeal.back("garbage")


def stops(ordeal):
    """Told to stay away the page says so, keeps what is written, and takes it up again when it is loaded anew."""
    page = ordeal.page
    for code in (4503, 4999):
        ordeal.server.socket.close(code=code, reason='{"reason":"The shop is closed <b>for today</b>."}')
        ordeal.says("stopped", f"closed with {code}")
        demand(page.locator("#state b").count() == 0, "the server's reason became markup")
        ordeal.forward(600_000)
        ordeal.says("stopped", f"closed with {code} and left alone")
        page.reload()
        await_state(page, "open", "after a reload the page is connected")
        ordeal.usable(f"closed with {code}")


# --- pushes the page does not expect ---


def pushes_nonsense(ordeal):
    server = ordeal.server
    server.send({"future": {"room": HOME}}, {"publication": None}, {"publication": 7}, {"publication": []},
        {"publication": {}}, {"publication": {"room": HOME}}, {"publication": {"room": HOME, "offset": "1"}},
        {"publication": {"room": HOME, "offset": -1, "body": 1}}, {"publication": {"room": 7, "offset": 1}},
        {"presence": {"room": HOME, "version": "x", "join": 7, "leave": {}}}, {"presence": {"room": "__proto__"}},
        {"typing": {"room": HOME}}, {"typing": {"room": HOME, "user": {}, "name": [], "on": "x"}},
        {"skip": {"room": HOME, "from": "a"}}, {"reset": {"room": HOME}}, {"goaway": {"afterMs": "soon"}},
        {"expiring": {}}, {"read": {"room": HOME, "user": "bob", "upTo": 1e300}}, {"stream": None},
        {"__proto__": {"room": HOME}}, {"constructor": {"room": HOME}}, {"toString": 1})
    ordeal.forward()
    ordeal.back("nonsense")


def tells_of_others(ordeal):
    """Rooms we are not in, offsets that go backwards, repeats: each publication is shown once, in order."""
    server = ordeal.server
    server.send({"publication": {"room": "elsewhere", "offset": 1, "time": 1, "user": "eve", "body": {"text": "no"}}})
    server.tell(HOME, {"text": "first", "more": {"than": "text"}}, {"text": "second"})
    last = server.rooms[HOME][-1]
    for publication in (last, last, server.rooms[HOME][0], last | {"offset": 1, "body": {"text": "another first"}}):
        server.push("publication", {"room": HOME, "unknown": [1], **publication})
    server.tell(HOME, {"text": "third"})
    expect(ordeal.page.locator("#messages .text", has_text="third")).to_have_count(1)
    said = ordeal.page.locator("#messages li[data-offset]").evaluate_all("items => items.map(({ dataset }) => +dataset.offset)")
    demand(said == sorted(set(said)), f"the offsets shown are {said}")
    for text, count in (("second", 1), ("another first", 0), ("no", 0)):
        shown = ordeal.page.get_by_text(text, exact=True).and_(ordeal.page.locator(".text"))
        expect(shown, f"{text!r} is shown {count} times").to_have_count(count)
    ordeal.usable("repeats")


def gaps_without_end(ordeal):
    """Each push is far ahead, and each join answers with a gap."""
    server = ordeal.server

    def lossy(_socket, _number, fields):
        answer = server.joined(fields)
        gap = {"from": 1, "to": max(1, answer["head"])}
        return {"ok": answer | {"recovered": False, "gap": gap, "publications": answer["publications"][-3:]}}

    server.answers["join"] = lossy
    for step in range(1, 21):
        server.push("publication", {"room": HOME, "offset": len(server.rooms[HOME]) + 1000 * step, "time": 1,
            "user": "eve", "body": {"text": f"ahead {step}"}})
    ordeal.usable("a gap without end")
    server.behave()
    ordeal.usable("after the gap")


def crowds(ordeal):
    """A hundred thousand names, some of them dreadful, are listed in part and counted."""
    members = [{"user": f"u{number}", "name": f"Person {number}"} for number in range(100_000)]
    members[:3] = [{"user": "t", "name": TOWER}, {"user": "r", "name": "\u202e\u2067evil"}, {"user": "w", "name": WORD}]
    server = ordeal.server
    # One room of them is enough: they are megabytes.
    server.answers["presence"] = lambda _socket, _number, fields: {"ok": {"room": fields["room"], "version": 1,
        "count": len(members), "members": members if fields["room"] == HOME else []}}
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
    texts = [WORD, TOWER, " ".join([TOWER] * 20), "\u202e" * 500 + "turned", "\u2067" * 200 + "\u202eabc" + "\u2069" * 900,
        "\u202eabc http://a.example/\u202etxt.exe", "\n" * 60_000, "`" * 64_000, "http://" + "a" * 64_000, "(" * 64_000,
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


# The three last rows: one below the other, each paints within its own, nothing is cut off at a side, and the plain
# one behind the dreadful one runs from left to right.
STAND_APART = """() => {
    const faults = [];
    const rows = [...document.querySelectorAll("#messages li.message[data-offset]")].slice(-3);
    const boxes = rows.map((row) => row.getBoundingClientRect());
    for (const [index, box] of boxes.entries()) {
        if (index > 0 && box.top < boxes[index - 1].bottom - 0.5) faults.push(`row ${index} overlaps the one above`);
        const text = rows[index].querySelector(".text");
        const inner = text.getBoundingClientRect();
        if (inner.bottom > box.bottom + 0.5 || inner.right > box.right + 0.5) faults.push(`text ${index} leaves its row`);
        const { overflowX, contain } = getComputedStyle(text);
        if (overflowX === "visible" && !contain.includes("paint")) faults.push(`text ${index} may paint over others`);
        const written = document.createRange();
        written.selectNodeContents(text);
        const isWide = written.getBoundingClientRect().right > inner.right + 1;
        // Code is scrolled, and spaces at a line's end hang over.
        if (isWide && !text.querySelector("pre") && !text.textContent.includes("\\t")) faults.push(`text ${index} is cut off`);
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
    for text in ("\u202eturned `code` plain", "\u2067\u202eturned http://a.example/ plain", "\u2069\u202e\u202c `middle` plain"):
        server.tell(HOME, {"text": text})
        shown = page.locator("#messages .text", has_text="plain").last
        demand(shown.evaluate("(text) => runs(text.lastChild)"), f"{text!r} turns its end around")
        middle = shown.locator("a, code").evaluate("(part) => runs(part.firstChild)")
        demand(middle, f"{text!r} turns its middle around")
    server.push("typing", {"room": HOME, "user": "eve", "name": "\u2069\u2067\u202eeve", "on": True})
    expect(page.locator("#typing")).to_contain_text("eve is typing")
    demand(page.locator("#typing").evaluate("(line) => runs(line.lastChild)"), "a name turns the typing line around")
    ordeal.usable("turned texts")


def shows_dreadful_bodies(ordeal):
    deep = {"a": 1}
    for _ in range(60):
        deep = {"a": deep}
    ordeal.server.tell(HOME, None, 7, True, "", [], {}, {"text": None}, {"text": {"text": "x"}}, {"text": ""}, deep,
        ["x" * 30_000], {"x" * 30_000: 1}, {"html": "<b>"}, [[]] * 5000, "the last body")
    expect(ordeal.page.locator("#messages .text", has_text="the last body")).to_have_count(1)
    ordeal.usable("bodies that are no texts")


ORDEALS = (refuses, asks_to_wait, closes_after_connect, never_answers, answers_late, closes_with_odd_codes, sends_garbage,
    stops, pushes_nonsense, tells_of_others, gaps_without_end, turns_nothing_else_around,
    shows_dreadful_texts, shows_dreadful_bodies, crowds, bursts)


def play(stage, base):
    ordeal = Ordeal(stage, base.rstrip("/"))
    for each in ORDEALS:
        each(ordeal)
    return f"the page lived through {len(ORDEALS)} ordeals"


if __name__ == "__main__":
    main(play, seconds=90)
