"""A server in Python, behind Playwright's route for WebSockets: it speaks the protocol, or whatever a test
makes it say instead. It keeps what is published in memory and answers within the browser's own turn."""
import json

LIMITS = {"messageBytes": 65536, "bodyBytes": 32768, "roomsPerSession": 200, "outstanding": 256,
    "outstandingReads": 16, "queueBytes": 1048576, "pagePublications": 500, "pageBytes": 262144,
    "retryWindowMs": 259200000}
# Two rooms are enough to go from one to the other.
HOME, OTHER = "home", "other"
EPOCH = "1-1"
TIME = 1_764_201_600_000


class PretendedServer:
    """`greet(socket)` may do away with a connection as it comes; `answers` puts something in the place of the
    answer to a verb: a function of socket, id and fields, which may return an answer to send."""

    def __init__(self, rooms):
        self.rooms = {room: [] for room in rooms}
        self.greet = None
        self.answers = {}
        self.socket = None
        self.connections = 0
        # By room, the client ids that were published, with their offsets.
        self.published = {}

    def route(self, page):
        page.route_web_socket("**/ws", self.accept)

    def accept(self, socket):
        self.connections += 1
        if self.greet is not None:
            self.greet(socket)
            return
        self.socket = socket
        socket.on_message(lambda message: self.hear(socket, message))

    def behave(self):
        self.greet = None
        self.answers = {}

    def hear(self, socket, message):
        for line in message.split("\n"):
            command = json.loads(line)
            number = command.pop("id", None)
            verb, fields = next(iter(command.items()))
            usual = getattr(self, f"on_{verb}", lambda *_: {})
            answer = self.answers.get(verb, usual)(socket, number, fields)
            if number is not None and answer is not None:
                socket.send(json.dumps({"id": number} | answer))

    def on_connect(self, _socket, _number, fields):
        rooms = [self.joined(each) for each in fields.get("rooms", [])]
        who = {"user": "guest-1"} | {key: fields[key] for key in ("user", "name") if key in fields}
        return {"ok": who | {"session": "s1", "serverTime": TIME, "pingMs": 25000, "pongMs": 20000,
            "limits": LIMITS, "reconnect": {"minMs": 20, "maxMs": 100}, "rooms": rooms}}

    def on_join(self, _socket, _number, fields):
        return {"ok": self.joined(fields)}

    def joined(self, fields):
        said = self.rooms.setdefault(fields["room"], [])
        since = fields.get("since", {}).get("offset", max(0, len(said) - fields.get("tail", 0)))
        return {"room": fields["room"], "kind": "stored", "epoch": EPOCH, "head": len(said),
            "recovered": True, "publications": said[since:]}

    def on_history(self, _socket, _number, fields):
        said = self.rooms.get(fields["room"], [])
        limit = fields.get("limit", 50)
        if "after" in fields:
            page = said[fields["after"]:][:limit]
            more = bool(page) and page[-1]["offset"] < len(said)
        else:
            page = said[:max(0, fields.get("before", len(said) + 1) - 1)][-limit:]
            more = bool(page) and page[0]["offset"] > 1
        return {"ok": {"room": fields["room"], "epoch": EPOCH, "head": len(said), "more": more,
            "publications": page}}

    def on_presence(self, _socket, _number, fields):
        return {"ok": {"room": fields["room"], "version": 1, "count": 0, "members": []}}

    def on_rooms(self, *_):
        rooms = [{"room": room, "epoch": EPOCH, "head": len(said)} for room, said in self.rooms.items()]
        return {"ok": {"rooms": rooms, "more": False}}

    def on_publish(self, socket, _number, fields):
        said, known = self.rooms[fields["room"]], self.published.setdefault(fields["room"], {})
        offset = known.get(fields["clientId"])
        if offset is None:
            publication = self.say(fields["room"], fields["body"], "guest-1", None, fields["clientId"])
            known[fields["clientId"]] = offset = publication["offset"]
            self.push("publication", {"room": fields["room"]} | publication, socket)
        return {"ok": {"epoch": EPOCH, "offset": offset, "time": TIME + len(said)}}

    def say(self, room, body, user="bob", name="Bob", client_id=None):
        """Stores a publication and returns it; nobody is told."""
        said = self.rooms[room]
        publication = {"offset": len(said) + 1, "time": TIME + 1000 * len(said), "user": user, "body": body,
            "clientId": client_id or f"x{len(said)}"} | ({} if name is None else {"name": name})
        said.append(publication)
        return publication

    def tell(self, room, *bodies, **who):
        """Publishes, and tells the page in one frame."""
        said = [self.say(room, body, **who) for body in bodies]
        self.send(*({"publication": {"room": room} | publication} for publication in said))

    def push(self, verb, fields, socket=None):
        (socket or self.socket).send(json.dumps({verb: fields}))

    def send(self, *messages):
        """Whatever they are, in one frame."""
        self.socket.send("\n".join(json.dumps(message) for message in messages))
