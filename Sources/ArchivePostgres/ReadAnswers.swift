import ArchiveThread
import Chat
import ChatProtocol
import Time

/// A read as a statement, and its rows as what was asked for.
enum ReadAnswers {
    /// The statement that answers `read`.
    static func question(_ read: ArchiveRead) -> (PostgresStatement, [PostgresValue]) {
        switch read {
        case .open(let room, let tail, let tailBytes):
            page(room, .newest, limit: tail, bytes: tailBytes, atLeast: 0)
        case .page(let room, let range, let limit, let bytes):
            page(room, range, limit: limit, bytes: bytes, atLeast: 1)
        case .heads(let rooms): (Queries.heads, RoomNames(rooms).values)
        case .rooms(let user, let after, let limit):
            (
                Queries.roomsOfUser,
                [
                    .text(user.tenant.description), .text(user.user.description),
                    .text(after?.description ?? ""), .int64(Int64(bounded(limit)) + 1),
                ]
            )
        }
    }

    private static func bounded(_ rooms: Int) -> Int { min(max(rooms, 1), 10_000) }

    private static func page(
        _ room: RoomKey, _ range: PageRange, limit: Int, bytes: Int, atLeast: Int
    ) -> (PostgresStatement, [PostgresValue]) {
        let (statement, bound) =
            switch range {
            case .newest: (Queries.pageBefore, Offset.max)
            case .before(let offset): (Queries.pageBefore, offset)
            case .after(let offset): (Queries.pageAfter, offset)
            }
        return (
            statement,
            [
                .text(room.tenant.description), .text(room.name.description), .int64(bound),
                .int64(Int64(max(limit, atLeast))), .int64(Int64(bytes)), .int64(Int64(atLeast)),
            ]
        )
    }

    /// The rooms' heads.
    static func heads(_ rows: PostgresRows, of rooms: [RoomKey]) -> [RoomHead] {
        (0..<rows.count).map { row in
            RoomHead(
                room: rooms[Int(rows.int64(row, 0)) - 1],
                epoch: Epoch(
                    generation: ArchiveGeneration(number: rows.int64(row, 2)), room: rows.int64(row, 1)),
                head: rows.int64(row, 3))
        }
    }

    /// A page; nil where there is no such room.
    static func page(_ rows: PostgresRows, of room: RoomKey) throws(ArchiveError) -> ArchivePage? {
        guard rows.count > 0 else { return nil }
        let state = try state(rows)
        var publications: [Publication] = []
        publications.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            guard let publication = try publication(rows, row, from: 6, room.name, state.epoch) else { break }
            publications.append(publication)
        }
        return ArchivePage(state: state, publications: publications)
    }

    /// A user's rooms, of which one more than `limit` was asked for.
    static func rooms(_ rows: PostgresRows, limit: Int) throws(ArchiveError) -> RoomsPage {
        var rooms: [RoomSummary] = []
        let limit = bounded(limit)
        for row in 0..<min(rows.count, limit) {
            let name: RoomName
            do { name = try RoomName(rows.text(row, 2)) } catch { throw corrupt("a room's name", error) }
            let epoch = Epoch(
                generation: ArchiveGeneration(number: rows.int64(row, 1)), room: rows.int64(row, 0))
            rooms.append(
                RoomSummary(
                    room: name, epoch: epoch, head: rows.int64(row, 3),
                    last: try publication(rows, row, from: 4, name, epoch)))
        }
        return RoomsPage(rooms: rooms, more: rows.count > limit)
    }

    private static func state(_ rows: PostgresRows) throws(ArchiveError) -> RoomState {
        let (now, was) = (rows.int64(0, 1), rows.int64(0, 2))
        let head = rows.int64(0, 3)
        var forks: [Fork] = []
        for text in rows.text(0, 5).split(separator: ",") {
            let parts = text.split(separator: ":").compactMap { Int64($0) }
            guard parts.count == 2 else { throw ArchiveError(reason: "the archive holds a bad fork") }
            forks.append(Fork(generation: ArchiveGeneration(number: parts[0]), first: parts[1]))
        }
        // Nothing was appended in the present generation yet.
        if was != now {
            forks.append(Fork(generation: ArchiveGeneration(number: now), first: head + 1))
        }
        return RoomState(
            generation: ArchiveGeneration(number: now), id: rows.int64(0, 0), forks: forks,
            first: rows.isNull(0, 4) ? head + 1 : rows.int64(0, 4), head: head)
    }

    /// What stands in the columns from `column` on; nil where they are null.
    private static func publication(
        _ rows: PostgresRows, _ row: Int, from column: Int, _ room: RoomName, _ epoch: Epoch
    ) throws(ArchiveError) -> Publication? {
        if rows.isNull(row, column) { return nil }
        do {
            return Publication(
                room: room, position: StreamPosition(epoch: epoch, offset: rows.int64(row, column)),
                time: WallTime(milliseconds: rows.int64(row, column + 4)),
                user: try UserID(rows.text(row, column + 1)), name: rows.optionalText(row, column + 2),
                clientID: try ClientID(rows.text(row, column + 3)), body: rows.bytes(row, column + 5))
        } catch { throw corrupt("a publication", error) }
    }

    private static func corrupt(_ what: String, _ error: IdentifierError) -> ArchiveError {
        ArchiveError(reason: "the archive holds \(what) that is none: \(error)")
    }
}
