package import ChatProtocol

/// Everything that is bounded, together. What a client can run into is announced to it.
package struct Limits: Sendable {
    /// What `connect` tells.
    package var announced = AnnouncedLimits()
    /// How long a transport may stay without `connect`.
    package var connectTimeout: Duration = .seconds(10)
    /// How many commands may wait behind a `connect` whose token is being checked; together they have at most
    /// `announced.messageBytes`.
    package var waitingCommands = 64
    /// After so many refused tokens a connection is closed.
    package var refusedTokens = 3
    /// After this long without a byte from a session it is asked.
    package var pingInterval: Duration = .seconds(25)
    /// So long it has to answer.
    package var pongTimeout: Duration = .seconds(20)
    /// So long a session may stay over its queue limit before it is closed.
    package var slowTimeout: Duration = .seconds(30)
    /// So long a user whose last connection ended stays in the roster.
    package var rosterGrace: Duration = .seconds(15)
    /// So long roster changes are collected before they are told.
    package var rosterBatch: Duration = .milliseconds(250)
    /// How often a hub repeats to the others how far its part of each roster is; whoever misses it three
    /// times drops the part.
    package var rosterInterval: Duration = .seconds(5)
    /// How many members a roster snapshot lists; the count is always whole.
    package var rosterMembers = 1_000
    /// A session's typing in one room is told at most this often.
    package var typingInterval: Duration = .seconds(1)
    /// So long a draft waits for the archive before its sender is told `unavailable`.
    package var draftTimeout: Duration = .seconds(10)
    /// What `unavailable` advises, in milliseconds.
    package var retryAfterMs = 1_000
    /// How much may wait for the archive, per worker, in bytes: bodies, and 256 for each draft.
    package var pendingBytes = 16 * 1_048_576
    /// What waits to be read by all sessions together, in bytes, per worker: beyond it the sessions that are
    /// over their own limit longest are dropped.
    package var allQueuesBytes = 256 * 1_048_576
    /// A room's recent publications in memory, in bytes of bodies.
    package var ringBytes = 262_144
    /// All rooms' recent publications in memory, per worker, in bytes of bodies.
    package var allRingsBytes = 64 * 1_048_576
    /// How many publications opening a room reads ahead.
    package var openTail = 100
    /// How many publications a room holds back while one before them is missing.
    package var heldPublications = 256
    /// How much of them, in bytes of bodies.
    package var heldBytes = 262_144
    /// How much all rooms of a worker hold back together, in bytes of bodies and 256 for each publication.
    package var allHeldBytes = 16 * 1_048_576
    /// So long a room waits for a missing publication before it reads the archive.
    package var gapPatience: Duration = .milliseconds(5)
    /// So long a room waits for what the archive's sweep told of before it reads the archive.
    package var sweepPatience: Duration = .milliseconds(100)
    /// A room's subscription is asked for again at most this often.
    package var renewInterval: Duration = .seconds(5)
    /// So long a room waits for the broker's confirmation before it opens without.
    package var subscribePatience: Duration = .milliseconds(200)
    /// So long a room without members stays open.
    package var roomLinger: Duration = .seconds(60)
    /// How often all open rooms' heads are compared with the archive's.
    package var compareInterval: Duration = .seconds(60)

    /// The limits by default.
    package init() {}
}

/// What a room is, by the longest matching prefix of its name.
package struct RoomRules: Sendable {
    /// Prefix and kind, longest prefix first.
    private let prefixes: [(prefix: [UInt8], kind: RoomKind)]

    /// The rules of this table; what no prefix matches is stored.
    package init(_ kinds: [String: RoomKind] = [:]) {
        prefixes = kinds.map { (Array($0.key.utf8), $0.value) }
            .sorted { $0.prefix.count > $1.prefix.count }
    }

    /// The kind of the room of that name.
    package func kind(of room: RoomName) -> RoomKind {
        prefixes.first { room.utf8.starts(with: $0.prefix) }?.kind ?? .stored
    }
}

/// What a hub is made with.
package struct HubConfiguration: Sendable {
    /// Which hub this is.
    package var origin: OriginID
    /// The limits.
    package var limits: Limits
    /// The rooms' kinds.
    package var rules: RoomRules
    /// How one learns who somebody is.
    package var identity: IdentityRule
    /// Whether the broker leads to every hub that shares the archive, as it does where all are in one
    /// process. Where it does not, the archive's sweep is the way to the others, and `brokerTurned` says
    /// nothing new.
    package var hasBroker: Bool

    /// A configuration of these facts.
    package init(
        origin: OriginID, limits: Limits = Limits(), rules: RoomRules = RoomRules(),
        identity: IdentityRule = .believed, hasBroker: Bool = true
    ) {
        self.origin = origin
        self.limits = limits
        self.rules = rules
        self.identity = identity
        self.hasBroker = hasBroker
    }
}
