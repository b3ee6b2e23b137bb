package import ChatProtocol
package import Time

/// A room of a tenant; the tenant comes from the token, never from a frame.
package struct RoomKey: Hashable, Sendable {
    /// Whose.
    package var tenant: TenantID
    /// Which.
    package var name: RoomName

    /// That tenant's room of that name.
    package init(tenant: TenantID, name: RoomName) {
        self.tenant = tenant
        self.name = name
    }
}

/// A user of a tenant.
package struct UserKey: Hashable, Sendable {
    /// Whose.
    package var tenant: TenantID
    /// Which.
    package var user: UserID

    /// That tenant's user.
    package init(tenant: TenantID, user: UserID) {
        self.tenant = tenant
        self.user = user
    }
}

/// A publication before it has a position.
package struct Draft: Sendable, Hashable {
    /// What its owner calls it; the outcome carries it back. Unique per archive endpoint.
    package var token: UInt64
    /// Where it goes.
    package var room: RoomKey
    /// Who says it.
    package var user: UserID
    /// Under which name.
    package var name: String?
    /// What makes a retry recognisable: unique per room and user.
    package var clientID: ClientID
    /// Any JSON value, checked, byte for byte.
    package var body: [UInt8]

    /// A draft of these facts.
    package init(
        token: UInt64, room: RoomKey, user: UserID, name: String?, clientID: ClientID, body: [UInt8]
    ) {
        self.token = token
        self.room = room
        self.user = user
        self.name = name
        self.clientID = clientID
        self.body = body
    }
}

/// What became of a draft.
package enum AppendOutcome: Sendable, Hashable {
    /// Committed, durably, at this position.
    case stored(StreamPosition, time: WallTime)
    /// The same client id with the same body was committed before, at this position; nothing changed.
    case repeated(StreamPosition, time: WallTime)
    /// The same client id stands in the room with another body; nothing changed.
    case clientIdReused
    /// The archive cannot store this draft and never will.
    case refused
    /// Not known to be stored: it may still appear, and only the same draft again settles it.
    case unavailable
}

/// One draft's outcome.
package struct Settlement: Sendable, Hashable {
    /// The draft's.
    package var token: UInt64
    /// What became of it.
    package var outcome: AppendOutcome

    /// That draft's outcome.
    package init(token: UInt64, outcome: AppendOutcome) {
        self.token = token
        self.outcome = outcome
    }
}

/// Where a room began to go on under another generation.
package struct Fork: Sendable, Hashable {
    /// The later generation.
    package var generation: ArchiveGeneration
    /// The first offset that belongs to it.
    package var first: Offset

    /// That generation's beginning in the room.
    package init(generation: ArchiveGeneration, first: Offset) {
        self.generation = generation
        self.first = first
    }
}

/// A room as one snapshot of the archive shows it.
package struct RoomState: Sendable, Hashable {
    /// The archive's present generation.
    package var generation: ArchiveGeneration
    /// The room's number in the archive; never reused.
    package var id: Int64
    /// Every fork of the room, ascending, its creation (first offset 1) included; also the present
    /// generation's where nothing was appended in it yet (its first offset is then head + 1).
    package var forks: [Fork]
    /// The oldest offset still there; head + 1 in an empty room.
    package var first: Offset
    /// The last offset, 0 in an empty room.
    package var head: Offset

    /// A room of these facts.
    package init(generation: ArchiveGeneration, id: Int64, forks: [Fork], first: Offset, head: Offset) {
        self.generation = generation
        self.id = id
        self.forks = forks
        self.first = first
        self.head = head
    }

    /// The present epoch.
    package var epoch: Epoch { Epoch(generation: generation, room: id) }
}

/// A room and some of its publications, from one snapshot.
package struct ArchivePage: Sendable, Hashable {
    /// The room in that snapshot.
    package var state: RoomState
    /// Ascending, without holes; positions bear the present epoch.
    package var publications: [Publication]

    /// A page of these facts.
    package init(state: RoomState, publications: [Publication]) {
        self.state = state
        self.publications = publications
    }
}

/// Which publications are wanted.
package enum PageRange: Sendable, Hashable {
    /// The newest.
    case newest
    /// Those right before this offset.
    case before(Offset)
    /// Those right after this offset.
    case after(Offset)
}

/// The archive did not answer, or cannot.
package struct ArchiveError: Error, Sendable, Hashable {
    /// For the log.
    package var reason: String

    /// An error for this reason.
    package init(reason: String) { self.reason = reason }
}

/// All conversations, on disk. One endpoint serves one worker; completions run on that worker's loop, never
/// inside the call that asked.
///
/// The promise: `stored` means committed and flushed. A room's offsets are 1, 2, 3 … without holes, and every
/// snapshot shows a prefix. Drafts of one endpoint for one room are stored in the order given. One bad draft
/// harms no other. Same room, user and client id: one publication for ever, whoever sends it.
package protocol Archive: AnyObject {
    /// Stores drafts as a group. `completion` is called one or more times until every draft is settled once.
    func append(_ drafts: [Draft], completion: @escaping ([Settlement]) -> Void)

    /// Makes the room if there is none, and reads its state with the newest publications: at most `tail`, and
    /// at most `tailBytes` of bodies.
    func open(
        _ room: RoomKey, tail: Int, tailBytes: Int,
        completion: @escaping (Result<ArchivePage, ArchiveError>) -> Void)

    /// Reads a page: at most `limit` publications and `bytes` of bodies, but at least one where there is one.
    /// A room that nobody opened or published in is an empty page of a room made on the spot.
    func read(
        _ room: RoomKey, _ range: PageRange, limit: Int, bytes: Int,
        completion: @escaping (Result<ArchivePage, ArchiveError>) -> Void)

    /// The heads of those of `rooms` that exist, in any order.
    func heads(
        of rooms: [RoomKey], completion: @escaping (Result<[RoomHead], ArchiveError>) -> Void)

    /// Begins a new generation unless a later one than `generation` is in force: what it holds was put back,
    /// as somebody noticed by what was told before. Repeatable; nothing where one process has the archive for
    /// itself, so that nobody can put it back meanwhile.
    func beginGeneration(after generation: ArchiveGeneration)

    /// Remembers that the user is in the room from now on, or no longer is. Best effort, repeatable.
    func remember(_ user: UserKey, in room: RoomName, joined: Bool)

    /// The rooms the user is remembered to be in, in byte order of their names, after `after`.
    func rooms(
        of user: UserKey, after: RoomName?, limit: Int,
        completion: @escaping (Result<RoomsPage, ArchiveError>) -> Void)
}

extension Archive {
    /// Nothing: one process has the archive for itself.
    package func beginGeneration(after generation: ArchiveGeneration) {}
}

/// How far a room has come.
package struct RoomHead: Sendable, Hashable {
    /// Which room.
    package var room: RoomKey
    /// Under which epoch.
    package var epoch: Epoch
    /// The last offset, 0 in an empty room.
    package var head: Offset

    /// That room's head.
    package init(room: RoomKey, epoch: Epoch, head: Offset) {
        self.room = room
        self.epoch = epoch
        self.head = head
    }
}
