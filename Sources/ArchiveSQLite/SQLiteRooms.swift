import ArchiveThread
import Chat
import ChatProtocol
import Time

/// The archive's verbs in SQL, each of which is one transaction or one snapshot. It does not know who asks.
final class SQLiteRooms {
    /// The present generation. Only `beginGeneration` changes it: no other process writes while this one
    /// lives.
    private(set) var generation: ArchiveGeneration
    private let database: SQLiteDatabase
    let queries: Queries

    /// A room's row.
    struct Row {
        let id: Int64
        var head: Offset
        /// Under which the last publication was stored, or the room was made.
        var generation: ArchiveGeneration
        let first: Offset?
    }

    /// The rooms of `database`, which is migrated.
    init(_ database: SQLiteDatabase) throws(SQLiteFailure) {
        self.database = database
        queries = try Queries(database)
        generation = ArchiveGeneration(number: try queries.generation.number([]))
    }

    /// Begins a generation: the next number, or the present second if that is later, so that a copy put back
    /// twice does not begin the same one twice.
    func beginGeneration(at now: WallTime) throws(SQLiteFailure) {
        generation = try database.write { () throws(SQLiteFailure) in
            ArchiveGeneration(number: try queries.beginGeneration.number([.integer(now.milliseconds / 1000)]))
        }
    }

    /// Writes something, so that one knows whether that is possible.
    func probe() throws(SQLiteFailure) {
        try database.write { () throws(SQLiteFailure) in try queries.touch.run([]) }
    }

    /// Stores drafts in one transaction, none of them twice among themselves; outcomes in their order. On
    /// failure nothing was stored, or, where the commit itself failed, nobody knows.
    func append(_ drafts: [Draft], at now: WallTime) throws(SQLiteFailure) -> [AppendOutcome] {
        try database.write { () throws(SQLiteFailure) in
            var rooms: [RoomKey: (before: Row, now: Row)] = [:]
            var outcomes: [AppendOutcome] = []
            outcomes.reserveCapacity(drafts.count)
            for draft in drafts {
                var room: (before: Row, now: Row)
                if let known = rooms[draft.room] {
                    room = known
                } else {
                    let row = try row(of: draft.room)
                    room = (row, row)
                }
                outcomes.append(try append(draft, to: &room.now, at: now))
                rooms[draft.room] = room
            }
            for room in rooms.values where room.now.head > room.before.head {
                try move(room.before, to: room.now)
            }
            return outcomes
        }
    }

    /// Makes those of `rooms` that are missing, in one transaction.
    func make(_ rooms: [RoomKey]) throws(SQLiteFailure) {
        var missing: [RoomKey] = []
        for room in rooms where try existing(room) == nil { missing.append(room) }
        guard !missing.isEmpty else { return }
        try database.write { () throws(SQLiteFailure) in for room in missing { _ = try row(of: room) } }
    }

    /// A page of a room; nil where there is no such room.
    func page(of key: RoomKey, _ range: PageRange, _ size: PageSize) throws(SQLiteFailure) -> ArchivePage? {
        try database.read { () throws(SQLiteFailure) in
            guard let row = try existing(key) else { return nil }
            let state = RoomState(
                generation: generation, id: row.id, forks: try forks(of: row),
                first: row.first ?? row.head + 1,
                head: row.head)
            let publications =
                switch range {
                case .newest: try newest(size, before: .max, of: row, key)
                case .before(let offset): try newest(size, before: offset, of: row, key)
                case .after(let offset):
                    try self.publications(queries.publicationsAfter, offset, size, of: row, key)
                }
            return ArchivePage(state: state, publications: publications)
        }
    }

    /// The heads of those of `rooms` that exist.
    func heads(of rooms: [RoomKey]) throws(SQLiteFailure) -> [RoomHead] {
        try database.read { () throws(SQLiteFailure) in
            var heads: [RoomHead] = []
            for room in rooms {
                guard let row = try existing(room) else { continue }
                heads.append(RoomHead(room: room, epoch: epoch(of: row), head: row.head))
            }
            return heads
        }
    }

    /// Notes who is in which room from now on, or no longer is, in one transaction.
    func remember(_ memberships: [Membership: Bool]) throws(SQLiteFailure) {
        try database.write { () throws(SQLiteFailure) in
            for (membership, joined) in memberships {
                if joined { _ = try row(of: membership.room) }
                try (joined ? queries.join : queries.leave).run([
                    .text(membership.room.tenant.description), .text(membership.user.utf8),
                    .text(membership.room.name.utf8),
                ])
            }
        }
    }

    /// The rooms a user is remembered to be in, in byte order, after `after`.
    func rooms(of user: UserKey, after: RoomName?, limit: Int) throws(SQLiteFailure) -> RoomsPage {
        try database.read { () throws(SQLiteFailure) in
            var names: [RoomName] = []
            let limit = min(max(limit, 1), 10_000)
            let values: [SQLiteValue] = [
                .text(user.tenant.description), .text(user.user.utf8), .text(after?.utf8 ?? []),
                .integer(Int64(limit) + 1),
            ]
            try queries.memberships.query(values) { () throws(SQLiteFailure) in
                while try queries.memberships.isRow() { names.append(try name(queries.memberships.text(0))) }
            }
            var rooms: [RoomSummary] = []
            for name in names.prefix(limit) {
                let key = RoomKey(tenant: user.tenant, name: name)
                guard let row = try existing(key) else { throw .corrupt("membership") }
                let last = try newest(PageSize(limit: 1, bytes: .max, atLeast: 1), before: .max, of: row, key)
                rooms.append(RoomSummary(room: name, epoch: epoch(of: row), head: row.head, last: last.last))
            }
            return RoomsPage(rooms: rooms, more: names.count > limit)
        }
    }
}

/// How much to read: at most `limit` publications and `bytes` of bodies, but `atLeast` where there are as
/// many.
struct PageSize: Sendable {
    let limit: Int
    let bytes: Int
    let atLeast: Int
}
