import Chat
import ChatProtocol
import Time

/// Drafts that are stored in one transaction, none of them twice among themselves: a batch, or a part of one
/// that failed.
struct AppendPiece {
    /// In the order they came.
    var items: [BatchBuilder.Item]
    /// Each one's room by number, and the generation these numbers are of; empty until they are known.
    private(set) var rooms: [Int64] = []
    private(set) var generation = ArchiveGeneration(number: 0)

    init(items: [BatchBuilder.Item]) { self.items = items }

    /// The drafts' rooms that the cache does not know.
    func unknownRooms(in cache: RoomCache) -> [RoomKey] {
        Array(Set(items.lazy.map(\.draft.room).filter { cache.id(of: $0) == nil }))
    }

    /// Takes the rooms' numbers from the cache, which knows all of them.
    mutating func number(from cache: RoomCache) {
        generation = cache.generation!
        rooms = items.map { cache.id(of: $0.draft.room)! }
    }

    /// The rooms' numbers, each once.
    var distinctRooms: [Int64] { Set(rooms).sorted() }

    /// The two halves, in order.
    var halves: [AppendPiece] {
        let middle = items.count / 2
        return [AppendPiece(items: Array(items[..<middle])), AppendPiece(items: Array(items[middle...]))]
    }

    /// Takes out the drafts for which `condition` holds, with their place among all.
    mutating func remove(where condition: (Int, BatchBuilder.Item) -> Bool) -> [BatchBuilder.Item] {
        var (kept, removed): ([BatchBuilder.Item], [BatchBuilder.Item]) = ([], [])
        for (index, item) in items.enumerated() {
            if condition(index, item) { removed.append(item) } else { kept.append(item) }
        }
        if !removed.isEmpty {
            items = kept
            rooms = []
        }
        return removed
    }

    /// The append as a pipeline.
    var statements: [(PostgresStatement, [PostgresValue])] {
        [
            (AppendQueries.lock, [.int64Array(distinctRooms)]),
            (
                AppendQueries.append,
                [
                    .int64(generation.number), .int64Array(rooms),
                    .textArray(items.map { $0.draft.user.description }),
                    .textArray(items.map(\.draft.name)),
                    .textArray(items.map { $0.draft.clientID.description }),
                    .byteaArray(items.map(\.draft.body)),
                ]
            ),
        ]
    }

    /// What the append answered; nil for a draft it did not speak of, whose room is gone.
    func outcomes(_ answer: PostgresRows) -> [AppendOutcome?] {
        var outcomes = [AppendOutcome?](repeating: nil, count: items.count)
        for row in 0..<answer.count {
            let index = Int(answer.int64(row, 0)) - 1
            let epoch = Epoch(
                generation: ArchiveGeneration(number: answer.int64(row, 2)), room: rooms[index])
            let position = StreamPosition(epoch: epoch, offset: answer.int64(row, 1))
            let time = WallTime(milliseconds: answer.int64(row, 4))
            outcomes[index] =
                switch answer.int64(row, 3) {
                case 0: .stored(position, time: time)
                case 1: .repeated(position, time: time)
                default: .clientIdReused
                }
        }
        return outcomes
    }
}
