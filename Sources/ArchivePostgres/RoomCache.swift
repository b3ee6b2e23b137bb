import Chat
import ChatProtocol

/// The numbers of rooms that are known, all of one generation of the archive: in another one a number may be
/// another room's.
final class RoomCache {
    private let limit: Int
    private var ids: [RoomKey: Int64] = [:]
    /// Nil until something was read.
    private(set) var generation: ArchiveGeneration?
    /// The latest that was ever believed; a database in an earlier one was put back.
    private(set) var latest: ArchiveGeneration?

    /// A cache that begins anew with the `limit`-th room.
    init(limit: Int = 100_000) { self.limit = limit }

    func id(of room: RoomKey) -> Int64? { ids[room] }

    /// Notes a room's number; all that is added belongs to the generation adopted last.
    func add(_ room: RoomKey, id: Int64) {
        if ids.count >= limit { ids = [:] }
        ids[room] = id
    }

    /// Takes over the generation that was read; false where another one was believed, whose rooms are
    /// forgotten.
    func adopt(_ generation: ArchiveGeneration) -> Bool {
        latest = max(latest ?? generation, generation)
        if self.generation == generation { return true }
        let isFirst = self.generation == nil
        self.generation = generation
        ids = [:]
        return isFirst
    }

    /// Whether a database in that generation is an older one than was believed.
    func isPast(_ generation: ArchiveGeneration) -> Bool { latest.map { generation < $0 } ?? false }

    /// Forgets one room.
    func forget(_ room: RoomKey) { ids[room] = nil }

    /// Forgets all rooms: the database may be another one. What was believed last stays known.
    func clear() {
        ids = [:]
        generation = nil
    }
}

extension RoomKey {
    /// Which of `lanes` the room's drafts take: the same one always, so that they keep their order. FNV-1a.
    func lane(of lanes: Int) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in tenant.description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ 0xff) &* 0x100_0000_01b3
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // The low bits alone mix badly.
        return Int((hash ^ hash >> 32) % UInt64(lanes))
    }
}
