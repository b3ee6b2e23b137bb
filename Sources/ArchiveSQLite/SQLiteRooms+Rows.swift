import Chat
import ChatProtocol
import Time

extension SQLiteRooms {
    func epoch(of room: Row) -> Epoch { Epoch(generation: generation, room: room.id) }

    func existing(_ key: RoomKey) throws(SQLiteFailure) -> Row? {
        let room = queries.room
        return try room.query([.text(key.tenant.description), .text(key.name.utf8)]) {
            () throws(SQLiteFailure) in
            guard try room.isRow() else { return nil }
            return Row(
                id: room.integer(0), head: room.integer(1),
                generation: ArchiveGeneration(number: room.integer(2)),
                first: room.isNull(3) ? nil : room.integer(3))
        }
    }

    /// Inside a transaction that can write: the room, made where there is none.
    func row(of key: RoomKey) throws(SQLiteFailure) -> Row {
        if let row = try existing(key) { return row }
        let id = try queries.makeRoom.number([
            .text(key.tenant.description), .text(key.name.utf8), .integer(generation.number),
        ])
        try queries.fork.run([.integer(id), .integer(generation.number), .integer(1)])
        return Row(id: id, head: 0, generation: generation, first: nil)
    }

    func forks(of room: Row) throws(SQLiteFailure) -> [Fork] {
        var forks: [Fork] = []
        try queries.forks.query([.integer(room.id)]) { () throws(SQLiteFailure) in
            while try queries.forks.isRow() {
                forks.append(
                    Fork(
                        generation: ArchiveGeneration(number: queries.forks.integer(0)),
                        first: queries.forks.integer(1)))
            }
        }
        if room.generation != generation { forks.append(Fork(generation: generation, first: room.head + 1)) }
        return forks
    }

    func newest(
        _ size: PageSize, before offset: Offset, of room: Row, _ key: RoomKey
    ) throws(SQLiteFailure) -> [Publication] {
        try publications(queries.publicationsBefore, offset, size, of: room, key).reversed()
    }

    func publications(
        _ query: SQLiteStatement, _ bound: Offset, _ size: PageSize, of room: Row, _ key: RoomKey
    ) throws(SQLiteFailure) -> [Publication] {
        var publications: [Publication] = []
        var left = size.bytes
        let limit = Int64(max(size.limit, size.atLeast))
        try query.query([.integer(room.id), .integer(bound), .integer(limit)]) { () throws(SQLiteFailure) in
            while try query.isRow() {
                left -= query.textCount(4)
                if left < 0, publications.count >= size.atLeast { return }
                publications.append(try publication(query, of: key, epoch(of: room)))
            }
        }
        return publications
    }

    private func publication(
        _ row: SQLiteStatement, of key: RoomKey, _ epoch: Epoch
    ) throws(SQLiteFailure) -> Publication {
        let user: UserID
        let clientID: ClientID
        do {
            user = try UserID(row.text(1))
            clientID = try ClientID(String(decoding: row.text(3), as: UTF8.self))
        } catch { throw .corrupt("publication: \(error)") }
        return Publication(
            room: key.name, position: StreamPosition(epoch: epoch, offset: row.integer(0)),
            time: WallTime(milliseconds: row.integer(5)), user: user,
            name: row.isNull(2) ? nil : String(decoding: row.text(2), as: UTF8.self), clientID: clientID,
            body: row.text(4))
    }

    func name(_ bytes: [UInt8]) throws(SQLiteFailure) -> RoomName {
        do { return try RoomName(bytes) } catch { throw .corrupt("room's name: \(error)") }
    }
}
