import Chat
import ChatProtocol

/// What one sweep found.
struct Sweep {
    /// From where the next one asks.
    let next: String
    let generation: ArchiveGeneration
    /// Whether moves may have gone unseen.
    let isIncomplete: Bool
    /// Whether the database continues what it was.
    let isSameHistory: Bool
    /// The rooms that moved, each once.
    let moved: [RoomHead]

    /// The rows of `SweepQueries.sweep`, of which there is one at least. Rooms with names that are none of
    /// ours are nobody's here.
    init(_ rows: PostgresRows) {
        next = rows.text(0, 0)
        let generation = ArchiveGeneration(number: rows.int64(0, 1))
        self.generation = generation
        (isIncomplete, isSameHistory) = (rows.bool(0, 2), rows.bool(0, 3))
        moved = (0..<rows.count).compactMap { row in
            guard !rows.isNull(row, 4), let tenant = try? TenantID(rows.text(row, 4)),
                let name = try? RoomName(rows.text(row, 5))
            else { return nil }
            return RoomHead(
                room: RoomKey(tenant: tenant, name: name),
                epoch: Epoch(generation: generation, room: rows.int64(row, 6)), head: rows.int64(row, 7))
        }
    }
}
