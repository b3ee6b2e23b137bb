import Chat
import ChatProtocol

/// What the archive holds and ever held, read from it after every commit: what clients are told is held
/// against this, never against another answer of the hub.
final class Ledger {
    /// A committed publication. After a restored backup an offset may have been given twice.
    struct Row {
        let generation: ArchiveGeneration
        let publication: Publication
    }

    /// One acknowledgement, as a client got it.
    struct Acknowledgement {
        let room: RoomName
        let position: StreamPosition
        let publication: Publish
        let user: UserID
    }

    private struct Sender: Hashable {
        let user: UserID
        let clientID: ClientID?
    }

    private struct Room {
        /// All rows an offset ever had; index 0 is offset 1.
        var rows: [[Row]] = []
        var head: Offset = 0
        var first: Offset = 1
        /// Every fork there ever was, also those that a restored backup does not know.
        var forks: Set<Fork> = []
        var senders: [Sender: Offset] = [:]
    }

    private var rooms: [RoomName: Room] = [:]
    private(set) var acknowledgements: [Acknowledgement] = []

    /// The last offset of a room.
    func head(of room: RoomName) -> Offset { rooms[room]?.head ?? 0 }

    /// The highest offset that ever was, also in a history that is over.
    func highest(of room: RoomName) -> Offset { Offset(rooms[room]?.rows.count ?? 0) }

    /// The oldest offset that is still there.
    func first(of room: RoomName) -> Offset { rooms[room]?.first ?? 1 }

    /// The rows of a room as it now is, oldest first.
    func rows(of room: RoomName) -> [Row] {
        guard let room = rooms[room] else { return [] }
        return (room.first..<room.head + 1).compactMap { room.rows[Int($0 - 1)].last }
    }

    /// Reads what is new in the room; says what is wrong with it. I2 and I7.
    func absorb(_ name: RoomName, from archive: MemoryArchive) -> String? {
        var room = rooms.removeValue(forKey: name) ?? Room()
        defer { rooms[name] = room }
        let page = archive.read(name.key, .after(room.head), limit: .max, bytes: .max)
        room.forks.formUnion(page.state.forks)
        room.first = page.state.first
        for publication in page.publications {
            guard let position = publication.position, position.offset == room.head + 1 else {
                return "I2: \(name) has a hole after \(room.head)"
            }
            room.head += 1
            if room.rows.count < room.head { room.rows.append([]) }
            room.rows[Int(room.head - 1)].append(
                Row(generation: page.state.generation, publication: publication))
            let sender = Sender(user: publication.user, clientID: publication.clientID)
            if let offset = room.senders.updateValue(room.head, forKey: sender) {
                return "I7: \(sender) stands in \(name) at \(offset) and at \(room.head)"
            }
        }
        guard page.state.head == room.head else {
            return "I2: \(name) ends before its head \(page.state.head)"
        }
        return nil
    }

    /// The archive was put back to a backup: what it no longer has is void from now on.
    func restored(_ name: RoomName, from archive: MemoryArchive) {
        var room = rooms[name] ?? Room()
        let state = archive.open(name.key, tail: 0, tailBytes: 0).state
        room.head = state.head
        room.first = state.first
        room.forks.formUnion(state.forks)
        room.senders = room.senders.filter { $0.value <= state.head }
        rooms[name] = room
    }

    /// Where the history that `generation` knew ends, as a later one sees it; nil when it goes on.
    func end(of generation: ArchiveGeneration, in room: RoomName, seenFrom later: ArchiveGeneration)
        -> Offset?
    {
        if generation == later { return nil }
        return (rooms[room]?.forks ?? []).filter { $0.generation > generation && $0.generation <= later }
            .map { $0.first - 1 }.min()
    }

    /// What is wrong with a publication that a client got; nil when the archive has or had it so.
    func fault(with publication: Publication, epoch: Epoch) -> String? {
        guard let offset = publication.position?.offset, let room = rooms[publication.room],
            offset >= 1, offset <= room.rows.count
        else { return "is nowhere in the archive" }
        let generation = epoch.generation
        guard let row = room.rows[Int(offset - 1)].last(where: { $0.generation <= generation }) else {
            return "is of a generation that the archive never had"
        }
        let end = end(of: row.generation, in: publication.room, seenFrom: generation)
        guard offset <= end ?? .max else { return "is void in \(epoch)" }
        var archived = row.publication
        archived.position = publication.position
        return archived == publication ? nil : "differs from the archive's \(archived)"
    }

    /// Takes an acknowledgement down; says what is wrong with it. I1.
    func acknowledge(_ told: Acknowledgement) -> String? {
        acknowledgements.append(told)
        return fault(with: told)
    }

    /// Whether what was acknowledged was lost with a history that the archive no longer has.
    func isVoid(_ told: Acknowledgement) -> Bool {
        end(of: told.position.epoch.generation, in: told.room, seenFrom: ArchiveGeneration(number: .max))
            .map { told.position.offset > $0 } ?? false
    }

    private func fault(with told: Acknowledgement) -> String? {
        let offset = told.position.offset
        guard let room = rooms[told.room], offset >= 1, offset <= room.rows.count,
            let row = room.rows[Int(offset - 1)].last(where: {
                $0.generation == told.position.epoch.generation
            })?.publication
        else { return "I1: \(told) is nowhere in the archive" }
        guard row.clientID == told.publication.clientID, row.user == told.user,
            row.body == told.publication.body
        else { return "I1: \(told) stands there as \(row)" }
        return nil
    }

    /// Holds everything against the archive once more, from its first row on.
    func audit(_ archive: MemoryArchive) -> String? {
        for name in rooms.keys.sorted() {
            let page = archive.read(name.key, .after(0), limit: .max, bytes: .max)
            let kept = rows(of: name).map { row in
                var publication = row.publication
                publication.position?.epoch = page.state.epoch
                return publication
            }
            if page.publications != kept { return "the archive changed rows of \(name)" }
        }
        for told in acknowledgements where !isVoid(told) && told.position.offset >= first(of: told.room) {
            if let fault = fault(with: told) { return fault }
        }
        return nil
    }
}
