"""The stage of screenshots.py: who speaks, the server as it is, and a stand-in before it that makes what a
healthy server never says: refusals, silence, a lost connection, and times in the past.
"""
import contextlib
import datetime
import json
import re
import secrets
import urllib.parse
import urllib.request

from playwright.sync_api import expect
from websockets.sync.client import connect

from window import serve_from_folder

# When every picture is taken.
NOW = datetime.datetime(2026, 11, 20, 14, 32, tzinfo=datetime.timezone.utc)
LOOKS = {
    "desktop-light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "desktop-dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone-light": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True},
}
PEOPLE = {"mira": "Mira Okafor", "jberg": "Jonas Berg", "lea": "Léa Fontaine", "noam": "נועם לוי",
          "sa": "Sam Whitfield", "me": "Ada Lindqvist"}
DAY = 24 * 60
TALK = [  # minutes ago, who, what
    (DAY + 312, "jberg", "Release notes for 2.4 are up for review:\nhttps://docs.example.com/releases/2.4"),
    (DAY + 309, "lea", "Reading them now."),
    (DAY + 284, "lea", "Looks good. Could we say why the retry window is three days? People will ask."),
    (DAY + 281, "me", "Good point, I'll add a sentence."),
    (58, "mira", "Morning! The dashboard on the second instance is green again 🎉"),
    (57, "mira", "It was the clock, of all things."),
    (41, "noam", "מצוין! אני בודק את זה גם אצלי"),
    (40, "noam", "Same here, all green."),
    (22, "jberg", "For the record, this is what I ran:\n```sh\nparley check-config\nparley serve --archive "
     "postgres://parley@db.internal/parley\n```\nand `--log-level debug` shows each line of a session."),
    (19, "lea", "👏👏"),
    (6, "me", "Then let's ship it today. I'll tag the release after lunch and write to the list."),
    (4, "mira", "Perfect. I'll keep an eye on the graphs."),
]
LONG = [
    (12, "mira", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3),
    (11, "long", "https://example.com/" + "a-path-that-does-not-end/" * 12 + "?q=" + "x" * 80),
    (10, "noam", "שלום לכולם, הנה קישור: https://example.com/שלום "
        "ועוד קצת טקסט כדי שיהיו כמה שורות בהודעה הזאת"),
    (9, "jberg", "Zalgo" + "\u0301\u0302\u0303\u0304" * 40 + " stays in its row"),
    (8, "lea", "```json\n" + json.dumps({"a": list(range(60)), "b": "no line breaks in here"}) + "\n```"),
    (7, "sa", "one\ntwo\n\nfour, with    spaces kept"),
    (6, "mira", "🦊"),
    (5, "me", "<b>This is text</b> & so is <script>alert(1)</script>"),
]
PEOPLE["long"] = "Wolfeschlegelsteinhausenbergerdorff von und zu Hohenlohe-Waldenburg-Schillingsfürst"


class Backstage:
    """The server as it is: rooms are filled by REST, people come by WebSocket."""

    def __init__(self, base, run):
        self.base = base
        self.run = run
        # Everybody is in the rooms of this picture only.
        self.me = f"ada-{run}"
        self.open = contextlib.ExitStack()

    def say(self, room, minutes, user, text):
        body = {"clientId": f"{secrets.token_hex(6)}~{minutes}", "user": self.me if user == "me" else user,
                "name": PEOPLE[user], "body": {"text": text}}
        url = f"{self.base}/api/v1/rooms/{urllib.parse.quote(room, safe='')}/publications"
        request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()

    def fill(self, room, talk):
        for minutes, user, text in talk:
            self.say(room, minutes, user, text)

    def come(self, user, *rooms):
        session = self.open.enter_context(connect(self.base.replace("http", "ws") + "/ws"))
        who = {"user": user, "name": PEOPLE[user], "heartbeat": "frame",
               "rooms": [{"room": room} for room in rooms]}
        session.send(json.dumps({"id": 1, "connect": who}))
        session.recv(10)
        return session


class StandIn:
    """Between page and server: passes lines on, and makes what a healthy server never says."""

    def __init__(self, me):
        self.me = me
        self.refused_rooms = ()
        self.silent = False
        self.failing = None
        self.down = None
        self.sockets = []

    def route(self, socket):
        self.sockets.append(socket)
        if self.down is not None:
            return socket.close(code=4001, reason=json.dumps(self.down))
        server = socket.connect_to_server()
        socket.on_message(lambda text: self.from_page(socket, server, text))
        server.on_message(lambda text: socket.send(
            "\n".join(self.from_server(line) for line in text.split("\n"))))
        return None

    def from_page(self, socket, server, text):
        for line in text.split("\n"):
            command = json.loads(line)
            if "connect" in command:
                # A token cannot be checked in development mode: who we are is said instead.
                if command["connect"].pop("token", None):
                    command["connect"] |= {"user": self.me, "name": PEOPLE["me"]}
            room = command.get("join", {}).get("room")
            if room in self.refused_rooms:
                fault = {"code": 105, "name": "forbidden",
                         "message": f"The token does not let you into {room}."}
                socket.send(json.dumps({"id": command["id"], "error": fault}))
            elif "publish" in command and self.failing:
                socket.send(json.dumps({"id": command["id"], "error": self.failing}))
            elif not ("publish" in command and self.silent):
                server.send(json.dumps(command))

    def from_server(self, line):
        """Moves what was said to the time its clientId tells."""

        def move(value):
            if isinstance(value, list):
                return [move(each) for each in value]
            if not isinstance(value, dict):
                return value
            moved = {key: move(each) for key, each in value.items()}
            told = re.search(r"~(\d+)$", str(moved.get("clientId", "")))
            if "time" in moved and "clientId" in moved:
                moved["time"] = int(NOW.timestamp() * 1000) - (int(told[1]) if told else 0) * 60_000
            return moved

        return json.dumps(move(json.loads(line)))

    def drop(self, **reason):
        self.down = reason
        for socket in self.sockets:
            socket.close(code=4001, reason=json.dumps(reason))


class Scene:
    """One page in one look, on its way through a state."""

    def __init__(self, browser, backstage, look, scale=1):
        self.backstage = backstage
        self.is_phone = look.startswith("phone")
        self.stand_in = StandIn(backstage.me)
        self.context = browser.new_context(
            **LOOKS[look], device_scale_factor=scale, locale="en-GB", timezone_id="UTC",
            reduced_motion="reduce")
        self.context.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        serve_from_folder(self.context, backstage.base)
        self.page = self.context.new_page()
        self.page.clock.set_fixed_time(NOW)
        self.page.on("pageerror", lambda error: print(f"  the page threw: {error}"))
        self.page.route_web_socket(re.compile("/ws$"), self.stand_in.route)

    def open(self, room, token=True, waits=True):
        # A token's page has no form for a name; most pictures are of that.
        quoted = urllib.parse.quote(room, safe="")
        address = f"#token=t&room={quoted}" if token else f"#{quoted}"
        self.page.goto(f"{self.backstage.base}/{address}")
        if waits:
            expect(self.page.locator("#state")).to_have_attribute("data-state", "open")
            expect(self.page.locator("#people li")).not_to_have_count(0)
        return self.page

    def write(self, text):
        self.page.locator("#text").fill(text)

    def say(self, text):
        self.write(text)
        self.page.keyboard.press("Enter")
