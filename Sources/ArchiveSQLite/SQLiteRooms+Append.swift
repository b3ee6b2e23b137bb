import Chat
import ChatProtocol
import Time

extension SQLiteRooms {
    func append(_ draft: Draft, to room: inout Row, at now: WallTime) throws(SQLiteFailure) -> AppendOutcome {
        let sender: [SQLiteValue] = [
            .integer(room.id), .text(draft.user.utf8), .text(draft.clientID.description),
        ]
        if let outcome = try repeated(draft, in: room, sender) { return outcome }
        let offset = room.head + 1
        let values = [
            .integer(room.id), .integer(offset), sender[1], draft.name.map { .text($0) } ?? .null, sender[2],
            .text(draft.body), .integer(now.milliseconds),
        ]
        do { try queries.insert.run(values) } catch {
            // The statement alone is undone: no offset is spent, and the transaction goes on.
            if error.isOfOneStatement { return .refused }
            throw error
        }
        room.head = offset
        return .stored(position(offset, of: room, in: generation), time: now)
    }

    private func repeated(
        _ draft: Draft, in room: Row, _ sender: [SQLiteValue]
    ) throws(SQLiteFailure) -> AppendOutcome? {
        let known = queries.known
        return try known.query(sender) { () throws(SQLiteFailure) -> AppendOutcome? in
            guard try known.isRow() else { return nil }
            guard known.isText(1, draft.body) else { return .clientIdReused }
            let offset = known.integer(0)
            let generation = try queries.forkAt.number([.integer(room.id), .integer(offset)])
            return .repeated(
                position(offset, of: room, in: ArchiveGeneration(number: generation)),
                time: WallTime(milliseconds: known.integer(2)))
        }
    }

    func move(_ before: Row, to now: Row) throws(SQLiteFailure) {
        if before.generation != generation {
            try queries.fork.run([
                .integer(now.id), .integer(generation.number), .integer(before.head + 1),
            ])
        }
        try queries.moveRoom.run([.integer(now.head), .integer(generation.number), .integer(now.id)])
    }

    private func position(_ offset: Offset, of room: Row, in generation: ArchiveGeneration) -> StreamPosition
    {
        StreamPosition(epoch: Epoch(generation: generation, room: room.id), offset: offset)
    }
}
