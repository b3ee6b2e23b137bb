package import Time

/// The server's answer to one command.
package enum Reply: Sendable, Equatable {
    /// It was done.
    case ok(Answer)
    /// It was not; the session lives on.
    case error(ErrorReply)
}

/// Why a command was not done.
package struct ErrorReply: Error, Sendable, Equatable {
    /// Which rule.
    package var code: ErrorCode
    /// A sentence for the person in front of it.
    package var message: String
    /// When trying again makes sense, in milliseconds; only with codes that may be retried.
    package var retryAfterMs: Int?

    /// An error of this code; the table's sentence stands in where `message` is nil.
    package init(_ code: ErrorCode, _ message: String? = nil, retryAfterMs: Int? = nil) {
        self.code = code
        self.message = message ?? code.sentence
        self.retryAfterMs = retryAfterMs
    }
}

/// What `ok` carries, one case per verb that answers something.
package enum Answer: Sendable, Equatable {
    /// To `leave` and `typing`: `{}`.
    case done
    /// To `ping`: `{time}`.
    case pong(time: WallTime)
    /// To `connect`.
    case connected(Connected)
    /// To `join`.
    case joined(Joined)
    /// To `publish`.
    case published(Published)
    /// To `history`.
    case history(HistoryPage)
    /// To `presence`.
    case presence(RosterSnapshot)
    /// To `rooms`.
    case rooms(RoomsPage)
    /// To `refresh`.
    case refreshed(Refreshed)
}

/// The answer to `connect`.
package struct Connected: Sendable, Equatable {
    /// This stay's name; it tells instance and worker.
    package var session: String
    /// Who one is.
    package var user: UserID
    /// Under which name.
    package var name: String?
    /// The gateway's clock.
    package var serverTime: WallTime
    /// When the token expires, by that clock; nil in development mode.
    package var expiresAt: WallTime?
    /// After this long without a byte from the client the server asks, in milliseconds.
    package var pingMs: Int
    /// So long it waits for the answer, in milliseconds.
    package var pongMs: Int
    /// What is enforced, so that nobody has to find out.
    package var limits: AnnouncedLimits
    /// How to come back.
    package var reconnect: ReconnectAdvice
    /// One outcome per room asked for, in that order.
    package var rooms: [RoomOutcome]

    /// A connect command's room was entered, or was not.
    package enum RoomOutcome: Sendable, Equatable {
        /// It was.
        case joined(Joined)
        /// It was not; the others may have been.
        case refused(RoomName, ErrorReply)
    }

    /// The answer of these facts.
    package init(
        session: String, user: UserID, name: String?, serverTime: WallTime, expiresAt: WallTime? = nil,
        pingMs: Int, pongMs: Int,
        limits: AnnouncedLimits, reconnect: ReconnectAdvice, rooms: [RoomOutcome]
    ) {
        self.session = session
        self.user = user
        self.name = name
        self.serverTime = serverTime
        self.expiresAt = expiresAt
        self.pingMs = pingMs
        self.pongMs = pongMs
        self.limits = limits
        self.reconnect = reconnect
        self.rooms = rooms
    }
}

/// Every limit a client can run into, as `connect` tells it.
package struct AnnouncedLimits: Sendable, Equatable {
    /// The largest WebSocket message, in bytes.
    package var messageBytes = 65_536
    /// The largest body, in bytes of JSON.
    package var bodyBytes = 32_768
    /// How many rooms one session may be in.
    package var roomsPerSession = 200
    /// How many commands of a session may be under way at once.
    package var outstanding = 256
    /// How many of those may be reads (`join`, `history`, `rooms`).
    package var outstandingReads = 16
    /// How much the server queues for a session that reads slowly, in bytes.
    package var queueBytes = 1_048_576
    /// How many publications one reply carries at most.
    package var pagePublications = 500
    /// How many bytes of publications one reply carries at most, unless a single one is larger.
    package var pageBytes = 262_144
    /// How long a client id is remembered at least, in milliseconds (72 h).
    package var retryWindowMs = 259_200_000
    /// How many commands a session may send in a second, over a longer time.
    package var messagesPerSecond = 500
    /// How many commands a session that was quiet may send at once.
    package var messageBurst = 2_000
    /// So long a message may take from its first byte to its last, in milliseconds.
    package var messageMs = 30_000
    /// How many pings, pongs and tiny fragments a connection may send in a second, over a longer time.
    package var controlsPerSecond = 50
    /// How many of those at once after a quiet time.
    package var controlBurst = 1_000

    /// The limits by default.
    package init() {}
}

/// How a client comes back by itself: full jitter between these bounds.
package struct ReconnectAdvice: Sendable, Equatable {
    /// The first bound, in milliseconds.
    package var minMs = 500
    /// The last bound, in milliseconds.
    package var maxMs = 20_000

    /// The advice by default.
    package init() {}
}

/// The answer to `join`, and an element of connect's `rooms`.
package struct Joined: Sendable, Equatable {
    /// Which room.
    package var room: RoomName
    /// What it is.
    package var kind: RoomKind
    /// The present epoch; nil in an ephemeral room, like everything below but `recovered`.
    package var epoch: Epoch?
    /// The last offset there is, 0 in an empty room.
    package var head: Offset?
    /// Whether everything after `since` is here or follows; true where no `since` was given in a stored room.
    package var recovered: Bool
    /// With `recovered:false` in a stored room: the offsets that are lost to this client, both inclusive.
    package var gap: ClosedRange<Offset>?
    /// Not all of it is in `publications`: ask again from the last one on; nothing live comes before that.
    package var more: Bool
    /// What follows the position, oldest first, without holes.
    package var publications: [Publication]

    /// The answer of these facts.
    package init(
        room: RoomName, kind: RoomKind, epoch: Epoch? = nil, head: Offset? = nil, recovered: Bool,
        gap: ClosedRange<Offset>? = nil, more: Bool = false, publications: [Publication] = []
    ) {
        self.room = room
        self.kind = kind
        self.epoch = epoch
        self.head = head
        self.recovered = recovered
        self.gap = gap
        self.more = more
        self.publications = publications
    }
}

/// The answer to `refresh`.
package struct Refreshed: Sendable, Equatable {
    /// Who one is, as before.
    package var user: UserID
    /// Under which name from now on.
    package var name: String?
    /// When the token expires, by the gateway's clock.
    package var expiresAt: WallTime?
    /// The rooms that the new token does not let one be in, and that one is in no longer.
    package var left: [RoomName]

    /// The answer of these facts.
    package init(user: UserID, name: String?, expiresAt: WallTime?, left: [RoomName]) {
        self.user = user
        self.name = name
        self.expiresAt = expiresAt
        self.left = left
    }
}

/// The answer to `publish`.
package struct Published: Sendable, Equatable {
    /// The place the publication got; nil in an ephemeral room.
    package var position: StreamPosition?
    /// When it was stored.
    package var time: WallTime
    /// This client id was stored before: position and time are the first one's, nothing changed.
    package var isRepeat: Bool

    /// The answer of these facts.
    package init(position: StreamPosition?, time: WallTime, isRepeat: Bool = false) {
        self.position = position
        self.time = time
        self.isRepeat = isRepeat
    }
}

/// The answer to `history`: `publications` oldest first, whatever the direction.
package struct HistoryPage: Sendable, Equatable {
    /// Which room.
    package var room: RoomName
    /// The present epoch.
    package var epoch: Epoch
    /// The last offset there is, 0 in an empty room.
    package var head: Offset
    /// Whether there is more in the direction asked for.
    package var more: Bool
    /// The page.
    package var publications: [Publication]

    /// The answer of these facts.
    package init(room: RoomName, epoch: Epoch, head: Offset, more: Bool, publications: [Publication]) {
        self.room = room
        self.epoch = epoch
        self.head = head
        self.more = more
        self.publications = publications
    }
}

/// The answer to `presence`. Versions grow by one per push and mean something on one connection only.
package struct RosterSnapshot: Sendable, Equatable {
    /// Which room.
    package var room: RoomName
    /// The next `presence` push of this room on this connection has this version plus one.
    package var version: Int64
    /// How many users there are, also where `members` was cut.
    package var count: Int
    /// Who is here, in byte order of the user.
    package var members: [Member]

    /// The answer of these facts.
    package init(room: RoomName, version: Int64, count: Int, members: [Member]) {
        self.room = room
        self.version = version
        self.count = count
        self.members = members
    }
}

/// The answer to `rooms`, in byte order of the names.
package struct RoomsPage: Sendable, Equatable {
    /// The rooms.
    package var rooms: [RoomSummary]
    /// Whether there are rooms after the last of these.
    package var more: Bool

    /// The answer of these facts.
    package init(rooms: [RoomSummary], more: Bool) {
        self.rooms = rooms
        self.more = more
    }
}

/// One stored room in a list of rooms.
package struct RoomSummary: Sendable, Equatable {
    /// Which room.
    package var room: RoomName
    /// The present epoch.
    package var epoch: Epoch
    /// The last offset there is, 0 in an empty room.
    package var head: Offset
    /// The last publication, nil in an empty room.
    package var last: Publication?

    /// A summary of these facts.
    package init(room: RoomName, epoch: Epoch, head: Offset, last: Publication?) {
        self.room = room
        self.epoch = epoch
        self.head = head
        self.last = last
    }
}
