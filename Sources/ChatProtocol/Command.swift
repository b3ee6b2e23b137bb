/// What a client numbers its command with, 0 to 2^53 - 1; the reply carries it back.
package typealias CommandID = Int64

/// One command as it came, with the number its reply will carry. Without `id` only an error is answered.
package struct Envelope: Sendable, Equatable {
    /// The reply's number, or nil.
    package var id: CommandID?
    /// What is asked.
    package var command: Command

    /// The largest number: what JSON numbers carry exactly.
    package static let largestID: CommandID = (1 << 53) - 1

    /// A command under this number.
    package init(id: CommandID?, command: Command) {
        self.id = id
        self.command = command
    }
}

/// Everything a client can ask (`protocol/chat.md`, section Commands). Every dialect ends here.
package enum Command: Sendable, Equatable {
    /// The first command: who one is, and the rooms one comes back to.
    case connect(Connect)
    /// Be in a room from now on, or from a position on.
    case join(Join)
    /// Be in a room no longer.
    case leave(RoomName)
    /// Say something in a room.
    case publish(Publish)
    /// A page of a room's past.
    case history(HistoryRequest)
    /// Who is in a room now.
    case presence(RoomName)
    /// Tell the others that one is typing, or no longer.
    case typing(Typing)
    /// The rooms one has joined.
    case rooms(RoomsRequest)
    /// Go on under another token of the same user.
    case refresh(token: String)
    /// Measure the way there and back.
    case ping
    /// The answer to the server's heartbeat; it gets no reply.
    case pong
}

/// `connect {token?, client?, user?, name?, rooms?, heartbeat?}`.
package struct Connect: Sendable, Equatable {
    /// The token; nil only in development mode.
    package var token: String?
    /// What the client says it is, for logs; at most 128 bytes.
    package var client: String?
    /// Development mode only: who one claims to be.
    package var user: UserID?
    /// Development mode only: the name shown; at most 128 bytes, no control characters.
    package var name: String?
    /// Rooms to be in at once, with positions.
    package var rooms: [Join]
    /// How the server asks whether one is still there.
    package var heartbeat: Heartbeat

    /// The longest `client` and `name`, in bytes.
    package static let textLimit = 128

    /// How heartbeats travel.
    package enum Heartbeat: String, Sendable {
        /// `{"ping":{}}` pushes, which a page in a browser can answer.
        case message
        /// RFC 6455 ping frames, which programs' libraries answer by themselves.
        case frame
    }

    /// A connect command of these facts.
    package init(
        token: String? = nil, client: String? = nil, user: UserID? = nil, name: String? = nil,
        rooms: [Join] = [],
        heartbeat: Heartbeat = .message
    ) {
        self.token = token
        self.client = client
        self.user = user
        self.name = name
        self.rooms = rooms
        self.heartbeat = heartbeat
    }
}

/// Ephemeral pushes a session may decline in a room; publications it gets always.
package struct RoomEvents: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// `presence` pushes.
    package static let presence = RoomEvents(rawValue: 1)
    /// `typing` pushes.
    package static let typing = RoomEvents(rawValue: 2)
    /// What a join without `events` gets.
    package static let all: RoomEvents = [.presence, .typing]
}

/// `join {room, since?, tail?, events?}`; also an element of connect's `rooms`.
package struct Join: Sendable, Equatable {
    /// Which room.
    package var room: RoomName
    /// The position after which everything is wanted; offset 0 asks for all there is.
    package var since: StreamPosition?
    /// Without `since`: how many of the latest publications are wanted, 0 to 1,000; more than a page's are a
    /// page's.
    package var tail: Int?
    /// Which ephemeral pushes are wanted.
    package var events: RoomEvents

    /// A join command of these facts.
    package init(room: RoomName, since: StreamPosition? = nil, tail: Int? = nil, events: RoomEvents = .all) {
        self.room = room
        self.since = since
        self.tail = tail
        self.events = events
    }
}

/// `publish {room, clientId, body}`.
package struct Publish: Sendable, Equatable {
    /// Where.
    package var room: RoomName
    /// What the client calls this draft; required in stored rooms.
    package var clientID: ClientID?
    /// Any JSON value, byte for byte.
    package var body: [UInt8]

    /// A publish command of these facts.
    package init(room: RoomName, clientID: ClientID?, body: [UInt8]) {
        self.room = room
        self.clientID = clientID
        self.body = body
    }
}

/// `history {room, before?|after?, limit?}`.
package struct HistoryRequest: Sendable, Equatable {
    /// Which room.
    package var room: RoomName
    /// From where, and in which direction; the newest page without.
    package var anchor: Anchor
    /// How many at most, 1 to 1,000; more than a page's are a page's.
    package var limit: Int?

    /// A page lies at the end of the stream, before an offset, or after one.
    package enum Anchor: Sendable, Equatable { case newest, before(Offset), after(Offset) }

    /// A history command of these facts.
    package init(room: RoomName, anchor: Anchor = .newest, limit: Int? = nil) {
        self.room = room
        self.anchor = anchor
        self.limit = limit
    }
}

/// `typing {room, on?}`.
package struct Typing: Sendable, Equatable {
    /// In which room.
    package var room: RoomName
    /// Whether one is typing; true without.
    package var isOn: Bool

    /// A typing command of these facts.
    package init(room: RoomName, isOn: Bool = true) {
        self.room = room
        self.isOn = isOn
    }
}

/// `rooms {after?, limit?}`.
package struct RoomsRequest: Sendable, Equatable {
    /// The last name of the page before; names come in byte order.
    package var after: RoomName?
    /// How many at most, 1 to 1,000; more than a page's are a page's.
    package var limit: Int?

    /// A rooms command of these facts.
    package init(after: RoomName? = nil, limit: Int? = nil) {
        self.after = after
        self.limit = limit
    }
}
