#!/usr/bin/env python3
"""What people write is never taken for anything but text: in messages, in names, in rooms, in addresses.

Usage: xss.py BASE_URL SCREENSHOT_FOLDER

Each payload of xss_corpus.json is a message (by REST, with the payload as name or user as well), the name of
somebody who connects (roster, typing line, head of a message) and, where it is legal, a room (list, title,
address). A canary hears of scripts that run, of dialogs, of what the security policy stops, and of every
request to elsewhere; it must hear nothing. What is shown must be the payload itself, by the rules of
displayed-text.js, and be made of no other elements than rich-text.js makes.

That the canary is alive is tested each time: a page whose rich-text.js is replaced by one with `innerHTML`
must be caught, with the policy as served (which stops it and says so) and with the policy taken away (the
script runs).
"""
import json
import pathlib
import re
import secrets
import urllib.parse
import urllib.request

from playwright.sync_api import expect

from window import await_state, demand, main, me, open_tab, say, serve_from_folder
from xss_scripts import CANARY, DANGERS, GATHER, INSPECT, LEAVE, PLANTED, TALK, UNTIL, VISIT

CORPUS = json.loads((pathlib.Path(__file__).parent / "xss_corpus.json").read_text())
CHUNK = 60
# Each of the crowd hears all others, so not all of them speak.
STEP = 6
BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
MARKS = "\u0300-\u036f\u200b-\u200d\u2060\ufeff"
# One that fits into a name.
IMAGE = "<img src=x onerror=__pwned=1>"

def displayed(text):
    """The rules of displayed-text.js, written a second time."""
    text = re.sub("\r\n?|[\v\f\x85\u2028\u2029]", "\n", text)
    text = re.sub("[\0-\x08\x0e-\x1f]", lambda found: chr(0x2400 + ord(found[0])), text)
    text = re.sub("[\x80-\x9f]", "\ufffd", text.replace("\x7f", "\u2421"))
    return re.sub(f"([{MARKS}]{{3}})[{MARKS}]{{6,}}", r"\1", text)


def bare(text):
    """Without what turns text around: the page ends what is open, and leaves out ends of nothing."""
    return (text or "").translate(BIDI)


def named(text):
    """A payload as the server takes it for a name or a user."""
    line = re.sub("[\0-\x1f\x7f-\x9f]", " ", text)
    return line.encode()[:120].decode(errors="ignore").strip()


def is_named(shown, name):
    """Whether a name is shown as it is: on one line, and cut where it is very long."""
    wanted = re.sub(f"([{MARKS}]{{3}})[{MARKS}]{{6,}}", r"\1", bare(name))
    wanted = re.sub(r"[\s\ufeff]+", " ", wanted).strip()
    shown = bare(shown)
    return shown == wanted or (shown.endswith("…") and len(shown) > 40 and wanted.startswith(shown[:-1]))


class Watched:
    """A context with a canary in it."""

    def __init__(self, stage, base, **look):
        self.stage, self.base = stage, base.rstrip("/")
        self.cries = []
        self.context = stage.browser.new_context(viewport={"width": 1100, "height": 800}, **look)
        self.context.set_default_timeout(10_000)
        self.context.expose_function("__cry", lambda what: self.cries.append(what))
        self.context.add_init_script(CANARY + UNTIL)
        self.context.add_init_script(f"localStorage['parley:name'] ??= {json.dumps(IMAGE)}")
        self.context.on("request", self.hear)
        self.context.on("dialog", self.dismiss)
        serve_from_folder(self.context, self.base)

    def dismiss(self, dialog):
        self.cries.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def hear(self, request):
        if not request.url.startswith(f"{self.base}/"):
            self.cries.append(f"a request to {request.url}")

    def open(self, room):
        page = open_tab(self.context, self.base, room, self.stage.complaints, "the page")
        expect(me(page), "we are in the roster").to_have_count(1)
        return page

    def is_quiet(self, where):
        demand(not self.cries, f"{where}: {'; '.join(self.cries[:5])}")


def publish(base, room, number, body, user, name=None):
    draft = {"clientId": f"c{number}", "body": body, "user": user} | ({} if name is None else {"name": name})
    address = f"{base}/api/v1/rooms/{urllib.parse.quote(room, safe='')}/publications"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(draft).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["offset"]


def is_ours(element):
    """Whether rich-text.js, or the view for data, makes such an element."""
    tag, attributes = element["tag"], dict(element["attributes"])
    if tag == "a":
        href = attributes.get("href", "")
        is_web = re.match(r"(https?://[^/?#@]+([/?#]|$)|mailto:[\w.%+-]+@[\w.-]+$)", href)
        wanted = {"dir", "href", "rel", "target", "title"}
        return bool(is_web) and set(attributes) == wanted and attributes["title"] == attributes["href"]
    allowed = {"code": {"dir"}, "span": {"dir", "class"},
        "pre": {"dir", "class", "role", "tabindex", "aria-label", "data-language"}}
    return set(attributes) <= allowed.get(tag, set()) and attributes.get("class") in (None, "jumbo", "data")


def read_texts(page, base, room):
    """Every payload as a text, with itself as name or as user; and bodies that are no texts."""
    entries = CORPUS["texts"] + [{"body": body} for body in CORPUS["bodies"]]
    for start in range(0, len(entries), CHUNK):
        said = {}
        for number, entry in enumerate(entries[start:start + CHUNK], start):
            name = named(entry.get("payload", IMAGE))
            body = entry["body"] if "body" in entry else {"text": entry["payload"]}
            given = {"user": f"u{number}", "name": name} if number % 2 else {"user": name}
            said[publish(base, room, number, body, **given)] = (entry, name)
        last = page.locator(f'#messages li[data-offset="{max(said)}"]')
        expect(last, "the last of what was published is shown").to_have_count(1)
        shown = {row["offset"]: row for row in page.evaluate(INSPECT, min(said))}
        demand(shown.keys() == said.keys(), f"shown are {sorted(shown)} of {sorted(said)}")
        for offset, (entry, name) in said.items():
            compare(shown[offset], entry, name)


def compare(row, entry, name):
    foreign = [element for element in row["elements"] if not is_ours(element)]
    demand(not foreign, f"{entry} became {foreign}")
    demand(is_named(row["who"], name), f"who said {entry} is shown as {row['who']!r} instead of {name!r}")
    if "body" in entry:
        body = entry["body"]
        is_text = isinstance(body, str) and body.strip() != ""
        shown = row["text"] if is_text else json.loads(row["text"])
        demand(shown == body, f"{body!r} is shown as {row['text']!r}")
        return
    wanted = bare(displayed(entry.get("shown", entry["payload"])))
    demand(bare(row["text"]) == wanted, f"{entry} is shown as {row['text']!r}")


def read_names(page, room):
    """Every payload as the name of somebody who connects: roster; of each sixth, typing line and head of a
    message."""
    names = [named(entry["payload"]) for entry in CORPUS["texts"]]
    for part in range(2):
        # Users that are payloads, and users who only call themselves so.
        people = [{"user": f"v{number}" if number % 4 > 1 else f"{number} {name}"[:60], "name": name}
            for number, name in enumerate(names)][part::2]
        given = {person["user"]: person["name"] for person in people}
        for user, shown in page.evaluate(GATHER, [people, room]):
            wanted = given.get(user, IMAGE)
            is_right = is_named(shown.removesuffix(" (you)"), wanted)
            demand(is_right, f"{wanted!r} is in the roster as {shown!r}")
        called = page.evaluate(TALK, [room, f"round {part}", STEP])
        for person, (typist, speaker) in zip(people[::STEP], called):
            typist = typist.partition(" is typing")[0]
            demand(is_named(typist, person["name"]), f"{person} types as {typist!r}")
            demand(is_named(speaker, person["name"]), f"{person} speaks as {speaker!r}")
        page.evaluate(LEAVE, room)


def is_room(text):
    is_legal = not re.search(r"[\0-\x1f\x7f-\x9f*]", text) and text.strip("\ufeff ") == text
    return is_legal and len(text.encode()) <= 200 and not text.startswith("$")


def read_rooms(page, home):
    """Every second payload that is legal is a room: a session may be in 200 of them."""
    rooms = [text for text in (entry["payload"] for entry in CORPUS["texts"]) if is_room(text)][::2]
    for room in rooms:
        page.evaluate(VISIT, room)
    expect(page, "the last one is in the title").to_have_title(re.compile(re.escape(rooms[-1])))
    listed = page.locator("#room-list a").evaluate_all(
        "links => links.map((link) => "
        "[link.getAttribute('href'), (link.querySelector('.room-name') ?? link).textContent])")
    shown = {urllib.parse.unquote(address[1:]): bare(name) for address, name in listed}
    for room in rooms:
        demand(shown.get(room) == bare(room), f"the room {room!r} is listed as {shown.get(room)!r}")
    for address in CORPUS["addresses"]:
        page.evaluate("(address) => { location.hash = address; }", address)
        expect(page.locator("#room-title"), f"{address} is some room").not_to_be_empty()
    page.evaluate(VISIT, home)


def write(page):
    """By the composer, the name form and the room form, as a person does it."""
    for entry in CORPUS["texts"][::40]:
        text = entry["payload"]
        say(page, text)
        wanted = bare(entry.get("shown", displayed(text))).strip()
        expect(page.locator("#messages li[data-offset] .text").last).to_have_text(wanted)
    page.locator("#name").fill("\"><svg onload=__pwned=1>")
    page.locator("#name").press("Enter")
    expect(me(page), "we have another name").to_contain_text("\"><svg onload=__pwned=1>")
    page.locator("#room").fill("'><iframe onload=__pwned=1>")
    page.locator("#room").press("Enter")
    expect(page.locator("#room-title")).to_have_text("'><iframe onload=__pwned=1>")


def give_tokens(stage, base):
    """Tokens in the address are taken out of it, and are no text of the page."""
    watched = Watched(stage, base)
    for fragment in CORPUS["tokens"]:
        page = watched.context.new_page()
        page.goto(f"{watched.base}/{fragment}")
        expect(page.locator("#state"), "the page says how it is").not_to_be_empty()
        demand("token=" not in page.url, f"the address still is {page.url}")
        watched.is_quiet(fragment)
    watched.context.close()


def plant(route):
    """Puts the fault into the function, whether the page's script is one file or many."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("function richText(text) {", PLANTED))


def catch_plants(stage, base, room):
    """A page that does it wrong is caught: by the policy, and by the canary where there is none."""
    for is_open, cry in ((False, "the policy stopped"), (True, "a script ran")):
        watched = Watched(stage, base, bypass_csp=is_open)
        page = watched.context.new_page()
        page.route(re.compile(r"/page/(app|rich-text)\.js$"), plant)
        page.goto(f"{watched.base}/#{room}")
        await_state(page, "open", "the planted page is connected")
        say(page, IMAGE)
        for _ in range(100):
            if not any(cry in said for said in watched.cries):
                page.wait_for_timeout(50)
        is_heard = any(cry in said for said in watched.cries)
        demand(is_heard, f"no {cry!r} in spite of innerHTML: {watched.cries}")
        watched.context.close()


def play(stage, base):
    base = base.rstrip("/")
    room = f"xss-{secrets.token_hex(4)}"
    watched = Watched(stage, base)
    page = watched.open(room)
    before = page.evaluate(DANGERS)
    read_texts(page, base, room)
    watched.is_quiet("texts")
    read_names(page, room)
    watched.is_quiet("names")
    read_rooms(page, room)
    watched.is_quiet("rooms")
    write(page)
    after = page.evaluate(DANGERS)
    demand(after == before, f"{before} became {after}")
    stage.picture(page, "xss")
    watched.is_quiet("writing")
    give_tokens(stage, base)
    catch_plants(stage, base, room)
    count = len(CORPUS["texts"])
    return (f"{count} payloads in texts and names, and those that may be rooms, did nothing, "
        "and a planted fault was caught")


if __name__ == "__main__":
    main(play, seconds=150)
