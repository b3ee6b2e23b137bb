#!/usr/bin/env python3
"""Whatever a server does, and whatever people send, the page stays usable and says what is going on.

Usage: hostile.py BASE_URL SCREENSHOT_FOLDER

The page comes from BASE_URL; its WebSocket ends in a pretended server that refuses, closes, keeps silent,
answers late, or says what the protocol does not know; then in one that tells of huge rosters, bursts, 64 KiB
words, towers of marks and texts that turn around. After each the page must say in words how it is, take a
message, go to another room and back, be no wider than its window, and have thrown nothing. Time is the page's
own clock, put forward.
"""
import json
import re

from playwright.sync_api import expect

from hostile_texts import RUNS, TEXT_ORDEALS
from pretended_server import HOME, OTHER, PretendedServer
from window import await_state, composer, demand, drafts, main, open_tab, serve_from_folder

LONGEST_WAIT_MS = 25_000
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

    def says(self, state, what, words=SENTENCE):
        """The page is in that state, or in one of them, and says so in words."""
        states = [state] if isinstance(state, str) else state
        bar = self.page.locator("#state")
        wanted = re.compile(f"^({'|'.join(states)})$")
        expect(bar, f"{what}: the state").to_have_attribute("data-state", wanted)
        expect(bar.locator("p"), f"{what}: the page says what is going on").to_have_text(words)
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
    # Not the client's own wait before it.
    expect(ordeal.page.locator("#countdown"), "the server's wait is counted").to_contain_text("50 min")
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
    for frame in ("no json", "{\"publication\":", b"\x00\xff\x01", "[1,2]", "\"text\"", "7", "null", "",
            "\n\n", '{"id":1e999}', '{"id":"x","ok":{}}', '{"id":77777,"ok":null}', "{}", '{"error":null}',
            "\ufeff{}"):
        ordeal.server.socket.send(frame)
        ordeal.forward(1000)
    ordeal.says(("waiting", "connecting", "open"), "garbage")
    ordeal.back("garbage")


def stops(ordeal):
    """Told to stay away the page says so, keeps what is written, and takes it up again when it is loaded
    anew."""
    page = ordeal.page
    for code in (4503, 4999):
        ordeal.server.socket.close(code=code, reason='{"reason":"The shop is closed <b>for today</b>."}')
        reason = re.compile(r"ended\. The shop is closed <b>for today</b>\. ")
        ordeal.says("stopped", f"closed with {code}", reason)
        demand(page.locator("#state b").count() == 0, "the server's reason became markup")
        ordeal.forward(600_000)
        await_state(page, "stopped", f"closed with {code} and left alone")
        page.reload()
        await_state(page, "open", "after a reload the page is connected")
        ordeal.usable(f"closed with {code}")


# --- pushes the page does not expect ---


def pushes_nonsense(ordeal):
    server = ordeal.server
    server.send({"future": {"room": HOME}}, {"publication": None}, {"publication": 7}, {"publication": []},
        {"publication": {}}, {"publication": {"room": HOME}}, {"publication": {"room": HOME, "offset": "1"}},
        {"publication": {"room": HOME, "offset": -1, "body": 1}}, {"publication": {"room": 7, "offset": 1}},
        {"presence": {"room": HOME, "version": "x", "join": 7, "leave": {}}},
        {"presence": {"room": "__proto__"}}, {"typing": {"room": HOME}},
        {"typing": {"room": HOME, "user": {}, "name": [], "on": "x"}},
        {"skip": {"room": HOME, "from": "a"}}, {"reset": {"room": HOME}}, {"goaway": {"afterMs": "soon"}},
        {"expiring": {}}, {"read": {"room": HOME, "user": "bob", "upTo": 1e300}}, {"stream": None},
        {"__proto__": {"room": HOME}}, {"constructor": {"room": HOME}}, {"toString": 1})
    ordeal.forward()
    ordeal.back("nonsense")


def tells_of_others(ordeal):
    """Rooms we are not in, offsets that go backwards, repeats: each publication is shown once, in order."""
    server = ordeal.server
    elsewhere = {"room": "elsewhere", "offset": 1, "time": 1, "user": "eve", "body": {"text": "no"}}
    server.send({"publication": elsewhere})
    server.tell(HOME, {"text": "first", "more": {"than": "text"}}, {"text": "second"})
    last = server.rooms[HOME][-1]
    another = last | {"offset": 1, "body": {"text": "another first"}}
    for publication in (last, last, server.rooms[HOME][0], another):
        server.push("publication", {"room": HOME, "unknown": [1], **publication})
    server.tell(HOME, {"text": "third"})
    expect(ordeal.page.locator("#messages .text", has_text="third")).to_have_count(1)
    rows = ordeal.page.locator("#messages li[data-offset]")
    said = rows.evaluate_all("items => items.map(({ dataset }) => +dataset.offset)")
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


ORDEALS = (refuses, asks_to_wait, closes_after_connect, never_answers, answers_late, closes_with_odd_codes,
    sends_garbage, stops, pushes_nonsense, tells_of_others, gaps_without_end, *TEXT_ORDEALS)


def play(stage, base):
    ordeal = Ordeal(stage, base.rstrip("/"))
    for each in ORDEALS:
        each(ordeal)
    return f"the page lived through {len(ORDEALS)} ordeals"


if __name__ == "__main__":
    main(play, seconds=150)
