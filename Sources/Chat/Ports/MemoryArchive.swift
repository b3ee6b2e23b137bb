package import ChatProtocol
package import Time

/// An archive in memory: the port's rules and nothing else. The simulator drives its verbs, each of which is
/// one transaction, with delays and crashes of its own; `MemoryArchiveEndpoint` makes it an `Archive`.
///
/// Single-threaded, without a clock. It is not durable: `--archive memory:` is SQLite in memory, not this.
package final class MemoryArchive {
    private var content: Content
    private var latest: ArchiveGeneration
    private let time: () -> WallTime

    /// Everything the archive holds, as a backup would.
    package struct Snapshot {
        fileprivate var content: Content
    }

    /// An empty archive that begins with `generation`; `time` is asked once per append.
    package init(generation: ArchiveGeneration, time: @escaping () -> WallTime) {
        content = Content(generation: generation)
        latest = generation
        self.time = time
    }

    /// The present generation.
    package var generation: ArchiveGeneration { content.generation }

    /// Stores drafts as one batch, in the order given; one settlement each, in that order.
    package func append(_ drafts: [Draft]) -> [Settlement] {
        let now = time()
        return drafts.map { Settlement(token: $0.token, outcome: content.append($0, at: now)) }
    }

    /// Makes the room if there is none; its state, and at most `tail` of the newest publications with at most
    /// `tailBytes` of bodies.
    package func open(_ room: RoomKey, tail: Int, tailBytes: Int) -> ArchivePage {
        let stored = content.room(room)
        return content.page(of: stored, stored.newest(before: .max, limit: tail, bytes: tailBytes))
    }

    /// A page: at most `limit` publications and `bytes` of bodies, but at least one where there is one.
    package func read(_ room: RoomKey, _ range: PageRange, limit: Int, bytes: Int) -> ArchivePage {
        let stored = content.room(room)
        let wanted = max(limit, 1)
        let offsets =
            switch range {
            case .newest: stored.newest(before: .max, limit: wanted, bytes: bytes, atLeast: 1)
            case .before(let offset): stored.newest(before: offset, limit: wanted, bytes: bytes, atLeast: 1)
            case .after(let offset): stored.oldest(after: offset, limit: wanted, bytes: bytes)
            }
        return content.page(of: stored, offsets)
    }

    /// The heads of those of `rooms` that exist.
    package func heads(of rooms: [RoomKey]) -> [RoomHead] {
        rooms.compactMap { key in
            content.rooms[key].map {
                RoomHead(room: key, epoch: Epoch(generation: generation, room: $0.id), head: $0.head)
            }
        }
    }

    /// Remembers that the user is in the room from now on, or no longer is.
    package func remember(_ user: UserKey, in room: RoomName, joined: Bool) {
        if joined {
            _ = content.room(RoomKey(tenant: user.tenant, name: room))
            content.memberships[user, default: []].insert(room)
        } else {
            content.memberships[user]?.remove(room)
        }
    }

    /// The rooms the user is remembered to be in, in byte order of their names, after `after`.
    package func rooms(of user: UserKey, after: RoomName?, limit: Int) -> RoomsPage {
        let names = (content.memberships[user] ?? []).filter { name in after.map { $0 < name } ?? true }
            .sorted()
        let summaries = names.prefix(max(limit, 1)).map { name in
            let page = open(RoomKey(tenant: user.tenant, name: name), tail: 1, tailBytes: .max)
            return RoomSummary(
                room: name, epoch: page.state.epoch, head: page.state.head, last: page.publications.last)
        }
        return RoomsPage(rooms: summaries, more: summaries.count < names.count)
    }

    /// Begins a new generation, as `parley new-epoch` does. Never one that was used before, also not after
    /// `restore`.
    package func newGeneration() {
        latest = ArchiveGeneration(number: latest.number + 1)
        content.generation = latest
    }

    /// Begins a new generation unless a later one than `generation` is in force.
    package func newGeneration(after generation: ArchiveGeneration) {
        if content.generation <= generation { newGeneration() }
    }

    /// A backup of everything.
    package func snapshot() -> Snapshot { Snapshot(content: content) }

    /// Puts a backup back: what was committed since is gone, and nothing in the archive shows it.
    package func restore(_ snapshot: Snapshot) { content = snapshot.content }

    /// Deletes the room's publications below `offset`, as retention does; the offsets stay taken.
    package func trim(_ room: RoomKey, below offset: Offset) { content.rooms[room]?.trim(below: offset) }
}

private struct Content {
    var generation: ArchiveGeneration
    var rooms: [RoomKey: StoredRoom] = [:]
    var memberships: [UserKey: Set<RoomName>] = [:]

    init(generation: ArchiveGeneration) { self.generation = generation }

    mutating func room(_ key: RoomKey) -> StoredRoom {
        if let room = rooms[key] { return room }
        let room = StoredRoom(key: key, id: Int64(rooms.count) + 1, generation: generation)
        rooms[key] = room
        return room
    }

    mutating func append(_ draft: Draft, at now: WallTime) -> AppendOutcome {
        // Where SQLite's constraints refuse: no JSON value is empty, and no number is above the largest
        // offset.
        guard !draft.body.isEmpty else { return .refused }
        _ = room(draft.room)
        return rooms[draft.room]!.append(draft, at: now, generation: generation)
    }

    func page(of room: StoredRoom, _ offsets: Range<Offset>) -> ArchivePage {
        let epoch = Epoch(generation: generation, room: room.id)
        let state = RoomState(
            generation: generation, id: room.id, forks: room.forks(under: generation), first: room.first,
            head: room.head)
        return ArchivePage(state: state, publications: offsets.map { room.publication($0, epoch: epoch) })
    }
}

private struct StoredRoom {
    let key: RoomKey
    let id: Int64
    /// The room's beginning is its first fork: a position of an earlier generation means nothing here, also
    /// when the file was made anew and the room happens to have its old number again.
    private var forks: [Fork]
    private(set) var first: Offset = 1
    private var rows: [Row] = []
    private var known: [Sender: Offset] = [:]

    private struct Row {
        let sender: Sender
        let name: String?
        let body: [UInt8]
        let time: WallTime
    }

    private struct Sender: Hashable {
        let user: UserID
        let clientID: ClientID
    }

    init(key: RoomKey, id: Int64, generation: ArchiveGeneration) {
        self.key = key
        self.id = id
        forks = [Fork(generation: generation, first: 1)]
    }

    var head: Offset { first - 1 + Offset(rows.count) }

    func forks(under generation: ArchiveGeneration) -> [Fork] {
        forks.last?.generation == generation ? forks : forks + [Fork(generation: generation, first: head + 1)]
    }

    mutating func append(_ draft: Draft, at now: WallTime, generation: ArchiveGeneration) -> AppendOutcome {
        let sender = Sender(user: draft.user, clientID: draft.clientID)
        if let offset = known[sender] {
            let row = rows[Int(offset - first)]
            guard row.body == draft.body else { return .clientIdReused }
            return .repeated(
                position(offset, in: forks.last { $0.first <= offset }!.generation), time: row.time)
        }
        guard head < StreamPosition.largestOffset else { return .refused }
        forks = forks(under: generation)
        rows.append(Row(sender: sender, name: draft.name, body: draft.body, time: now))
        known[sender] = head
        return .stored(position(head, in: generation), time: now)
    }

    mutating func trim(below offset: Offset) {
        let gone = rows.prefix(Int(max(offset - first, 0)))
        for row in gone { known[row.sender] = nil }
        first += Offset(gone.count)
        rows.removeFirst(gone.count)
    }

    func newest(before end: Offset, limit: Int, bytes: Int, atLeast: Int = 0) -> Range<Offset> {
        let end = max(first, min(end, head + 1))
        var start = end
        var sum = 0
        while start > first, end - start < Offset(limit) {
            sum += rows[Int(start - 1 - first)].body.count
            if sum > bytes, end - start >= Offset(atLeast) { break }
            start -= 1
        }
        return start..<end
    }

    func oldest(after offset: Offset, limit: Int, bytes: Int) -> Range<Offset> {
        let start = max(first, min(offset, head) + 1)
        var end = start
        var sum = 0
        while end <= head, end - start < Offset(limit) {
            sum += rows[Int(end - first)].body.count
            if sum > bytes, end > start { break }
            end += 1
        }
        return start..<end
    }

    func publication(_ offset: Offset, epoch: Epoch) -> Publication {
        let row = rows[Int(offset - first)]
        return Publication(
            room: key.name, position: StreamPosition(epoch: epoch, offset: offset), time: row.time,
            user: row.sender.user, name: row.name, clientID: row.sender.clientID, body: row.body)
    }

    private func position(_ offset: Offset, in generation: ArchiveGeneration) -> StreamPosition {
        StreamPosition(epoch: Epoch(generation: generation, room: id), offset: offset)
    }
}
